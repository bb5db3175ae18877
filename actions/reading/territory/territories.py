"""Every territory and every form of its name, as people write them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from actions.geo import Point
from actions.reading.fold import fold
from actions.reading.territory.gazetteer import ARRONDISSEMENT, Commune, Gazetteer
from actions.reading.territory.place_vocabulary import ARTICLES, LINKS

FULL, BARE, LOOSE, SHORT = 1.0, 0.5, 0.5, 0.1
"""How much a name weighs as written, without its article, without its small words, cut short
(«Clermont» for Clermont-Ferrand): multiplied by the population to compare homonyms."""

SHORT_FROM = 1_500
"""Population from which people cut a commune's name short."""

SHORTEST = 4
"""Letters of the shortest beginning that people use for the whole name."""

LEAST_UNIQUE = 5
"""Letters from which the only beginning of its kind is a small commune's («Tardets»)."""

LEAST_ENDING = 6
"""Letters from which the second half of a name is used alone («Merlebach»)."""

FORMER = 5.0
"""Weight of a former commune: any commune of today that bears the name goes first."""


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


def of_commune(commune: Commune, gazetteer: Gazetteer) -> Named:
    """Return a commune as a name may mean it."""
    return Named(
        "commune",
        (commune.code,),
        commune.name,
        commune.population,
        (commune.departement,),
        commune.region,
        commune.point,
        commune,
        gazetteer.departements[commune.departement].name,
    )


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
    "mt": "mont",
}


def normal(word: str) -> str:
    """Return the full form of an abbreviated word of names."""
    return _NORMAL.get(word, word)


def best_of_each(hits: Iterable[Hit]) -> list[Hit]:
    """Keep the best reading of each territory, the heaviest first."""
    best: dict[tuple[str, tuple[str, ...]], Hit] = {}
    for hit in hits:
        key = (hit.named.kind, hit.named.codes)
        if key not in best or hit.weight > best[key].weight:
            best[key] = hit
    return sorted(best.values(), key=lambda hit: -hit.weight)


class TerritoryNames:
    """The territories of a gazetteer, by code and with every form of their names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.communes: dict[str, Named] = {}
        self.departements: dict[str, Named] = {}
        self.regions: dict[str, Named] = {}
        self.epcis: dict[str, Named] = {}
        self._endings: Counter[str] = Counter()
        self._beginnings: Counter[str] = Counter()
        self.loose: dict[str, list[Hit]] = {}
        """Names without their small words, glued together → readings."""
        self.by_postcode: dict[str, list[Commune]] = {}
        """Postcode → communes, the most populous first; arrondissements for the three cities."""

    def names(self) -> Iterator[tuple[str, Hit]]:
        """Yield each form of each name with its reading, and fill the tables by code."""
        postcodes: defaultdict[str, list[Commune]] = defaultdict(list)
        names = [words_of(commune.name) for commune in self.gazetteer.communes.values()]
        self._endings, self._beginnings = _endings(names), _beginnings(names)
        for commune in self.gazetteer.communes.values():
            named = of_commune(commune, self.gazetteer)
            self.communes[commune.code] = named
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
            today = self.communes.get(former.commune)
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
        if population < SHORT_FROM:
            for beginning in map(" ".join, _shorter(words)):
                bare = beginning.removeprefix("le ").removeprefix("la ")
                if len(bare) >= LEAST_UNIQUE and self._beginnings[bare] == 1:
                    yield beginning, Hit(named, population * SHORT, True, SHORT)
        else:
            for short in dict.fromkeys(map(tuple, chain(_cut_short(words), _shorter(words)))):
                yield " ".join(short), Hit(named, population * SHORT, True, SHORT)
            if len(content) == 2 and self._endings[content[1]] == 1 and "saint" not in content:
                yield content[1], Hit(named, population * SHORT, True, SHORT)

    def _larger_territories(self) -> Iterator[tuple[str, Hit]]:
        gazetteer = self.gazetteer
        people: defaultdict[str, int] = defaultdict(int)
        of_region: defaultdict[str, list[str]] = defaultdict(list)
        for commune in gazetteer.communes.values():
            if commune.kind != ARRONDISSEMENT:
                people[commune.departement] += commune.population
        for departement in gazetteer.departements.values():
            of_region[departement.region].append(departement.code)
        communes = {commune.name for commune in gazetteer.communes.values()}
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
            self.departements[code] = named
            if code not in ("75", "977", "978"):  # the commune of the same name is all of it
                words = words_of(departement.name)
                yield " ".join(words), Hit(named, people[code])
                if words[0] in ARTICLES:
                    yield " ".join(words[1:]), Hit(named, people[code])
                if f"La {departement.name}" in communes:  # «dans la Creuse» is no village
                    yield " ".join(["la", *words]), Hit(named, people[code])
        for code, region in gazetteer.regions.items():
            inside = tuple(of_region[code])
            largest = max(inside, key=lambda each: people[each])
            total = sum(people[each] for each in inside)
            point = gazetteer.departements[largest].point
            named = Named("region", (code,), region.name, total, inside, code, point)
            self.regions[code] = named
            if len(inside) > 1:
                yield " ".join(words_of(region.name)), Hit(named, total)
        yield from self._aliases()
        yield from self._epcis()

    def _aliases(self) -> Iterator[tuple[str, Hit]]:
        for alias in self.gazetteer.aliases:
            base = {
                "commune": self.communes,
                "departement": self.departements,
                "region": self.regions,
            }[alias.kind][alias.codes[0]]
            inside = alias.departements or (
                alias.codes if alias.kind == "departement" else base.departements
            )
            people = sum(self.departements[code].population for code in inside)
            point = base.point
            if alias.departements:
                largest = max(inside, key=lambda code: self.departements[code].population)
                point = self.departements[largest].point
            if alias.kind == "commune":
                yield " ".join(words_of(alias.name)), Hit(base, base.population)
                continue
            named = Named(alias.kind, alias.codes, alias.label, people, inside, base.region, point)
            yield " ".join(words_of(alias.name)), Hit(named, people)

    def _epcis(self) -> Iterator[tuple[str, Hit]]:
        communes = self.gazetteer.communes
        for siren, epci in self.gazetteer.epcis.items():
            seat = max((communes[code] for code in epci.members), key=lambda c: c.population)
            departements = tuple(sorted({communes[code].departement for code in epci.members}))
            named = Named(
                "epci", (siren,), epci.name, epci.population, departements, seat.region, seat.point
            )
            self.epcis[siren] = named
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


def _cut_short(words: list[str]) -> Iterator[list[str]]:
    """Yield the ways in which people shorten a long name («saint die» for «… des vosges»)."""
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


def _shorter(words: list[str]) -> Iterator[list[str]]:
    """Yield the beginnings of a long name, and what its ends make without its middle.

    «chamonix» for «Chamonix-Mont-Blanc», «cosne sur loire» for «Cosne-Cours-sur-Loire»,
    «clerval» for «Pays-de-Clerval».
    """
    start = 1 if words[0] in ARTICLES else 0
    least = start + (2 if words[start] in ("saint", "sainte") else 1)
    for end in range(least, len(words)):
        one = words[start:end]
        if words[end - 1] in LINKS or len("".join(one)) < SHORTEST:
            continue
        if len(one) == 1 and (one[0] in _ADJECTIVES or one[0] == "pays"):
            continue
        yield words[:end]
        if start:
            yield one
    rest = words[start:]
    links = [i for i, word in enumerate(rest) if word in ("sur", "sous", "les", "en")]
    if len(rest) >= 4 and links and links[0] == 2 and rest[0] not in ("saint", "sainte"):
        yield [rest[0], *rest[2:]]
    if rest[0] == "pays" and len(rest) > 2 and rest[1] in LINKS:
        yield [word for i, word in enumerate(rest) if i > 1 or word not in (*LINKS, "pays")]


def _beginnings(names: Iterable[list[str]]) -> Counter[str]:
    """Count the communes whose name, without its article, starts with given words."""
    counted: Counter[str] = Counter()
    for words in names:
        bare = words[1:] if words[0] in ARTICLES and len(words) > 1 else words
        counted.update(" ".join(bare[:end]) for end in range(1, len(bare) + 1))
        if bare[0] == "pays":
            counted.update(" ".join(bare[i:]) for i in range(1, len(bare)))
    return counted


def _endings(names: Iterable[list[str]]) -> Counter[str]:
    """Count the communes whose name has each word of ``LEAST_ENDING`` letters or more."""
    return Counter(word for name in names for word in set(name) if len(word) >= LEAST_ENDING)


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EPCI_STARTS = _set("grand pays plaine coeur ile belle marie")
"""First words of the EPCI's names that people use without «communauté de communes»."""

_ADJECTIVES = _set(
    "grand grande grands petit petite haut haute bas basse vieux vieille neuf neuve beau belle"
    " bel bon bonne long longue saint sainte mont val ville fort"
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
