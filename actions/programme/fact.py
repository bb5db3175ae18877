"""A fact of the programme, and the facts as they stood on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from actions.french import (
    enumeration,
    euros,
    french_date,
    french_month,
    french_number,
    percent,
)
from actions.programme.errors import NotYetKnownError, UnknownFactError

Value = Decimal | date | str | tuple[str, ...]

ALWAYS = date.min
"""Start of a fact that holds whatever the day."""
REVIEW_DAYS = 365
"""Days after which a fact must be checked again."""


@dataclass(frozen=True, slots=True)
class FactSource:
    """Where a fact is written."""

    id: str
    title: str
    publisher: str
    date: str
    """ISO year, month or day; empty when the source bears no date."""
    territory: str
    url: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """Publisher, title and date, as a person can check them."""
        return f"{self.publisher}, «\u00a0{self.title}\u00a0», {self.date_words}"

    @property
    def date_words(self) -> str:
        """The date as French write it; ``sans date`` when there is none."""
        parts = [int(part) for part in self.date.split("-")] if self.date else []
        if len(parts) == 3:
            return french_date(date(*parts))
        if len(parts) == 2:
            return french_month(date(parts[0], parts[1], 1))
        return self.date or "sans date"


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a fact, as it stood on a day. ``str(fact)`` is French, ready to be said."""

    id: str
    description: str
    unit: str
    territory: str
    value: Value | None
    """``None`` only when ``unknown``."""
    sources: tuple[FactSource, ...]
    reviewed: date
    since: date = ALWAYS
    until: date | None = None
    """Last day on which the value holds; ``None`` when no end is known."""
    in_force: bool = True
    """False when the rule had already ended on the day asked: the value is the last one."""
    unknown: bool = False
    reading_of: str = ""
    note: str = ""

    @property
    def number(self) -> Decimal:
        """The value, of a fact counted in a numeric unit."""
        if not isinstance(self.value, Decimal):
            raise TypeError(f"{self.id} is not a number")
        return self.value

    @property
    def day(self) -> date:
        """The value, of a fact that is a day or a month."""
        if not isinstance(self.value, date):
            raise TypeError(f"{self.id} is not a day")
        return self.value

    @property
    def items(self) -> tuple[str, ...]:
        """The value, of a fact that is a list."""
        if not isinstance(self.value, tuple):
            raise TypeError(f"{self.id} is not a list")
        return self.value

    def __str__(self) -> str:
        return format_value(self.value, self.unit)


def format_value(value: Value | None, unit: str) -> str:
    """Write a value in French, by its unit; the empty string for what is not known."""
    if isinstance(value, Decimal):
        if unit == "euros":
            return euros(value)
        if unit == "part":
            return percent(value)
        return str(int(value)) if unit == "annee" else french_number(value)
    if isinstance(value, date):
        return french_month(value) if unit == "mois" else french_date(value)
    if isinstance(value, tuple):
        return enumeration(value)
    return value or ""


@dataclass(frozen=True, slots=True)
class Period:
    """A value and the day it starts; ``None`` ends the fact."""

    start: date
    value: Value | None
    sources: tuple[FactSource, ...]


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A fact with all its values, as the file gives it."""

    id: str
    description: str
    unit: str
    territory: str
    periods: tuple[Period, ...]
    reviewed: date
    unknown: bool
    reading_of: str
    note: str
    file: str

    def at(self, on: date) -> Fact:
        """Return the value in force, else the last one that was."""
        started = [index for index, period in enumerate(self.periods) if period.start <= on]
        told = [i for i in started if self.unknown or self.periods[i].value is not None]
        if not told:
            raise NotYetKnownError(self.id, self.periods[0].start)
        chosen = told[-1]
        period = self.periods[chosen]
        end = self.periods[chosen + 1].start if chosen + 1 < len(self.periods) else None
        return Fact(
            id=self.id,
            description=self.description,
            unit=self.unit,
            territory=self.territory,
            value=period.value,
            sources=period.sources,
            reviewed=self.reviewed,
            since=period.start,
            until=end - timedelta(days=1) if end else None,
            in_force=chosen == started[-1],
            unknown=self.unknown,
            reading_of=self.reading_of,
            note=self.note,
        )


class FactsAt(Mapping[str, Fact]):
    """The facts as they stood on a day: what had started by then, ended or not."""

    def __init__(self, entries: Mapping[str, DatedFact], on: date) -> None:
        self.on = on
        self._entries = entries
        self._facts: dict[str, Fact] = {}

    def __getitem__(self, fact: str) -> Fact:
        """Return a fact.

        Raises:
            UnknownFactError: No file defines it.
            NotYetKnownError: It starts after the day asked.
        """
        if fact not in self._facts:
            if fact not in self._entries:
                raise UnknownFactError(fact)
            self._facts[fact] = self._entries[fact].at(self.on)
        return self._facts[fact]

    def __iter__(self) -> Iterator[str]:
        return (entry.id for entry in self._entries.values() if self._started(entry))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, fact: object) -> bool:
        return (
            isinstance(fact, str) and fact in self._entries and self._started(self._entries[fact])
        )

    def in_force(self, fact: str) -> bool:
        """Tell whether a value holds on the day itself (started, and not ended)."""
        return fact in self and self[fact].in_force

    def readings(self, fact: str) -> tuple[Fact, ...]:
        """Return the other readings of a rule, which stand beside it."""
        return tuple(self[e.id] for e in self._entries.values() if e.reading_of == fact)

    def _started(self, entry: DatedFact) -> bool:
        return entry.periods[0].start <= self.on


class Facts:
    """Every fact of every file."""

    def __init__(self, entries: Mapping[str, DatedFact], sources: Mapping[str, FactSource]) -> None:
        self._entries = entries
        self._at: dict[date, FactsAt] = {}
        self.sources = sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def at(self, on: date) -> FactsAt:
        """Return the facts as they stood on a day; days asked often are kept."""
        if on not in self._at:
            if len(self._at) >= 64:
                self._at.clear()
            self._at[on] = FactsAt(self._entries, on)
        return self._at[on]

    def starts(self, fact: str) -> tuple[date, ...]:
        """Return the days on which a fact changes, oldest first."""
        if fact not in self._entries:
            raise UnknownFactError(fact)
        return tuple(period.start for period in self._entries[fact].periods)

    def overdue(self, on: date, max_days: int = REVIEW_DAYS) -> tuple[tuple[str, str, date], ...]:
        """Return file, id and review date of the facts not checked for ``max_days``."""
        limit = on - timedelta(days=max_days)
        return tuple(
            (e.file, e.id, e.reviewed) for e in self._entries.values() if e.reviewed < limit
        )
