"""How good a directory is: how fresh, how complete, how often it says a place twice. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from actions.places.hours import read_schedule
from actions.places.place import Place
from actions.reading.fold import fold

AGES = (("less_than_1_year", 365), ("1_to_2_years", 730))
"""Ages of what is known of a place, and the most days of each; older is ``OLDER``."""
OLDER, UNDATED = "more_than_2_years", "unknown"
_SAID: Mapping[str, Callable[[Place], object]] = {
    "exact_position": lambda one: not one.approximate,
    "address": lambda one: one.address,
    "phone": lambda one: one.phone,
    "email": lambda one: one.email,
    "website": lambda one: one.website,
    "hours": lambda one: one.hours_osm.strip(),
    "hours_understood": lambda one: read_schedule(one.hours_osm, one.departement),
    "services": lambda one: one.services,
    "price": lambda one: one.prices or one.free,
    "kind_of_help": lambda one: one.supports,
    "accessibility": lambda one: one.care or one.accessibility_url,
}
"""What a place may say, that people ask for."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What is known of a directory as a whole. Counts are of places, unless told."""

    places: int
    ages: Mapping[str, int]
    """Those of each age of ``AGES``, then ``OLDER`` and ``UNDATED``."""
    latest: date | None
    """Day of the most recent revision."""
    said: Mapping[str, int]
    """Those that say each thing of ``_SAID``."""
    rows: int
    """Rows of all sources that are in a place."""
    alike: int
    """Those that share their telephone, or their name and commune, with another: to look at."""

    @property
    def merged(self) -> int:
        """Rows that were recognised as a place of another row."""
        return max(0, self.rows - self.places)


def measure(places: Iterable[Place], rows: int, on: date) -> Quality:
    """Look at each place once; ``on`` is the day that ages are counted to."""
    ages = Counter({name: 0 for name, _ in AGES} | {OLDER: 0, UNDATED: 0})
    said = Counter(dict.fromkeys(_SAID, 0))
    phones: Counter[tuple[str, str]] = Counter()
    names: Counter[tuple[str, str]] = Counter()
    marks: list[tuple[tuple[str, str], tuple[str, str]]] = []
    latest: date | None = None
    for one in places:
        updated = one.updated if one.updated and one.updated <= on else None
        ages[_age(updated, on)] += 1
        latest = max(filter(None, (latest, updated)), default=None)
        said.update(name for name, says in _SAID.items() if says(one))
        mark = ((one.phone, one.insee), (fold(one.name), one.insee))
        marks.append(mark)
        phones[mark[0]] += bool(one.phone)
        names[mark[1]] += 1
    return Quality(
        places=len(marks),
        ages=dict(ages),
        latest=latest,
        said=dict(said),
        rows=rows,
        alike=sum(phones[phone] > 1 or names[name] > 1 for phone, name in marks),
    )


def _age(updated: date | None, on: date) -> str:
    if updated is None:
        return UNDATED
    days = (on - updated).days
    return next((name for name, most in AGES if days <= most), OLDER)
