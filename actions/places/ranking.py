"""What a place says of what is asked, weighed against how far it is. Pure.

Silence is not «no»: most rows of most directories say nothing of their services. A place that
says that it does what is asked comes first, unless one that says nothing is much nearer; a
place that says «no» is never proposed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from actions.places import hours, place
from actions.places.directory import Filters, Found
from actions.places.feature_bits import open_weekdays
from actions.places.place import Described
from actions.places.services import NOT_IN_0_1

DETOUR_M = 10_000.0
"""How much farther a place may be for having said that it does what is asked."""
MUCH_NEARER = 3.0
"""How many times nearer a silent place must be to be shown beside places that say yes."""
BESIDE_M = 1_000.0
"""A silent place less near than this by itself is worth no place among those that say yes."""


class Says(StrEnum):
    """What a place says of one thing that is asked."""

    YES = "oui"
    NO = "non"
    UNKNOWN = "inconnu"


Criterion = Callable[[Described], Says]


@dataclass(frozen=True, slots=True)
class Standing:
    """What a place says of everything that is asked."""

    yes: int
    """Things it says that it does."""
    unknown: int
    """Things it says nothing of."""

    @property
    def declared(self) -> bool:
        """It says that it does all that is asked, or nothing in particular is."""
        return self.unknown == 0

    @property
    def silence(self) -> float:
        """The share of what is asked that it says nothing of, from 0 to 1."""
        asked = self.yes + self.unknown
        return self.unknown / asked if asked else 0.0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in the order to show, and what it says."""

    found: Found
    standing: Standing

    @property
    def cost_m(self) -> float:
        """Metres to go, and those that its silence is worth."""
        return (self.found.distance_m or 0.0) + DETOUR_M * self.standing.silence


def standing(described: Described, filters: Filters) -> Standing | None:
    """Return what a place says of what is asked; ``None`` where it says no to anything."""
    said = [criterion(described) for criterion in criteria(filters)]
    if Says.NO in said:
        return None
    return Standing(said.count(Says.YES), said.count(Says.UNKNOWN))


def criteria(filters: Filters) -> Iterator[Criterion]:
    """Return one criterion for each thing that is asked."""
    for service in sorted(filters.services):
        yield partial(_has_service, service, filters.services)
    for support in sorted(filters.supports):
        yield partial(_helps_so, support)
    if filters.free:
        yield _free
    if filters.weekday is not None:
        yield partial(_on_weekday, filters.weekday)
    if filters.open_at is not None:
        yield partial(_open_at, filters.open_at)
    for asked, care in (
        (filters.wheelchair, place.WHEELCHAIR),
        (filters.deaf, place.DEAF),
        (filters.blind, place.BLIND),
        (filters.language == place.ENGLISH, place.ENGLISH),
        (bool(filters.language) and filters.language != place.ENGLISH, place.LANGUAGES),
    ):
        if asked:
            yield partial(_receives, care)
    if filters.free_help:
        yield _helps_for_free
    if filters.labelled:
        yield _took_the_pass


def _has_service(service: str, asked: frozenset[str], described: Described) -> Says:
    if described.implied:
        return Says.UNKNOWN  # what its programme does, the place itself does not say
    said = _among(service, described.services)
    # Of two needs, a place that meets one is worth knowing: the other is asked of it.
    met = any(other in described.services for other in asked)
    return Says.UNKNOWN if said is Says.NO and (met or service in NOT_IN_0_1) else said


def _helps_so(support: str, described: Described) -> Says:
    return _among(support, described.supports)


def _receives(care: str, described: Described) -> Says:
    # A list of the publics that are received is never complete.
    return Says.YES if care in described.care else Says.UNKNOWN


def _helps_for_free(described: Described) -> Says:
    return Says.YES if described.free_help else Says.UNKNOWN


def _took_the_pass(described: Described) -> Says:
    # Newer versions of the national schema no longer say who took the pass.
    return Says.YES if described.labelled else Says.UNKNOWN


def _among(wanted: str, said: Sequence[str]) -> Says:
    if not said:
        return Says.UNKNOWN
    return Says.YES if wanted in said else Says.NO


def _free(described: Described) -> Says:
    if described.free or place.FREE_ON_CONDITION in described.prices:
        return Says.YES
    return Says.NO if described.prices else Says.UNKNOWN


def _on_weekday(day: int, described: Described) -> Says:
    schedule = hours.read_schedule(described.hours_osm, described.departement)
    if schedule is None:
        return Says.UNKNOWN
    return Says.YES if day in open_weekdays(described.hours_osm) else Says.NO


def _open_at(moment: datetime, described: Described) -> Says:
    schedule = hours.read_schedule(described.hours_osm, described.departement)
    if schedule is None:
        return Says.UNKNOWN
    local = hours.local(moment, described.departement)
    return Says.YES if schedule.is_open(local) else Says.NO


def rank(candidates: Iterable[Found], filters: Filters, limit: int) -> list[Ranked]:
    """Return the places to show, in order; those that say no are left out.

    Args:
        candidates: Places within reach, in any order, each once.
        filters: What is asked.
        limit: How many to return, at most.
    """
    ranked = [
        Ranked(found, said)
        for found in candidates
        if (said := standing(found.place, filters)) is not None
    ]
    ranked.sort(key=_order)
    shown, rest = ranked[:limit], ranked[limit:]
    if shown and all(one.standing.declared for one in shown):
        near = min((one for one in rest if not one.standing.declared), key=_nearness, default=None)
        if near is not None and _worth_a_place(near, shown):
            shown[-1:] = [near] if limit > 1 else shown[-1:]
    return shown


def _order(one: Ranked) -> tuple[float, int, str]:
    return one.cost_m, one.standing.unknown, one.found.place.id


def _nearness(one: Ranked) -> tuple[float, str]:
    return one.found.distance_m or 0.0, one.found.place.id


def _worth_a_place(near: Ranked, shown: Sequence[Ranked]) -> bool:
    """Whether a silent place is so near that one of those that say yes gives it its place."""
    nearest = min(one.found.distance_m or 0.0 for one in shown)
    return nearest > BESIDE_M and (near.found.distance_m or 0.0) * MUCH_NEARER <= nearest
