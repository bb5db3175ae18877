"""The process is killed (SIGKILL) between any two steps: nothing is lost, order is kept."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.settings import PROJECT_ROOT
from bot.store import Store
from bot.store.tables import incoming
from tests.telegram.bot_api import BotApi, answer_lost, hangs
from tests.telegram.test_talking import rows, settled


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


START_S = 90.0
"""A busy machine takes long to start a process; nothing here waits when it need not."""


class Victim:
    def __init__(self, home: Path, database_url: str, api: BotApi) -> None:
        self.arguments = [str(home), database_url, api.url, api.token]

    @asynccontextmanager
    async def running(self, hangs_on: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
        """Run it; it is killed at the end, wherever it is."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.telegram.victim", *self.arguments, hangs_on,
            cwd=PROJECT_ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest.fixture
def victim(tmp_path: Path, database_url: str, api: BotApi, store: Store) -> Victim:
    return Victim(tmp_path, database_url, api)


async def test_killed_while_the_assistant_thinks(api: BotApi, victim: Victim, store: Store) -> None:
    api.says(42, "une question")
    api.says(42, "et après")
    async with victim.running(hangs_on="une question") as process:
        assert process.stdout
        assert await process.stdout.readline() == b"hanging\n"
        await api.until(lambda: not api.updates, timeout_s=START_S)
    assert len(rows(store, incoming)) == 2, "acknowledged, thus kept"
    async with victim.running():
        await api.until(lambda: len(api.texts(42)) == 4, timeout_s=START_S)
    wanted = ["A une question", "B une question", "A et après", "B et après"]
    assert api.texts(42) == wanted


async def test_killed_while_a_message_leaves(api: BotApi, victim: Victim, store: Store) -> None:
    api.fail("sendMessage", hangs())
    api.says(42, "une question")
    async with victim.running():
        await api.until(lambda: "sendMessage" in api.attempts, timeout_s=START_S)
    async with victim.running():
        await api.until(lambda: len(api.texts(42)) == 2, timeout_s=START_S)
        await api.until(lambda: settled(store), timeout_s=START_S)
    assert api.texts(42) == ["A une question", "B une question"]


@pytest.mark.timeout(600)
async def test_killed_again_and_again_in_a_crowd(api: BotApi, victim: Victim, store: Store) -> None:
    crowd, questions, kills = 8, 5, 3
    for number in range(questions):
        for person in range(1, crowd + 1):
            api.says(person, f"q{number}")
    for kill in range(1, kills + 1):
        if kill % 2:
            api.fail("sendMessage", answer_lost())
        wanted = kill * crowd * questions * 2 // (kills + 2)
        async with victim.running():
            await api.until(
                lambda wanted=wanted: len(api.of("sendMessage")) >= wanted, timeout_s=START_S
            )
    async with victim.running() as process:
        everything = {
            person: [f"{part} q{n}" for n in range(questions) for part in "AB"]
            for person in range(1, crowd + 1)
        }
        await api.until(
            lambda: all(set(api.texts(p)) == set(said) for p, said in everything.items()),
            timeout_s=START_S,
        )
        await api.until(lambda: settled(store), timeout_s=START_S)
        process.send_signal(signal.SIGKILL)
    twice = 0
    for person, said in everything.items():
        heard = api.texts(person)
        assert list(dict.fromkeys(heard)) == said, "all of it, in order"
        twice += len(heard) - len(said)
    # Telegram had it, and the process died or the line broke before it was written down.
    assert twice <= kills * crowd + kills
