"""Plain pictures of figures, as PNG files: curves, stacked bars, a matrix.

python -m nlu.pictures FILE.png < {"series": {name: [[x, y]…]}, "names": [across, up]}

Pillow draws them: a plotting library would add seven packages and 100 MB to Rasa's environment.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

COLOURS = ("#1f5fa8", "#c8412d", "#3c8a4e", "#8a6d1f")
WIDTH, HEIGHT = 640, 440
"""Size of a picture of curves or bars, in pixels."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 24, 34, 60
_TICKS = 5
_INK, _GRID = "#222222", "#dddddd"
_CELL = 18

Point = tuple[float, float]


class _Axes:
    """A frame with two scales; turns values into pixels."""

    def __init__(self, x: Point, y: Point, names: tuple[str, str]) -> None:
        self.image = Image.new("RGB", (WIDTH, HEIGHT), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.font = ImageFont.load_default(14)
        self._x, self._y = x, y
        for n in range(_TICKS + 1):
            self._tick(n / _TICKS)
        self.draw.text(((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 16), names[0], _INK, self.font, "mm")
        self.draw.text((8, 8), names[1], _INK, self.font)

    def at(self, x: float, y: float) -> Point:
        """Return where a point is drawn."""
        across = (x - self._x[0]) / ((self._x[1] - self._x[0]) or 1)
        up = (y - self._y[0]) / ((self._y[1] - self._y[0]) or 1)
        return (
            _LEFT + across * (WIDTH - _LEFT - _RIGHT),
            HEIGHT - _BOTTOM - up * (HEIGHT - _TOP - _BOTTOM),
        )

    def legend(self, names: Sequence[str]) -> None:
        """Name the colours, inside the frame."""
        for n, name in enumerate(names):
            top = _TOP + 8 + 20 * n
            self.draw.rectangle((_LEFT + 10, top, _LEFT + 22, top + 12), COLOURS[n % len(COLOURS)])
            self.draw.text((_LEFT + 28, top - 2), name, _INK, self.font)

    def _tick(self, share: float) -> None:
        x = self._x[0] + share * (self._x[1] - self._x[0])
        y = self._y[0] + share * (self._y[1] - self._y[0])
        (across, bottom), (left, up) = self.at(x, self._y[0]), self.at(self._x[0], y)
        self.draw.line((across, _TOP, across, bottom), _GRID)
        self.draw.line((left, up, WIDTH - _RIGHT, up), _GRID)
        self.draw.text((across, bottom + 6), f"{x:.4g}", _INK, self.font, "ma")
        self.draw.text((left - 6, up), f"{y:.4g}", _INK, self.font, "rm")


def curves(
    path: Path,
    series: Mapping[str, Sequence[Point]],
    names: tuple[str, str],
    *,
    unit_square: bool = False,
) -> None:
    """Draw points joined by lines, a colour a series.

    Args:
        path: The PNG file.
        series: Points by name; one that is named «» has no legend.
        names: What is across, what is up.
        unit_square: Both scales go from 0 to 1, with the diagonal drawn.
    """
    points = [point for some in series.values() for point in some] or [(0.0, 0.0)]
    x = (min(p[0] for p in points), max(p[0] for p in points))
    y = (min(0.0, *(p[1] for p in points)), max(p[1] for p in points))
    axes = _Axes((0, 1), (0, 1), names) if unit_square else _Axes(x, y, names)
    if unit_square:
        axes.draw.line([axes.at(0, 0), axes.at(1, 1)], "#999999")
    for n, some in enumerate(series.values()):
        colour, drawn = COLOURS[n % len(COLOURS)], [axes.at(*point) for point in some]
        if len(drawn) > 1:
            axes.draw.line(drawn, colour, 2)
        for across, up in drawn:
            axes.draw.ellipse((across - 3, up - 3, across + 3, up + 3), colour)
    axes.legend([name for name in series if name])
    axes.image.save(path)


def histogram(path: Path, groups: Mapping[str, Sequence[float]], names: tuple[str, str]) -> None:
    """Draw how values between 0 and 1 are spread: twenty bars, the groups stacked."""
    bins = 20
    counts = {name: [0] * bins for name in groups}
    for name, values in groups.items():
        for value in values:
            counts[name][min(int(value * bins), bins - 1)] += 1
    highest = max(map(sum, zip(*counts.values(), strict=True)), default=0)
    axes = _Axes((0, 1), (0, max(highest, 1)), names)
    for n in range(bins):
        base = 0
        for colour, name in enumerate(groups):
            left, top = axes.at(n / bins, base + counts[name][n])
            right, bottom = axes.at((n + 1) / bins, base)
            if counts[name][n]:
                box = (left + 1, top, right - 1, bottom)
                axes.draw.rectangle(box, COLOURS[colour % len(COLOURS)])
            base += counts[name][n]
    axes.legend(list(groups))
    axes.image.save(path)


def matrix(path: Path, shares: Sequence[Sequence[float]], labels: Sequence[str]) -> None:
    """Draw a square table of shares (0 to 1), darker where higher, a label a row and a column."""
    font = ImageFont.load_default(11)
    margin = 12 + int(max((font.getlength(label) for label in labels), default=0))
    side = margin + _CELL * len(labels) + 12
    image = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(image)
    for n, label in enumerate(labels):
        middle = margin + _CELL * n + _CELL / 2
        draw.text((margin - 6, middle), label, _INK, font, "rm")
        name = Image.new("RGB", (margin, _CELL), "white")
        ImageDraw.Draw(name).text((6, _CELL / 2), label, _INK, font, "lm")
        image.paste(name.rotate(90, expand=True), (margin + _CELL * n, 0))
    for row, values in enumerate(shares):
        for column, share in enumerate(values):
            left, top = margin + _CELL * column, margin + _CELL * row
            shade = tuple(round(255 + share * (c - 255)) for c in (31, 95, 168))
            draw.rectangle((left, top, left + _CELL - 1, top + _CELL - 1), shade, "#eeeeee")
    image.save(path)


if __name__ == "__main__":
    described = json.load(sys.stdin)
    curves(Path(sys.argv[1]), described["series"], tuple(described["names"]))
