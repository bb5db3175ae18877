"""Persons who are refused, by pseudonym: the refusal outlives what they had erased."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.tables import blocked

_BLOCKED = sa.select(blocked.c.pseudonym).where(blocked.c.pseudonym == sa.bindparam("of_person"))


def block(connection: sa.Connection, pseudonym: str, at: datetime) -> bool:
    """Refuse a person from now on; return whether they were not refused already."""
    if is_blocked(connection, pseudonym):
        return False
    connection.execute(sa.insert(blocked).values(pseudonym=pseudonym, at=at))
    return True


def unblock(connection: sa.Connection, pseudonym: str) -> bool:
    """Answer a person again; return whether they were refused."""
    query = sa.delete(blocked).where(blocked.c.pseudonym == pseudonym)
    return bool(connection.execute(query).rowcount)


def is_blocked(connection: sa.Connection, pseudonym: str) -> bool:
    """Tell whether a person is refused."""
    return connection.execute(_BLOCKED, {"of_person": pseudonym}).first() is not None


def everyone(connection: sa.Connection) -> list[tuple[str, datetime]]:
    """Return who is refused, and since when, the first first."""
    rows = connection.execute(sa.select(blocked).order_by(blocked.c.at))
    return [(row.pseudonym, row.at) for row in rows]
