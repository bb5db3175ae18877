"""Places shared from any chat: the person types the bot's name and a commune, then picks one.

What is typed is of the moment: nothing of it is kept, and it is answered or it is not. Telegram
asks again at each letter; only the last is looked up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

import sqlalchemy as sa
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import TelegramError
from telegram.ext import ExtBot

from actions.error_trace import trace
from actions.messages import PlaceCard
from actions.words import Words
from bot.store import Store, blocked, channels
from bot.telegram.links import link
from bot.telegram.ports import FindPlaces, Nearby
from bot.telegram.rendering import card_text
from bot.telegram.rich import Rich, italic, join, split
from bot.telegram.updates import CHANNEL, InlineQuery

logger = logging.getLogger(__name__)

MOST_WAITING = 50
"""Persons whose query waits; beyond, one is left: they will type another letter."""

KEPT_S = 60
"""How long Telegram may give the same answer to the same words: «ouvert maintenant» changes."""

START = "lieux"
"""What the button above an empty list asks in the person's own chat (see ``deep_link``)."""

_REFUSED: Final = "refused"
"""Who is blocked, or everyone while the channel is closed: Telegram keeps that for them alone."""

_WHY_NONE = {"ambiguous": "partage_plusieurs", "none": "partage_aucun"}


class Sharing:
    """Answers inline queries, aside from the queues of messages."""

    def __init__(
        self,
        bot: ExtBot[Any],
        store: Store,
        wording: Words,
        find: FindPlaces,
        pseudonym: Callable[[int], str],
    ) -> None:
        """Prepare.

        Args:
            bot: Answers.
            store: Says who is refused, and whether the channel is closed.
            wording: The few words around a place.
            find: Finds places.
            pseudonym: Under which name a person is refused.
        """
        self._bot = bot
        self._store = store
        self._wording = wording
        self._find = find
        self._pseudonym = pseudonym
        # One at a time: what is typed elsewhere must not slow down who asks here.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sharing")
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def take(self, query: InlineQuery) -> None:
        """Answer a query soon; an earlier one of the same person is left."""
        earlier = self._tasks.pop(query.person, None)
        if earlier:
            earlier.cancel()
        if len(self._tasks) >= MOST_WAITING:
            return
        task = asyncio.create_task(self._answer(query))
        self._tasks[query.person] = task
        task.add_done_callback(lambda done: self._forget(query.person, done))

    async def close(self) -> None:
        """Leave what is under way."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _forget(self, person: int, done: asyncio.Task[None]) -> None:
        if self._tasks.get(person) is done:
            del self._tasks[person]

    async def _answer(self, query: InlineQuery) -> None:
        try:
            if await self._store.read(self._refused, self._pseudonym(query.person)):
                nearby = Nearby(_REFUSED)
            else:
                loop = asyncio.get_running_loop()
                nearby = await loop.run_in_executor(self._thread, self._find, query.text)
            await self._show(query, nearby)
        except TelegramError as error:
            # Too late, mostly: they have typed on.
            logger.info("an inline query was not answered (%s)", type(error).__name__)
        except Exception as error:
            logger.error("an inline query failed: %s", trace(error))

    async def _show(self, query: InlineQuery, nearby: Nearby) -> None:
        button = None
        if not nearby.places:
            words = self._wording(_WHY_NONE.get(nearby.status, "partage_ou"))
            button = InlineQueryResultsButton(words, start_parameter=START)
        await self._bot.answer_inline_query(
            query.query_id,
            [self._result(place, nearby.notice) for place in nearby.places],
            cache_time=KEPT_S,
            is_personal=nearby.status == _REFUSED,
            button=button,
        )

    def _result(self, place: PlaceCard, notice: str) -> InlineQueryResultArticle:
        """Return a place as it is picked, and as the other chat reads it."""
        whole = join([card_text(place), italic(notice)], "\n\n")
        text = (split(whole) or [Rich(place.address)])[0]
        where = " · ".join(part for part in (place.distance, place.address) if part)
        keyboard = None
        with suppress(RuntimeError):  # Telegram has not said the bot's name yet
            key = InlineKeyboardButton(
                self._wording("partage_bouton"), url=link(self._bot.username, START)
            )
            keyboard = InlineKeyboardMarkup([[key]])
        return InlineQueryResultArticle(
            id=place.id[:64],
            title=place.name,
            description=where,
            input_message_content=InputTextMessageContent(
                text.to_html(),
                parse_mode="HTML",
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            ),
            reply_markup=keyboard,
        )

    def _refused(self, connection: sa.Connection, pseudonym: str) -> bool:
        return channels.is_closed(connection, CHANNEL) or blocked.is_blocked(connection, pseudonym)
