"""Every name of every territory, found exactly, by sound, or despite a slip of the keyboard.

Built once from a gazetteer (well under a second), then only read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import log10

from rapidfuzz import process
from rapidfuzz.distance import OSA

from actions.places.gazetteer import ARRONDISSEMENT, Commune, Gazetteer
from actions.places.geo import Point
from actions.places.phonetic import sound, sound_of_word
from actions.places.text import fold
from actions.places.words import ARTICLES, LINKS

FULL, BARE, LOOSE, SHORT = 1.0, 0.5, 0.5, 0.1
"""How much a name weighs as written, without its article, without its small words, cut short
(«Clermont» for Clermont-Ferrand): multiplied by the population to compare homonyms."""

SHORT_FROM = 1_500
"""Population from which people cut a commune's name short."""

FORMER = 5.0
"""Weight of a former commune: any commune of today that bears the name goes first."""

LARGER_AT_MOST = 100_000.0
"""Weight of a misspelt département or région: they all have more people than most communes."""

DOMINANT = 4.0
"""A name is taken for its most populous bearer when it outweighs the next this many times."""

EDIT_COST = 1.3
"""Powers of ten of population that one wrong letter costs."""

SOUND_COST = 0.6
"""The same for a name written as it sounds."""

LONGEST_NAME = 8
"""Words in the longest name looked for."""


@dataclass(frozen=True, slots=True)
class Named:
    """A territory as a name may mean it."""

    kind: str
    codes: tuple[str, ...]
    label: str
    population: int
    departements: tuple[str, ...]
    region: str
    point: Point
    commune: Commune | None = None
    within: str = ""
    """Name of a commune's département."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One reading of a name, and how likely it is."""

    named: Named
    weight: float
    """Population, lessened for every way in which the name is not the exact one."""
    exact: bool = True
    share: float = 1.0
    """``FULL``, ``BARE``, ``LOOSE`` or ``SHORT``."""


def words_of(text: str) -> list[str]:
    """Return the folded words of a name with «st», «ste» spelled out and «lès» as «les»."""
    return [normal(word) for word in fold(text).split()]


_NORMAL = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "lez": "les",
    "hte": "haute",
    "hts": "hauts",
}


def normal(word: str) -> str:
    """Return the full form of an abbreviated word of names."""
    return _NORMAL.get(word, word)


_GLUED_SAINT = re.compile(r"^st(?=[bcdfghjklmnpqv])|^st(e)(?=[bcdfghjklmnpqv])")
"""«stdenis», «stemarie»."""


class NameIndex:
    """Names of a gazetteer. Immutable once built; safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.phrases: dict[str, list[Hit]] = {}
        """Words joined by a space → readings."""
        self.pairs: dict[str, int] = {}
        """First two words of a longer name → words in the longest name that starts so."""
        self.longer: dict[str, list[str]] = {}
        """First word → phrases of several words that start with it."""
        self.glued: dict[str, list[str]] = {}
        """Words joined without a space → phrases."""
        self.loose: dict[str, list[Hit]] = {}
        """Words without the small ones → readings."""
        self.pieces: set[str] = set()
        """Words of the names of several words."""
        self.foreign_starts = {name.split()[0] for name in gazetteer.foreign}
        """First words of the names of foreign places."""
        self.by_postcode: dict[str, list[Commune]] = {}
        self.commune_named: dict[str, Named] = {}
        self._sounds: dict[str, list[str]] = {}
        self._start: dict[tuple[str, int], list[str]] = {}
        self._end: dict[tuple[str, int], list[str]] = {}
        self._best: dict[str, float] = {}
        self._everyday = {sound_of_word(word) for word in gazetteer.words if 4 <= len(word) <= 12}
        self._build()

    def exact(self, phrase: str) -> list[Hit]:
        """Return the readings of a phrase of normal words."""
        return self.phrases.get(phrase, [])

    def similar(self, words: list[str]) -> list[Hit]:
        """Return likely readings of misspelt words, the most likely first; empty if none is.

        The weight of each is its population divided by what its mistakes cost.
        """
        compact = "".join(words)
        length = len(compact)
        if not 3 <= length <= 45:
            return []
        costs: dict[str, float] = {}
        if compact not in self.glued:
            compact = _GLUED_SAINT.sub(lambda m: "saint" + (m[1] or ""), compact)
            length = len(compact)
        for phrase in self.glued.get(compact, ()):
            costs[phrase] = 0.1
        if not costs:
            content = "".join(word for word in words if word not in LINKS)
            if len(content) >= 5 and content in self.loose:
                return self.loose[content]
        heard = sound(" ".join(words))
        together = sound(compact)
        for key in {heard, together}:
            if len(key) >= 3 or length >= 4:
                for phrase in self._sounds.get(key, ()):
                    costs.setdefault(phrase, SOUND_COST + 0.1 * abs(len(phrase) - length))
        allowed = _allowed_slips(compact)
        if allowed:
            for other, slips, _ in process.extract(
                compact,
                self._near(compact, allowed),
                scorer=OSA.distance,
                score_cutoff=allowed,
                limit=None,
            ):
                for phrase in self.glued[other]:
                    cost = EDIT_COST * slips
                    if other[0] != compact[0]:
                        cost += 0.5
                    costs[phrase] = min(cost, costs.get(phrase, cost))
        return self._weigh(costs, compact)

    def sounds_everyday(self, word: str) -> bool:
        """Say whether a word sounds like a common French one («ouver», «kalkul»)."""
        return sound_of_word(word) in self._everyday

    def _weigh(self, costs: dict[str, float], compact: str) -> list[Hit]:
        hits: list[Hit] = []
        for phrase, cost in costs.items():
            for hit in self.phrases[phrase]:
                people = hit.weight
                if hit.named.kind != "commune":
                    people = min(people, LARGER_AT_MOST)
                weight = (people + 10) / 10**cost
                if cost <= 0.1 or hit.weight >= _least_population(compact, cost):
                    hits.append(Hit(hit.named, weight, False, hit.share))
        return best_of_each(hits)

    def _near(self, compact: str, allowed: int) -> Iterable[str]:
        lengths = range(len(compact) - allowed, len(compact) + allowed + 1)
        first, last = compact[0], compact[-2:]
        lists = (
            bucket.get((key, length), [])
            for length in lengths
            for bucket, key in ((self._start, first), (self._end, last))
        )
        return chain.from_iterable(lists)

    # -- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        for phrase, hit in self._names():
            known = self.phrases.setdefault(phrase, [])
            if all(other.named is not hit.named for other in known):
                known.append(hit)
        for phrase, hits in self.phrases.items():
            hits.sort(key=lambda hit: -hit.weight)
            words = phrase.split()
            if len(words) > 1:
                self.longer.setdefault(words[0], []).append(phrase)
                pair = f"{words[0]} {words[1]}"
                self.pairs[pair] = max(self.pairs.get(pair, 0), len(words))
                if hits[0].weight >= 500:
                    self.pieces.update(words)
            if words[0] in ("cc", "ca", "cu"):  # too short to be told from other words
                continue
            compact = "".join(words)
            if compact in self.glued:
                self.glued[compact].append(phrase)
                continue
            self.glued[compact] = [phrase]
            self._start.setdefault((compact[0], len(compact)), []).append(compact)
            self._end.setdefault((compact[-2:], len(compact)), []).append(compact)
        for phrase, hits in self.phrases.items():
            if hits[0].weight >= 300 and len(phrase) >= 4:
                self._sounds.setdefault(sound(phrase), []).append(phrase)

    def _names(self) -> Iterator[tuple[str, Hit]]:
        postcodes: defaultdict[str, list[Commune]] = defaultdict(list)
        for commune in self.gazetteer.communes.values():
            named = Named(
                "commune",
                (commune.code,),
                commune.name,
                commune.population,
                (commune.departement,),
                commune.region,
                commune.point,
                commune,
                self.gazetteer.departements[commune.departement].name,
            )
            self.commune_named[commune.code] = named
            is_part = commune.kind == ARRONDISSEMENT
            for postcode in commune.postcodes:
                # Paris, Lyon and Marseille are found through their arrondissements.
                if is_part or not self._has_arrondissements(commune.code):
                    postcodes[postcode].append(commune)
            if not is_part:
                yield from self._forms(commune.name, named)
        self.by_postcode = {
            code: sorted(communes, key=lambda c: -c.population)
            for code, communes in postcodes.items()
        }
        for former in self.gazetteer.former:
            today = self.commune_named.get(former.commune)
            if today is not None and fold(former.name) != fold(today.label):
                words = words_of(former.name)
                yield " ".join(words), Hit(today, FORMER)
        yield from self._larger_territories()

    def _has_arrondissements(self, code: str) -> bool:
        return code in ("75056", "13055", "69123")

    def _forms(self, name: str, named: Named) -> Iterator[tuple[str, Hit]]:
        words = words_of(name.split(" (", maxsplit=1)[0])  # «Château-Chinon (Ville)»
        population = named.population
        yield " ".join(words), Hit(named, population * FULL + 1)
        if words[0] in ARTICLES and len(words) > 1 and words[1] not in ("saint", "sainte"):
            yield " ".join(words[1:]), Hit(named, population * BARE, True, BARE)
        content = [word for word in words if word not in LINKS]
        if len(content) >= 2 and len(content) < len(words):
            loose = Hit(named, population * LOOSE, True, LOOSE)
            self.loose.setdefault("".join(content), []).append(loose)
        if population >= SHORT_FROM:
            for short in _cut_short(words):
                yield " ".join(short), Hit(named, population * SHORT, True, SHORT)

    def _larger_territories(self) -> Iterator[tuple[str, Hit]]:
        gazetteer = self.gazetteer
        people: defaultdict[str, int] = defaultdict(int)
        of_region: defaultdict[str, list[str]] = defaultdict(list)
        for commune in gazetteer.communes.values():
            if commune.kind != ARRONDISSEMENT:
                people[commune.departement] += commune.population
        for departement in gazetteer.departements.values():
            of_region[departement.region].append(departement.code)
        self.named_departements: dict[str, Named] = {}
        for code, departement in gazetteer.departements.items():
            named = Named(
                "departement",
                (code,),
                departement.name,
                people[code],
                (code,),
                departement.region,
                departement.point,
            )
            self.named_departements[code] = named
            if code not in ("75", "977", "978"):  # the commune of the same name is all of it
                words = words_of(departement.name)
                yield " ".join(words), Hit(named, people[code])
                if words[0] in ARTICLES:
                    yield " ".join(words[1:]), Hit(named, people[code])
        self.named_regions: dict[str, Named] = {}
        for code, region in gazetteer.regions.items():
            inside = tuple(of_region[code])
            largest = max(inside, key=lambda each: people[each])
            total = sum(people[each] for each in inside)
            point = gazetteer.departements[largest].point
            named = Named("region", (code,), region.name, total, inside, code, point)
            self.named_regions[code] = named
            if len(inside) > 1:
                yield " ".join(words_of(region.name)), Hit(named, total)
        yield from self._aliases()
        yield from self._epcis()

    def _aliases(self) -> Iterator[tuple[str, Hit]]:
        for alias in self.gazetteer.aliases:
            base = {
                "commune": self.commune_named,
                "departement": self.named_departements,
                "region": self.named_regions,
            }[alias.kind][alias.codes[0]]
            inside = alias.departements or (
                alias.codes if alias.kind == "departement" else base.departements
            )
            people = sum(self.named_departements[code].population for code in inside)
            point = base.point
            if alias.departements:
                largest = max(inside, key=lambda code: self.named_departements[code].population)
                point = self.named_departements[largest].point
            if alias.kind == "commune":
                yield " ".join(words_of(alias.name)), Hit(base, base.population)
                continue
            named = Named(alias.kind, alias.codes, alias.label, people, inside, base.region, point)
            yield " ".join(words_of(alias.name)), Hit(named, people)

    def _epcis(self) -> Iterator[tuple[str, Hit]]:
        communes = self.gazetteer.communes
        self.named_epcis: dict[str, Named] = {}
        for siren, epci in self.gazetteer.epcis.items():
            seat = max((communes[code] for code in epci.members), key=lambda c: c.population)
            departements = tuple(sorted({communes[code].departement for code in epci.members}))
            named = Named(
                "epci", (siren,), epci.name, epci.population, departements, seat.region, seat.point
            )
            self.named_epcis[siren] = named
            words = words_of(epci.name)
            if len(words) == 1:
                continue
            yield " ".join(words), Hit(named, epci.population)
            if words[0] == "metropole" and words[1] in LINKS and len(words) > 3:
                yield " ".join(words[2:]), Hit(named, epci.population)
            kind, rest = _epci_kind(words)
            if kind and rest:
                yield " ".join([kind, *rest]), Hit(named, epci.population)
                content = [word for word in rest if word not in LINKS]
                if len(content) >= 2 and content[0] in _EPCI_STARTS:
                    start = next(i for i, word in enumerate(rest) if word not in LINKS)
                    yield " ".join(rest[start:]), Hit(named, epci.population * SHORT, True, SHORT)


def best_of_each(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the best reading of each territory, the heaviest first."""
    best: dict[tuple[str, tuple[str, ...]], Hit] = {}
    for hit in hits:
        key = (hit.named.kind, hit.named.codes)
        if key not in best or hit.weight > best[key].weight:
            best[key] = hit
    return sorted(best.values(), key=lambda hit: -hit.weight)


@lru_cache(maxsize=2)
def name_index(gazetteer: Gazetteer) -> NameIndex:
    """Return the index of a gazetteer, built at the first call."""
    return NameIndex(gazetteer)


def _cut_short(words: list[str]) -> Iterator[list[str]]:
    """Yield the ways in which people shorten a long name: «saint die» for «saint die des vosges»."""
    start = 1 if words[0] in ARTICLES else 0
    least = start + (2 if words[start] in ("saint", "sainte") else 1)
    cut = next((i for i in range(least, len(words)) if words[i] in LINKS), 0)
    if not cut and len(words) - start == 2 and least == start + 1:
        cut = start + 1
    if cut == start + 1 and words[start] in _ADJECTIVES:
        return
    if cut and len("".join(words[start:cut])) >= 3:
        yield words[:cut]
        if start:
            yield words[start:cut]


_EPCI_STARTS = frozenset(["grand", "pays", "plaine", "coeur", "ile", "belle", "marie"])
"""First words of the EPCI's names that people use without «communauté de communes»."""

_ADJECTIVES = frozenset(
    ["grand", "grande", "grands", "petit", "petite", "haut", "haute", "bas", "basse", "vieux", "vieille", "neuf", "neuve", "beau", "belle", "bel", "bon", "bonne", "long", "longue", "saint", "sainte", "mont", "val", "ville", "fort"]
)
"""First words that no one uses for the whole name."""


def _epci_kind(words: list[str]) -> tuple[str, list[str]]:
    for kind, name in (
        ("cc", ["communaute", "de", "communes"]),
        ("ca", ["communaute", "d", "agglomeration"]),
        ("cu", ["communaute", "urbaine"]),
    ):
        if words[: len(name)] == name:
            return kind, words[len(name) :]
    return "", words


def _allowed_slips(compact: str) -> int:
    """Wrong, missing, extra or swapped letters that a name of this length may have."""
    length = len(compact)
    if compact.startswith("saint"):
        length -= 4  # five letters that thousands of names share tell nothing
    if length <= 3:
        return 0
    if length <= 6:
        return 1
    return 2 if length <= 12 else 3


def _least_population(compact: str, cost: float) -> float:
    """People a commune needs for a misspelling of this cost to be taken for it."""
    length = len(compact) - (4 if compact.startswith("saint") else 0)
    if cost < EDIT_COST:  # sounds the same
        return 20_000 if length <= 3 else 1_000 if length <= 5 else 300
    if cost < 2 * EDIT_COST:  # one slip
        return 20_000 if length <= 4 else 3_000 if length <= 5 else 200 if length <= 7 else 50
    if length <= 7:  # two slips in a short name
        return 40_000
    return 4_000 if length <= 9 else 1_000


def log_weight(weight: float) -> float:
    """Weight as powers of ten."""
    return log10(weight + 1)
