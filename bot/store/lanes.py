"""What the two queues (incoming, outbox) share: order inside a lane."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Head:
    """The oldest row of a lane that waits, and when it may be tried."""

    lane: str
    at: datetime


def heads(connection: sa.Connection, table: sa.Table, channel: str) -> list[Head]:
    """Return the head of each lane of a channel that waits, the earliest due first.

    A lane advances by its head alone: a message that must wait holds those behind it,
    for their order matters more than their speed. Each channel moves its own lanes only: what
    waits for another would be sent to a chat that is not there.
    """
    first = (
        sa.select(sa.func.min(table.c.id))
        .where(table.c.status == PENDING, table.c.lane.startswith(f"{channel}:", autoescape=True))
        .group_by(table.c.lane)
    )
    rows = connection.execute(
        sa.select(table.c.lane, table.c.next_try_at)
        .where(table.c.id.in_(first))
        .order_by(table.c.next_try_at, table.c.id)
    )
    return [Head(row.lane, row.next_try_at) for row in rows]


def due_head(
    connection: sa.Connection, table: sa.Table, lane: str, now: datetime
) -> tuple[sa.Row[Any] | None, bool]:
    """Return a lane's oldest row that waits, and whether others wait behind it.

    There is no row without one, or before its time.
    """
    rows = connection.execute(_first_two(table), {"of_lane": lane}).all()
    due = rows[0] if rows and rows[0].next_try_at <= now else None
    return due, len(rows) > 1


@cache
def _first_two(table: sa.Table) -> sa.Select[Any]:
    return (
        sa.select(table)
        .where(table.c.lane == sa.bindparam("of_lane"), table.c.status == PENDING)
        .order_by(table.c.id)
        .limit(2)
    )


def insert_new(
    connection: sa.Connection, table: sa.Table, unique: str, **values: Any
) -> int | None:
    """Add a row unless another has its value of ``unique``; return its id where it is new."""
    own = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    added: int | None = connection.execute(
        own(table)
        .values(values)
        .on_conflict_do_nothing(index_elements=[unique])
        .returning(table.c.id)
    ).scalar_one_or_none()
    return added
