"""Turn readings of a name into the area found, or into a choice."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from actions.reading.territory.area_result import Area, Candidate
from actions.reading.territory.gazetteer import ARRONDISSEMENT, Commune
from actions.reading.territory.names import DOMINANT, NameIndex
from actions.reading.territory.place_vocabulary import ARTICLES
from actions.reading.territory.territories import (
    FORMER,
    FULL,
    SHORT,
    SHORT_FROM,
    Hit,
    Named,
    words_of,
)

MOST_CANDIDATES = 6
"""Choices offered for one ambiguous name."""

DOMINANT_MISSPELT = 1.5
"""The same as ``DOMINANT`` between readings of a misspelt name: slips already cost."""

LARGE_TOWN = 15_000
"""Population from which a name cut short is rather the town than a village of that name."""


FAR_HEAVIER = 10.0
"""A town's name cut short is the town when it outweighs this many times who bears it whole."""


@dataclass(frozen=True, slots=True)
class Within:
    """What a commune must be in: a département or a région said beside it."""

    departements: frozenset[str]

    def holds(self, named: Named) -> bool:
        """Say whether a territory is in it, at least in part."""
        return bool(self.departements.intersection(named.departements))


def within(named: Collection[Named]) -> Within | None:
    """Return the part of France that all the territories said share; ``None`` if none was."""
    if not named:
        return None
    sets = [frozenset(each.departements) for each in named]
    common = frozenset.intersection(*sets)
    return Within(common or frozenset.union(*sets))


def communes_among(hits: list[Hit]) -> list[Hit]:
    """Keep the readings that are communes."""
    return [hit for hit in hits if hit.named.kind == "commune"]


def resolve(hits: list[Hit], index: NameIndex) -> Area:
    """Take the dominant bearer of a name, or offer the choice."""
    hits = _full_names_first(hits)
    first = hits[0]
    dominant = DOMINANT if first.exact else DOMINANT_MISSPELT
    rivals = [
        hit
        for hit in hits[1:]
        if hit.weight * dominant > first.weight
        and not (first.share == FULL and hit.share == SHORT and hit.weight < first.weight)
    ]
    if first.named.kind == "commune" and len(hits) > 1 and hits[1].named.kind != "commune":
        rivals = [hits[1]]
    if not rivals:
        return found(first.named, index)
    shown = [hit.named for hit in hits if hit.weight * DOMINANT * 2 > first.weight]
    return choice(shown[:MOST_CANDIDATES])


def found(named: Named, index: NameIndex) -> Area:
    """Return the area of a territory."""
    return Area(
        "found",
        named.kind,
        named.codes,
        label=_label(named),
        point=named.point,
        departements=named.departements,
        communes=index.gazetteer.epcis[named.codes[0]].members if named.kind == "epci" else (),
    )


def choice(named: list[Named]) -> Area:
    """Return the choice between territories, the first the most likely."""
    candidates = tuple(_candidate(each) for each in dict.fromkeys(named))
    return Area(
        "ambiguous",
        candidates[0].kind,
        tuple(code for candidate in candidates for code in candidate.codes),
        candidates=candidates,
    )


def _full_names_first(hits: list[Hit]) -> list[Hit]:
    """Let a name cut short give way to the communes that bear exactly that name.

    Unless it is a large town's: «Évry» is Évry-Courcouronnes before a village of 350 people,
    but «Bry» may be the village or Bry-sur-Marne.
    """
    full = [h for h in hits if h.share == FULL and h.exact and h.named.kind == "commune"]
    if hits[0].named.population >= SHORT_FROM:
        full = [h for h in full if h.weight > FORMER]  # a hamlet of today gives way to a town
    if not full or hits[0].share == FULL:
        return hits
    large = hits[0].named.population >= LARGE_TOWN
    # Who wrote «Le Puy» did not mean the village of Puy.
    needed = DOMINANT if words_of(full[0].named.label)[0] in ARTICLES else FAR_HEAVIER
    if large and hits[0].share == SHORT and hits[0].weight >= needed * full[0].weight:
        return hits
    if (large or hits[0].share == SHORT) and hits[0].weight > full[0].weight:
        return [replace(full[0], weight=hits[0].weight), *(h for h in hits if h is not full[0])]
    return full


def _candidate(named: Named) -> Candidate:
    commune: Commune | None = named.commune
    return Candidate(
        named.kind,
        named.codes,
        _label(named),
        named.within if commune else "",
        commune.postcodes[0] if commune and commune.postcodes else "",
        named.point,
    )


def _label(named: Named) -> str:
    """«Lyon 3e» for an arrondissement, else the name."""
    if named.commune is not None and named.commune.kind == ARRONDISSEMENT:
        return named.label.removesuffix(" Arrondissement")
    return named.label
