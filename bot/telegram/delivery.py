"""Brings the outbox's messages to Telegram: in order, again and again until it has them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.ext import ExtBot

from actions.clock import Clock, utc_now
from actions.error_trace import trace
from actions.messages import Sheet, from_json
from actions.words import Words
from bot.conversation.ports import RenderSheet
from bot.lanes import Claims, Lanes
from bot.store import Store, conversation_records, outbox, persons
from bot.store.outbox import DROPPED, FAILED, Parcel
from bot.telegram.client import pause_asked
from bot.telegram.pace import Pace
from bot.telegram.ports import Courier
from bot.telegram.rendering import Call, Key, Rows, SendFile, SendText, SendVenue, render
from bot.telegram.updates import CHANNEL

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=1)
"""Age of a message beyond which it is no longer tried: it would not be understood."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """How long to wait before trying again: twice as long each time."""

    first_s: float = 1.0
    longest_s: float = 300.0

    def after(self, attempts: int) -> timedelta:
        """Return the pause after so many attempts that failed (0: the first)."""
        return timedelta(seconds=min(self.first_s * 2.0 ** min(attempts, 30), self.longest_s))


class Delivery:
    """The outbox's worker."""

    def __init__(
        self,
        bot: ExtBot[Any],
        store: Store,
        wording: Words,
        *,
        render_sheet: RenderSheet | None = None,
        couriers: Mapping[str, Courier] | None = None,
        pauses: Pauses | None = None,
        clock: Clock = utc_now,
        shared: Claims | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._pace = pace or Pace()
        self._bot = bot
        self._store = store
        self._wording = wording
        self._render_sheet = render_sheet
        self._couriers = dict(couriers or {})
        self._pauses = pauses or Pauses()
        self._clock = clock
        self._delivered: dict[int, tuple[int, str]] = {}
        """What Telegram has of a parcel, while the database does not know it: nothing is sent
        again because a disk is full."""
        self.refused: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when Telegram refuses the token."""
        self.lanes = Lanes(
            "outbox",
            lambda: store.read(outbox.heads, CHANNEL),
            self._step,
            clock=clock,
            shared=shared,
            rest=self._rest,
        )

    async def turn(self) -> None:
        """Wait for one's turn among all the messages that leave (see ``Pace.turn``)."""
        if wait := self._pace.turn(self._clock()):
            await asyncio.sleep(wait.total_seconds())

    def _rest(self, lane: str) -> float:
        """Return how many seconds a chat must wait for its next message: Telegram's pace."""
        return self._pace.wait(_chat(lane.partition(":")[2]), self._clock()).total_seconds()

    async def _step(self, lane: str) -> bool:
        parcel = await self._store.read(outbox.due, lane, self._clock())
        if parcel is None:
            return False
        try:
            await self._send(parcel)
        except RetryAfter as error:
            # What Telegram asks for, and no less.
            self._pace.too_much(self._clock())
            await self._retry(parcel, pause_asked(error), error)
        except InvalidToken as error:
            await self._retry(parcel, self._pauses.after(parcel.attempts), error)
            if not self.refused.done():
                self.refused.set_result(None)
        except Forbidden as error:
            await self._store.write(self._unreachable, parcel, type(error).__name__)
        except (BadRequest, ChatMigrated) as error:
            await self._give_up(parcel, error)
        except NetworkError as error:
            if self._clock() - parcel.created_at > GIVE_UP_AFTER:
                await self._give_up(parcel, error)
            else:
                await self._retry(parcel, self._pauses.after(parcel.attempts), error)
        except SQLAlchemyError:
            # The database fails, or another replica has the lane: what Telegram has is remembered.
            raise
        except Exception as error:
            # A parcel that cannot be made into a message must not hold those behind it.
            logger.error("a parcel cannot be sent: %s", trace(error))
            await self._give_up(parcel, error)
        if parcel.person_id is None:
            # The last words to someone who was erased: nothing of them stays in the journal.
            await self._store.drain()
        return parcel.more

    async def _retry(self, parcel: Parcel, pause: timedelta, error: Exception) -> None:
        until = self._clock() + pause
        logger.warning("sending failed (%s), again in %s", type(error).__name__, pause)
        await self._store.write(outbox.retry, parcel.id, until, type(error).__name__)

    async def _give_up(self, parcel: Parcel, error: Exception) -> None:
        logger.error("a message was refused (%s)", type(error).__name__)
        await self._store.write(self._lost, parcel, type(error).__name__, FAILED)

    def _unreachable(self, connection: sa.Connection, parcel: Parcel, error: str) -> None:
        """The person blocked the bot, left, or never wrote to it."""
        persons.set_reachable(connection, CHANNEL, parcel.address, False)
        self._lost(connection, parcel, error, DROPPED)

    def _lost(self, connection: sa.Connection, parcel: Parcel, error: str, status: str) -> None:
        self._delivered.pop(parcel.id, None)
        courier = self._couriers.get(str(parcel.body.get("kind")))
        if courier:
            courier.lost(connection, parcel, error)
        outbox.give_up(connection, parcel.id, error, status)

    async def _send(self, parcel: Parcel) -> None:
        courier = self._couriers.get(str(parcel.body.get("kind")))
        parts, provider_id = self._delivered.get(parcel.id, (parcel.parts_sent, ""))
        calls = [] if courier else await self._calls(parcel.body)
        if courier and not parts:
            await self.turn()
            self._pace.note(_chat(parcel.address), self._clock())
            provider_id = await courier.send(self._bot, parcel)
            parts = 1
            self._delivered[parcel.id] = (parts, provider_id)
        for number, call in enumerate(calls, 1):
            if number <= parts:
                continue
            await self.turn()
            self._pace.note(int(parcel.address), self._clock())
            provider_id = await self._call(int(parcel.address), call)
            self._delivered[parcel.id] = (number, provider_id)
            if number < len(calls):
                await self._store.write(outbox.part_sent, parcel.id, number, provider_id)
        arrived = self._delivered[parcel.id] if provider_id else (None, None)
        await self._store.write(outbox.sent, parcel.id, self._clock(), *arrived)
        self._delivered.pop(parcel.id, None)

    async def _calls(self, body: dict[str, Any]) -> list[Call]:
        body = dict(body)
        remove_keyboard = bool(body.pop("remove_keyboard", False))
        long_payloads: list[str] = []

        def shorten(payload: str) -> str:
            long_payloads.append(payload)
            return conversation_records.short_id(payload)

        calls = render(from_json(body), shorten, self._wording, remove_keyboard, self._shares())
        if long_payloads:
            # Before they are shown: a button that is tapped must be known.
            await self._store.write(
                conversation_records.keep_payloads, long_payloads, self._clock()
            )
        return calls

    def _shares(self) -> bool:
        """Tell whether the bot answers in other chats: @BotFather turns that on."""
        try:
            return bool(self._bot.supports_inline_queries)
        except RuntimeError:  # Telegram has not said it yet
            return False

    async def _call(self, chat: int, call: Call) -> str:
        match call:
            case SendText():
                return await self._text(chat, call)
            case SendVenue():
                venue = await self._bot.send_venue(
                    chat_id=chat,
                    latitude=call.latitude,
                    longitude=call.longitude,
                    title=call.title,
                    address=call.address,
                    reply_markup=_inline(call.keys),
                )
                return str(venue.message_id)
            case SendFile():
                return await self._file(chat, call)

    async def _text(self, chat: int, call: SendText) -> str:
        markup: Any = _inline(call.keys)
        if call.keyboard == "position":
            share = KeyboardButton(self._wording("partager_position"), request_location=True)
            markup = ReplyKeyboardMarkup([[share]], resize_keyboard=True, one_time_keyboard=True)
        elif call.keyboard == "remove":
            markup = ReplyKeyboardRemove()
        try:
            message = await self._bot.send_message(
                chat_id=chat,
                text=call.html,
                parse_mode="HTML",
                reply_markup=markup,
                disable_web_page_preview=True,
            )
        except BadRequest as error:
            if "chat not found" in error.message.lower():
                raise Forbidden(error.message) from error
            # Whatever of the layout was refused, the words must arrive.
            logger.warning("a message was refused as laid out; sent again as plain text")
            message = await self._bot.send_message(chat_id=chat, text=call.plain)
        return str(message.message_id)

    async def _file(self, chat: int, call: SendFile) -> str:
        data = call.content.encode()
        if call.sheet:
            try:
                data = await asyncio.to_thread(self._sheet, call.sheet)
            except Exception as error:
                logger.error("the sheet cannot be rendered: %s", trace(error))
                words = self._wording("fiche_impossible")
                return await self._text(chat, SendText(words, words, call.keys))
        message = await self._bot.send_document(
            chat_id=chat,
            document=InputFile(data, filename=call.filename),
            caption=call.caption or None,
            reply_markup=_inline(call.keys),
        )
        return str(message.message_id)

    def _sheet(self, sheet: Sheet) -> bytes:
        if self._render_sheet is None:
            raise RuntimeError("nothing renders sheets here")
        return self._render_sheet(sheet.request, date.fromisoformat(sheet.on))


def _chat(address: str) -> int:
    """Return the chat of an address: ``chat``, or ``chat/topic`` in a forum."""
    return int(address.partition("/")[0])


def _inline(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(key) for key in row] for row in rows])


def _button(key: Key) -> InlineKeyboardButton:
    if key.url:
        return InlineKeyboardButton(key.title, url=key.url)
    if key.share:
        return InlineKeyboardButton(key.title, switch_inline_query=key.share)
    return InlineKeyboardButton(key.title, callback_data=key.data)
