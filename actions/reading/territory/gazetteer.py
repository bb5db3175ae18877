"""The territories of France: communes, départements, régions and intercommunalités.

``data/places/README.md`` says where the files come from; ``scripts/build_gazetteer.py``
writes them.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from actions.errors import ToldError
from actions.geo import Point
from actions.reading.fold import fold

ARRONDISSEMENT = "arrondissement-municipal"

_CITY_OF_ARRONDISSEMENT = {"751": "75056", "132": "13055", "6938": "69123"}
"""First digits of an arrondissement's INSEE code → its commune (COG)."""


class GazetteerError(ToldError):
    """The files of ``data/places`` are missing or damaged; the message names the file."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune, or a municipal arrondissement of Paris, Lyon or Marseille."""

    code: str
    """INSEE code, five characters (``2A004``)."""
    name: str
    kind: str
    """``commune`` or ``arrondissement-municipal``."""
    departement: str
    region: str
    epci_siren: str
    """SIREN of its EPCI à fiscalité propre; empty where there is none."""
    population: int
    """Municipal population; 0 where the register gives none."""
    postcodes: tuple[str, ...]
    """Without the CEDEX ones; empty for a few uninhabited islands."""
    point: Point
    """Its town hall, else the middle of its territory."""

    @property
    def city(self) -> str:
        """INSEE code of the commune that an arrondissement is part of; else its own."""
        if self.kind != ARRONDISSEMENT:
            return self.code
        return _CITY_OF_ARRONDISSEMENT.get(
            self.code[:3], _CITY_OF_ARRONDISSEMENT.get(self.code[:4], self.code)
        )


MOST_COMMON = 2_000
"""Everyday words, the most frequent first, that even alone are no town unless it is asked."""


RARE_FROM = 10_000
"""Everyday words, the most frequent first, from which one is rather a town where one is said."""


@dataclass(frozen=True, slots=True)
class FormerCommune:
    """A name that part of a commune bears, or that a commune bore, and that people still use."""

    code: str
    name: str
    commune: str
    """INSEE code of the commune it is part of today."""


@dataclass(frozen=True, slots=True)
class Departement:
    """A département, or an overseas collectivité that has the same kind of code."""

    code: str
    name: str
    region: str
    point: Point
    """Its chef-lieu, else its most populous commune."""


@dataclass(frozen=True, slots=True)
class Region:
    """A région, or an overseas collectivité outside any région (code of three digits)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Epci:
    """An intercommunalité: EPCI à fiscalité propre, or EPT of the Grand Paris."""

    siren: str
    name: str
    kind: str
    """``CC``, ``CA``, ``CU``, ``ME``, ``MET69`` (Métropole de Lyon) or ``EPT``."""
    population: int
    """Municipal population."""
    members: tuple[str, ...]
    """INSEE codes of its communes, sorted."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a territory: a nickname, an abbreviation, an old or historical region."""

    name: str
    kind: str
    """``commune``, ``departement`` or ``region``."""
    codes: tuple[str, ...]
    label: str
    departements: tuple[str, ...]
    """The part of the région that is meant (Alsace); empty for the whole territory."""


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Everything, by code. Compared by identity, so that indexes of it can be kept."""

    communes: Mapping[str, Commune]
    departements: Mapping[str, Departement]
    regions: Mapping[str, Region]
    epcis: Mapping[str, Epci]
    former: tuple[FormerCommune, ...] = ()
    aliases: tuple[Alias, ...] = ()
    words: frozenset[str] = frozenset()
    """Folded everyday French words, which are not places by themselves."""
    common: frozenset[str] = frozenset()
    """The most frequent of them: «mer», «long»."""
    rare: frozenset[str] = frozenset()
    """The least frequent of them: «carry», «moult»; said where a place is announced, it is one."""
    proper: frozenset[str] = frozenset()
    """Folded names of people, brands and foreign words that are well known: written so, they
    are no misspelling of a town."""
    foreign: frozenset[str] = frozenset()
    """Folded names of countries and towns outside France."""

    def arrondissements(self, city: str) -> tuple[Commune, ...]:
        """Return the municipal arrondissements of a commune, in order; empty for most."""
        prefixes = [p for p, code in _CITY_OF_ARRONDISSEMENT.items() if code == city]
        return tuple(
            commune
            for prefix in prefixes
            for code, commune in self.communes.items()
            if code.startswith(prefix) and commune.kind == ARRONDISSEMENT
        )


def load_gazetteer(folder: Path) -> Gazetteer:
    """Read the files of ``folder`` (``data/places``).

    Raises:
        GazetteerError: A file is missing or damaged.
    """
    try:
        communes = _read_communes(folder / "communes.csv.gz")
        words = _text(folder / "french_words.txt.gz").split()
        return Gazetteer(
            communes=communes,
            departements=_read_departements(folder / "departements.csv", communes),
            regions={code: Region(code, name) for code, name, _ in _rows(folder / "regions.csv")},
            epcis=_read_epcis(folder / "epci.csv", communes),
            former=tuple(
                FormerCommune(code, name, commune)
                for code, name, _, commune in _rows(folder / "former_communes.csv.gz")
            ),
            aliases=tuple(
                Alias(name, kind, tuple(codes.split("|")), label, _codes(part))
                for name, kind, codes, label, part in _rows(folder / "aliases.csv")
            ),
            words=frozenset(words),
            common=frozenset(words[:MOST_COMMON]),
            rare=frozenset(words[RARE_FROM:]),
            proper=frozenset(_text(folder / "proper_words.txt.gz").split()),
            foreign=_read_foreign(folder / "foreign_places.txt"),
        )
    except (OSError, EOFError, UnicodeDecodeError, ValueError, KeyError) as error:
        raise GazetteerError(f"{folder}: {error}") from error


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")


def _codes(joined: str) -> tuple[str, ...]:
    return tuple(joined.split("|")) if joined else ()


def _read_foreign(path: Path) -> frozenset[str]:
    lines = (line for line in _text(path).splitlines() if not line.startswith("#"))
    return frozenset(fold(name) for line in lines for name in line.split(",") if name.strip())


def _rows(path: Path) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(_text(path))))
    if len(rows) < 2:
        raise ValueError(f"{path.name} is empty")
    return rows[1:]


def _read_communes(path: Path) -> dict[str, Commune]:
    communes: dict[str, Commune] = {}
    for code, name, kind, departement, region, epci, population, codes, lat, lon, _ in _rows(path):
        communes[code] = Commune(
            code,
            name,
            kind,
            departement,
            region,
            epci,
            int(population),
            _codes(codes),
            Point(float(lat), float(lon)),
        )
    return communes


def _read_departements(path: Path, communes: Mapping[str, Commune]) -> dict[str, Departement]:
    largest: dict[str, Commune] = {}
    for commune in communes.values():
        known = largest.get(commune.departement)
        if known is None or commune.population > known.population:
            largest[commune.departement] = commune
    departements: dict[str, Departement] = {}
    for code, name, region, seat in _rows(path):
        chef_lieu = communes.get(seat)
        if chef_lieu is None or chef_lieu.departement != code:
            chef_lieu = largest[code]
        departements[code] = Departement(code, name, region, chef_lieu.point)
    return departements


def _read_epcis(path: Path, communes: Mapping[str, Commune]) -> dict[str, Epci]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for commune in communes.values():
        if commune.epci_siren and commune.kind != ARRONDISSEMENT:
            members[commune.epci_siren].append(commune.code)
    return {
        siren: Epci(
            siren,
            name,
            kind,
            int(population),
            _codes(listed) or tuple(sorted(members[siren])),
        )
        for siren, name, kind, population, listed in _rows(path)
    }
