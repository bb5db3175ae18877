"""Five hundred people at once; the process killed while people wait: each is told once."""

from __future__ import annotations

import asyncio
import resource
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.settings import PROJECT_ROOT
from bot.stack.endpoint import free_port
from bot.store import Store
from tests.web.conftest import Run
from tests.web.victim import LIMITS, Echo
from tests.web.world import Script, World

CROWD = 500


@pytest.mark.timeout(600)
async def test_five_hundred_people_at_once(run: Run) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CROWD + 200  # both ends of each stream are in this process
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip("too few files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    async with run(assistant=Echo(), limits=LIMITS) as world:
        crowd = [Script(world, address=f"192.0.2.{n % 250}") for n in range(CROWD)]
        opening = asyncio.Semaphore(50)
        connected = asyncio.Barrier(CROWD + 1)

        async def lives(number: int, script: Script) -> None:
            async with opening:
                assert (await script.opens())[0] == 200
            told = asyncio.create_task(script.follows(lambda: "B bonjour" in script.text, 300.0))
            await connected.wait()
            assert await script.says(f"bonjour {number}") == 200
            await told
            said = [text for _, de, text in script.messages if de == "assistant"]
            assert len(said) == 2 and f"bonjour {number} " in said[0], "their own, once, in order"

        tasks = [asyncio.create_task(lives(*one)) for one in enumerate(crowd)]
        await connected.wait()
        await asyncio.gather(*tasks)
        assert world.front._hub.count <= CROWD


class Victim:
    def __init__(self, home: Path, database_url: str) -> None:
        self.port = free_port()
        self.arguments = [str(home), database_url, str(self.port)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run it until the end of the block, then kill it wherever it is."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.web.victim", *self.arguments,
            cwd=PROJECT_ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout
            assert await process.stdout.readline() == b"ready\n"
            yield
        finally:
            process.kill()
            await process.wait()


@pytest.mark.timeout(300)
async def test_killed_while_people_wait(tmp_path: Path, database_url: str, store: Store) -> None:
    victim = Victim(tmp_path, database_url)
    root = f"http://127.0.0.1:{victim.port}"
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        world = World(store, None, None, None, root, http)  # type: ignore[arg-type]
        crowd = [Script(world) for _ in range(8)]
        async with victim.running():
            for script in crowd:
                await script.opens()
                for number in range(5):
                    assert await script.says(f"q{number}") == 200, "acknowledged, thus kept"
            await crowd[0].follows(lambda: "A q0" in crowd[0].text)
        for _ in range(2):
            async with victim.running():
                await crowd[1].follows(lambda: "A q1" in crowd[1].text)
        async with victim.running():
            for script in crowd:
                await script.follows(lambda script=script: "B q4" in script.text)
    wanted = [f"L'assistant : {part} q{n} Écouter" for n in range(5) for part in "AB"]
    for script in crowd:
        said = [text for _, de, text in script.messages if de == "assistant"]
        assert said == wanted, "everything, once, in order"
