"""Five hundred people at once; the process killed while people wait: each is told once."""

from __future__ import annotations

import asyncio
import resource
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from actions.messages import Text
from bot.conversation import Turn
from bot.stack.endpoint import free_port
from bot.store import Store
from tests.web.conftest import Run
from tests.web.crowd import Victim, memory_kb
from tests.web.victim import LIMITS, Echo
from tests.web.world import Script, World, assistant_of_tests

CROWD = 500
EACH_KB = 300
"""Memory of one who listens and talks: beyond, something is piled up for each."""
GROWTH_KB = 20_000
"""What may be added while they go on: caches, a journal, and not what they say."""


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


@pytest.mark.timeout(600)
@pytest.mark.skipif(
    not Path("/proc/self/status").is_file(), reason="a process's memory is read from /proc"
)
async def test_a_crowd_that_goes_on_talking_takes_no_more_memory(
    tmp_path: Path, database_url: str, store: Store
) -> None:
    victim = Victim(tmp_path, database_url, free_port())
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        world = World(store, None, None, None, victim.root, http)  # type: ignore[arg-type]
        async with victim.running() as process:
            alone = memory_kb(process.pid)
            crowd = [Script(world, address=f"192.0.2.{n}") for n in range(CROWD // 5)]
            for script in crowd:
                await script.opens()
            held = []
            for number in range(4):
                await asyncio.gather(*(talks(script, f"r{number}") for script in crowd))
                held.append(memory_kb(process.pid))
    for script in crowd:
        said = [text for _, de, text in script.messages if de == "assistant"]
        assert len(said) == len(set(said)) == 8, "each answer once"
    each = (max(held) - alone) / len(crowd)
    assert each < EACH_KB, (alone, held)
    assert held[-1] - held[0] < GROWTH_KB, (alone, held)


async def talks(script: Script, text: str) -> None:
    told = asyncio.create_task(script.follows(lambda: f"B {text}" in script.text, 300.0))
    await asyncio.sleep(0)
    assert await script.says(text) == 200
    await told


async def test_a_page_that_reads_nothing_is_cut_and_holds_nothing(run: Run) -> None:
    limits = replace(LIMITS, write_s=0.5)
    assistant = assistant_of_tests()
    long = Turn((Text("un mot " * 3000),), "aide", 0.9, "answer")
    assistant.answers |= {f"q{number}": long for number in range(400)}
    async with run(assistant=assistant, limits=limits) as world:
        script = Script(world)
        await script.opens()
        host, _, port = world.root.removeprefix("http://").partition(":")
        with socket.socket() as deaf:
            # So small a window that what is sent to it soon waits at the server.
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect((host, int(port)))
            deaf.sendall(
                f"GET /web/flux HTTP/1.1\r\nHost: {host}:{port}\r\n"
                f"Authorization: Bearer {script.key}\r\n\r\n".encode()
            )
            await until(lambda: world.front._hub.count == 1)
            for number in range(400):
                if world.front._hub.count == 0:
                    break
                assert await script.says(f"q{number}") == 200
            await until(lambda: world.front._hub.count == 0)
        # It comes back for what it has not read.
        await script.reads("un mot un mot")


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not reached():  # noqa: ASYNC110  what another task counts
            await asyncio.sleep(0.02)


@pytest.mark.timeout(300)
async def test_killed_while_people_wait(tmp_path: Path, database_url: str, store: Store) -> None:
    victim = Victim(tmp_path, database_url, free_port())
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        world = World(store, None, None, None, victim.root, http)  # type: ignore[arg-type]
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
