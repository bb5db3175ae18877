"""Measure the page: ``python -m scripts.bench.page [--turns 300] [--crowd 500]``.

What the page adds to the conversation: the same turns, by the conversation alone, then through the
page over HTTP (its server in this process, its client too: their processor time is an upper bound).
The assistant is a stand-in that answers at once, so that only the page and the database are seen.
Then a crowd that listens and talks at once, with the server in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bot.conversation import Conversation, Incoming, Kind
from bot.stack.endpoint import free_port
from bot.store import Store, outbox
from tests import clock
from tests.conversation.conftest import KEY, WORDING
from tests.conversation.desk import StubDesk, say_urgent
from tests.web.crowd import Victim, memory_kb
from tests.web.victim import LIMITS, Echo
from tests.web.world import Script, World, running

WARM_UP = 20


@dataclass(frozen=True)
class Cost:
    """What a turn takes, in milliseconds."""

    median_ms: float
    ninth_decile_ms: float
    processor_ms: float


async def cost_of(turn: Callable[[int], Awaitable[Any]], turns: int) -> Cost:
    """Time turns one after the other, the first ones apart."""
    for number in range(WARM_UP):
        await turn(-1 - number)
    lasted = []
    worked = time.process_time()
    for number in range(turns):
        begun = time.perf_counter()
        await turn(number)
        lasted.append((time.perf_counter() - begun) * 1000)
    worked = (time.process_time() - worked) * 1000 / turns
    deciles = statistics.quantiles(lasted, n=10)
    return Cost(*(round(x, 1) for x in (statistics.median(lasted), deciles[-1], worked)))


async def conversation_alone(folder: Path, turns: int) -> Cost:
    """Measure the conversation with its database, its answers put in the outbox."""
    url = f"sqlite:///{folder}/alone.sqlite"
    store = Store.open(url)
    talk = Conversation(
        store, Echo(), StubDesk(), WORDING, key=KEY, retention_days=30, urgent=say_urgent
    )

    async def turn(number: int) -> None:
        def deliver(connection: Any, person: Any, said: Any) -> None:
            for message in said:
                outbox.put_for(connection, person, message.to_json(), clock.now())

        said = Incoming("web", "alone", f"m{number}", Kind.TEXT, clock.now(), text=f"q{number}")
        await talk.receive(said, deliver)

    try:
        return await cost_of(turn, turns)
    finally:
        store.close()


async def through_the_page(folder: Path, turns: int) -> dict[str, Cost]:
    """Measure the same turns from a page with a script, and from one without."""
    url = f"sqlite:///{folder}/page.sqlite"
    store = Store.open(url)
    home = folder / "home"
    home.mkdir()
    async with running(store, url, home, assistant=Echo(), limits=LIMITS) as world:
        script = Script(world)
        await script.opens()

        async def with_script(number: int) -> None:
            assert await script.says(f"q{number}") == 200  # noqa: S101  a bench of errors is none
            await answered.get()

        answered: asyncio.Queue[None] = asyncio.Queue()

        def note() -> bool:
            name, data = script.events[-1]
            if name == "message" and "A q" in data["html"] and data["de"] == "assistant":
                answered.put_nowait(None)  # the first bubble of the answer
            return False

        following = asyncio.create_task(script.follows(note, timeout_s=3600.0))
        live = await cost_of(with_script, turns)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        jar = aiohttp.CookieJar(treat_as_secure_origin=[world.root], unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as browser:

            async def without(number: int) -> None:
                form = {"site": "", "texte": f"f{number}"}
                async with browser.post(f"{world.root}/web/dire", data=form) as page:
                    assert f"A f{number}" in await page.text()  # noqa: S101  the same

            plain = await cost_of(without, min(turns, 40))
    store.close()
    return {"script": live, "plain": plain}


async def crowd(folder: Path, people: int, rounds: int = 3) -> dict[str, Any]:
    """Measure the server's memory while so many listen and talk."""
    home = folder / "crowd"
    home.mkdir()
    url = f"sqlite:///{home}/store.sqlite"
    store = Store.open(url)
    victim = Victim(home, url, free_port())
    found: dict[str, Any] = {"people": people, "memory_mb": {}}
    async with AsyncExitStack() as stack:
        process = await stack.enter_async_context(victim.running())
        http = await stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )
        )
        world = World(store, None, None, None, victim.root, http)  # type: ignore[arg-type]
        found["memory_mb"]["alone"] = memory_kb(process.pid) // 1024
        scripts = [Script(world, address=f"192.0.2.{n % 250}") for n in range(people)]
        opening = asyncio.Semaphore(50)

        async def opens(script: Script) -> None:
            async with opening:
                assert (await script.opens())[0] == 200  # noqa: S101  the same

        await asyncio.gather(*(opens(script) for script in scripts))
        for number in range(rounds):

            async def talks(script: Script, number: int = number) -> float:
                told = asyncio.create_task(
                    script.follows(lambda: f"B r{number}" in script.text, 600.0)
                )
                await asyncio.sleep(0)
                begun = time.perf_counter()
                assert await script.says(f"r{number}") == 200  # noqa: S101  the same
                await told
                return time.perf_counter() - begun

            begun = time.perf_counter()
            waits = await asyncio.gather(*(talks(script) for script in scripts))
            found[f"round {number + 1}"] = {
                "seconds": round(time.perf_counter() - begun, 1),
                "median_s": round(statistics.median(waits), 2),
                "longest_s": round(max(waits), 2),
            }
            found["memory_mb"][f"after {number + 1}"] = memory_kb(process.pid) // 1024
        lost = sum(
            [text for _, de, text in script.messages if de == "assistant"].count(
                f"L'assistant : {part} r{number} Écouter"
            )
            != 1
            for script in scripts
            for number in range(rounds)
            for part in "AB"
        )
        found["lost or doubled"] = lost
    store.close()
    return found


def main() -> None:
    """Measure, and print what was found as JSON."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.page")
    parser.add_argument("--turns", type=int, default=300)
    parser.add_argument("--crowd", type=int, default=500)
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("→ la conversation seule, puis par la page…", file=sys.stderr)
        alone = asyncio.run(conversation_alone(folder, options.turns))
        costs = asyncio.run(through_the_page(folder, options.turns))
        found: dict[str, Any] = {"alone": vars(alone)}
        found |= {name: vars(cost) for name, cost in costs.items()}
        print(f"→ {options.crowd} personnes…", file=sys.stderr)
        found["crowd"] = asyncio.run(crowd(folder, options.crowd))
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
