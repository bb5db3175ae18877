"""Malformed updates by the hundred: no crash, no error of ours, no lane that stays stuck."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from itertools import islice

import aiohttp
import pytest
import sqlalchemy as sa

from bot.store import Store
from bot.store.tables import incoming, outbox
from tests.conversation.conftest import WORDING
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import Bot
from tests.telegram.malformed import malformed
from tests.telegram.test_abuse import SECRET, hooked, listening

__all__ = ["listening"]


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


HOW_MANY = int(os.environ.get("MALFORMED_UPDATES", "500"))
CHATS = range(100, 120)


def waiting(store: Store) -> bool:
    with store.reading() as connection:
        return any(
            connection.execute(sa.select(t.c.id).where(t.c.status == "pending").limit(1)).first()
            for t in (incoming, outbox)
        )


async def test_malformed_updates_are_refused_or_answered_and_every_lane_goes_on(
    api: BotApi, bot: Bot, listening, store: Store
) -> None:
    statuses: Counter[int] = Counter()
    bodies = islice(malformed(13, CHATS), HOW_MANY)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with hooked(bot, listening) as url, aiohttp.ClientSession(headers=headers) as session:
        await api.until(lambda: api.webhook)

        async def post_all() -> None:
            for body in bodies:
                async with session.post(url, data=body) as answer:
                    statuses[answer.status] += 1

        await asyncio.gather(*(post_all() for _ in range(8)))
        assert set(statuses) == {200, 400}, statuses
        assert sum(statuses.values()) == HOW_MANY
        await api.until(lambda: not waiting(store), timeout_s=60.0 + HOW_MANY / 10)
        failed = [text for chat in CHATS for text in api.texts(chat) if text == WORDING("panne")]
        assert not failed, "an odd update is nobody's failure"
        for chat in CHATS:
            update = {"update_id": 10**9 + chat, "message": api.message(chat, text="et après ?")}
            assert await api.post(update) == 200
        await api.until(
            lambda: all("Réponse à : et après ?" in api.texts(chat) for chat in CHATS),
            timeout_s=120.0,
        )
