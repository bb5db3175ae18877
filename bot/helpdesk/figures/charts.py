"""Pictures of the figures, as shapes in SVG units; the page draws and colours them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

from bot.helpdesk.figures.summary import OUTCOMES, DayLine

WIDTH = 720
"""Width of a picture, in SVG units."""

HEIGHT = 220
LEFT = 44
BOTTOM = 26
TOP = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; ``name`` gives its colour, ``title`` what it says."""

    x: float
    y: float
    width: float
    height: float
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns, one a day."""

    bars: tuple[Bar, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]


def day_columns(days: Sequence[DayLine], names: dict[str, str]) -> Columns:
    """Draw questions by day, stacked by how they ended; ``names`` words the outcomes."""
    top = scale_top(max((line.total for line in days), default=0))
    plot = HEIGHT - BOTTOM - TOP
    step = (WIDTH - LEFT) / max(len(days), 1)
    width = max(step * 0.72, 1.0)
    bars: list[Bar] = []
    for index, line in enumerate(days):
        x, y = LEFT + index * step + (step - width) / 2, float(HEIGHT - BOTTOM)
        for outcome in OUTCOMES:
            count = line.by_outcome.get(outcome, 0)
            if count:
                height = count / top * plot
                y -= height
                title = f"{line.day:%d/%m}\u00a0: {count} {names.get(outcome, outcome)}"
                bars.append(Bar(_r(x), _r(y), _r(width), _r(height), outcome, title))
    rows = tuple(
        Tick(_r(HEIGHT - BOTTOM - value / top * plot), str(value))
        for value in range(0, top + 1, max(top // 4, 1))
    )
    every = ceil(len(days) / 8) or 1
    columns = tuple(
        Tick(_r(LEFT + index * step + step / 2), f"{line.day:%d/%m}")
        for index, line in enumerate(days)
        if index % every == 0
    )
    return Columns(tuple(bars), rows, columns)


def scale_top(largest: int) -> int:
    """Return the top of an axis: a multiple of 4 that people read easily, above ``largest``."""
    if largest <= 4:
        return 4
    power = 10 ** int(log10(largest))
    for factor in (1, 2, 4, 8, 10, 20):
        top = factor * power
        if top >= largest and top % 4 == 0:
            return int(top)
    return int(40 * power)


def share_of(count: int, largest: int) -> float:
    """Return a bar's length out of 100 units, 1 at least for what is not nothing."""
    if largest <= 0 or count <= 0:
        return 0.0
    return _r(max(count / largest * 100, 1.0))


def _r(value: float) -> float:
    return round(value, 2)
