"""Replies written while the helpdesk is closed: each leaves at the next opening, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.helpdesk import staff
from bot.helpdesk.desk import Desk
from bot.helpdesk.staff import Agent
from bot.helpdesk.tables import agents, held_replies
from bot.helpdesk.tickets import message_rows, ticket_rows
from bot.helpdesk.tickets.message_rows import TicketMessage
from bot.helpdesk.tickets.states import Move, RefusedError, Why
from bot.helpdesk.tickets.ticket_rows import UnknownTicketError


@dataclass(frozen=True, slots=True)
class DelayedReply:
    """A reply that waits for the opening."""

    id: int
    ticket_id: int
    agent_id: int
    agent_name: str
    text: str
    created_at: datetime
    due_at: datetime


def hold(
    connection: sa.Connection,
    desk: Desk,
    agent: Agent,
    ticket_id: int,
    said: TicketMessage,
    *,
    at: datetime,
) -> datetime | None:
    """Keep a reply until the helpdesk opens; where it is open, send it now.

    The request keeps its state until then: the assistant still answers the person.

    Returns:
        When it leaves; nothing when it has left.

    Raises:
        RefusedError: The rules forbid to answer, or the next opening is not known.
        UnknownTicketError: There is no such ticket.
    """
    ticket = ticket_rows.check(connection, ticket_id, Move.ANSWER, agent.author, at)
    hours = desk.hours_of(connection, ticket.person_id)
    if hours.is_open(at):
        desk.answer(connection, agent, ticket_id, said, at)
        return None
    due = hours.next_opening(at)
    if due is None:
        raise RefusedError(Why.NO_OPENING)
    staff.seen(connection, agent.id, at)
    if said.origin is not None and _known(connection, said.origin):
        return due
    connection.execute(
        sa.insert(held_replies).values(
            ticket_id=ticket_id,
            agent_id=agent.id,
            text=said.text,
            origin=said.origin,
            created_at=at,
            due_at=due,
        )
    )
    ticket_rows.set_fields(connection, ticket_id, changed_at=at)
    moment = desk.words.moment(due, at)
    desk.show(
        connection, ticket_id, at, "forum_held", agent=agent.name, moment=moment, text=said.text
    )
    return due


def of_ticket(connection: sa.Connection, ticket_id: int) -> list[DelayedReply]:
    """Return what waits for the opening on a ticket, oldest first."""
    return _read(connection, held_replies.c.ticket_id == ticket_id)


def cancel(
    connection: sa.Connection, desk: Desk, agent: Agent, held_id: int, at: datetime
) -> DelayedReply | None:
    """Have a reply not leave; return it, or nothing when it is no longer there.

    Raises:
        RefusedError: It is another agent's, and this one is no supervisor.
    """
    found = _read(connection, held_replies.c.id == held_id)
    if not found:
        return None
    if found[0].agent_id != agent.id and agent.role != "supervisor":
        raise RefusedError(Why.NOT_YOUR_REPLY, found[0].agent_id)
    if not _take(connection, held_id):
        return None
    staff.seen(connection, agent.id, at)
    ticket_id = found[0].ticket_id
    ticket_rows.set_fields(connection, ticket_id, changed_at=at)
    desk.show(connection, ticket_id, at, "forum_held_cancelled", agent=agent.name)
    return found[0]


def send_due(connection: sa.Connection, desk: Desk, now: datetime) -> int:
    """Send the replies whose opening has come; return how many left.

    What may not be sent any more (the request was closed, or another has it) is kept as a
    note on its request, and said to the agents: it is never lost.
    """
    sent = 0
    for held in _read(connection, held_replies.c.due_at <= now):
        ticket = ticket_rows.find(connection, held.ticket_id)
        hours = desk.hours_of(connection, ticket.person_id if ticket else None)
        later = None if hours.is_open(now) else hours.next_opening(now)
        if later is not None:  # nobody ran at the opening, or the hours changed since
            _put_off(connection, held.id, later)
        elif _take(connection, held.id):  # replicas: one of them has it
            sent += _leave(connection, desk, held, now)
    return sent


def _leave(connection: sa.Connection, desk: Desk, held: DelayedReply, now: datetime) -> bool:
    agent = staff.get(connection, held.agent_id)
    said = TicketMessage(held.text, origin=f"held:{held.id}")
    try:
        if agent is None:
            raise RefusedError(Why.NOT_AN_AGENT)
        desk.deliver(connection, agent, held.ticket_id, said, now, notice="forum_held_sent")
    except (RefusedError, UnknownTicketError) as refused:
        why = desk.refusal(connection, refused)
        note = desk.words.say("held_note", why=why, text=held.text)
        message_rows.add(
            connection, held.ticket_id, "note", TicketMessage(note), now, agent_id=held.agent_id
        )
        ticket_rows.set_fields(connection, held.ticket_id, changed_at=now)
        desk.show(connection, held.ticket_id, now, "forum_note", agent=held.agent_name, text=note)
        return False
    return True


def _known(connection: sa.Connection, origin: str) -> bool:
    same = sa.select(held_replies.c.id).where(held_replies.c.origin == origin)
    return connection.execute(same).first() is not None


def _take(connection: sa.Connection, held_id: int) -> bool:
    gone = connection.execute(sa.delete(held_replies).where(held_replies.c.id == held_id))
    return gone.rowcount == 1


def _put_off(connection: sa.Connection, held_id: int, until: datetime) -> None:
    connection.execute(
        sa.update(held_replies).where(held_replies.c.id == held_id).values(due_at=until)
    )


def _read(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[DelayedReply]:
    rows: Sequence[sa.Row[Any]] = connection.execute(
        sa.select(held_replies, agents.c.name)
        .join(agents, agents.c.id == held_replies.c.agent_id)
        .where(condition)
        .order_by(held_replies.c.id)
    ).all()
    return [
        DelayedReply(
            row.id, row.ticket_id, row.agent_id, row.name, row.text, row.created_at, row.due_at
        )
        for row in rows
    ]
