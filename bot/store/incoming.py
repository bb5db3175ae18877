"""Updates as they arrived: safe here before the channel is told that they were received."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.lanes import PENDING, Head, due_head
from bot.store.lanes import heads as lane_heads
from bot.store.tables import incoming

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


@dataclass(frozen=True, slots=True)
class Arrival:
    """A raw update to keep: ``key`` is unique for ever, ``lane`` keeps order."""

    key: str
    lane: str
    body: dict[str, Any]


def keep(connection: sa.Connection, arrivals: Iterable[Arrival], at: datetime) -> int:
    """Keep updates that were not kept before; return how many are new."""
    new = 0
    for arrival in arrivals:
        known = sa.select(incoming.c.id).where(incoming.c.key == arrival.key)
        if connection.execute(known).first():
            continue
        connection.execute(
            sa.insert(incoming).values(
                key=arrival.key,
                lane=arrival.lane,
                body=arrival.body,
                status=PENDING,
                received_at=at,
                next_try_at=at,
            )
        )
        new += 1
    return new


def heads(connection: sa.Connection, channel: str) -> list[Head]:
    """Return the lanes of a channel that have an update to process."""
    return lane_heads(connection, incoming, channel)


def begin(connection: sa.Connection, lane: str, now: datetime) -> Update | None:
    """Take a lane's oldest due update, counting the attempt; ``None`` when none is due."""
    row = due_head(connection, incoming, lane, now)
    if row is None:
        return None
    connection.execute(
        sa.update(incoming).where(incoming.c.id == row.id).values(attempts=row.attempts + 1)
    )
    return Update(row.id, row.key, row.lane, row.body, row.attempts, row.received_at)


def finish(connection: sa.Connection, update_id: int, status: str = DONE) -> None:
    """Mark an update as processed and forget what it contained."""
    connection.execute(
        sa.update(incoming).where(incoming.c.id == update_id).values(status=status, body={})
    )


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
