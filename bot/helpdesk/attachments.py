"""Files that agents send from the console: kept with their message, and erased with it."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import PurePosixPath

import sqlalchemy as sa

from actions.errors import PasserelleError, ToldError
from bot.helpdesk.desk import Desk
from bot.helpdesk.staff import Agent
from bot.helpdesk.tables import desk_files
from bot.helpdesk.tickets import message_rows
from bot.helpdesk.tickets.message_rows import MessageRow, TicketMessage
from bot.picture_types import picture_type
from bot.store import Store

logger = logging.getLogger(__name__)

FetchFile = Callable[[str], Awaitable[bytes]]
"""Downloads a file of Telegram's by its reference."""

MAX_BYTES = 10 * 1024**2
"""Telegram takes 50 MB of a robot; ten are a scan of many pages."""

MAX_PICTURE_BYTES = 5 * 1024**2
"""Beyond, a picture goes as a document: Telegram refuses larger photos."""


class OutOfReachError(PasserelleError):
    """A file that Telegram holds cannot be read now."""


class FileError(ToldError):
    """A file that cannot be sent; one line fit for the agent."""


def send(
    connection: sa.Connection,
    desk: Desk,
    agent: Agent,
    ticket_id: int,
    said: TicketMessage,
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


def said_of(name: str, content: bytes, caption: str, origin: str | None) -> TicketMessage:
    """Return the message that a file makes: a photo where it is one, else a document.

    Raises:
        FileError: It is empty or too large.
    """
    if not content:
        raise FileError("Choisissez un fichier qui n’est pas vide.")
    if len(content) > MAX_BYTES:
        raise FileError(f"Ce fichier est trop lourd : {MAX_BYTES // 1024**2} Mo au plus.")
    picture = picture_type(content)
    kind = "photo" if picture and len(content) <= MAX_PICTURE_BYTES else "document"
    media = {"name": safe_name(name), "type": picture, "size": len(content), "desk": True}
    return TicketMessage(caption, kind=kind, origin=origin, media=media)


def safe_name(name: str) -> str:
    """Return a file's name without a path nor what a system could misread."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"[^\w .()-]+", "-", last).strip(" .-")[-80:] or "fichier"


def read(connection: sa.Connection, message_id: int) -> bytes | None:
    """Return a message's file, where an agent sent it from the console."""
    query = sa.select(desk_files.c.content).where(desk_files.c.message_id == message_id)
    return connection.execute(query).scalar_one_or_none()


async def content_of(
    store: Store, message: MessageRow | None, fetch: FetchFile | None
) -> bytes | None:
    """Return a message's file, kept here or at Telegram's; nothing where there is none.

    Raises:
        OutOfReachError: Telegram does not give it.
    """
    if message is None:
        return None
    kept = await store.read(read, message.id)
    reference = str(message.media.get("file", ""))
    if kept is not None or not reference or fetch is None:
        return kept
    try:
        return await fetch(reference)
    except Exception as error:  # whatever the channel raises
        logger.warning("the file of a message cannot be read: %s", type(error).__name__)
        raise OutOfReachError from error


async def of_message(store: Store, message_id: int, fetch: FetchFile | None) -> bytes | None:
    """Return the file of a message by its number; nothing where it cannot be read."""
    try:
        return await content_of(store, await store.read(message_rows.get, message_id), fetch)
    except OutOfReachError:
        return None
