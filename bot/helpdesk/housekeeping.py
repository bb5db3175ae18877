"""What the helpdesk does by itself, again and again."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.helpdesk import delayed_replies, forum_queue
from bot.helpdesk.desk import MAY_CANCEL, Desk
from bot.helpdesk.tickets import ticket_rows

MESSAGE_WITHIN = timedelta(minutes=30)
"""How long a person's message is waited for: then the request goes to the queue without
it (its context may say enough), and what they write is a question for the assistant again."""


def submit_forgotten(connection: sa.Connection, desk: Desk, now: datetime) -> int:
    """Put in the queue the requests whose person wrote nothing, and say so; return how many."""
    forgotten = ticket_rows.forgotten_new(connection, now - MESSAGE_WITHIN)
    for ticket_id in forgotten:
        ticket = ticket_rows.submit_forgotten(connection, ticket_id, now).ticket
        desk.tell(connection, ticket, "taken_without", now, MAY_CANCEL)
        if desk.has_forum:
            forum_queue.put(connection, ticket_id, "head", now)
    return len(forgotten)


def give_back_left(connection: sa.Connection, desk: Desk, now: datetime, idle: timedelta) -> int:
    """Give back the requests that their agent left without an answer; return how many.

    Args:
        connection: In a transaction.
        desk: Tells both sides.
        now: The present moment.
        idle: Opening time after which a claimed request is left.
    """
    left = [
        ticket_id
        for ticket_id, at in ticket_rows.awaiting_agent(connection)
        if desk.hours.open_time(at, now) >= idle
    ]
    for ticket_id in left:
        desk.give_back(connection, ticket_id, now)
    return len(left)


def escalate_late(connection: sa.Connection, desk: Desk, now: datetime) -> int:
    """Tell of the requests that wait for too long, each once; return how many."""
    late = [
        ticket_id
        for ticket_id, since in ticket_rows.waiting_unescalated(connection)
        if desk.is_late(since, now)
    ]
    for ticket_id in late:
        desk.escalate(connection, ticket_id, now)
    return len(late)


def keep(connection: sa.Connection, desk: Desk, now: datetime, idle: timedelta) -> None:
    """Do what must be done every minute; what was promised for the opening comes first."""
    delayed_replies.send_due(connection, desk, now)
    submit_forgotten(connection, desk, now)
    give_back_left(connection, desk, now, idle)
    escalate_late(connection, desk, now)
    desk.say_what_was_lost(connection)


def purge(connection: sa.Connection, desk: Desk, before: datetime, now: datetime) -> int:
    """Erase the tickets that nothing has touched since ``before``, their topics too."""
    old = ticket_rows.untouched_since(connection, before)
    for ticket_id, thread_id in old:
        if desk.has_forum and thread_id is not None:
            forum_queue.put_deletion(connection, thread_id, now)
        ticket_rows.erase(connection, ticket_id)
    return len(old)
