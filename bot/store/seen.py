"""Which messages of a person were answered, and what they said: a digest, never the words."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.tables import seen_messages

DIGEST_LENGTH = 32
"""Hexadecimal digits of a digest."""


def note(
    connection: sa.Connection, person_id: int, message_id: str, digest: str, at: datetime
) -> None:
    """Keep what a message said when it was answered, in place of what it said before."""
    mine = sa.and_(
        seen_messages.c.person_id == person_id, seen_messages.c.message_id == message_id[:80]
    )
    values = {"digest": digest[:DIGEST_LENGTH], "at": at}
    if not connection.execute(sa.update(seen_messages).where(mine).values(values)).rowcount:
        connection.execute(
            sa.insert(seen_messages).values(
                person_id=person_id, message_id=message_id[:80], **values
            )
        )


def digest_of(connection: sa.Connection, person_id: int, message_id: str) -> str | None:
    """Return the digest of a message when it was answered; nothing when it was not seen."""
    query = sa.select(seen_messages.c.digest).where(
        seen_messages.c.person_id == person_id, seen_messages.c.message_id == message_id[:80]
    )
    return connection.execute(query).scalar_one_or_none()
