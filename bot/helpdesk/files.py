"""Files that agents send from the console: kept with their message, and erased with it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath

import sqlalchemy as sa

from actions.errors import ToldError
from bot.helpdesk.desk import Desk
from bot.helpdesk.staff import Agent
from bot.helpdesk.tables import desk_files
from bot.helpdesk.tickets.messages import Said

MAX_BYTES = 10 * 1024**2
"""Telegram takes 50 MB of a robot; ten are a scan of many pages."""

MAX_PICTURE_BYTES = 5 * 1024**2
"""Beyond, a picture goes as a document: Telegram refuses larger photos."""

_PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class FileError(ToldError):
    """A file that cannot be sent; one line fit for the agent."""


def send(
    connection: sa.Connection,
    desk: Desk,
    agent: Agent,
    ticket_id: int,
    said: Said,
    *,
    content: bytes,
    at: datetime,
) -> None:
    """Answer with a file (see ``said_of``).

    Raises:
        RefusedError: The rules forbid to answer.
        UnknownTicketError: There is no such ticket.
    """
    message_id = desk.answer(connection, agent, ticket_id, said, at)
    if message_id is not None:
        connection.execute(sa.insert(desk_files).values(message_id=message_id, content=content))


def said_of(name: str, content: bytes, caption: str, origin: str | None) -> Said:
    """Return the message that a file makes: a photo where it is one, else a document.

    Raises:
        FileError: It is empty or too large.
    """
    if not content:
        raise FileError("Choisissez un fichier qui n’est pas vide.")
    if len(content) > MAX_BYTES:
        raise FileError(f"Ce fichier est trop lourd : {MAX_BYTES // 1024**2} Mo au plus.")
    picture = next((kind for mark, kind in _PICTURES if content.startswith(mark)), "")
    kind = "photo" if picture and len(content) <= MAX_PICTURE_BYTES else "document"
    media = {"name": safe_name(name), "type": picture, "size": len(content), "desk": True}
    return Said(caption, kind=kind, origin=origin, media=media)


def safe_name(name: str) -> str:
    """Return a file's name without a path nor what a system could misread."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"[^\w .()-]+", "-", last).strip(" .-")[-80:] or "fichier"


def read(connection: sa.Connection, message_id: int) -> bytes | None:
    """Return a message's file, where an agent sent it from the console."""
    query = sa.select(desk_files.c.content).where(desk_files.c.message_id == message_id)
    return connection.execute(query).scalar_one_or_none()
