"""The port through which the core searches places; adapters are in ``actions.reference``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from actions.geo import Point
from actions.places.place import Place


@dataclass(frozen=True, slots=True)
class Filters:
    """What a place must offer; everything set must hold. Nothing set: every place."""

    labelled: bool = False
    free: bool = False
    free_help: bool = False
    """France Services, conseillers numériques or médiathèques."""
    wheelchair: bool = False
    deaf: bool = False
    blind: bool = False
    language: str = ""
    """A language in French (``arabe``) or ``*``: places that say they help in other languages.

    The directory names English only; for another language the person must ask the place.
    """
    supports: frozenset[str] = frozenset()
    """Among ``place.SUPPORTS``."""
    services: frozenset[str] = frozenset()
    """Ids of ``actions.places.services``."""
    weekday: int | None = None
    """0 (Monday) to 6: open on that day in an ordinary week."""
    open_at: datetime | None = None
    """Open at that moment (aware; naive is taken as Paris time), public holidays included."""

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Query:
    """Which places, in which order.

    Places come nearest to ``point`` first, then by id. With areas, only the places inside
    one of them; without a point, nearest to the middle of those first.
    """

    point: Point | None = None
    radius_m: float | None = None
    """Farther places are left out; ``None``: no limit."""
    communes: frozenset[str] = frozenset()
    """INSEE codes; a commune stands for its arrondissements."""
    postcodes: frozenset[str] = frozenset()
    departements: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    filters: Filters = field(default_factory=Filters)
    offset: int = 0
    limit: int = 3
    exclude: frozenset[str] = frozenset()
    """Ids already shown: left out, even if an import happened in between."""

    @property
    def has_area(self) -> bool:
        """Whether only the places of some areas are asked for."""
        return bool(self.communes or self.postcodes or self.departements or self.regions)


@dataclass(frozen=True, slots=True)
class Found:
    """A place and how far it is."""

    place: Place
    distance_m: float | None
    """Great-circle metres from the query's point; ``None`` without a point."""


@dataclass(frozen=True, slots=True)
class Page:
    """Places of one answer."""

    found: tuple[Found, ...]
    more: bool
    """At least one more place matches."""


@dataclass(frozen=True, slots=True)
class DirectoryStats:
    """What the directory holds."""

    places: int
    labelled: int
    free: int
    sources: tuple[tuple[str, int], ...]
    """Origin and number of its records."""
    imported_at: datetime | None
    demonstration: bool


class Directory(Protocol):
    """Read-only search in the places."""

    @property
    def is_demonstration(self) -> bool:
        """Whether only the fictional places are there: every answer must say so."""
        ...

    def search(self, query: Query) -> Page:
        """Return the places that match, exactly, nearest first.

        Raises:
            ValueError: A query with neither point nor area.
        """
        ...

    def get(self, ids: Sequence[str]) -> list[Place]:
        """Return the places of these ids, in that order; unknown ids are left out."""
        ...

    def stats(self) -> DirectoryStats:
        """Count what the directory holds."""
        ...
