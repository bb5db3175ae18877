"""What is measured of one system, and how: the same for ours and for stock Rasa."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

Talk = Callable[[str, str], Awaitable[None]]
"""Sends one message of a person (an id) and waits for the whole answer."""

INFORMATION = "combien vaut un pass ?"
ACTION = "où utiliser mon pass à Metz ?"
SCRIPT = (
    INFORMATION,
    ACTION,
    "quels sont les horaires du deuxième ?",
    "qui peut avoir un pass numérique ?",
    "merci",
)
"""What people say in turn, in a crowd and in a long conversation."""


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    turns: int = 60
    """Turns of each kind, each by a new person."""
    people: int = 10
    each: int = 10
    """Messages of each person of the crowd."""
    long: int = 500
    """Turns of the long conversation."""


SMALL = Scale(turns=3, people=2, each=2, long=12)


@dataclass
class Figures:
    """What was measured of one system; 0 where it was not."""

    name: str
    start_s: float = 0.0
    main_mb: float = 0.0
    """Resident memory of the process that understands."""
    all_mb: float = 0.0
    action_ms: float = 0.0
    information_ms: float = 0.0
    turns_per_s: float = 0.0
    turn_5_ms: float = 0.0
    turn_500_ms: float = 0.0
    long: list[tuple[int, float]] = field(default_factory=list)
    """(turn, milliseconds) along one conversation, medians of a tenth of it."""
    parse_ms: float = 0.0
    training_s: float = 0.0
    disk_mb: float = 0.0
    packages: int = 0

    @property
    def growth(self) -> float:
        """How many times dearer the last turns of a long conversation are."""
        return self.turn_500_ms / self.turn_5_ms if self.turn_5_ms else 0.0


async def measure_turns(figures: Figures, say: Talk, scale: Scale) -> None:
    """Fill in what a person waits for: alone, in a crowd, late in a conversation."""
    for n in range(3):
        await say(f"chauffe-{n}", SCRIPT[n])
    figures.information_ms = await _median(say, "question", INFORMATION, scale.turns)
    figures.action_ms = await _median(say, "lieux", ACTION, scale.turns)

    async def person(number: int) -> None:
        for n in range(scale.each):
            await say(f"foule-{number}", SCRIPT[(number + n) % len(SCRIPT)])

    began = time.perf_counter()
    await asyncio.gather(*map(person, range(scale.people)))
    figures.turns_per_s = scale.people * scale.each / (time.perf_counter() - began)

    taken = [await _timed(say, "longue", SCRIPT[n % len(SCRIPT)]) for n in range(scale.long)]
    part = max(len(SCRIPT), scale.long // 10 // len(SCRIPT) * len(SCRIPT))
    figures.long = [
        (start + part // 2, statistics.median(taken[start : start + part]))
        for start in range(0, scale.long - part + 1, part)
    ]
    # The same five messages at both ends: what grows is the conversation alone.
    around = 2 * len(SCRIPT)
    figures.turn_5_ms = statistics.median(taken[:around])
    figures.turn_500_ms = statistics.median(taken[-around:])


async def _median(say: Talk, who: str, text: str, times: int) -> float:
    return statistics.median([await _timed(say, f"{who}-{n}", text) for n in range(times)])


async def _timed(say: Talk, who: str, text: str) -> float:
    began = time.perf_counter()
    await say(who, text)
    return (time.perf_counter() - began) * 1000


def resident_mb(pids: Iterable[int]) -> float:
    """Return the resident memory of processes and of all that they started, in megabytes."""
    return sum(map(own_mb, with_children(pids)))


def own_mb(pid: int) -> float:
    """Return the resident memory of one process, in megabytes; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    held = next((line for line in lines if line.startswith("VmRSS:")), "VmRSS: 0")
    return int(held.split()[1]) / 1024


def with_children(pids: Iterable[int]) -> set[int]:
    """Return processes, with all that they started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found = set(pids)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def environment(folder: Path, figures: Figures) -> None:
    """Fill in what an environment weighs on the disk, links counted once, and its packages."""
    seen: dict[tuple[int, int], int] = {}
    for path in folder.rglob("*"):
        status = path.lstat()
        seen[status.st_dev, status.st_ino] = status.st_blocks * 512
    figures.disk_mb = sum(seen.values()) / 1e6
    figures.packages = len(list(folder.glob("lib/python3*/site-packages/*.dist-info")))
