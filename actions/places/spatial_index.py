"""An exact nearest-neighbour index of a whole directory, in memory and read-only.

A packed R-tree over points sorted along a Hilbert curve. Each node also holds the union of
what its places offer (``features``), so a search skips whole areas with nothing that fits.
Boxes are in three dimensions, on the unit sphere: no case apart for the antimeridian.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import asin, cos, inf, radians, sin, sqrt

from actions.geo import EARTH_RADIUS_M, Point

FANOUT = 8
"""Children of a node, and places of a leaf."""
_SLACK_M = 0.01
"""Taken off lower bounds, far above rounding errors, so that none exceeds the truth."""
_BOX = ("x0", "y0", "z0", "x1", "y1", "z1")
_UNIONS = ("node_features", "node_blocks", "node_areas")
_REALS = ("lats", "lons", *_BOX)
_COLUMNS = {
    **dict.fromkeys(("ids", "features", "blocks", *_UNIONS), "Q"),
    **dict.fromkeys(("postcodes", "communes", "cities", "hours"), "I"),
    "departements": "B",
}
"""Columns of whole numbers and their ``array`` type."""


@dataclass(frozen=True, slots=True)
class IndexedPlace:
    """A place as the index knows it; areas and hours are numbers given by the caller."""

    id: int
    lat: float
    lon: float
    features: int = 0
    blocks: int = 0
    departement: int = 0
    postcode: int = 0
    commune: int = 0
    city: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to leave out while searching. Defaults leave nothing out."""

    features: int = 0
    """Bits that must all be set."""
    zone_blocks: tuple[tuple[int, int], ...] = ()
    """Feature bit of a time zone → block bit needed there; empty: any block."""
    departements: frozenset[int] = frozenset()
    """Empty: anywhere."""
    accept: Callable[[int], bool] | None = None
    """Last word on the place at a position."""
    reach_m: float = inf
    """Farther places are left out."""


class SpatialIndex:
    """Places in the order of a Hilbert curve, and the tree of their boxes."""

    def __init__(
        self, columns: dict[str, array[int]], reals: dict[str, array[float]], levels: list[int]
    ) -> None:
        self.columns = columns
        self.reals = reals
        self.levels = levels
        """Number of nodes of each level, leaves first; the root is the last node."""

    def __len__(self) -> int:
        return len(self.columns["ids"])

    @classmethod
    def build(cls, entries: Iterable[IndexedPlace]) -> SpatialIndex:
        """Index ``entries``: O(n log n)."""
        ordered = sorted(entries, key=lambda e: (hilbert(e.lat, e.lon), e.id))
        reals = {
            "lats": array("d", [e.lat for e in ordered]),
            "lons": array("d", [e.lon for e in ordered]),
        }
        columns = {
            "ids": array("Q", [e.id for e in ordered]),
            "features": array("Q", [e.features for e in ordered]),
            "blocks": array("Q", [e.blocks for e in ordered]),
            "departements": array("B", [e.departement for e in ordered]),
            "postcodes": array("I", [e.postcode for e in ordered]),
            "communes": array("I", [e.commune for e in ordered]),
            "cities": array("I", [e.city for e in ordered]),
            "hours": array("I", [e.hours for e in ordered]),
        }
        rows = [_leaf_row(e) for e in ordered]
        levels: list[int] = []
        nodes: list[_Row] = []
        while not levels or levels[-1] > 1:
            rows = [_union(rows[i : i + FANOUT]) for i in range(0, len(rows), FANOUT)]
            levels.append(len(rows))
            nodes += rows
            if not rows:
                break
        for number, name in enumerate(_BOX):
            reals[name] = array("d", [row[number] for row in nodes])
        for number, name in enumerate(_UNIONS, len(_BOX)):
            columns[name] = array("Q", [int(row[number]) for row in nodes])
        return cls(columns, reals, levels)

    def to_bytes(self) -> dict[str, bytes]:
        """Return the columns to store; ``from_bytes`` reads them on the same machine type."""
        parts = {name: column.tobytes() for name, column in self.columns.items()}
        parts |= {name: column.tobytes() for name, column in self.reals.items()}
        return parts | {"levels": array("Q", self.levels).tobytes()}

    @classmethod
    def from_bytes(cls, parts: dict[str, bytes]) -> SpatialIndex:
        """Read what ``to_bytes`` wrote.

        Raises:
            KeyError: A column is missing.
        """
        columns: dict[str, array[int]] = {name: array(code) for name, code in _COLUMNS.items()}
        reals: dict[str, array[float]] = {name: array("d") for name in _REALS}
        for name, column in columns.items():
            column.frombytes(parts[name])
        for name, real in reals.items():
            real.frombytes(parts[name])
        levels: array[int] = array("Q")
        levels.frombytes(parts["levels"])
        return cls(columns, reals, list(levels))

    def nearest(  # noqa: PLR0912, PLR0915 — one hot loop: calls would double its time
        self, point: Point, wanted: Wanted
    ) -> Iterator[tuple[float, int, int]]:
        """Yield (metres, id, position) of the places that match, nearest first, then by id.

        Distances are exactly those of ``geo.distance_m``. Lazy: take what is needed.
        """
        if not len(self):
            return
        columns, reals = self.columns, self.reals
        ids, lats, lons = columns["ids"], reals["lats"], reals["lons"]
        features, blocks, areas = columns["features"], columns["blocks"], columns["departements"]
        node_features, node_blocks = columns["node_features"], columns["node_blocks"]
        node_areas = columns["node_areas"]
        x_low, y_low, z_low, x_high, y_high, z_high = (reals[name] for name in _BOX)
        need, accept, only = wanted.features, wanted.accept, wanted.departements
        area_bits = sum({_area_bit(number) for number in only})
        needed_blocks, reach = _BlocksOf(wanted.zone_blocks), wanted.reach_m
        zones = needed_blocks.zones
        lat, lon, cos_lat = radians(point.lat), point.lon, cos(radians(point.lat))
        x, y, z = _unit(point.lat, point.lon)
        starts = [sum(self.levels[:n]) for n in range(len(self.levels))]
        heap: list[tuple[float, int, int]] = [(-1.0, -len(self.levels), 0)]
        while heap:
            metres, kind, number = heapq.heappop(heap)
            if kind >= 0:
                yield metres, kind, number
                continue
            level = -kind - 1
            first = number * FANOUT
            if level == 0:
                for position in range(first, min(first + FANOUT, len(ids))):
                    has = features[position]
                    if has & need != need:
                        continue
                    if only and areas[position] not in only:
                        continue
                    if wanted.zone_blocks and not blocks[position] & needed_blocks[has & zones]:
                        continue
                    other = radians(lats[position])
                    half_lat = sin((other - lat) / 2)
                    half_lon = sin(radians(lons[position] - lon) / 2)
                    chord = half_lat * half_lat + cos_lat * cos(other) * half_lon * half_lon
                    away = 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
                    if away <= reach and (accept is None or accept(position)):
                        heapq.heappush(heap, (away, ids[position], position))
                continue
            base = starts[level - 1]
            for child in range(first, min(first + FANOUT, self.levels[level - 1])):
                node = base + child
                has = node_features[node]
                if has & need != need:
                    continue
                if area_bits and not node_areas[node] & area_bits:
                    continue
                if wanted.zone_blocks and not node_blocks[node] & needed_blocks[has & zones]:
                    continue
                dx = max(x_low[node] - x, 0.0, x - x_high[node])
                dy = max(y_low[node] - y, 0.0, y - y_high[node])
                dz = max(z_low[node] - z, 0.0, z - z_high[node])
                half_chord = sqrt(dx * dx + dy * dy + dz * dz) / 2
                bound = 2 * EARTH_RADIUS_M * asin(min(1.0, half_chord)) - _SLACK_M
                if bound <= reach:
                    heapq.heappush(heap, (bound, -level, child))


class _BlocksOf(dict[int, int]):
    """Time zones of a node, as bits → the blocks needed in one of them."""

    def __init__(self, zone_blocks: tuple[tuple[int, int], ...]) -> None:
        super().__init__()
        self._zone_blocks = zone_blocks
        self.zones = sum(zone for zone, _ in zone_blocks)

    def __missing__(self, zones: int) -> int:
        bits = 0
        for zone, block in self._zone_blocks:
            if zones & zone:
                bits |= block
        self[zones] = bits
        return bits


_Row = tuple[float, float, float, float, float, float, int, int, int]


def _leaf_row(entry: IndexedPlace) -> _Row:
    x, y, z = _unit(entry.lat, entry.lon)
    return x, y, z, x, y, z, entry.features, entry.blocks, _area_bit(entry.departement)


def _union(rows: list[_Row]) -> _Row:
    x0, y0, z0, x1, y1, z1, features, blocks, areas = zip(*rows, strict=True)
    every = [0, 0, 0]
    for f, b, a in zip(features, blocks, areas, strict=True):
        every[0] |= f
        every[1] |= b
        every[2] |= a
    return (
        *(min(x0), min(y0), min(z0), max(x1), max(y1), max(z1)),
        *(every[0], every[1], every[2]),
    )


def _area_bit(departement: int) -> int:
    return 1 << (departement % 61)


def _unit(lat: float, lon: float) -> tuple[float, float, float]:
    phi, theta = radians(lat), radians(lon)
    return cos(phi) * cos(theta), cos(phi) * sin(theta), sin(phi)


def hilbert(lat: float, lon: float) -> int:
    """Return the place of a point along a Hilbert curve of 2^32 cells over the world."""
    x = min(65535, int((lon + 180.0) * 65536 / 360))
    y = min(65535, int((lat + 90.0) * 65536 / 180))
    rank = 0
    side = 32768
    while side:
        rx = 1 if x & side else 0
        ry = 1 if y & side else 0
        rank += side * side * ((3 * rx) ^ ry)
        if not ry:
            if rx:
                x, y = 65535 - x, 65535 - y
            x, y = y, x
        side >>= 1
    return rank
