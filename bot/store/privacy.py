"""What is kept about a person: shown, erased on request, and purged with time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.store.lane_heads import PENDING
from bot.store.persons import Person
from bot.store.tables import (
    button_payloads,
    erasures,
    exchanges,
    feedback,
    incoming,
    metadata,
    misunderstood,
    outbox,
    persons,
    reminders,
    seen_messages,
)

TRACE_DAYS = 2
"""Days for which the trace of a delivered message or a processed update is kept.

It holds an address but no text, and prevents a second delivery: Telegram keeps an
update for 24 hours at most.
"""

HIDDEN = {"id", "person_id", "digest", "pseudonym", "dedupe_key", "lane", "key", "content"}
"""What only ties rows together; and the bytes of a file, which the person was sent."""


def export(connection: sa.Connection, person: Person) -> dict[str, Any]:
    """Return everything kept about a person, table by table, fit for JSON.

    Every table with a ``person_id`` is included, other rooms' tables too, what hangs on them,
    and what waits to be read in their lane.
    """
    kept: dict[str, Any] = {
        "persons": _rows(connection, persons, persons.c.id == person.id),
    }
    for table in metadata.sorted_tables:
        condition = _about(table, person)
        if condition is not None and (rows := _rows(connection, table, condition)):
            kept[table.name] = rows
    return kept


def _about(table: sa.Table, person: Person) -> sa.ColumnElement[bool] | None:
    """Return what tells a person's rows in a table; nothing where none can be theirs."""
    if table is incoming:
        return incoming.c.lane == person.lane
    if "person_id" in table.c:
        return table.c.person_id == person.id
    for key in table.foreign_keys:
        theirs = key.column.table
        if "person_id" in theirs.c:
            return key.parent.in_(sa.select(key.column).where(theirs.c.person_id == person.id))
    return None


def erase(connection: sa.Connection, person: Person, at: datetime) -> None:
    """Erase a person and all that hangs on them; Rasa's part is put on the list to erase.

    The trace of updates already processed goes too. What is still pending stays: it was
    written after the request.
    """
    if not connection.execute(
        sa.select(erasures.c.pseudonym).where(erasures.c.pseudonym == person.pseudonym)
    ).first():
        connection.execute(sa.insert(erasures).values(pseudonym=person.pseudonym, asked_at=at))
    connection.execute(
        sa.delete(incoming).where(incoming.c.lane == person.lane, incoming.c.status != PENDING)
    )
    connection.execute(
        sa.delete(outbox).where(outbox.c.lane == person.lane, outbox.c.person_id.is_(None))
    )
    connection.execute(sa.delete(persons).where(persons.c.id == person.id))


def pending_erasures(connection: sa.Connection) -> list[str]:
    """Return the pseudonyms whose conversation Rasa has still to forget."""
    return list(connection.execute(sa.select(erasures.c.pseudonym)).scalars())


def erasure_done(connection: sa.Connection, pseudonym: str) -> None:
    """Take a pseudonym off the list: Rasa has forgotten it."""
    connection.execute(sa.delete(erasures).where(erasures.c.pseudonym == pseudonym))


def purge(connection: sa.Connection, before: datetime, now: datetime) -> dict[str, int]:
    """Erase what is older than ``before``; return the number of rows by table.

    A person not seen since then is erased with all that hangs on them, unless a
    reminder that they asked for is still to come.
    """
    traces = max(before, now - timedelta(days=TRACE_DAYS))
    waiting = sa.select(reminders.c.person_id).where(reminders.c.status == "waiting")
    rules: list[tuple[sa.Table, sa.ColumnElement[bool]]] = [
        (exchanges, exchanges.c.at < before),
        (misunderstood, misunderstood.c.at < before),
        (feedback, feedback.c.at < before),
        (reminders, sa.and_(reminders.c.status != "waiting", reminders.c.created_at < before)),
        (seen_messages, seen_messages.c.at < traces),
        (button_payloads, button_payloads.c.used_at < before),
        (incoming, sa.and_(incoming.c.status != PENDING, incoming.c.received_at < traces)),
        (outbox, sa.and_(outbox.c.status != PENDING, outbox.c.created_at < traces)),
        (persons, sa.and_(persons.c.seen_at < before, persons.c.id.not_in(waiting))),
    ]
    return {
        table.name: connection.execute(sa.delete(table).where(condition)).rowcount
        for table, condition in rules
    }


def _rows(
    connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]
) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name not in HIDDEN]
    rows = connection.execute(sa.select(*columns).where(condition).order_by(*table.primary_key))
    return [{key: _plain(value) for key, value in row._mapping.items()} for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
