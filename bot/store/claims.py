"""Claims: of several replicas on one PostgreSQL database, one at a time moves a lane.

A claim is a row: who holds the lane, until when by the database's clock. Its number is the
fence: a lane that is taken over gets a new row, and ``Store.write`` refuses whoever comes with
the number of one that is gone. Where a single process serves (SQLite), nothing is claimed.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from actions.errors import PasserelleError
from bot.store.tables import claims

LEASE = timedelta(seconds=10)
"""How long a claim outlives its last renewal."""

fence: ContextVar[int | None] = ContextVar("fence", default=None)
"""The claim under which the present task works."""

_NOW = sa.func.clock_timestamp()


class LostClaimError(PasserelleError, SQLAlchemyError):
    """The lane was taken over meanwhile: nothing is written."""


def claim(connection: sa.Connection, lane: str, owner: str, lease: timedelta) -> int | None:
    """Take a lane that nobody holds; return the claim's number, ``None`` where another has it."""
    over = (
        sa.select(claims.c.id)
        .where(claims.c.lane == lane, claims.c.expires_at < _NOW)
        .with_for_update(skip_locked=True)
    )
    connection.execute(sa.delete(claims).where(claims.c.id.in_(over)))
    number: int | None = connection.execute(
        insert(claims)
        .values(lane=lane, owner=owner, expires_at=_NOW + lease)
        .on_conflict_do_nothing(index_elements=[claims.c.lane])
        .returning(claims.c.id)
    ).scalar_one_or_none()
    return number


def renew(connection: sa.Connection, owner: str, lease: timedelta) -> None:
    """Prolong all that a process holds, and drop what a dead one left: it names people's chats."""
    connection.execute(
        sa.update(claims).where(claims.c.owner == owner).values(expires_at=_NOW + lease)
    )
    over = sa.select(claims.c.id).where(claims.c.expires_at < _NOW)
    connection.execute(
        sa.delete(claims).where(claims.c.id.in_(over.with_for_update(skip_locked=True)))
    )


def take_back(connection: sa.Connection, place: str, owner: str) -> int:
    """Free at once what an earlier process of a place held: there is one at a time, so it is dead.

    Args:
        connection: The transaction.
        place: What the owners of a place begin with.
        owner: Who asks, and keeps what is theirs.
    """
    earlier = sa.and_(claims.c.owner.startswith(place, autoescape=True), claims.c.owner != owner)
    return connection.execute(sa.delete(claims).where(earlier)).rowcount


def release(connection: sa.Connection, number: int) -> None:
    """Give a lane back."""
    connection.execute(sa.delete(claims).where(claims.c.id == number))


def held_by_others(connection: sa.Connection, owner: str) -> set[str]:
    """Return the lanes that other processes hold now."""
    query = sa.select(claims.c.lane).where(claims.c.owner != owner, claims.c.expires_at >= _NOW)
    return set(connection.execute(query).scalars())


def at_work(connection: sa.Connection, owner: str) -> int:
    """Count the processes that hold something now, ``owner`` among them whatever it holds."""
    query = sa.select(claims.c.owner).where(claims.c.expires_at >= _NOW).distinct()
    return len({owner, *connection.execute(query).scalars()})


def check(connection: sa.Connection, number: int, *, lock: bool) -> None:
    """Make sure that a claim holds, and with ``lock`` until the transaction ends.

    Raises:
        LostClaimError: It was taken over.
    """
    query = sa.select(claims.c.id).where(claims.c.id == number)
    if connection.execute(query.with_for_update() if lock else query).first() is None:
        raise LostClaimError
