"""Which messages of a person were answered, and what they said: a digest, never the words."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import sqlalchemy as sa

from bot.store.inserting import insert
from bot.store.tables import seen_messages

DIGEST_LENGTH = 32
"""Hexadecimal digits of a digest."""


def note(
    connection: sa.Connection, person_id: int, message_id: str, digest: str, at: datetime
) -> None:
    """Keep what a message said when it was answered, in place of what it said before."""
    which = {"person_id": person_id, "message_id": message_id[:80]}
    values = {"digest": digest[:DIGEST_LENGTH], "at": at}
    connection.execute(_note(connection.dialect.name), {**which, **values})


@cache
def _note(dialect: str) -> sa.Executable:
    noting = insert(seen_messages, dialect)
    written: sa.Executable = noting.on_conflict_do_update(
        index_elements=["person_id", "message_id"],
        set_={"digest": noting.excluded.digest, "at": noting.excluded.at},
    )
    return written


def digest_of(connection: sa.Connection, person_id: int, message_id: str) -> str | None:
    """Return the digest of a message when it was answered; nothing when it was not seen."""
    query = sa.select(seen_messages.c.digest).where(
        seen_messages.c.person_id == person_id, seen_messages.c.message_id == message_id[:80]
    )
    return connection.execute(query).scalar_one_or_none()
