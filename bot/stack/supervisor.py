"""Keeps children alive: waits until each is healthy, starts again what dies."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.stack.child import Child, ChildSpec
from bot.stack.errors import StackError

START_SECONDS = 180.0
"""How long a child may take to answer; Rasa takes 10 s alone, more on a busy machine."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Backoff:
    """How a supervisor waits, in seconds."""

    first_pause: float = 0.2
    longest_pause: float = 60.0
    stable: float = 60.0
    """A child that lived so long is trusted again: the pauses start over."""
    watch: float = 15.0
    """Between two looks at a child's health."""
    misses: int = 3
    """Looks in a row without an answer after which a living child is started again."""
    busy: float = 0.2
    """Share of a processor from which a child that does not answer is busy, not lost."""
    busy_misses: int = 20
    """Looks in a row after which even a busy child is started again."""

    def pauses(self) -> Iterator[float]:
        """Yield growing pauses, each twice the one before, at most ``longest_pause``."""
        pause = self.first_pause
        while True:
            yield min(pause, self.longest_pause)
            pause *= 2


class Supervisor:
    """Starts children in order and watches them until ``stop``."""

    def __init__(self, logs_dir: Path, say: Say, patience: Backoff | None = None) -> None:
        self._logs_dir = logs_dir
        self._say = say
        self._patience = patience or Backoff()
        self._children: dict[str, Child] = {}
        self._watching: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None

    async def start(self, specs: list[ChildSpec]) -> None:
        """Start all at once and wait until each is healthy.

        Raises:
            StackError: One of them ended or did not answer; the others are stopped.
        """
        self._session = aiohttp.ClientSession()
        try:
            for spec in specs:
                self._children[spec.name] = await Child.start(spec, self._logs_dir)
            for spec in specs:
                child = self._children[spec.name]
                if not await child.wait_healthy(self._session, START_SECONDS):
                    raise StackError(f"{spec.title} n'a pas démarré{_why(child)}")
        except BaseException:
            await self.stop()
            raise
        self._watching = [asyncio.create_task(self._watch(spec)) for spec in specs]

    async def stop(self) -> None:
        """Stop watching, then stop every child, the last started first."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        self._watching = []
        for child in reversed(list(self._children.values())):
            await child.stop()
        self._children.clear()
        if self._session:
            await self._session.close()
            self._session = None

    def pid(self, name: str) -> int:
        """Return the process id of a child."""
        return self._children[name].process.pid

    async def _watch(self, spec: ChildSpec) -> None:
        loop = asyncio.get_running_loop()
        pauses = self._patience.pauses()
        while True:
            began = loop.time()
            child = self._children[spec.name]
            await self._until_lost(child)
            if loop.time() - began >= self._patience.stable:
                pauses = self._patience.pauses()
            pause = next(pauses)
            self._say(f"{spec.title} s'est arrêté{_why(child)} Nouvel essai dans {pause:g} s.")
            await child.stop()
            await asyncio.sleep(pause)
            try:
                self._children[spec.name] = await Child.start(spec, self._logs_dir)
            except OSError as error:  # no memory, no process left: tried again
                self._say(f"{spec.title} n'a pas pu démarrer ({type(error).__name__}).")
                continue
            if await self._children[spec.name].wait_healthy(self._http(), START_SECONDS):
                self._say(f"{spec.title} répond de nouveau.")

    async def _until_lost(self, child: Child) -> None:
        """Return when a child has ended, or no longer answers."""
        misses = silent = 0
        used = child.cpu_seconds()
        while misses < self._patience.misses and silent < self._patience.busy_misses:
            try:
                async with asyncio.timeout(self._patience.watch):
                    await child.wait()
                return
            except TimeoutError:
                answers = await child.healthy(self._http())
                used, before = child.cpu_seconds(), used
                busy = used - before >= self._patience.busy * self._patience.watch
                misses = 0 if answers or busy else misses + 1
                silent = 0 if answers else silent + 1

    def _http(self) -> aiohttp.ClientSession:
        assert self._session is not None  # noqa: S101  opened by start
        return self._session


def _why(child: Child) -> str:
    code = child.process.returncode
    if code is None:
        reason = "il ne répond pas"
    elif code < 0:
        reason = f"signal {signal.Signals(-code).name}"
    else:
        reason = f"code {code}"
    return f" ({reason}). Son journal : {child.log}."
