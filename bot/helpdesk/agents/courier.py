"""Carries agents' answers to persons on Telegram: text, any file, replies and edits."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from telegram import InputFile, ReplyParameters
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.helpdesk import attachments
from bot.helpdesk.desk import Desk
from bot.helpdesk.tickets import message_rows
from bot.store import Store
from bot.store.outbox import Parcel

MAX_CAPTION = 1024
"""Characters under a file, for Telegram."""

KINDS = ("helpdesk_answer", "helpdesk_edit")
"""The parcels that it carries."""


class HelpdeskCourier:
    """Sends the parcels of ``KINDS`` (port ``Courier``)."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    async def send(self, bot: ExtBot[Any], parcel: Parcel) -> str:
        """Send a parcel; return Telegram's number of the message."""
        chat = int(parcel.address)
        body = parcel.body
        if body.get("kind") == "helpdesk_edit":
            return await self._edit(bot, chat, body)
        reply = _reply(body.get("reply_to"))
        if body.get("message"):
            copied = await bot.copy_message(
                chat, body["from_chat"], body["message"], reply_parameters=reply
            )
            return str(copied.message_id)
        if body.get("desk_file"):
            return await self._file(bot, chat, body)
        sent = await bot.send_message(chat, str(body["text"]), reply_parameters=reply)
        return str(sent.message_id)

    async def _file(self, bot: ExtBot[Any], chat: int, body: dict[str, Any]) -> str:
        content = await self._store.read(attachments.read, int(body["desk_file"]))
        if content is None:  # erased meanwhile
            return ""
        file = InputFile(content, filename=str(body.get("name") or "fichier"))
        caption = str(body["text"])[:MAX_CAPTION] or None
        if body.get("as") == "photo":
            sent = await bot.send_photo(chat, file, caption=caption)
        else:
            sent = await bot.send_document(chat, file, caption=caption)
        return str(sent.message_id)

    def lost(self, connection: sa.Connection, parcel: Parcel, error: str) -> None:
        """Say to the agents, behind both doors, that an answer did not arrive."""
        self._desk.lost(connection, parcel.id, error)

    async def _edit(self, bot: ExtBot[Any], chat: int, body: dict[str, Any]) -> str:
        number, kind = await self._store.read(_delivered, int(body["ticket_message"]))
        text = str(body["text"])
        if number is not None:
            try:
                if kind == "text":
                    await bot.edit_message_text(text, chat, number)
                else:
                    await bot.edit_message_caption(chat, number, caption=text)
            except BadRequest as error:
                if "not modified" in str(error).lower():
                    return ""
            else:
                return str(number)
        # Too old to be edited, deleted, or its number is forgotten: it is said again.
        sent = await bot.send_message(chat, str(body.get("again", text)))
        return str(sent.message_id)


def _delivered(connection: sa.Connection, message_id: int) -> tuple[int | None, str]:
    message = message_rows.get(connection, message_id)
    if message is None:
        return None, "text"
    return message_rows.number_for_person(connection, message), message.kind


def _reply(number: object) -> ReplyParameters | None:
    if not isinstance(number, int):
        return None
    # The person may have deleted what is answered: the answer matters more than its thread.
    return ReplyParameters(number, allow_sending_without_reply=True)
