"""Which commune a row is in, and whether its coordinates can be right."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from actions.errors import PasserelleError
from actions.geo import Point, distance_m
from actions.places.spatial_index import IndexedPlace, SpatialIndex, Wanted
from actions.reading.fold import fold
from actions.reading.territory.gazetteer import ARRONDISSEMENT, Commune, Gazetteer

FAR_FROM_COMMUNE_M = 50_000.0
"""Coordinates farther from their commune are wrong: no commune is that wide."""
NEAR_COMMUNE_M = 15_000.0
"""Coordinates this close to the middle of a commune vote for it (and for its neighbours)."""
_UNCHECKED = frozenset({"973", "975", "986", "987", "988"})
"""Where communes are that wide (Guyane), or known by their territory's middle only."""
_WIDE = (
    (46.6, 47.3, -56.6, -56.0),  # Saint-Pierre-et-Miquelon
    (-14.5, -13.1, -178.4, -175.9),  # Wallis-et-Futuna
    (-28.0, -7.5, -155.0, -134.0),  # Polynésie française
    (-23.5, -17.5, 157.5, 172.5),  # Nouvelle-Calédonie
)
"""Territories whose communes are all known by one point: that of their seat."""
_FRANCE = (
    (41.2, 51.2, -5.3, 9.7),  # métropole et Corse
    (15.7, 18.2, -63.3, -60.9),  # Guadeloupe, Saint-Martin, Saint-Barthélemy
    (14.3, 15.0, -61.4, -60.7),  # Martinique
    (2.0, 6.0, -54.7, -51.5),  # Guyane
    (-21.5, -20.7, 55.1, 55.9),  # La Réunion
    (-13.1, -12.5, 44.9, 45.4),  # Mayotte
    *_WIDE,
)
"""Boxes of latitude and longitude, degrees: south, north, west, east."""
_AKIN = 82.0
_CODE_AFTER_NAME = re.compile(r" \d{5}$")
"""«Amplepuis 69550»."""


_CODE, _NAME, _POSTCODE, _POINT = "code", "name", "postcode", "point"
_TELL = {
    _CODE: "le code INSEE",
    _NAME: "le nom",
    _POSTCODE: "le code postal",
    _POINT: "les coordonnées",
}
"""What may tell a commune, in French."""
_SWAPPED = "latitude et longitude inversées, remises en ordre"


@dataclass(frozen=True, slots=True)
class _Clues:
    """What a row says of where it is."""

    postcode: str
    name: str
    """Folded, without the code or «cedex» that follow it."""
    insee: str
    point: Point | None

    @property
    def told(self) -> frozenset[str]:
        """The clues that are there."""
        there = ((_CODE, self.insee), (_NAME, self.name), (_POSTCODE, self.postcode))
        point = {_POINT} if self.point is not None else set()
        return frozenset({clue for clue, value in there if value} | point)


@dataclass(frozen=True, slots=True)
class Located:
    """Where a row is."""

    point: Point
    commune: Commune | None
    approximate: bool
    note: str = ""
    """What was repaired, in French; empty for nothing."""
    postcode_refuted: bool = False
    """The row's postcode is of another département, and was outvoted."""


class UnlocatableError(PasserelleError):
    """Neither usable coordinates nor a known commune; the message says why."""


def in_france(point: Point) -> bool:
    """Whether a point is in a box around some French territory."""
    return any(s <= point.lat <= n and w <= point.lon <= e for s, n, w, e in _FRANCE)


def in_one_wide_territory(one: Point, other: Point) -> bool:
    """Whether two points are in one territory whose communes are known by a single point."""
    return any(
        s <= one.lat <= n and w <= one.lon <= e and s <= other.lat <= n and w <= other.lon <= e
        for s, n, w, e in _WIDE
    )


class Locator:
    """Finds communes by code, by postcode and name, or by position."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._communes = gazetteer.communes
        self._by_postcode: defaultdict[str, list[Commune]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str], list[Commune]] = defaultdict(list)
        self._named: dict[str, list[Commune]] = {}
        self._folded: dict[str, str] = {}
        for commune in gazetteer.communes.values():
            for postcode in commune.postcodes:
                self._by_postcode[postcode].append(commune)
            name = self._folded[commune.code] = fold(commune.name)
            self._by_name[commune.departement, name].append(commune)
            self._named.setdefault(name, []).append(commune)
        self._list = list(gazetteer.communes.values())
        self.departements = gazetteer.departements

    @cached_property
    def _index(self) -> SpatialIndex:
        return SpatialIndex.build(
            IndexedPlace(number, c.point.lat, c.point.lon) for number, c in enumerate(self._list)
        )

    def locate(self, postcode: str, name: str, insee: str, lat: str, lon: str) -> Located:
        """Return where a row is.

        Raises:
            UnlocatableError: With the reason, in French.
        """
        point, swapped, unreadable = None, False, "coordonnées absentes"
        if lat and lon:
            try:
                point, swapped = _read_point(lat, lon)
            except UnlocatableError as error:
                unreadable = f"{error} : placé à la commune"
                if self.commune(postcode, name, insee) is None:
                    raise
        commune, note = self._elect(_Clues(postcode, _bare(name), insee, point), name)
        refuted = commune is not None and self._is_elsewhere(postcode, commune)
        if swapped:
            note = ", ".join(filter(None, (_SWAPPED, note)))
        if point is None:
            if commune is None:
                raise UnlocatableError("ni coordonnées ni commune connue")
            note = ", ".join(filter(None, (unreadable, note)))
            return Located(commune.point, commune, True, note, refuted)
        if commune is None:
            return Located(point, self.nearest(point, postcode), False, note)
        metres = distance_m(point, commune.point)
        if metres > FAR_FROM_COMMUNE_M and commune.departement not in _UNCHECKED:
            far = f"coordonnées à {metres / 1000:.0f} km de la commune"
            note = ", ".join(filter(None, (far, note)))
            return Located(commune.point, commune, True, note, refuted)
        return Located(point, commune, False, note, refuted)

    def _elect(self, clues: _Clues, name: str) -> tuple[Commune | None, str]:
        """Return the commune that most clues tell, and which of them were outvoted.

        At equality, the code wins, then the name with its postcode.
        """
        first = self.commune(clues.postcode, name, clues.insee)
        by_code = self._communes.get(clues.insee)
        elected, most = first, self._votes(first, clues) if first else frozenset()
        if first is not None and most == clues.told:
            return first, ""
        rivals = [*self._named.get(clues.name, []), *self._by_postcode.get(clues.postcode, [])]
        if by_code is not None:
            rivals.append(by_code)
        for rival in rivals:
            votes = self._votes(rival, clues)
            if len(votes) > max(len(most), 1):
                elected, most = rival, votes
        if elected is None:
            return None, ""
        outvoted = [
            words
            for clue, words, contradicts in (
                (_CODE, f"code INSEE {clues.insee}", by_code is not None),
                (_NAME, f"commune « {name[:40]} »", clues.name in self._named),
                (
                    _POSTCODE,
                    f"code postal {clues.postcode}",
                    self._is_elsewhere(clues.postcode, elected),
                ),
            )
            if contradicts and clue not in most
        ]
        if not outvoted or len(most) < 2:
            return elected, ""
        told = [words for clue, words in _TELL.items() if clue in most]
        said = f"{', '.join(told[:-1])} et {told[-1]} disent {elected.name}"
        return elected, f"{' et '.join(outvoted)} {_outvoted_words(outvoted)} : {said}"

    def _votes(self, commune: Commune, clues: _Clues) -> frozenset[str]:
        """Return the clues that tell a commune."""
        known = self._folded[commune.code]
        near = 1e9 if commune.departement in _UNCHECKED else NEAR_COMMUNE_M
        said = (
            (_CODE, clues.insee in (commune.code, commune.city)),
            (
                _NAME,
                bool(clues.name)
                and (
                    known == clues.name
                    or (commune.kind == ARRONDISSEMENT and known.startswith(f"{clues.name} "))
                    or fuzz.token_sort_ratio(known, clues.name) >= _AKIN
                ),
            ),
            (_POSTCODE, clues.postcode in commune.postcodes),
            (_POINT, clues.point is not None and distance_m(clues.point, commune.point) <= near),
        )
        return frozenset(clue for clue, votes in said if votes)

    def _is_elsewhere(self, postcode: str, commune: Commune) -> bool:
        """Whether a postcode is known, and only of other départements than the commune's."""
        listed = self._by_postcode.get(postcode, [])
        return bool(listed) and all(one.departement != commune.departement for one in listed)

    def commune(self, postcode: str, name: str, insee: str) -> Commune | None:
        """Return the commune that a code, or a postcode and a name, tell for sure."""
        wanted = _bare(name)
        listed = self._by_postcode.get(postcode, [])
        arrondissement = next((c for c in listed if c.kind == ARRONDISSEMENT), None)
        by_code = self._communes.get(insee)
        if by_code is not None:
            return arrondissement if arrondissement and arrondissement.city == insee else by_code
        if arrondissement is not None:
            return arrondissement
        exact = [c for c in listed if self._folded[c.code] == wanted]
        if exact:
            return exact[0]
        if len(listed) == 1 and (
            not wanted or fuzz.ratio(self._folded[listed[0].code], wanted) >= 60
        ):
            return listed[0]
        akin = [(fuzz.token_sort_ratio(self._folded[c.code], wanted), c) for c in listed if wanted]
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


def _outvoted_words(outvoted: list[str]) -> str:
    if len(outvoted) > 1:
        return "écartés"
    return "écartée" if outvoted[0].startswith("commune") else "écarté"


def _bare(name: str) -> str:
    return _CODE_AFTER_NAME.sub("", fold(name).partition(" cedex")[0])


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
