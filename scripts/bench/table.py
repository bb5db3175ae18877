"""The page of figures: one table, each line with its aim and whether it is reached."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scripts.bench.figures import Figures


@dataclass(frozen=True)
class BenchLine:
    """One measure: how it is read, written, and what ours against stock should be."""

    name: str
    value: Callable[[Figures], float]
    unit: str
    digits: int = 0
    aim: float = 0.0
    """The highest ratio wanted, ours against stock; the lowest when ``more``; 0: none."""
    more: bool = False
    alone: bool = False
    """The aim is of the value itself, not of a ratio."""


LINES = (
    BenchLine("start to first answer", lambda f: f.start_s, "s", 1, aim=1 / 8),
    BenchLine("resident, the process that understands", lambda f: f.main_mb, "MB", aim=1 / 4),
    BenchLine("resident, all together", lambda f: f.all_mb, "MB", aim=1 / 2),
    BenchLine("a turn with an action, p50", lambda f: f.action_ms, "ms", 1, aim=1 / 2),
    BenchLine("an informational turn, p50", lambda f: f.information_ms, "ms", 1, aim=1 / 2),
    BenchLine("turns a second, 10 people", lambda f: f.turns_per_s, "", aim=4, more=True),
    BenchLine("first turns of one conversation", lambda f: f.turn_5_ms, "ms", 1),
    BenchLine("last turns of one conversation", lambda f: f.turn_500_ms, "ms", 1),
    BenchLine("last against first", lambda f: f.growth, "×", 2, aim=1.2, alone=True),
    BenchLine("one reading, HTTP included", lambda f: f.parse_ms, "ms", 1),
    BenchLine("training", lambda f: f.training_s, "s"),
    BenchLine("Rasa's environment on disk", lambda f: f.disk_mb, "MB", aim=600, alone=True),
    BenchLine("… its packages", lambda f: f.packages, "", aim=60, alone=True),
)


def write_page(
    folder: Path, columns: Sequence[Figures], places: Sequence[tuple[int, float]], on: date
) -> str:
    """Write `bench.md` into a folder and return its text.

    Args:
        folder: Where the page goes; pictures are in `images/`.
        columns: Stock first where it was measured, ours last.
        places: (places, median milliseconds of a search).
        on: The day of the measures.
    """
    names = " | ".join(column.name for column in columns)
    text = "\n".join(
        [
            "# Passerelle beside stock Rasa",
            "",
            f"Written by `make bench` on {on.isoformat()}: {machine()}. Medians, one run.",
            "Stock: its default pipeline and policies, its own server, a toy of twelve intents,",
            "one action that says one sentence, trackers in memory. Passerelle: the whole way",
            "through `bot/conversation`, its own model, places and rules, everything kept on disk.",
            *(
                []
                if len(columns) > 1
                else ["", "**Stock Rasa was not measured in this run** (`--no-stock`)."]
            ),
            "",
            f"| | {names} | ours / stock | aim |",
            "|---" * (len(columns) + 3) + "|",
            *(_row(line, columns) for line in LINES),
            "",
            "![](images/bench_conversation.png)",
            "",
            "A search for places (median, no filter), as the directory grows:",
            "",
            "| places | ms |",
            "|---|---|",
            *(f"| {size} | {ms:.2f} |" for size, ms in places),
            "",
            "![](images/bench_places.png)",
            "",
        ]
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.md").write_text(text, "utf-8")
    return text


def _row(line: BenchLine, columns: Sequence[Figures]) -> str:
    values = [line.value(column) for column in columns]
    shown = [f"{value:.{line.digits}f} {line.unit}".strip() if value else "–" for value in values]
    ours, stock = values[-1], values[0]
    ratio = ours / stock if len(values) > 1 and stock else 0.0
    judged = ours if line.alone else ratio
    aim = mark = ""
    if line.aim:
        sign = "≥" if line.more else "≤"
        aim = f"{sign} {line.aim:.3g}" + (f" {line.unit}".rstrip() if line.alone else "")
        reached = judged >= line.aim if line.more else judged <= line.aim
        mark = "" if not judged else " ✓" if reached else " ✗"
    compared = f"{ratio:.3g}" if ratio else "–"
    return f"| {line.name} | {' | '.join(shown)} | {compared} | {aim}{mark} |"


def machine() -> str:
    """Say what was measured on, without naming it."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.partition(":")[2].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, load {load:.1f} at the end"
