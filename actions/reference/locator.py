"""Which commune a row is in, and whether its coordinates can be right."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz import fuzz

from actions.errors import PasserelleError
from actions.geo import Point, distance_m
from actions.places.spatial_index import Entry, SpatialIndex, Wanted
from actions.reading.fold import fold
from actions.reading.territory.gazetteer import ARRONDISSEMENT, Commune, Gazetteer

FAR_FROM_COMMUNE_M = 50_000.0
"""Coordinates farther from their commune are wrong: no commune is that wide."""
_UNCHECKED = frozenset({"973", "975", "986", "987", "988"})
"""Where communes are that wide (Guyane), or known by their territory's middle only."""
_FRANCE = (
    (41.2, 51.2, -5.3, 9.7),  # métropole et Corse
    (15.7, 18.2, -63.3, -60.9),  # Guadeloupe, Saint-Martin, Saint-Barthélemy
    (14.3, 15.0, -61.4, -60.7),  # Martinique
    (2.0, 6.0, -54.7, -51.5),  # Guyane
    (-21.5, -20.7, 55.1, 55.9),  # La Réunion
    (-13.1, -12.5, 44.9, 45.4),  # Mayotte
    (46.6, 47.3, -56.6, -56.0),  # Saint-Pierre-et-Miquelon
    (-14.5, -13.1, -178.4, -175.9),  # Wallis-et-Futuna
    (-28.0, -7.5, -155.0, -134.0),  # Polynésie française
    (-23.5, -17.5, 157.5, 172.5),  # Nouvelle-Calédonie
)
"""Boxes of latitude and longitude, degrees: south, north, west, east."""
_AKIN = 82.0
_CODE_AFTER_NAME = re.compile(r" \d{5}$")
"""«Amplepuis 69550»."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where a row is."""

    point: Point
    commune: Commune | None
    approximate: bool
    note: str = ""
    """What was repaired, in French; empty for nothing."""


class UnlocatableError(PasserelleError):
    """Neither usable coordinates nor a known commune; the message says why."""


def in_france(point: Point) -> bool:
    """Whether a point is in a box around some French territory."""
    return any(s <= point.lat <= n and w <= point.lon <= e for s, n, w, e in _FRANCE)


class Locator:
    """Finds communes by code, by postcode and name, or by position."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._communes = gazetteer.communes
        self._by_postcode: defaultdict[str, list[Commune]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str], list[Commune]] = defaultdict(list)
        for commune in gazetteer.communes.values():
            for postcode in commune.postcodes:
                self._by_postcode[postcode].append(commune)
            self._by_name[commune.departement, fold(commune.name)].append(commune)
        self._list = list(gazetteer.communes.values())
        self.departements = gazetteer.departements

    @cached_property
    def _index(self) -> SpatialIndex:
        return SpatialIndex.build(
            Entry(number, c.point.lat, c.point.lon) for number, c in enumerate(self._list)
        )

    def locate(self, postcode: str, name: str, insee: str, lat: str, lon: str) -> Located:
        """Return where a row is.

        Raises:
            UnlocatableError: With the reason, in French.
        """
        commune = self.commune(postcode, name, insee)
        outvoted = self._outvotes(postcode, name, commune)
        if outvoted is not None:
            located = self.locate(postcode, name, outvoted.code, lat, lon)
            said = f"code INSEE {insee} écarté : le nom et le code postal disent {outvoted.name}"
            return replace(located, note=", ".join(filter(None, (located.note, said))))
        if not lat or not lon:
            if commune is None:
                raise UnlocatableError("ni coordonnées ni commune connue")
            return Located(commune.point, commune, True, "coordonnées absentes")
        try:
            point, swapped = _read_point(lat, lon)
        except UnlocatableError as error:
            if commune is None:
                raise
            # The commune is known for sure: the row stands there.
            return Located(commune.point, commune, True, f"{error} : placé à la commune")
        note = "latitude et longitude inversées, remises en ordre" if swapped else ""
        if commune is None:
            return Located(point, self.nearest(point, postcode), False, note)
        metres = distance_m(point, commune.point)
        if metres > FAR_FROM_COMMUNE_M and commune.departement not in _UNCHECKED:
            return Located(
                commune.point, commune, True, f"coordonnées à {metres / 1000:.0f} km de la commune"
            )
        return Located(point, commune, False, note)

    def _outvotes(self, postcode: str, name: str, by_code: Commune | None) -> Commune | None:
        """Return the commune that name and postcode tell together, against a code alone."""
        wanted = fold(name)
        if by_code is None or postcode in by_code.postcodes or fold(by_code.name) == wanted:
            return None
        if by_code.kind == ARRONDISSEMENT:
            return None
        same = [c for c in self._by_postcode.get(postcode, []) if fold(c.name) == wanted]
        return same[0] if len(same) == 1 else None

    def commune(self, postcode: str, name: str, insee: str) -> Commune | None:
        """Return the commune that a code, or a postcode and a name, tell for sure."""
        wanted = _CODE_AFTER_NAME.sub("", fold(name).partition(" cedex")[0])
        listed = self._by_postcode.get(postcode, [])
        arrondissement = next((c for c in listed if c.kind == ARRONDISSEMENT), None)
        by_code = self._communes.get(insee)
        if by_code is not None:
            return arrondissement if arrondissement and arrondissement.city == insee else by_code
        if arrondissement is not None:
            return arrondissement
        exact = [c for c in listed if fold(c.name) == wanted]
        if exact:
            return exact[0]
        if len(listed) == 1 and (not wanted or fuzz.ratio(fold(listed[0].name), wanted) >= 60):
            return listed[0]
        akin = [(fuzz.token_sort_ratio(fold(c.name), wanted), c) for c in listed if wanted]
        best = max(akin, key=lambda pair: pair[0], default=None)
        if best is not None and best[0] >= _AKIN:
            return best[1]
        departement = departement_of(postcode)
        for written in (wanted, *(f"{article} {wanted}" for article in ("le", "la", "les", "l"))):
            known = self._by_name.get((departement, written), [])
            if len(known) == 1:
                return known[0]
        return None

    def nearest(self, point: Point, postcode: str = "") -> Commune | None:
        """Return the commune whose middle is nearest, among those of the postcode if any."""
        listed = self._by_postcode.get(postcode)
        if listed:
            return min(listed, key=lambda c: distance_m(point, c.point))
        found = next(self._index.nearest(point, Wanted()), None)
        if found is None or found[0] > FAR_FROM_COMMUNE_M:
            return None
        return self._list[found[1]]


def _read_point(lat: str, lon: str) -> tuple[Point, bool]:
    try:
        y, x = float(lat.replace(",", ".")), float(lon.replace(",", "."))
    except ValueError:
        raise UnlocatableError("latitude ou longitude illisible") from None
    if y == 0 and x == 0:
        raise UnlocatableError("coordonnées 0, 0")
    if in_france(Point(y, x)):
        return Point(y, x), False
    if in_france(Point(x, y)):
        return Point(x, y), True
    raise UnlocatableError("coordonnées hors de France")


def departement_of(postcode: str) -> str:
    """Return the département of a postcode (a few communes have their neighbour's)."""
    if postcode[:2] == "20":
        return "2A" if postcode[:3] in ("200", "201") else "2B"
    if postcode in ("97133", "97150"):
        return "977" if postcode == "97133" else "978"
    return postcode[:3] if postcode[:2] in ("97", "98") else postcode[:2]
