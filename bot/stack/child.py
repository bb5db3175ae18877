"""One child process: started apart, watched through HTTP, stopped with all it started."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.stack.log import RotatingLog

STOP_SECONDS = 10.0
"""How long a child may take to stop before it is killed."""

HEALTH_TIMEOUT_SECONDS = 10.0
"""How long a health answer may take: the machine may be busy."""

_POLL_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1
_NOT_FOR_CHILDREN = ("TELEGRAM_BOT_TOKEN", "PASSERELLE_WEBHOOK_SECRET")


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """What to start."""

    name: str
    """Name of its log: letters only."""
    title: str
    """Its name for people."""
    arguments: tuple[str, ...]
    health_url: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict, repr=False)


def _without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Leave out what only the process that faces people needs."""
    return {name: value for name, value in environment.items() if name not in _NOT_FOR_CHILDREN}


def _die_with_parent() -> Callable[[], None] | None:
    """Return what a new process runs first so that the kernel ends it with its parent (Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl  # loaded before the fork, where little is safe

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask_kernel


class Child:
    """A started process and its group."""

    def __init__(self, spec: ChildSpec, process: asyncio.subprocess.Process, log: Path) -> None:
        self.spec = spec
        self.process = process
        self.log = log
        self._copying = asyncio.create_task(self._copy_output())

    @classmethod
    async def start(cls, spec: ChildSpec, logs_dir: Path) -> Child:
        """Start the process in a group of its own: Ctrl-C in a terminal reaches us alone."""
        process = await asyncio.create_subprocess_exec(
            *spec.arguments,
            cwd=spec.folder,
            env=_without_secrets(os.environ) | spec.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent(),
        )
        return cls(spec, process, logs_dir / f"{spec.name}.log")

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process.returncode is None

    async def wait(self) -> int:
        """Wait until it ends; return its exit code (negative: a signal's number)."""
        return await self.process.wait()

    async def healthy(self, session: aiohttp.ClientSession) -> bool:
        """Whether it answers on its health address."""
        timeout = aiohttp.ClientTimeout(total=HEALTH_TIMEOUT_SECONDS)
        try:
            async with session.get(self.spec.health_url, timeout=timeout) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def wait_healthy(self, session: aiohttp.ClientSession, limit_seconds: float) -> bool:
        """Wait until it answers; ``False`` when it ended or took too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_seconds):
                while self.alive:
                    if await self.healthy(session):
                        return True
                    await asyncio.sleep(_POLL_SECONDS)
        return False

    def cpu_seconds(self) -> float:
        """Return the processor's time it has used; 0 where the system does not tell."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
            user, system = stat.rpartition(")")[2].split()[11:13]
            return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError):
            return 0.0

    async def stop(self) -> None:
        """End the whole group: asked first, killed after ``STOP_SECONDS``."""
        self._signal(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await self.process.wait()
        self._signal(signal.SIGKILL)  # what is left of the group
        await self.process.wait()
        await self._copying

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    async def _copy_output(self) -> None:
        assert self.process.stdout is not None  # noqa: S101  asked for above
        log: RotatingLog | None = None
        with suppress(OSError):  # there from the start: it is named when something goes wrong
            log = RotatingLog(self.log)
        while chunk := await self.process.stdout.read(65_536):
            try:
                log = log or RotatingLog(self.log)
                log.write(chunk)
            except (OSError, ValueError):
                # A full disk: the child goes on without its log, which is tried again.
                log = None
        if log:
            with suppress(OSError):
                log.close()
