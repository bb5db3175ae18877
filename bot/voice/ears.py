"""Speaks with the process that listens: one sound at a time, kept nowhere."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from actions.errors import PasserelleError

Hear = Callable[[bytes], Awaitable[str]]
"""Turns a sound into words; raises ``NotHeardError`` or ``BusyError``."""

logger = logging.getLogger(__name__)

HEARING_S = 45.0
"""How long a sound of a minute may take on two busy cores; then the process is ended."""

STARTING_S = 60.0

MOST_WAITING = 4
"""Sounds that wait for their turn; more are refused, kindly."""

IDLE_S = 600.0
"""The process ends after that long without a sound: its memory is for others."""


class NotHeardError(PasserelleError):
    """Nothing was understood, or the sound is too long or no sound."""


class BusyError(PasserelleError):
    """Too many sounds wait already."""


class Ears:
    """A process that listens, started at the first sound.

    async with Ears([python, "voice/ear.py", model, hints]) as ears:
        text = await ears.hear(sound)
    """

    def __init__(self, command: Sequence[str], *, idle_s: float = IDLE_S) -> None:
        """Prepare; nothing is started.

        Args:
            command: What to start (see ``voice/ear.py``).
            idle_s: How long it may stay without a sound, in seconds.
        """
        self._command = tuple(command)
        self._idle_s = idle_s
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._process: asyncio.subprocess.Process | None = None
        self._resting: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Ears:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end()

    @property
    def process_id(self) -> int | None:
        """The process that listens, while there is one."""
        return self._process.pid if self._process else None

    async def hear(self, sound: bytes) -> str:
        """Return what a sound says.

        Raises:
            NotHeardError: Nothing was understood.
            BusyError: Too many wait.
        """
        if self._waiting >= MOST_WAITING:
            raise BusyError
        self._waiting += 1
        try:
            async with self._turn:
                return await self._hear(sound)
        finally:
            self._waiting -= 1

    async def _hear(self, sound: bytes) -> str:
        if self._resting:
            self._resting.cancel()
        try:
            process = await self._awake()
            assert process.stdin and process.stdout  # noqa: S101  asked for when it started
            process.stdin.write(len(sound).to_bytes(4, "big") + sound)
            await process.stdin.drain()
            async with asyncio.timeout(HEARING_S):
                said = _read(await process.stdout.readline())
        except (OSError, TimeoutError, ValueError) as error:
            # It died, is stuck, or says nonsense: the next sound gets another one.
            logger.warning("the ears failed: %s", type(error).__name__)
            await self._end()
            raise NotHeardError from error
        except asyncio.CancelledError:
            await self._end()  # its answer would be taken for the next one's
            raise
        loop = asyncio.get_running_loop()
        self._resting = loop.call_later(self._idle_s, self._rest)
        text = str(said.get("text", "")).strip()
        if not text:
            raise NotHeardError
        return text

    async def _awake(self) -> asyncio.subprocess.Process:
        if self._process and self._process.returncode is None:
            return self._process
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # it could repeat what was said
        )
        assert self._process.stdout  # noqa: S101  asked for above
        async with asyncio.timeout(STARTING_S):
            if not _read(await self._process.stdout.readline()).get("ready"):
                raise ValueError("not ready")
        return self._process

    def _rest(self) -> None:
        # Ends by itself: its input is over.
        if self._process and self._process.stdin and not self._turn.locked():
            self._process.stdin.close()
            self._process = None

    async def _end(self) -> None:
        if self._resting:
            self._resting.cancel()
        process, self._process = self._process, None
        if process and process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _read(line: bytes) -> dict[str, Any]:
    """Read an answer.

    Raises:
        ValueError: It is none: the process has ended.
    """
    said = json.loads(line)
    if not isinstance(said, dict):
        raise ValueError("not an answer")
    return said


def command(python: Path, script: Path, model: Path, hints: Path) -> list[str] | None:
    """Return what starts the ears; nothing where they are not installed."""
    if not python.is_file() or not (model / "model.bin").is_file():
        return None
    return [str(python), str(script), str(model), str(hints)]
