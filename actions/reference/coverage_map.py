"""A self-contained picture of the directory: where places are, and where none are.

The shapes of the départements are made of squares around their communes: no outline is
needed, and the file shows without any network.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import cos, radians
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from actions.geo import Point
from actions.places.directory import Filters
from actions.reading.territory.gazetteer import ARRONDISSEMENT, Commune, Gazetteer
from actions.reference.sql_directory import SqlDirectory

NEAR_M = 10_000.0
"""Help farther than that is far, for who does not drive."""
WIDTH, HEIGHT = 710, 790
"""Size of the picture, in its own units."""
_SQUARE_KM = 5.0
"""Side of the squares that draw the mainland."""
_MAINLAND_SCALE = 0.62
"""Units of the picture a kilometre."""
_WEST, _NORTH, _MIDDLE = -5.2, 51.15, 46.5
"""Left, top and middle of the mainland, degrees."""
_INSETS = ("971", "972", "973", "974", "976", "975", "977", "978", "986", "987", "988")
_INSET_SIZE, _INSET_TOP = 56.0, 708.0
_INSET_SQUARES = 16
"""Squares along the longer side of an overseas territory."""
_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the directory offers in one département."""

    code: str
    name: str
    population: int
    places: int
    labelled: int
    free: int
    far: int
    """Inhabitants of communes whose middle is beyond ``NEAR_M`` of any free help."""
    shape: str = ""
    """SVG path, where it is drawn."""

    @property
    def far_percent(self) -> int:
        """Share of the inhabitants far from free help, 0 to 100."""
        return round(100 * self.far / self.population) if self.population else 0


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a territory is drawn: degrees to units of the picture."""

    west: float
    north: float
    shrink: float
    """Width of a degree of longitude, compared with one of latitude."""
    scale: float
    left: float
    top: float
    square: float

    def xy(self, point: Point) -> tuple[float, float]:
        """Return where a point is drawn."""
        unit = _KM_PER_DEGREE * self.scale
        return (
            self.left + (point.lon - self.west) * self.shrink * unit,
            self.top + (self.north - point.lat) * unit,
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """What the directory offers in the whole country."""

    departements: int
    without_place: int
    without_free: int
    without_label: int
    """Départements and territories, of those."""
    population: int
    far: int
    """Inhabitants beyond ``NEAR_M`` of any free help."""

    @property
    def far_percent(self) -> int:
        """Share of the inhabitants far from free help, 0 to 100."""
        return round(100 * self.far / self.population) if self.population else 0


def coverage_of(directory: SqlDirectory, gazetteer: Gazetteer) -> list[Coverage]:
    """Return what the directory offers in each département: a search a commune."""
    population: Counter[str] = Counter()
    far: Counter[str] = Counter()
    communes = _communes(gazetteer)
    metres = directory.nearest_m((c.point for c in communes), Filters(free=True), NEAR_M)
    for commune, away in zip(communes, metres, strict=True):
        population[commune.departement] += commune.population
        if away is None:
            far[commune.departement] += commune.population
    counts = {code: (total, took, free) for code, total, took, free in directory.coverage()}
    return [
        Coverage(
            code,
            departement.name,
            population[code],
            *counts.get(code, (0, 0, 0)),
            far=far[code],
        )
        for code, departement in sorted(gazetteer.departements.items())
    ]


def reach_of(coverage: Sequence[Coverage]) -> Reach:
    """Return what the directory offers in the whole country."""
    return Reach(
        departements=len(coverage),
        without_place=sum(not one.places for one in coverage),
        without_free=sum(not one.free for one in coverage),
        without_label=sum(not one.labelled for one in coverage),
        population=sum(one.population for one in coverage),
        far=sum(one.far for one in coverage),
    )


def _communes(gazetteer: Gazetteer) -> list[Commune]:
    return [c for c in gazetteer.communes.values() if c.kind != ARRONDISSEMENT]


def write_map(
    path: Path,
    directory: SqlDirectory,
    gazetteer: Gazetteer,
    folder: Path,
    on: date,
    *,
    coverage: Sequence[Coverage] | None = None,
    quality: Iterable[str] = (),
) -> None:
    """Write the map of the directory as one HTML file.

    Args:
        path: The file to write; replaced if it exists.
        directory: What to show.
        gazetteer: Where people live.
        folder: ``data/places``, where ``coverage_map.html.jinja`` is.
        on: The day to write on it.
        coverage: What ``coverage_of`` found, where it was looked for already.
        quality: How good the directory is, a line of words each; none, no such part.

    Raises:
        OSError: The file cannot be written.
    """
    communes = _communes(gazetteer)
    frames = _frames(communes)
    shapes = _shapes(communes, frames)
    coverage = coverage or coverage_of(directory, gazetteer)
    dots = directory.dots()
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=select_autoescape(default=True)
    )
    html = environment.get_template("coverage_map.html.jinja").render(
        width=WIDTH,
        height=HEIGHT,
        coverage=[replace(one, shape=shapes.get(one.code, "")) for one in coverage],
        labelled=_dots(frames, ((dep, at) for dep, at, labelled, _ in dots if labelled)),
        free=_dots(frames, ((dep, at) for dep, at, _, free in dots if free)),
        stats=directory.stats(),
        far=sum(one.far for one in coverage),
        population=sum(one.population for one in coverage),
        insets=[(frames[c], gazetteer.departements[c].name) for c in _INSETS if c in frames],
        inset_size=_INSET_SIZE,
        near_km=round(NEAR_M / 1000),
        on=on,
        quality=list(quality),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")


def _frames(communes: Iterable[Commune]) -> dict[str, Frame]:
    """Return the frame of each overseas territory, and of the mainland under «»."""
    frames = {
        "": Frame(
            _WEST,
            _NORTH,
            cos(radians(_MIDDLE)),
            _MAINLAND_SCALE,
            4.0,
            4.0,
            _SQUARE_KM * _MAINLAND_SCALE,
        )
    }
    by_departement: defaultdict[str, list[Point]] = defaultdict(list)
    for commune in communes:
        if commune.departement in _INSETS:
            by_departement[commune.departement].append(commune.point)
    drawn = [code for code in _INSETS if len(set(by_departement[code])) > 1]
    for number, code in enumerate(drawn):
        lats = [point.lat for point in by_departement[code]]
        lons = [point.lon for point in by_departement[code]]
        shrink = cos(radians((min(lats) + max(lats)) / 2))
        degrees = max(max(lats) - min(lats), (max(lons) - min(lons)) * shrink, 0.05)
        scale = _INSET_SIZE * 0.82 / (degrees * _KM_PER_DEGREE)
        margin = degrees * 0.1
        frames[code] = Frame(
            min(lons) - margin / shrink,
            max(lats) + margin,
            shrink,
            scale,
            6.0 + number * (_INSET_SIZE + 8),
            _INSET_TOP,
            _INSET_SIZE / _INSET_SQUARES,
        )
    return frames


def _shapes(communes: Iterable[Commune], frames: Mapping[str, Frame]) -> dict[str, str]:
    """Return each département as the squares that its communes are in."""
    grids: defaultdict[str, defaultdict[tuple[int, int], Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for commune in communes:
        key = commune.departement if commune.departement in frames else ""
        if not key and commune.departement in _INSETS:
            continue  # known by the middle of its territory only
        x, y = frames[key].xy(commune.point)
        grids[key][int(y / frames[key].square), int(x / frames[key].square)][
            commune.departement
        ] += 1
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for key, grid in grids.items():
        owners = {cell: count.most_common(1)[0][0] for cell, count in grid.items()}
        for neighbours in (4, 4, 4, 5, 5, 5):
            owners |= _holes(owners, neighbours)
        side = frames[key].square
        for (row, column), owner in sorted(owners.items()):
            if owners.get((row, column - 1)) == owner:
                continue
            last = column
            while owners.get((row, last + 1)) == owner:
                last += 1
            width = (last - column + 1) * side + 0.2  # hides the seams
            rows[owner].append(
                f"M{column * side:.1f} {row * side:.1f}h{width:.1f}v{side + 0.2:.1f}h-{width:.1f}z"
            )
    return {owner: "".join(parts) for owner, parts in rows.items()}


def _holes(owners: Mapping[tuple[int, int], str], neighbours: int) -> dict[tuple[int, int], str]:
    """Return the empty squares that have as many neighbours, of eight, and whose they are."""
    around: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for (row, column), owner in owners.items():
        for i in (row - 1, row, row + 1):
            for j in (column - 1, column, column + 1):
                if (i, j) not in owners:
                    around[i, j].append(owner)
    return {
        cell: Counter(found).most_common(1)[0][0]
        for cell, found in around.items()
        if len(found) >= neighbours
    }


def _dots(frames: Mapping[str, Frame], points: Iterable[tuple[str, Point]]) -> str:
    """Return points as one SVG path of dots, those that would overlap drawn once."""
    drawn = set()
    for departement, point in points:
        x, y = frames.get(departement, frames[""]).xy(point)
        if 0 <= x <= WIDTH and 0 <= y <= HEIGHT:
            drawn.add((round(x, 1), round(y, 1)))
    return "".join(f"M{x} {y}h0" for x, y in sorted(drawn))
