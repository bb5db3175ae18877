from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from bot.store import Store
from tests.databases import any_database, database_url, postgres_server, postgres_url, store
from tests.helpdesk.world import World, running, settings_for
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import api

__all__ = ["any_database", "api", "database_url", "postgres_server", "postgres_url", "store"]

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
async def world(run: Run) -> AsyncIterator[World]:
    async with run() as world:
        yield world
