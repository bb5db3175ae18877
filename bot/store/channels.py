"""Which channels are closed: an operator's switch, read again and again by who serves."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.tables import closed_channels

_CLOSED = sa.select(closed_channels.c.channel).where(
    closed_channels.c.channel == sa.bindparam("of_channel")
)


def close(connection: sa.Connection, channel: str, at: datetime) -> None:
    """Close a channel: those who write to it are told so."""
    if not is_closed(connection, channel):
        connection.execute(sa.insert(closed_channels).values(channel=channel, closed_at=at))


def reopen(connection: sa.Connection, channel: str) -> None:
    """Open a channel again."""
    connection.execute(sa.delete(closed_channels).where(closed_channels.c.channel == channel))


def is_closed(connection: sa.Connection, channel: str) -> bool:
    """Tell whether a channel is closed."""
    return connection.execute(_CLOSED, {"of_channel": channel}).first() is not None
