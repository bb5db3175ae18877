"""Groups that became supergroups: Telegram gives them another id."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.tables import moved_chats


def moved(connection: sa.Connection, old: int, new: int, at: datetime) -> bool:
    """Note that a group has another id; return whether it was not known."""
    if old == new or current(connection, old) == new:
        return False
    connection.execute(sa.delete(moved_chats).where(moved_chats.c.old.in_((old, new))))
    connection.execute(sa.insert(moved_chats).values(old=old, new=new, at=at))
    return True


def current(connection: sa.Connection, chat: int) -> int:
    """Return the id that a group has now."""
    rows = connection.execute(sa.select(moved_chats.c.old, moved_chats.c.new))
    ids = {row.old: row.new for row in rows}
    met = {chat}
    while (following := ids.get(chat)) is not None and following not in met:
        chat = following
        met.add(chat)
    return chat
