"""The names of territories inside a sentence: intercommunalités, communes, départements…"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from actions.reading.fold import fold
from actions.reading.territory.gazetteer import Commune, Departement, Epci, Gazetteer, Region

LIGATURES = str.maketrans({"œ": "o", "Œ": "o", "æ": "a", "Æ": "a"})
"""One letter for one, so that positions in a text do not move."""
AnyTerritory = Commune | Epci | Departement | Region

LONGEST = 11
"""Words of the longest name looked for."""
CLEARLY = 10
"""Times more people than its namesake a commune must have to be the one that is meant."""
_EPCI_KIND = re.compile(
    r"^(?:communaute (?:de communes|d agglomeration|urbaine)|metropole) "
    r"(?:du |de la |des |de l |de |d )?"
)
_ARTICLES = re.compile(r"^(?:du |de la |des |de l |de |d |la |le |les |l )+")
_OF = re.compile(r"^(?:du |des |de |d )")
_ACRONYM = re.compile(r"\(([^)]+)\)")
_WANTS = re.compile(
    r"^\s*(?:veut|veulent|souhaite|voudrait|aimerait|peut|achete\w*|envisage|prevoit|compte|demande"
    r"|candidate|projette|desire|a besoin|a un|dispose|est|sera|souhaiterait|pourrait|investi\w*"
    r"|va)\b"
)
_HEADS = re.compile(
    r"\s?[:,;–-]\s*(?:budget|achat|montant|projet|enveloppe)?[^\w€]*\d", re.IGNORECASE
)
_WELCOME = re.compile(r"^\s*(?:(?:bonjour|bonsoir|salut|hello|a|la|le|les|l|d|de|pour|ici)\s+)*$")


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A territory named in a text."""

    place: AnyTerritory
    kind: str
    """``epci``, ``commune``, ``departement`` or ``region``."""
    start: int
    end: int
    full: bool = False
    """The whole official name of an intercommunalité, not only its own part."""
    distinct: bool = False
    """No other territory bears the name."""
    shared: bool = False
    """Several communes bear the name: this one is the most populous."""


class BodyNames:
    """Finds the names of the gazetteer in a text, the longest first."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._communes: dict[str, list[Commune]] = defaultdict(list)
        for commune in gazetteer.communes.values():
            if commune.kind == "commune":
                self._communes[fold(commune.name)].append(commune)
                if "œ" in commune.name.lower() or "æ" in commune.name.lower():
                    self._communes[fold(commune.name.translate(LIGATURES))].append(commune)
        self._departements = {fold(d.name): d for d in gazetteer.departements.values()}
        self._regions = {fold(r.name): r for r in gazetteer.regions.values()}
        self._codes = {d.code.lower(): d for d in gazetteer.departements.values()}
        self._full: dict[str, Epci] = {}
        self._core: dict[str, list[Epci]] = defaultdict(list)
        for epci in gazetteer.epcis.values():
            for name, full in _names_of(epci):
                if full:
                    self._full.setdefault(name, epci)
                elif epci not in self._core[name]:
                    self._core[name].append(epci)

    def find(self, words: str) -> list[NamedPlace]:
        """Return the names of a text (lower case words, one position a letter)."""
        tokens = [(m.group(), m.start(), m.end()) for m in re.finditer(r"[a-z0-9]+", words)]
        found: list[NamedPlace] = []
        for first in range(len(tokens)):
            for last in range(min(len(tokens), first + LONGEST), first, -1):
                name = " ".join(token for token, _, _ in tokens[first:last])
                found.extend(self._named(name, tokens[first][1], tokens[last - 1][2]))
        return [n for n in found if not any(_covers(other, n) for other in found)]

    def _named(self, name: str, start: int, end: int) -> Iterable[NamedPlace]:
        if epci := self._full.get(name):
            yield NamedPlace(epci, "epci", start, end, full=True, distinct=True)
        elif epcis := self._core.get(name):
            known = name in self._communes or name in self._departements or name in self._regions
            distinct = len(epcis) == 1 and not known and " " in name
            yield NamedPlace(epcis[0], "epci", start, end, distinct=distinct)
        if communes := self._communes.get(name):
            largest, *others = sorted(communes, key=lambda commune: -commune.population)
            shared = bool(others) and largest.population < CLEARLY * others[0].population
            yield NamedPlace(largest, "commune", start, end, shared=shared)
        if departement := self._departements.get(name):
            yield NamedPlace(departement, "departement", start, end)
        if region := self._regions.get(name):
            yield NamedPlace(region, "region", start, end)

    def speaks(self, text: str, words: str, named: NamedPlace) -> bool:
        """Tell whether a bare name is who speaks: it opens the sentence, or it «veut»."""
        if not text[named.start].isupper():
            return False
        wants = _WANTS.match(words[named.end :]) or _HEADS.match(text[named.end :])
        return bool(wants) and _WELCOME.match(words[: named.start]) is not None

    def label_after(self, kind: str, words: str, start: int, end: int) -> str:
        """Return the label of a département or région named after its kind, else nothing."""
        rest = re.sub(r"\s+", " ", words[end : end + 60]).strip()
        bare = _ARTICLES.sub("", rest)
        places: dict[str, Departement] | dict[str, Region]
        if kind == "departement":
            own = re.search(r"(\d[\dab]\d?)", words[start:end]) or re.match(
                r"(\d[\dab]\d?)\b", bare
            )
            if own and (departement := self._codes.get(own.group(1))):
                return f"département ({departement.name})"
            places = self._departements
        elif kind == "region":
            places = self._regions
        else:
            return ""
        label = "département" if kind == "departement" else "région"
        # «de La Réunion» keeps an article that «de la Meuse» loses.
        for name in (_OF.sub("", rest), bare):
            tokens = name.split()
            for last in range(min(len(tokens), 6), 0, -1):
                if place := places.get(" ".join(tokens[:last])):
                    return f"{label} ({place.name})"
        return ""


def _names_of(epci: Epci) -> Iterable[tuple[str, bool]]:
    """Return the official name (full) and its own part, with and without articles."""
    bare = _ACRONYM.sub(" ", epci.name)
    for acronym in _ACRONYM.findall(epci.name):
        if len(acronym) > 3:
            yield fold(acronym), False
    name = fold(bare)
    yield name, True
    yield fold(bare.translate(LIGATURES)), True
    core = _EPCI_KIND.sub("", name)
    yield core, "metropole" in core.split() or (core.startswith("grand ") and len(core.split()) > 2)
    yield _ARTICLES.sub("", core), False


def _covers(larger: NamedPlace, smaller: NamedPlace) -> bool:
    inside = larger.start <= smaller.start and smaller.end <= larger.end
    return inside and larger.end - larger.start > smaller.end - smaller.start
