"""The supervisor with real processes: health, deaths, restarts, clean stops."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from bot.stack.child import ChildSpec
from bot.stack.endpoint import free_port
from bot.stack.errors import StackError
from bot.stack.supervisor import Backoff, Supervisor

CHILD = Path(__file__).with_name("child_server.py")
QUICK = Backoff(first_pause=0.01, longest_pause=0.05, watch=0.1, misses=2)


class Heard:
    """What the supervisor says, line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._new = asyncio.Event()

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        self._new.set()

    async def until(self, words: str, times: int = 1) -> None:
        async with asyncio.timeout(60):
            while sum(words in line for line in self.lines) < times:
                self._new.clear()
                await self._new.wait()


def spec(*options: str, name: str = "essai") -> ChildSpec:
    port = free_port()
    return ChildSpec(
        name=name,
        title="L'essai",
        arguments=(sys.executable, str(CHILD), str(port), *options),
        health_url=f"http://127.0.0.1:{port}/health",
        folder=Path.cwd(),
    )


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and awaits its parent does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


async def gone(pid: int) -> None:
    async with asyncio.timeout(30):
        while alive(pid):  # noqa: ASYNC110  another process: nothing to wait on
            await asyncio.sleep(0.01)


async def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    heard = Heard()
    supervisor = Supervisor(tmp_path, heard, QUICK)
    await supervisor.start([spec()])
    try:
        before = supervisor.pid("essai")
        os.kill(before, signal.SIGKILL)
        await heard.until("répond de nouveau")
        after = supervisor.pid("essai")
    finally:
        await supervisor.stop()
    assert after != before
    said = heard.lines[0]
    assert "L'essai s'est arrêté (signal SIGKILL)" in said
    assert str(tmp_path / "essai.log") in said
    assert not alive(after)


async def test_a_child_that_no_longer_answers_is_started_again(tmp_path: Path) -> None:
    heard = Heard()
    supervisor = Supervisor(tmp_path, heard, QUICK)
    child = spec()
    await supervisor.start([child])
    try:
        os.kill(supervisor.pid("essai"), signal.SIGSTOP)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("bot.stack.child.HEALTH_TIMEOUT_SECONDS", 0.2)
            patched.setattr("bot.stack.child.STOP_SECONDS", 0.2)
            await heard.until("répond de nouveau")
    finally:
        await supervisor.stop()
    assert "(il ne répond pas)" in heard.lines[0]


async def test_a_child_that_cannot_start_stops_the_others(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Heard(), QUICK)
    with pytest.raises(StackError, match=r"n'a pas démarré \(code 3\).*casse\.log"):
        await supervisor.start([spec(), spec("--broken", name="casse")])
    assert (tmp_path / "casse.log").read_text() == "cannot start\n"


async def test_stopping_leaves_no_process_not_even_a_grandchild(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path, Heard(), QUICK)
    await supervisor.start([spec("--parent")])
    child = supervisor.pid("essai")
    written = re.search(r"grandchild (\d+)", (tmp_path / "essai.log").read_text())
    assert written
    grandchild = int(written[1])
    assert alive(grandchild)
    await supervisor.stop()
    assert not alive(child)
    await gone(grandchild)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")
async def test_children_die_with_a_killed_parent(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from bot.stack.child import Child, ChildSpec\n"
        "async def main():\n"
        "    sleep = (sys.executable, '-c', 'import time; time.sleep(600)')\n"
        "    spec = ChildSpec('essai', 'Essai', sleep, '', Path('.'))\n"
        f"    child = await Child.start(spec, Path({str(tmp_path)!r}))\n"
        "    print(child.process.pid, flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())
    assert alive(child)
    parent.kill()
    await parent.wait()
    await gone(child)


@pytest.mark.parametrize(
    ("longest", "expected"), [(60.0, [1, 2, 4, 8, 16, 32, 60, 60]), (3.0, [1, 2, 3, 3])]
)
def test_pauses_grow_up_to_a_limit(longest: float, expected: list[float]) -> None:
    pauses = Backoff(first_pause=1.0, longest_pause=longest).pauses()
    assert [next(pauses) for _ in expected] == expected
