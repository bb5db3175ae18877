"""Pages with many requests: as many queries as with few."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.store import Store
from scripts.bench.console import PAGES, fill, serving, visiting
from tests.clock import now


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


async def queries(store: Store, session: aiohttp.ClientSession, root: str) -> dict[str, int]:
    """Ask for each page, and count what it asks of the database."""
    counted: dict[str, int] = {}
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    try:
        for page in PAGES:
            asked.clear()
            async with session.get(root + page) as answer:
                assert answer.status == 200, page
            counted[page] = len(asked)
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", note)
    return counted


async def test_a_page_asks_no_more_of_the_database_when_requests_are_many(
    store: Store, tmp_path: Path
) -> None:
    at = now() - timedelta(hours=1)
    async with serving(store, tmp_path, now) as root, visiting(root) as session:
        fill(store, 1, 6, 2, at)
        await queries(store, session, root)  # connections are opened and templates read
        few = await queries(store, session, root)
        fill(store, 7, 60, 12, at)
        assert await queries(store, session, root) == few
    assert min(few.values()) > 2, "the queries are seen"
    assert max(few.values()) < 30
