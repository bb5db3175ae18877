"""Updates as they arrived: safe here before the channel is told that they were received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.inserting import insert_new
from bot.store.lane_heads import PENDING, LaneHead, due_head
from bot.store.lane_heads import heads as lane_heads
from bot.store.tables import incoming

SURPLUS = "surplus"
"""Member of the body that stands for what was too much."""

DONE = "done"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Update:
    """A raw update that waits to be processed."""

    id: int
    key: str
    lane: str
    body: dict[str, Any]
    attempts: int
    """How many times it was begun before, without being finished."""
    received_at: datetime
    more: bool = False
    """Others of the lane wait behind it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A raw update to keep: ``key`` is unique for ever, ``lane`` keeps order."""

    key: str
    lane: str
    body: dict[str, Any]
    surplus: dict[str, Any] | None = None
    """What is kept in its place when ``MOST_WAITING`` of its lane wait already: once a lane, and
    nothing of the others. Without it, a lane is as long as it gets."""


_COUNT = (
    sa.select(sa.func.count())
    .select_from(incoming)
    .where(incoming.c.lane == sa.bindparam("of_lane"), incoming.c.status == PENDING)
)
_CHANGE = sa.update(incoming).where(incoming.c.id == sa.bindparam("of_id"))

MOST_WAITING = 30
"""Updates of one person that may wait: nobody writes more while an answer is on its way."""


def keep(connection: sa.Connection, arrivals: Iterable[Arrival], at: datetime) -> int:
    """Keep updates that were not kept before; return how many are new."""
    new = 0
    for arrival in arrivals:
        body, status = arrival.body, PENDING
        if arrival.surplus is not None and _waiting(connection, arrival.lane) >= MOST_WAITING:
            told = _told(connection, arrival.lane)
            body, status = ({}, FAILED) if told else (arrival.surplus, PENDING)
        added = insert_new(
            connection,
            incoming,
            "key",
            key=arrival.key,
            lane=arrival.lane,
            body=body,
            status=status,
            received_at=at,
            next_try_at=at,
        )
        new += added is not None
    return new


def _waiting(connection: sa.Connection, lane: str) -> int:
    count: int = connection.execute(_COUNT, {"of_lane": lane}).scalar_one()
    return count


def _told(connection: sa.Connection, lane: str) -> bool:
    """Whether a surplus is to be told in a lane already."""
    bodies = connection.execute(
        sa.select(incoming.c.body).where(incoming.c.lane == lane, incoming.c.status == PENDING)
    ).scalars()
    return any(SURPLUS in body for body in bodies)


def heads(connection: sa.Connection, channel: str) -> list[LaneHead]:
    """Return the lanes of a channel that have an update to process."""
    return lane_heads(connection, incoming, channel)


def begin(connection: sa.Connection, lane: str, now: datetime) -> Update | None:
    """Take a lane's oldest due update, counting the attempt; ``None`` when none is due."""
    row, more = due_head(connection, incoming, lane, now)
    if row is None:
        return None
    connection.execute(_CHANGE, {"of_id": row.id, "attempts": row.attempts + 1})
    return Update(row.id, row.key, row.lane, row.body, row.attempts, row.received_at, more)


def finish(connection: sa.Connection, update_id: int, status: str = DONE) -> None:
    """Mark an update as processed and forget what it contained."""
    connection.execute(_CHANGE, {"of_id": update_id, "status": status, "body": {}})


def finish_erased(connection: sa.Connection, update_id: int) -> None:
    """Mark as processed the update by which a person was erased: it no longer tells whose it was.

    Its key stays, so that it is not processed twice.
    """
    connection.execute(
        sa.update(incoming).where(incoming.c.id == update_id).values(status=DONE, body={}, lane="")
    )


def postpone(connection: sa.Connection, update_id: int, until: datetime) -> None:
    """Try an update again later; its lane waits with it."""
    connection.execute(
        sa.update(incoming).where(incoming.c.id == update_id).values(next_try_at=until)
    )
