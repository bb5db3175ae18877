"""What the two queues (incoming, outbox) share: order inside a lane.

Here as in the modules beside it, what runs at each message is written as a statement once: making
one costs more than its execution.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

PENDING = "pending"

_TIMES = ("lane", "next_try_at", "received_at")
"""What tells when a lane may advance."""

EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LaneHead:
    """The oldest row of a lane that waits, and when it may be tried."""

    lane: str
    at: datetime


def heads(connection: sa.Connection, table: sa.Table, channel: str) -> list[LaneHead]:
    """Return the head of each lane of a channel that waits, the earliest due first.

    A lane advances by its head alone: a message that must wait holds those behind it,
    for their order matters more than their speed. Each channel moves its own lanes only: what
    waits for another would be sent to a chat that is not there.
    """
    rows = connection.execute(_heads(table, channel))
    return [LaneHead(row.lane, _time_of(row)) for row in rows]


@cache
def _heads(table: sa.Table, channel: str) -> sa.Select[Any]:
    first = (
        sa.select(sa.func.min(table.c.id))
        .where(table.c.status == PENDING, table.c.lane.startswith(f"{channel}:", autoescape=True))
        .group_by(table.c.lane)
    )
    return (
        sa.select(*(table.c[name] for name in _TIMES if name in table.c))
        .where(table.c.id.in_(first))
        .order_by(table.c.next_try_at, table.c.id)
    )


def due_head(
    connection: sa.Connection, table: sa.Table, lane: str, now: datetime
) -> tuple[sa.Row[Any] | None, bool]:
    """Return a lane's oldest row that waits, and whether others wait behind it.

    There is no row without one, or before its time.
    """
    rows = connection.execute(_first_two(table), {"of_lane": lane}).all()
    due = rows[0] if rows and _time_of(rows[0]) <= now else None
    return due, len(rows) > 1


def _time_of(row: sa.Row[Any]) -> datetime:
    """Return when a row may be tried.

    What arrived and was never postponed may be at any time: a clock that is set back must not hold
    it until that hour comes again.
    """
    arrived = row._mapping.get("received_at")
    return EVER if arrived is not None and row.next_try_at <= arrived else row.next_try_at


@cache
def _first_two(table: sa.Table) -> sa.Select[Any]:
    return (
        sa.select(table)
        .where(table.c.lane == sa.bindparam("of_lane"), table.c.status == PENDING)
        .order_by(table.c.id)
        .limit(2)
    )
