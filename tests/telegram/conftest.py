from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import Conversation
from bot.settings import Settings
from bot.store import Store
from bot.telegram.delivery import Pauses
from bot.telegram.frontend import TelegramFrontend
from bot.telegram.pace import Limits, Pace, Rate
from tests import clock
from tests.conversation.conftest import KEY, WORDING, StubAssistant
from tests.conversation.desk import StubDesk, say_urgent
from tests.telegram.bot_api import BotApi

NO_HURRY = partial(Pace, Limits(*[Rate(10_000, timedelta(seconds=1))] * 2))
"""Tests do not wait for Telegram's pace, but for those that are about it."""

QUICK = Pauses(first_s=0.02, longest_s=0.1)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api


@pytest.fixture
def assistant() -> StubAssistant:
    return StubAssistant()


@pytest.fixture
def settings(api: BotApi, tmp_path: Path, database_url: str) -> Settings:
    return Settings(
        home=tmp_path,
        reference_url="",
        database_url=database_url,
        telegram_token=api.token,
        telegram_api_url=api.url,
    )


class Bot:
    """Starts and stops the front-end, as often as a test wants."""

    def __init__(self, settings: Settings, store: Store, assistant: StubAssistant) -> None:
        self.settings = settings
        self.store = store
        self.assistant = assistant

    def front(self, **options: Any) -> TelegramFrontend:
        """Assemble a front-end; options that are settings' fields change the settings."""
        changes = {k: options.pop(k) for k in list(options) if hasattr(self.settings, k)}
        conversation = Conversation(
            self.store,
            self.assistant,
            StubDesk(),
            WORDING,
            key=KEY,
            retention_days=30,
            urgent=say_urgent,
        )
        return TelegramFrontend(
            replace(self.settings, **changes),
            self.store,
            conversation,
            WORDING,
            key=KEY,
            **{"pauses": QUICK, "timeout_s": 1.0, "clock": clock.now, "pace": NO_HURRY()} | options,
        )

    @asynccontextmanager
    async def running(self, **options: Any) -> AsyncIterator[TelegramFrontend]:
        """Run a front-end until the end of the block, then have it stop cleanly."""
        async with self.front(**options) as front:
            task = asyncio.create_task(front.run())
            try:
                yield front
            finally:
                front.stop()
                await task


@pytest.fixture
def bot(settings: Settings, store: Store, assistant: StubAssistant) -> Bot:
    return Bot(settings, store, assistant)
