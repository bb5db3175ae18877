from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser

from bot.helpdesk.assembly import HelpdeskParts, assemble
from bot.store import Store
from tests.economy import desk_words_read_once, light_hashes
from tests.helpdesk.browser import browser as open_browser
from tests.helpdesk.world import World, running, settings_for
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import api

__all__ = ["api", "desk_words_read_once", "light_hashes"]

Run = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture
def run(api: BotApi, store: Store, tmp_path: Path, database_url: str) -> Run:
    """Start the helpdesk with settings changed: ``async with run(helpdesk_hours="off")``."""

    def start(**options: Any) -> AbstractAsyncContextManager[World]:
        apart = (
            "with_console",
            "per_minute",
            "answer_for",
            "fetch_file",
            "titles",
            "topics",
            "clock",
            "second_factor",
            "metrics_token",
            "fact",
        )
        kept = {name: options.pop(name) for name in list(options) if name in apart}
        settings = settings_for(api, tmp_path, database_url, **options)
        return running(api, store, settings, **kept)

    return start


@pytest.fixture
def parts(store: Store, tmp_path: Path) -> HelpdeskParts:
    return assemble(settings_for(BotApi(), tmp_path, ""), store)


@pytest.fixture
async def world(run: Run) -> AsyncIterator[World]:
    async with run() as world:
        yield world


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as browser:
        yield browser
