"""Two replicas serve the page on one PostgreSQL database: one answer, shown wherever it is open."""

from __future__ import annotations

import asyncio

import pytest

from bot.lanes import Claims
from bot.store import Store
from bot.store.claims import LEASE
from bot.web import stream
from tests.web.conftest import Run
from tests.web.world import Script

pytestmark = pytest.mark.postgres


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


async def test_an_answer_reaches_a_page_that_another_replica_holds(
    run: Run, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PING_S", 3600.0)  # nothing but the answer wakes the page
    one, two = Claims(store, LEASE, "one"), Claims(store, LEASE, "two")
    async with (
        one.renewed(),
        two.renewed(),
        run(shared=one) as here,
        run(shared=two, assistant=here.assistant) as there,
    ):
        script = Script(here)
        await script.opens()
        follower = Script(there)
        follower.key = script.key
        listens = asyncio.Event()

        def reached() -> bool:
            listens.set()
            return "Réponse à : où utiliser mon pass ?" in follower.text

        following = asyncio.create_task(follower.follows(reached, timeout_s=120.0))
        await listens.wait()
        assert await script.says("où utiliser mon pass ?") == 200
        await following
    assert [text for _, text, _ in here.assistant.heard] == ["où utiliser mon pass ?"], "asked once"
    assert [author for _, author, _ in follower.messages].count("assistant") == 1
