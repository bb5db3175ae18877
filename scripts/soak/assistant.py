"""The assistant under test: ``passerelle run`` as people start it, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from bot.settings import PROJECT_ROOT
from scripts.bench.figures import own_mb, with_children

PASSERELLE = Path(sys.executable).with_name("passerelle")
_ROLES = {"nlu.server": "rasa", "bot.action_server": "actions"}
_TICKS = os.sysconf("SC_CLK_TCK")


class AssistantProcess:
    """One ``run`` of a home of its own, as a process."""

    def __init__(
        self, home: Path, api_url: str, token: str, database_url: str = "", per_second: int = 0
    ) -> None:
        self.home = home
        self.home.mkdir(parents=True, exist_ok=True)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PASSERELLE_", "TELEGRAM_"))
        }
        self._environment = {
            **kept,
            "PASSERELLE_HOME": str(home),
            "PASSERELLE_HTTP": "127.0.0.1:0",
            "PASSERELLE_TELEGRAM_API_URL": api_url,
            "PASSERELLE_TELEGRAM_PER_SECOND": str(per_second),
            "TELEGRAM_BOT_TOKEN": token,
        }
        if database_url:
            self._environment["PASSERELLE_DATABASE_URL"] = database_url
        self._process: asyncio.subprocess.Process | None = None
        self.deaths = 0
        """Times that it ended by itself."""
        self.resting = False
        """Killed, and to be started by whoever killed it."""
        self._starts = 0

    async def start(self) -> None:
        """Start it; it is ready when it says that it answers."""
        self._starts += 1
        with (self.home / "run.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                PASSERELLE, "run", cwd=PROJECT_ROOT, env=self._environment,
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.returncode is None

    @property
    def ready(self) -> bool:
        """Whether it runs, and its last start came to its end."""
        return self.alive and self._told().count("répond sur Telegram") >= self._starts

    async def kill(self, role: str) -> None:
        """SIGKILL the bot, Rasa or the actions."""
        with suppress(ProcessLookupError):
            os.kill(self.pids()[role], signal.SIGKILL)
        if role == "bot" and self._process:
            await self._process.wait()

    async def stop(self) -> None:
        """Have it stop as an operator does."""
        if self._process and self.alive:
            self._process.send_signal(signal.SIGTERM)
            await self._process.wait()

    def pids(self) -> dict[str, int]:
        """Return the processes by what they do."""
        if not self.alive or self._process is None:
            return {}
        found = {"bot": self._process.pid}
        for child in with_children([self._process.pid]):
            with suppress(OSError):
                words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
                for word in words:
                    if word in _ROLES:
                        found[_ROLES[word]] = child
        return found

    def memory_mb(self) -> dict[str, float]:
        """Return what each process holds in memory."""
        return {role: own_mb(pid) for role, pid in self.pids().items()}

    def cpu_s(self) -> dict[str, float]:
        """Return the processor's time that each process has used."""
        used = {}
        for role, pid in self.pids().items():
            with suppress(OSError, ValueError):
                words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                used[role] = (int(words[11]) + int(words[12])) / _TICKS
        return used

    def complaints(self) -> dict[str, int]:
        """Count what the operator was told: of each child, and in the logs."""
        text = self._told()
        return {
            "stops seen": text.count("s'est arrêté"),
            "killed for not answering": text.count("(il ne répond pas)"),
            "errors logged": sum(
                log.read_text(errors="replace").count(" ERROR ")
                for log in self.home.glob("logs/*.log*")
            ),
        }

    def _told(self) -> str:
        """Return what the operator read so far."""
        with suppress(FileNotFoundError):
            return (self.home / "run.log").read_text(errors="replace")
        return ""
