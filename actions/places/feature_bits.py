"""What a place offers, as bits: how an index tells at a glance what to leave out.

A bit that is set may be a superset of the truth for hours (``blocks``); for everything
else bits are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from actions.clock import PARIS
from actions.places import hours, place
from actions.places.directory import Filters
from actions.places.place import Described
from actions.places.services import SERVICE_IDS

_FLAGS = (
    "labelled",
    "free",
    "free_help",
    *place.SUPPORTS,
    *place.CARE,
    *place.PROGRAMMES,
    *(f"day{n}" for n in range(7)),
    *(f"service:{name}" for name in SERVICE_IDS),
)
_ZONES = (
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Cayenne",
    "America/Miquelon",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Wallis",
)
_SAME_ZONE = {
    "America/Martinique": "America/Guadeloupe",
    "America/St_Barthelemy": "America/Guadeloupe",
    "America/Marigot": "America/Guadeloupe",
}
BIT = {name: 1 << number for number, name in enumerate(_FLAGS)}
"""Feature → its bit."""
ZONE_SHIFT = len(_FLAGS)

_BLOCK_STARTS = (0, 8, 9, 10, 12, 13, 14, 17, 19)
"""Hours at which a day's nine blocks begin; 7 × 9 blocks fit 63 bits."""
ALL_BLOCKS = (1 << 63) - 1
_ORDINARY_WEEK = date(2026, 6, 8)
"""A Monday with no public holiday anywhere in France that week."""


LAYOUT = "|".join((*_FLAGS, *_ZONES, *map(str, _BLOCK_STARTS)))
"""What the bits mean: an index stored under another layout must be built again."""


def features(described: Described) -> int:
    """Return the bits of what a place offers, its open weekdays and its time zone."""
    names = [*described.supports, *described.care, *described.programmes]
    names += [f"service:{name}" for name in described.services]
    if described.labelled:
        names.append("labelled")
    if described.free:
        names.append("free")
    if described.free_help:
        names.append("free_help")
    bits = zone_bit(described.departement)
    for name in names:
        bits |= BIT[name]
    for day in open_weekdays(described.hours_osm):
        bits |= BIT[f"day{day}"]
    return bits


def wanted(filters: Filters) -> int:
    """Return the bits that a place must all have."""
    names = [*filters.supports, *(f"service:{name}" for name in filters.services)]
    for flag, asked in (
        ("labelled", filters.labelled),
        ("free", filters.free),
        ("free_help", filters.free_help),
        (place.WHEELCHAIR, filters.wheelchair),
        (place.DEAF, filters.deaf),
        (place.BLIND, filters.blind),
        (place.ENGLISH, filters.language == place.ENGLISH),
        (place.LANGUAGES, bool(filters.language)),
        (f"day{filters.weekday}", filters.weekday is not None),
    ):
        if asked:
            names.append(flag)
    bits = 0
    for name in names:
        bits |= BIT[name]
    return bits


@lru_cache(maxsize=256)
def zone_bit(departement: str) -> int:
    """Return the bit of a département's time zone."""
    key = hours.zone(departement).key
    return 1 << (ZONE_SHIFT + _ZONES.index(_SAME_ZONE.get(key, key)))


@lru_cache(maxsize=20_000)
def open_weekdays(expression: str) -> tuple[int, ...]:
    """Return the weekdays (0 is Monday) with an opening in an ordinary week.

    Where hours follow seasons, a day counts if it is open in some week of the year.
    """
    schedule = hours.read_schedule(expression, "")
    if schedule is None:
        return ()
    span = 7 if schedule.regular else 364
    days = (_ORDINARY_WEEK + timedelta(days=n) for n in range(span))
    return tuple(sorted({d.weekday() for d in days if _opens(schedule, d)}))


def _opens(schedule: hours.Schedule, day: date) -> bool:
    return not hours.holiday(day, "") and any(not note for *_, note in schedule.intervals(day))


@lru_cache(maxsize=20_000)
def blocks(expression: str) -> int:
    """Return the parts of the week in which a place may be open: a superset, never less."""
    schedule = hours.read_schedule(expression, "")
    if schedule is None:
        return 0
    if not schedule.regular or schedule.opens_on_holidays:
        return ALL_BLOCKS
    bits = 0
    for n in range(7):
        day = _ORDINARY_WEEK + timedelta(days=n)
        for start, end, _ in schedule.intervals(day):
            last = 24.0 if end == time() else end.hour + end.minute / 60
            for number, begin in enumerate(_BLOCK_STARTS):
                stop = (*_BLOCK_STARTS, 24)[number + 1]
                if begin < last and start.hour + start.minute / 60 < stop:
                    bits |= 1 << (n * 9 + number)
    return bits


def block_of(moment: datetime) -> int:
    """Return the bit of the part of the week that a local moment is in."""
    number = sum(start <= moment.hour for start in _BLOCK_STARTS) - 1
    return 1 << (moment.weekday() * 9 + number)


def blocks_by_zone(moment: datetime) -> Sequence[tuple[int, int]]:
    """Return, for each time zone's bit, the bit of the part of the week it is there."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
    return [
        (1 << (ZONE_SHIFT + n), block_of(aware.astimezone(hours.zone_named(name))))
        for n, name in enumerate(_ZONES)
    ]
