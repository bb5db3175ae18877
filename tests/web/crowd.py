"""The page in a process of its own, as tests and benches start it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.settings import PROJECT_ROOT


class Victim:
    """``tests.web.victim``, on a port that stays the same through kills."""

    def __init__(self, home: Path, database_url: str, port: int) -> None:
        self.root = f"http://127.0.0.1:{port}"
        self._arguments = [str(home), database_url, str(port)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run it until the end of the block, then kill it wherever it is."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.web.victim", *self._arguments,
            cwd=PROJECT_ROOT, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout
            assert await process.stdout.readline() == b"ready\n"
            yield process
        finally:
            process.kill()
            await process.wait()


def memory_kb(process: int) -> int:
    """Return what a process holds in memory now, in kB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])
