"""The search index of one version of the directory, as stored and as served."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf

from actions.geo import Point
from actions.places import hours
from actions.places.directory import Filters, Query
from actions.places.feature_bits import LAYOUT, blocks, blocks_by_zone, features, wanted
from actions.places.place import Described
from actions.places.spatial_index import IndexedPlace, SpatialIndex, Wanted


class _Numbers(dict[str, int]):
    """Texts → numbers, given in the order of arrival."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


class SnapshotBuilder:
    """Collects places, one by one, and indexes them."""

    def __init__(self) -> None:
        self._entries: list[IndexedPlace] = []
        self._departements = _Numbers()
        self._regions: dict[str, str] = {}
        self._hours = _Numbers({"": 0})
        self._postcodes: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, identifier: str, described: Described) -> None:
        """Add a place; ``identifier`` is its id, hexadecimal."""
        self._regions[described.departement] = described.region
        self._postcodes[described.postcode].add(described.departement)
        self._entries.append(
            IndexedPlace(
                int(identifier, 16),
                described.point.lat,
                described.point.lon,
                features(described),
                blocks(described.hours_osm),
                self._departements[described.departement],
                _code(described.postcode),
                _code(described.insee),
                _code(described.city),
                self._hours[described.hours_osm],
            )
        )

    def build(self) -> dict[str, bytes]:
        """Return the parts to store."""
        lists = {
            "layout": LAYOUT,
            "departements": list(self._departements),
            "regions": self._regions,
            "hours": list(self._hours),
            "postcodes": {code: sorted(found) for code, found in self._postcodes.items()},
        }
        return SpatialIndex.build(self._entries).to_bytes() | {
            "lists": json.dumps(lists, ensure_ascii=False).encode()
        }


@dataclass
class Snapshot:
    """One version, ready to search. Shared by threads: read-only, but for its caches."""

    version: int
    index: SpatialIndex
    departements: list[str]
    regions: dict[str, str]
    hours: list[str]
    postcodes: dict[str, list[str]]
    """Postcode → départements of its places (a few straddle two)."""
    _middles: dict[tuple[frozenset[str], ...], Point | None] = field(default_factory=dict)

    @classmethod
    def load(cls, version: int, parts: dict[str, bytes]) -> Snapshot:
        """Read the stored parts.

        Raises:
            KeyError: A part is missing, or was stored by another version of Passerelle.
        """
        lists = json.loads(parts["lists"])
        if lists["layout"] != LAYOUT:
            raise KeyError("layout")
        return cls(
            version,
            SpatialIndex.from_bytes(parts),
            lists["departements"],
            lists["regions"],
            lists["hours"],
            lists["postcodes"],
        )

    def search(self, query: Query) -> tuple[list[tuple[str, float | None]], bool]:
        """Return (id, metres) of a page, and whether more places match.

        Raises:
            ValueError: Neither a point nor an area.
        """
        if query.point is None and not query.has_area:
            raise ValueError("a query needs a point or an area")
        if query.has_area and not self._departements_of(query):
            return [], False
        centre = query.point or self._middle(query)
        if centre is None:
            return [], False
        page: list[tuple[str, float | None]] = []
        seen = 0
        for metres, number, _ in self.index.nearest(centre, self._wanted(query)):
            identifier = f"{number:014x}"
            if identifier in query.exclude:
                continue
            seen += 1
            if seen <= query.offset:
                continue
            if len(page) == query.limit:
                return page, True
            page.append((identifier, metres if query.point else None))
        return page, False

    def _wanted(self, query: Query) -> Wanted:
        moment = query.filters.open_at
        checks: list[Callable[[int], bool]] = []
        if query.communes or query.postcodes:
            checks.append(self._inside(query))
        if moment is not None:
            checks.append(self._open_at(moment))
        return Wanted(
            wanted(query.filters),
            tuple(blocks_by_zone(moment)) if moment is not None else (),
            self._departements_of(query),
            (lambda position: all(check(position) for check in checks)) if checks else None,
            inf if query.point is None or query.radius_m is None else query.radius_m,
        )

    def _departements_of(self, query: Query) -> frozenset[int]:
        """Return the numbers of the départements where the query's areas have places."""
        codes = set(query.departements)
        codes |= {code for code, region in self.regions.items() if region in query.regions}
        codes |= {_departement_of_commune(code) for code in query.communes}
        for postcode in query.postcodes:
            codes |= set(self.postcodes.get(postcode, ()))
        return frozenset(n for n, code in enumerate(self.departements) if code in codes)

    def _inside(self, query: Query) -> Callable[[int], bool]:
        columns = self.index.columns
        postcodes, areas = columns["postcodes"], columns["departements"]
        communes, cities = columns["communes"], columns["cities"]
        wanted_communes = {_code(code) for code in query.communes}
        wanted_postcodes = {_code(code) for code in query.postcodes}
        whole = self._departements_of(replace(query, communes=_NONE, postcodes=_NONE))

        def inside(position: int) -> bool:
            return (
                communes[position] in wanted_communes
                or cities[position] in wanted_communes
                or postcodes[position] in wanted_postcodes
                or areas[position] in whole
            )

        return inside

    def _open_at(self, moment: datetime) -> Callable[[int], bool]:
        areas, numbers = self.index.columns["departements"], self.index.columns["hours"]
        known: dict[tuple[int, int], bool] = {}

        def is_open(position: int) -> bool:
            key = numbers[position], areas[position]
            if key not in known:
                departement = self.departements[key[1]]
                schedule = hours.read_schedule(self.hours[key[0]], departement)
                known[key] = schedule is not None and schedule.is_open(
                    hours.local(moment, departement)
                )
            return known[key]

        return is_open

    def _middle(self, query: Query) -> Point | None:
        """Return the middle of the places of an area, whatever they offer."""
        key = (query.communes, query.postcodes, query.departements, query.regions)
        if key not in self._middles:
            lats, lons = self.index.reals["lats"], self.index.reals["lons"]
            bare = self._wanted(replace(query, filters=Filters(), radius_m=None))
            found = [position for *_, position in self.index.nearest(_FRANCE, bare)]
            self._middles[key] = (
                Point(
                    sum(lats[p] for p in found) / len(found),
                    sum(lons[p] for p in found) / len(found),
                )
                if found
                else None
            )
        return self._middles[key]


_NONE: frozenset[str] = frozenset()
_FRANCE = Point(46.5, 2.5)


def _code(text: str) -> int:
    """Return a number for a postcode or an INSEE code (``2A004``); 0 for none."""
    return int(text, 36) if text.isalnum() and text.isascii() and len(text) <= 5 else 0


def _departement_of_commune(code: str) -> str:
    return code[:3] if code[:2] in ("97", "98") else code[:2]
