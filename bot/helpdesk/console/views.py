"""What the console's pages show, read from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.helpdesk import delayed_replies, drafts, prepared_answers, staff
from bot.helpdesk.agents.ticket_context import TicketContext, context_of
from bot.helpdesk.delayed_replies import DelayedReply
from bot.helpdesk.desk import Desk
from bot.helpdesk.prepared_answers import PreparedAnswer
from bot.helpdesk.staff import Agent
from bot.helpdesk.tables import (
    agents,
    held_replies,
    ticket_events,
    ticket_messages,
    ticket_tags,
    tickets,
)
from bot.helpdesk.tables import drafts as drafts_table
from bot.helpdesk.tickets import labels, message_rows, ticket_rows
from bot.helpdesk.tickets.message_rows import MessageRow, said_by_assistant
from bot.helpdesk.tickets.states import OWNED, State
from bot.helpdesk.tickets.ticket_rows import TicketRow
from bot.store.tables import exchanges, misunderstood, persons

VIEWS = ("file", "miennes", "equipe", "rappels", "closes")
_TO_CALL = (tickets.c.state != State.CLOSED.value, tickets.c.callback != "")
"""Open requests whose person asked to be called."""
PAGE = 50
"""Tickets of one page of a list."""

LONGEST_SHOWN = timedelta(days=30)
"""How long after it was opened the assistant's words are shown on an open ticket."""

PREVIEW = 140
"""Characters of a ticket's first message in a list."""


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket in a list."""

    id: int
    state: str
    person: str
    subject: str
    preview: str
    agent: str
    since: datetime
    callback: str
    undelivered: bool
    late: bool
    """It waits for too long (``Desk.late``)."""
    held: bool
    """A reply is written, and leaves at the opening."""
    writing: str
    """Who answers it now."""
    origin: str
    """Where the person writes from, when it is not Telegram."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures beside the tabs."""

    waiting: int
    mine: int
    team: int
    callbacks: int
    inbox: int
    present: int


@dataclass(frozen=True, slots=True)
class EventLine:
    """A change of a ticket, as the page tells it."""

    move: str
    agent: str
    target: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TicketPage:
    """One ticket and all that an agent needs to answer it."""

    ticket: TicketRow
    head: TicketContext
    agent_name: str
    thread: tuple[MessageRow | EventLine, ...]
    others: tuple[Agent, ...]
    can: frozenset[str]
    """What this agent may do now: ``prendre``, ``repondre``, ``rendre``…"""
    held: tuple[DelayedReply, ...]
    opens_at: datetime | None
    """The next opening, while the helpdesk is closed."""
    writing: tuple[str, ...]
    """Who else answers now."""
    draft: str
    """What this agent had typed."""
    tags: tuple[str, ...]
    known_tags: tuple[str, ...]
    quality: str
    elsewhere: tuple[TicketRow, ...]
    """The same person's other requests."""
    kept_ready: tuple[PreparedAnswer, ...]
    """Ready answers that supervisors wrote."""


def counts_for(connection: sa.Connection, agent_id: int, at: datetime) -> Counts:
    """Count what waits, for the tabs."""
    owned = [state.value for state in OWNED]

    def count(*conditions: sa.ColumnElement[bool]) -> int:
        query = sa.select(sa.func.count()).select_from(tickets).where(*conditions)
        return int(connection.execute(query).scalar_one())

    inbox: int = connection.execute(
        sa.select(sa.func.count()).where(misunderstood.c.status == "new")
    ).scalar_one()
    return Counts(
        waiting=count(tickets.c.state == State.WAITING.value),
        mine=count(tickets.c.state.in_(owned), tickets.c.agent_id == agent_id),
        team=count(tickets.c.state.in_(owned)),
        callbacks=count(*_TO_CALL),
        inbox=inbox,
        present=staff.present_count(connection, at),
    )


def cards(
    connection: sa.Connection,
    desk: Desk,
    view: str,
    agent_id: int,
    *,
    at: datetime,
    search: str = "",
) -> list[Card]:
    """Return the tickets of a view, or those that a search finds; in the queue, oldest first."""
    owned = [state.value for state in OWNED]
    first_text = (
        sa.select(ticket_messages.c.text)
        .where(ticket_messages.c.ticket_id == tickets.c.id, ticket_messages.c.author == "person")
        .order_by(ticket_messages.c.id)
        .limit(1)
        .scalar_subquery()
    )
    lost = (
        sa.select(ticket_messages.c.id)
        .where(ticket_messages.c.ticket_id == tickets.c.id, ticket_messages.c.undelivered != "")
        .exists()
    )
    waits_opening = (
        sa.select(held_replies.c.id).where(held_replies.c.ticket_id == tickets.c.id).exists()
    )
    writer = agents.alias()
    writes = (
        sa.select(writer.c.name)
        .join(drafts_table, drafts_table.c.agent_id == writer.c.id)
        .where(
            drafts_table.c.ticket_id == tickets.c.id,
            drafts_table.c.at > at - drafts.WRITING,
            writer.c.id != agent_id,
        )
        .order_by(writer.c.name)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        sa.select(
            tickets,
            agents.c.name.label("agent_name"),
            persons.c.pseudonym,
            persons.c.agreed_name,
            persons.c.channel,
            persons.c.external_id,
            first_text.label("preview"),
            lost.label("lost"),
            waits_opening.label("held"),
            writes.label("writing"),
        )
        .join(persons, persons.c.id == tickets.c.person_id)
        .outerjoin(agents, agents.c.id == tickets.c.agent_id)
        .limit(PAGE)
    )
    if search:
        query = query.where(_matches(desk, search)).order_by(tickets.c.id.desc())
    elif view == "miennes":
        query = query.where(tickets.c.state.in_(owned), tickets.c.agent_id == agent_id).order_by(
            tickets.c.state.desc(), tickets.c.changed_at
        )
    elif view == "equipe":
        query = query.where(tickets.c.state.in_(owned)).order_by(tickets.c.changed_at.desc())
    elif view == "rappels":
        query = query.where(*_TO_CALL).order_by(tickets.c.opened_at, tickets.c.id)
    elif view == "closes":
        query = query.where(
            tickets.c.state == State.CLOSED.value, tickets.c.waiting_since.is_not(None)
        ).order_by(tickets.c.closed_at.desc())
    else:
        query = query.where(tickets.c.state == State.WAITING.value).order_by(
            tickets.c.waiting_since, tickets.c.id
        )
    return [_card(desk, row, at) for row in connection.execute(query)]


def ticket_page(
    connection: sa.Connection, desk: Desk, agent: Agent, ticket_id: int, at: datetime
) -> TicketPage | None:
    """Gather one ticket's page; nothing when there is no such ticket."""
    ticket = ticket_rows.find(connection, ticket_id)
    if ticket is None:
        return None
    owner = staff.get(connection, ticket.agent_id) if ticket.agent_id else None
    said = message_rows.of_ticket(connection, ticket_id)
    thread: list[MessageRow | EventLine] = [
        *said,
        *_assistant(connection, ticket),
        *_events(connection, ticket_id),
    ]
    thread.sort(key=lambda item: (item.at, isinstance(item, EventLine)))
    hours = desk.hours_of(connection, ticket.person_id)
    others = tuple(a for a in staff.everyone(connection) if a.id != ticket.agent_id)
    return TicketPage(
        ticket=ticket,
        head=context_of(connection, desk, ticket),
        agent_name=owner.name if owner else "",
        thread=tuple(thread),
        others=others,
        can=allowed(ticket, agent),
        held=tuple(delayed_replies.of_ticket(connection, ticket_id)),
        opens_at=None if hours.is_open(at) else hours.next_opening(at),
        writing=drafts.writing(connection, ticket_id, at, but=agent.id),
        draft=drafts.text_of(connection, agent.id, ticket_id),
        tags=labels.tags_of(connection, ticket_id),
        known_tags=labels.known_tags(connection),
        quality=labels.quality_of(connection, ticket_id),
        elsewhere=tuple(ticket_rows.others_of(connection, ticket)),
        kept_ready=tuple(prepared_answers.all_of(connection)),
    )


def allowed(ticket: TicketRow, agent: Agent) -> frozenset[str]:
    """Return what an agent may do with a ticket (the rules have the last word)."""
    can = {"noter"}
    mine = ticket.agent_id == agent.id
    match ticket.state:
        case State.WAITING:
            can |= {"prendre", "repondre", "clore"}
        case State.CLAIMED | State.ANSWERED:
            if mine:
                can |= {"repondre"}
            if mine or agent.role == "supervisor":
                can |= {"rendre", "transferer", "clore"}
        case State.CLOSED:
            can |= {"rouvrir"}
    return frozenset(can)


def version(connection: sa.Connection) -> str:
    """Return a word that changes whenever a page may have changed."""
    row = connection.execute(
        sa.select(
            sa.select(sa.func.max(ticket_events.c.id)).scalar_subquery(),
            sa.select(sa.func.max(ticket_messages.c.id)).scalar_subquery(),
            sa.select(sa.func.max(ticket_messages.c.edited_at)).scalar_subquery(),
            sa.select(sa.func.count()).where(ticket_messages.c.undelivered != "").scalar_subquery(),
            sa.select(sa.func.max(tickets.c.changed_at)).scalar_subquery(),
            sa.select(sa.func.count()).select_from(tickets).scalar_subquery(),
            sa.select(sa.func.max(drafts_table.c.at)).scalar_subquery(),
            sa.select(sa.func.count()).select_from(drafts_table).scalar_subquery(),
            sa.select(sa.func.count()).where(misunderstood.c.status == "new").scalar_subquery(),
        )
    ).one()
    return "|".join(str(value) for value in row)


def _assistant(connection: sa.Connection, ticket: TicketRow) -> list[MessageRow]:
    """Return what the assistant said since the request: the person read it too."""
    rows = connection.execute(
        sa.select(exchanges)
        .where(
            exchanges.c.person_id == ticket.person_id,
            exchanges.c.author == "assistant",
            exchanges.c.at > ticket.opened_at,
            exchanges.c.at <= (ticket.closed_at or ticket.opened_at + LONGEST_SHOWN),
        )
        .order_by(exchanges.c.id)
    )
    return [said_by_assistant(row.text, row.at, ticket.id) for row in rows]


def _events(connection: sa.Connection, ticket_id: int) -> list[EventLine]:
    author, target = agents.alias(), agents.alias()
    rows = connection.execute(
        sa.select(ticket_events, author.c.name.label("by"), target.c.name.label("to"))
        .outerjoin(author, author.c.id == ticket_events.c.agent_id)
        .outerjoin(target, target.c.id == ticket_events.c.target_id)
        .where(
            ticket_events.c.ticket_id == ticket_id,
            ticket_events.c.move.not_in(("write", "answer", "note", "open")),
        )
        .order_by(ticket_events.c.id)
    )
    return [EventLine(row.move, row.by or "", row.to or "", row.role, row.at) for row in rows]


def _matches(desk: Desk, search: str) -> sa.ColumnElement[bool]:
    escaped = search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    like = f"%{escaped}%"
    said = (
        sa.select(ticket_messages.c.id)
        .where(
            ticket_messages.c.ticket_id == tickets.c.id,
            ticket_messages.c.text.ilike(like, escape="\\"),
        )
        .exists()
    )
    found: list[sa.ColumnElement[bool]] = [
        said,
        persons.c.agreed_name.ilike(like, escape="\\"),
        persons.c.pseudonym.startswith(search.casefold(), autoescape=True),
    ]
    tagged = (
        sa.select(ticket_tags.c.tag)
        .where(ticket_tags.c.ticket_id == tickets.c.id, ticket_tags.c.tag == search.casefold())
        .exists()
    )
    wanted = search.casefold()
    from_site = persons.c.external_id.startswith(f"{search.casefold()}:", autoescape=True)
    topics = [name for name, title in desk.words.topics.items() if wanted in title.casefold()]
    found += [
        from_site,
        tagged,
        tickets.c.callback.ilike(like, escape="\\"),
        tickets.c.topic.in_(topics),
    ]
    digits = search.lstrip("n°# ")
    if digits.isascii() and digits.isdigit() and len(digits) < 18:
        found.append(tickets.c.id == int(digits))
    return sa.or_(*found)


def _card(desk: Desk, row: sa.Row[Any], at: datetime) -> Card:
    person = row.agreed_name or desk.words.say("forum_person", pseudonym=row.pseudonym[:6])
    return Card(
        id=row.id,
        state=row.state,
        person=person,
        subject=desk.words.topic(row.topic),
        preview=(row.preview or "")[:PREVIEW],
        agent=row.agent_name or "",
        since=row.waiting_since if row.state == State.WAITING.value else row.changed_at,
        callback=row.callback,
        undelivered=bool(row.lost),
        late=row.state == State.WAITING.value and desk.is_late(row.waiting_since, at),
        held=bool(row.held),
        writing=row.writing or "",
        origin=desk.origin(row.channel, row.external_id),
    )
