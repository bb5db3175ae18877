from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from bot.store import Store
from tests.economy import desk_words_read_once, light_hashes
from tests.helpdesk.browser import browser as open_browser
from tests.web.world import World, running

__all__ = ["desk_words_read_once", "light_hashes"]

Run = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture
def run(store: Store, database_url: str, tmp_path: Path) -> Run:
    def start(**options: Any) -> AbstractAsyncContextManager[World]:
        return running(store, database_url, tmp_path, **options)

    return start


@pytest.fixture
async def world(run: Run) -> AsyncIterator[World]:
    async with run() as world:
        yield world


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    # A microphone that hums, where a page asks for one and is allowed to.
    async with open_browser("--use-fake-device-for-media-stream") as browser:
        yield browser
