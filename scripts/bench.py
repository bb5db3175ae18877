"""Measures the assistant through its real stack: start, memory, reading, turns.

make bench
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot.bootstrap import Front, open_front
from bot.conversation import Incoming, Kind
from bot.settings import load_settings
from bot.stack.endpoint import Endpoint
from bot.stack.stack import Stack

TURNS = {
    "réponse écrite": "combien vaut un pass ?",
    "lieux": "où utiliser mon pass à Metz ?",
    "simulation": "notre PETR veut acheter 20 515 € de pass, quelle aide ?",
}
REPEATS = 100
SHEETS = 20
PARSED = 512


async def main() -> None:
    """Start a stack in a home of its own, measure, print, stop."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = replace(
            load_settings(),
            home=home,
            reference_url=f"sqlite:///{home / 'reference.sqlite'}",
            database_url=f"sqlite:///{home / 'passerelle.sqlite'}",
        )
        stack = Stack(settings, lambda line: print(f"→ {line}", file=sys.stderr))
        began = time.perf_counter()
        async with stack as endpoint:
            print(f"démarrage           {time.perf_counter() - began:8.1f} s")
            for name in ("rasa", "actions"):
                print(f"mémoire, {name:<10} {resident_mb(stack.supervisor.pid(name)):8.0f} Mo")
            await bench_parse(endpoint)
            async with open_front(settings, endpoint) as front:
                for name, text in TURNS.items():
                    await bench_turns(front, name, text)
                bench_simulation(front)


async def bench_parse(endpoint: Endpoint) -> None:
    """Print how long one message takes to read, in batches of 64."""
    headers = {"Authorization": f"Bearer {endpoint.secret}"}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
        began = time.perf_counter()
        for start in range(0, PARSED, 64):
            # Each text differs: nothing can be remembered.
            texts = [f"combien vaut un pass numéro {start + n} ?" for n in range(64)]
            async with session.post(f"{endpoint.nlu_url}/parse", json={"texts": texts}) as answer:
                await answer.read()
        print(f"lecture             {(time.perf_counter() - began) / PARSED * 1000:8.1f} ms")


async def bench_turns(front: Front, name: str, text: str) -> None:
    """Print the median and the worst hundredth of a turn, each by a new person."""
    taken = []
    for _ in range(REPEATS):
        incoming = Incoming(
            channel="mesure",
            external_id=str(uuid.uuid4()),
            message_id="1",
            kind=Kind.TEXT,
            at=datetime.now(UTC),
            text=text,
        )
        began = time.perf_counter()
        await front.conversation.receive(incoming)
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    middle, worst = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    print(f"tour, {name:<14}{middle:8.0f} ms (p99 {worst:.0f} ms)")


def bench_simulation(front: Front) -> None:
    """Print the time of a computation read from words, and of its sheet."""
    simulator, on = front.workshop.simulator, datetime.now(UTC).date()
    text = TURNS["simulation"]
    result = simulator.simulate_text(text, on)
    front.workshop.sheets.render(result)  # the first one loads the fonts
    for name, work in (
        ("simulation", lambda: simulator.simulate_text(text, on)),
        ("fiche PDF", lambda: front.workshop.sheets.render(result)),
    ):
        began = time.perf_counter()
        for _ in range(SHEETS):
            work()
        print(f"{name:<20}{(time.perf_counter() - began) / SHEETS * 1000:8.1f} ms")


def resident_mb(pid: int) -> float:
    """Return a process's resident memory in megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    asyncio.run(main())
