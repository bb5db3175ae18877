"""Tickets in the operational database: each function takes the transaction it works in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from actions.errors import PasserelleError
from bot.helpdesk.decision.availability import Availability
from bot.helpdesk.decision.queue import Served
from bot.helpdesk.tables import ticket_events, tickets
from bot.helpdesk.tickets.states import (
    ASSISTANT,
    OWNED,
    PERSON,
    Actor,
    Event,
    Move,
    Role,
    State,
    Ticket,
    apply,
)

_LATEST = (
    sa.select(tickets)
    .where(tickets.c.person_id == sa.bindparam("of_person"))
    .order_by(tickets.c.id.desc())
    .limit(1)
)
"""Asked twice a message, of everyone."""

SERVED_FOR = timedelta(days=14)
"""How far back past tickets say something of today's wait."""


class UnknownTicketError(PasserelleError):
    """No ticket has that number (any more)."""


Step = Literal["", "message", "callback", "name"]
"""What a person is asked for, on their ticket; nothing, most of the time."""


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket as it is kept."""

    id: int
    person_id: int
    state: State
    agent_id: int | None
    reason: str
    topic: str
    step: Step
    callback: str
    desk: str
    position: int
    opened_at: datetime
    waiting_since: datetime | None
    answered_at: datetime | None
    changed_at: datetime
    closed_at: datetime | None
    thread_id: int | None

    @property
    def owned(self) -> bool:
        """Whether a person of the helpdesk owns the conversation."""
        return self.state in OWNED


@dataclass(frozen=True, slots=True)
class Moved:
    """The ticket after a move, and the events that it gave."""

    ticket: TicketRow
    events: tuple[Event, ...]


def open_ticket(
    connection: sa.Connection,
    person_id: int,
    decision: Availability,
    at: datetime,
    *,
    reason: str,
    topic: str,
) -> TicketRow:
    """Open a person's ticket; they must not have one that is open (a unique index says so)."""
    ticket_id: int = connection.execute(
        sa.insert(tickets)
        .values(
            person_id=person_id,
            state=State.NEW.value,
            reason=reason,
            topic=topic,
            step="message",
            desk=decision.desk.value,
            position=decision.position,
            opened_at=at,
            changed_at=at,
        )
        .returning(tickets.c.id)
    ).scalar_one()
    _keep(connection, ticket_id, (Event(Move.OPEN, PERSON, at, State.NEW, State.NEW),))
    return load(connection, ticket_id)


def load(connection: sa.Connection, ticket_id: int) -> TicketRow:
    """Read a ticket, and hold it until the end of the transaction.

    Raises:
        UnknownTicketError: There is none.
    """
    row = connection.execute(
        sa.select(tickets).where(tickets.c.id == ticket_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise UnknownTicketError(ticket_id)
    return _read(row)


def find(connection: sa.Connection, ticket_id: int) -> TicketRow | None:
    """Read a ticket without holding it."""
    row = connection.execute(sa.select(tickets).where(tickets.c.id == ticket_id)).one_or_none()
    return _read(row) if row else None


def open_of(connection: sa.Connection, person_id: int) -> TicketRow | None:
    """Return a person's open ticket, and hold it; a person has one at most."""
    row = connection.execute(
        sa.select(tickets)
        .where(tickets.c.person_id == person_id, tickets.c.state != State.CLOSED.value)
        .with_for_update()
    ).one_or_none()
    return _read(row) if row else None


def persons_with_open() -> sa.Subquery:
    """Return whom someone was asked to answer, and has not finished: a column ``person_id``."""
    return sa.select(tickets.c.person_id).where(tickets.c.state != State.CLOSED.value).subquery()


def latest_of(connection: sa.Connection, person_id: int) -> TicketRow | None:
    """Return a person's last ticket, open or closed."""
    row = connection.execute(_LATEST, {"of_person": person_id}).one_or_none()
    return _read(row) if row else None


def others_of(connection: sa.Connection, ticket: TicketRow, limit: int = 10) -> list[TicketRow]:
    """Return the same person's other tickets, the latest first."""
    rows = connection.execute(
        sa.select(tickets)
        .where(tickets.c.person_id == ticket.person_id, tickets.c.id != ticket.id)
        .order_by(tickets.c.id.desc())
        .limit(limit)
    )
    return [_read(row) for row in rows]


def by_thread(connection: sa.Connection, thread_id: int) -> TicketRow | None:
    """Return the ticket of a Telegram forum topic."""
    row = connection.execute(
        sa.select(tickets).where(tickets.c.thread_id == thread_id).with_for_update()
    ).one_or_none()
    return _read(row) if row else None


def threads_of(connection: sa.Connection, person_id: int) -> list[tuple[int, datetime]]:
    """Return the forum topics of a person's tickets, and when each last changed."""
    rows = connection.execute(
        sa.select(tickets.c.thread_id, tickets.c.changed_at).where(
            tickets.c.person_id == person_id, tickets.c.thread_id.is_not(None)
        )
    )
    return [(row.thread_id, row.changed_at) for row in rows]


def was_submitted(connection: sa.Connection, ticket_id: int) -> bool:
    """Whether a ticket ever reached the queue."""
    query = sa.select(tickets.c.waiting_since).where(tickets.c.id == ticket_id)
    return connection.execute(query).scalar_one_or_none() is not None


def move(
    connection: sa.Connection,
    ticket_id: int,
    step: Move,
    author: Actor,
    at: datetime,
    *,
    target: int | None = None,
) -> Moved:
    """Make a move and keep its events.

    Raises:
        RefusedError: The rules forbid it; nothing is changed.
        UnknownTicketError: There is no such ticket.
    """
    row = load(connection, ticket_id)
    before = Ticket(row.id, row.state, row.agent_id, row.closed_at)
    after, events = apply(before, step, author, at, target)
    if not events:
        return Moved(row, ())
    values: dict[str, Any] = {
        "state": after.state.value,
        "agent_id": after.agent,
        "closed_at": after.closed_at,
        "changed_at": at,
    }
    if step in (Move.SUBMIT, Move.REOPEN):
        values["waiting_since"] = at  # a ticket that is given back keeps its place
    if after.state is State.CLOSED:
        values["step"] = ""
    if after.state is State.ANSWERED and row.answered_at is None:
        values["answered_at"] = at
    connection.execute(sa.update(tickets).where(tickets.c.id == ticket_id).values(values))
    _keep(connection, ticket_id, events)
    return Moved(load(connection, ticket_id), events)


def check(
    connection: sa.Connection, ticket_id: int, step: Move, author: Actor, at: datetime
) -> TicketRow:
    """Return a ticket on which a move may be made; it is not made.

    Raises:
        RefusedError: The rules forbid it.
        UnknownTicketError: There is no such ticket.
    """
    row = load(connection, ticket_id)
    apply(Ticket(row.id, row.state, row.agent_id, row.closed_at), step, author, at)
    return row


def set_fields(connection: sa.Connection, ticket_id: int, **values: Any) -> None:
    """Change what is not a move: ``step``, ``callback``, ``thread_id``."""
    connection.execute(sa.update(tickets).where(tickets.c.id == ticket_id).values(values))


def set_thread(connection: sa.Connection, ticket_id: int, thread_id: int) -> None:
    """Write down a ticket's forum topic."""
    set_fields(connection, ticket_id, thread_id=thread_id)


def waiting_count(connection: sa.Connection) -> int:
    """Return how many tickets wait for an agent."""
    count: int = connection.execute(
        sa.select(sa.func.count()).where(tickets.c.state == State.WAITING.value)
    ).scalar_one()
    return count


def rank(connection: sa.Connection, ticket: TicketRow) -> int:
    """Return a waiting ticket's rank: 1 is the next one served."""
    before: int = connection.execute(
        sa.select(sa.func.count()).where(
            tickets.c.state == State.WAITING.value,
            sa.or_(
                tickets.c.waiting_since < ticket.waiting_since,
                sa.and_(tickets.c.waiting_since == ticket.waiting_since, tickets.c.id < ticket.id),
            ),
        )
    ).scalar_one()
    return before + 1


def served(connection: sa.Connection, at: datetime, limit: int = 50) -> list[Served]:
    """Return the last tickets opened while the helpdesk was open, and their wait."""
    rows = connection.execute(
        sa.select(tickets.c.position, tickets.c.opened_at, tickets.c.answered_at)
        .where(
            tickets.c.position > 0,
            tickets.c.answered_at.is_not(None),
            tickets.c.answered_at > at - SERVED_FOR,
        )
        .order_by(tickets.c.answered_at.desc())
        .limit(limit)
    )
    return [Served(row.position, row.answered_at - row.opened_at) for row in rows]


def forgotten_new(connection: sa.Connection, before: datetime) -> list[int]:
    """Return the tickets opened before a moment whose person never wrote their message."""
    return list(
        connection.execute(
            sa.select(tickets.c.id).where(
                tickets.c.state == State.NEW.value, tickets.c.opened_at < before
            )
        ).scalars()
    )


def submit_forgotten(connection: sa.Connection, ticket_id: int, at: datetime) -> Moved:
    """Put a ticket without a message in the queue: the context may say enough."""
    set_fields(connection, ticket_id, step="")
    return move(connection, ticket_id, Move.SUBMIT, ASSISTANT, at)


def awaiting_agent(connection: sa.Connection) -> list[tuple[int, datetime]]:
    """Return the claimed tickets whose person waits for their agent, and since when.

    The wait begins at the agent's last action, or when the person wrote after an answer,
    whichever is later: what is written the day after an answer is not late at once.
    """
    since = sa.func.max(ticket_events.c.at)
    rows = connection.execute(
        sa.select(tickets.c.id, since)
        .join(ticket_events, ticket_events.c.ticket_id == tickets.c.id)
        .where(
            tickets.c.state == State.CLAIMED.value,
            sa.or_(
                ticket_events.c.role.in_([Role.AGENT.value, Role.SUPERVISOR.value]),
                ticket_events.c.before != ticket_events.c.after,
            ),
        )
        .group_by(tickets.c.id)
    )
    return [(int(number), at) for number, at in rows]


def waiting_unescalated(connection: sa.Connection) -> list[tuple[int, datetime]]:
    """Return the waiting tickets of which supervisors were not told, and since when they wait."""
    told = (
        sa.select(ticket_events.c.id)
        .where(
            ticket_events.c.ticket_id == tickets.c.id,
            ticket_events.c.move == Move.ESCALATE.value,
            ticket_events.c.at >= tickets.c.waiting_since,
        )
        .exists()
    )
    rows = connection.execute(
        sa.select(tickets.c.id, tickets.c.waiting_since)
        .where(tickets.c.state == State.WAITING.value, ~told)
        .order_by(tickets.c.waiting_since, tickets.c.id)
    )
    return [(row.id, row.waiting_since) for row in rows]


def give_back(connection: sa.Connection, ticket_id: int, at: datetime) -> Moved:
    """Put a ticket back in the queue for its agent, who has left it."""
    return move(connection, ticket_id, Move.RELEASE, ASSISTANT, at)


def untouched_since(connection: sa.Connection, before: datetime) -> list[tuple[int, int | None]]:
    """Return the tickets that nothing changed since a moment, and their forum topic."""
    rows = connection.execute(
        sa.select(tickets.c.id, tickets.c.thread_id).where(tickets.c.changed_at < before)
    )
    return [(row.id, row.thread_id) for row in rows]


def erase(connection: sa.Connection, ticket_id: int) -> None:
    """Erase a ticket with all that was said on it."""
    connection.execute(sa.delete(tickets).where(tickets.c.id == ticket_id))


def _keep(connection: sa.Connection, ticket_id: int, events: tuple[Event, ...]) -> None:
    for event in events:
        connection.execute(
            sa.insert(ticket_events).values(
                ticket_id=ticket_id,
                move=event.move.value,
                role=event.author.role.value,
                agent_id=event.author.agent,
                target_id=event.target,
                before=event.before.value,
                after=event.after.value,
                at=event.at,
            )
        )


def _read(row: sa.Row[Any]) -> TicketRow:
    return TicketRow(
        id=row.id,
        person_id=row.person_id,
        state=State(row.state),
        agent_id=row.agent_id,
        reason=row.reason,
        topic=row.topic,
        step=row.step,
        callback=row.callback,
        desk=row.desk,
        position=row.position,
        opened_at=row.opened_at,
        waiting_since=row.waiting_since,
        answered_at=row.answered_at,
        changed_at=row.changed_at,
        closed_at=row.closed_at,
        thread_id=row.thread_id,
    )
