"""The tables behind the index of names: made once for a gazetteer, in plain values.

A reading is written as three numbers: which territory, its weight, its share. Of a name that nobody
says, nothing more is ever made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from actions.geo import Point
from actions.reading.territory.gazetteer import Commune, Gazetteer
from actions.reading.territory.phonetic import sound, sound_of_word
from actions.reading.territory.territories import FULL, Hit, Named, TerritoryNames, of_commune

LARGE_CITY = 100_000.0
"""Weight from which what sounds like a name is the city rather than an everyday word."""

HEARD = 300
"""Weight from which a name is found by its sound."""

ENDING = re.compile(r"(?:ées|ée|és|é|ers|er|ez|ets|et|aient|ait|ais|ai)$")
"""Ends that sound the same."""

_NUMBERS = 3
"""Of each reading."""

Raw = TypeVar("Raw")
T = TypeVar("T")


class Made(Mapping[str, T], Generic[Raw, T]):
    """A table whose values are made when they are first asked for."""

    def __init__(self, raw: Mapping[str, Raw], make: Callable[[Raw], T]) -> None:
        self._raw = raw
        self._make = make
        self._made: dict[str, T] = {}

    def __getitem__(self, key: str) -> T:
        if key not in self._made:
            self._made[key] = self._make(self._raw[key])
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a key (most words are no name: no exception is raised)."""
        return self[key] if key in self._raw else default


class Territories:
    """The territories of a gazetteer by code, as names may mean them."""

    def __init__(self, gazetteer: Gazetteer, tables: Mapping[str, Any]) -> None:
        self._known: list[Any] = tables["named"]
        self._larger: dict[int, Named] = {}
        self.communes: Mapping[str, Named] = Made(
            gazetteer.communes, lambda commune: of_commune(commune, gazetteer)
        )
        self.departements: Mapping[str, Named] = Made(tables["departements"], self._named)
        self.regions: Mapping[str, Named] = Made(tables["regions"], self._named)
        self.epcis: Mapping[str, Named] = Made(tables["epcis"], self._named)
        self.loose: Mapping[str, list[Hit]] = Made(tables["loose"], self.hits)
        """Names without their small words, glued together → readings."""
        self.by_postcode: Mapping[str, list[Commune]] = Made(
            tables["postcodes"], lambda codes: [gazetteer.communes[code] for code in codes]
        )
        """Postcode → communes, the most populous first; arrondissements for the three cities."""

    def hits(self, row: tuple[Any, ...]) -> list[Hit]:
        """Return the readings that a row of a table holds."""
        return [
            Hit(self._named(row[i]), row[i + 1], True, row[i + 2])
            for i in range(0, len(row), _NUMBERS)
        ]

    def _named(self, number: int) -> Named:
        known = self._known[number]
        if isinstance(known, str):
            return self.communes[known]
        if number not in self._larger:
            kind, codes, label, population, departements, region, lat, lon = known
            self._larger[number] = Named(
                kind, codes, label, population, departements, region, Point(lat, lon)
            )
        return self._larger[number]


def name_tables(gazetteer: Gazetteer) -> dict[str, Any]:
    """Return every name of every territory, ready to be read by `NameIndex`, in plain values."""
    names = TerritoryNames(gazetteer)
    phrases: dict[str, list[Hit]] = {}
    for phrase, hit in names.names():
        known = phrases.setdefault(phrase, [])
        if all(other.named is not hit.named for other in known):
            known.append(hit)
    for hits in phrases.values():
        hits.sort(key=lambda hit: -hit.weight)
    numbers = _Numbers()
    return {
        "phrases": {phrase: numbers.row(hits) for phrase, hits in phrases.items()},
        "loose": {compact: numbers.row(hits) for compact, hits in names.loose.items()},
        "departements": {code: numbers.of(named) for code, named in names.departements.items()},
        "regions": {code: numbers.of(named) for code, named in names.regions.items()},
        "epcis": {code: numbers.of(named) for code, named in names.epcis.items()},
        "named": numbers.written,
        "postcodes": {
            postcode: tuple(commune.code for commune in communes)
            for postcode, communes in names.by_postcode.items()
        },
        **_spellings(phrases),
        "everyday": {
            sound_of_word(word)
            for word in gazetteer.words
            if 4 <= len(word) <= 12 and not _is_city(phrases.get(word, []))
        },
        "stems": {
            sound_of_word(stem)
            for word in gazetteer.words
            if (stem := ENDING.sub("", word)) != word and len(stem) >= 3
        },
    }


class _Numbers:
    """Gives each territory its number, in the order of arrival."""

    def __init__(self) -> None:
        self.written: list[Any] = []
        """A commune's code, or all that is known of a larger territory."""
        self._by_id: dict[int, int] = {}

    def of(self, named: Named) -> int:
        number = self._by_id.setdefault(id(named), len(self.written))
        if number == len(self.written):
            larger = (
                named.kind, named.codes, named.label, named.population, named.departements,
                named.region, named.point.lat, named.point.lon,
            )  # fmt: skip
            self.written.append(named.codes[0] if named.commune else larger)
        return number

    def row(self, hits: list[Hit]) -> tuple[Any, ...]:
        return tuple(value for hit in hits for value in (self.of(hit.named), hit.weight, hit.share))


def _spellings(phrases: Mapping[str, list[Hit]]) -> dict[str, Any]:
    """Return the tables by which a phrase is found from a part, a slip or a sound of it."""
    pairs: dict[str, int] = {}
    longer: dict[str, list[str]] = {}
    glued: dict[str, list[str]] = {}
    pieces: set[str] = set()
    starts: dict[tuple[str, int], list[str]] = {}
    ends: dict[tuple[str, int], list[str]] = {}
    sounds: dict[str, list[str]] = {}
    for phrase, hits in phrases.items():
        words = phrase.split()
        if len(words) > 1:
            longer.setdefault(words[0], []).append(phrase)
            pair = f"{words[0]} {words[1]}"
            pairs[pair] = max(pairs.get(pair, 0), len(words))
            if hits[0].weight >= 500:
                pieces.update(words)
        if hits[0].weight >= HEARD and len(phrase) >= 4:
            sounds.setdefault(sound(phrase), []).append(phrase)
        if words[0] in ("cc", "ca", "cu"):  # too short to be told from other words
            continue
        compact = "".join(words)
        if compact in glued:
            glued[compact].append(phrase)
            continue
        glued[compact] = [phrase]
        starts.setdefault((compact[0], len(compact)), []).append(compact)
        ends.setdefault((compact[-2:], len(compact)), []).append(compact)
    return {
        "pairs": pairs,
        "longer": longer,
        "glued": glued,
        "pieces": pieces,
        "starts": starts,
        "ends": ends,
        "sounds": sounds,
    }


def _is_city(hits: list[Hit]) -> bool:
    """Say whether an everyday word is first of all a large city («bordeaux»)."""
    return any(hit.weight >= LARGE_CITY and hit.share == FULL for hit in hits[:1])
