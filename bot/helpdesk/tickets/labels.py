"""What the team writes on requests: tags, and how a finished conversation was."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.conversation.masking import mask
from bot.helpdesk import audit, forum_queue
from bot.helpdesk.desk import Desk
from bot.helpdesk.staff import Agent
from bot.helpdesk.tables import (
    held_replies,
    ticket_events,
    ticket_messages,
    ticket_quality,
    ticket_tags,
)
from bot.helpdesk.tickets import message_rows, ticket_rows
from bot.helpdesk.tickets.states import RefusedError, State, Why
from bot.helpdesk.tickets.ticket_rows import TicketRow
from bot.store import counts
from bot.store.conversation_records import note_misunderstood
from bot.store.counts import Measure
from bot.store.tables import exchanges

QUALITY = ("juste", "incomplet", "faux", "impoli")
"""How a conversation was, from the best to the worst."""

_TO_LEARN = ("incomplet", "faux")
"""What sends the question to the inbox: the assistant should have known."""

LONGEST_TAG = 30
MOST_TAGS = 8


def tag(connection: sa.Connection, ticket_id: int, text: str, at: datetime) -> None:
    """Put a tag on a request; an empty one, one too many or one it has changes nothing."""
    name = " ".join(text.split()).casefold()[:LONGEST_TAG]
    known = tags_of(connection, ticket_id)
    if name and name not in known and len(known) < MOST_TAGS:
        ticket_rows.load(connection, ticket_id)
        connection.execute(sa.insert(ticket_tags).values(ticket_id=ticket_id, tag=name))
        ticket_rows.set_fields(connection, ticket_id, changed_at=at)


def untag(connection: sa.Connection, ticket_id: int, text: str, at: datetime) -> None:
    """Take a tag away."""
    connection.execute(
        sa.delete(ticket_tags).where(
            ticket_tags.c.ticket_id == ticket_id, ticket_tags.c.tag == text
        )
    )
    ticket_rows.set_fields(connection, ticket_id, changed_at=at)


def tags_of(connection: sa.Connection, ticket_id: int) -> tuple[str, ...]:
    """Return a request's tags."""
    rows = connection.execute(
        sa.select(ticket_tags.c.tag)
        .where(ticket_tags.c.ticket_id == ticket_id)
        .order_by(ticket_tags.c.tag)
    )
    return tuple(rows.scalars())


def known_tags(connection: sa.Connection) -> tuple[str, ...]:
    """Return the tags in use, to choose from."""
    rows = connection.execute(sa.select(ticket_tags.c.tag).distinct().order_by(ticket_tags.c.tag))
    return tuple(rows.scalars())


def qualify(
    connection: sa.Connection, desk: Desk, agent: Agent, ticket_id: int, label: str, *, at: datetime
) -> None:
    """Say how a finished conversation was; the first word is counted, and may teach.

    Raises:
        RefusedError: It is not finished.
    """
    ticket = ticket_rows.load(connection, ticket_id)
    if label not in QUALITY:
        return
    if ticket.state is not State.CLOSED:
        raise RefusedError(Why.NOT_CLOSED)
    mine = ticket_quality.c.ticket_id == ticket_id
    first = not connection.execute(sa.delete(ticket_quality).where(mine)).rowcount
    connection.execute(
        sa.insert(ticket_quality).values(ticket_id=ticket_id, label=label, agent_id=agent.id, at=at)
    )
    ticket_rows.set_fields(connection, ticket_id, changed_at=at)
    if first:
        day = at.astimezone(desk.words.zone).date()
        counts.add(connection, day, Measure.QUALITY, label)
        if label in _TO_LEARN:
            _teach(connection, ticket, at)


def quality_of(connection: sa.Connection, ticket_id: int) -> str:
    """Return how a conversation was said to be, or nothing."""
    query = sa.select(ticket_quality.c.label).where(ticket_quality.c.ticket_id == ticket_id)
    return connection.execute(query).scalar_one_or_none() or ""


def merge(
    connection: sa.Connection,
    desk: Desk,
    agent: Agent,
    ticket_id: int,
    other_id: int,
    *,
    at: datetime,
) -> None:
    """Put what was said on a person's finished request into another of theirs; it is no more.

    Raises:
        RefusedError: They are not the same person's, or the other one is not finished.
        UnknownTicketError: There is no such ticket.
    """
    ticket, other = ticket_rows.load(connection, ticket_id), ticket_rows.load(connection, other_id)
    if other.id == ticket.id or other.person_id != ticket.person_id:
        raise RefusedError(Why.NOT_THE_PERSON)
    if other.state is not State.CLOSED:
        raise RefusedError(Why.NOT_CLOSED)
    message_rows.forget_group_numbers(connection, other.id)
    for table in (ticket_messages, ticket_events, held_replies):
        connection.execute(
            sa.update(table).where(table.c.ticket_id == other.id).values(ticket_id=ticket.id)
        )
    for name in tags_of(connection, other.id):
        tag(connection, ticket.id, name, at)
    if desk.has_forum and other.thread_id is not None:
        forum_queue.put_deletion(connection, other.thread_id, at)
    ticket_rows.erase(connection, other.id)
    opened = min(ticket.opened_at, other.opened_at)
    ticket_rows.set_fields(connection, ticket.id, opened_at=opened, changed_at=at)
    desk.show(connection, ticket.id, at, "forum_merged", agent=agent.name, number=str(other.id))
    audit.note(connection, agent.id, "merge", f"{other.id} → {ticket.id}", at)


def _teach(connection: sa.Connection, ticket: TicketRow, at: datetime) -> None:
    """Put the last question before the request in the inbox, personal data masked."""
    asked = connection.execute(
        sa.select(exchanges.c.text, exchanges.c.intent)
        .where(
            exchanges.c.person_id == ticket.person_id,
            exchanges.c.author == "person",
            exchanges.c.at <= ticket.opened_at,
            exchanges.c.intent.not_in(("", "parler_humain")),
        )
        .order_by(exchanges.c.id.desc())
        .limit(1)
    ).one_or_none()
    if asked is not None and asked.text.strip():
        note_misunderstood(
            connection, ticket.person_id, mask(asked.text), at, tier="refuse", intent=asked.intent
        )
