"""The helpdesk's opening hours, with the public holidays of its territory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from opening_hours import OpeningHours, State
from opening_hours.opening_hours import ParserError  # not in the package’s typed names

from actions.errors import ToldError

HORIZON_DAYS = 370
"""How far ahead the next opening is looked for: beyond a year, there is none."""

_BETWEEN_RULES = re.compile(r";|(?<=[\d\"f]),(?=\s*PH\b)", re.IGNORECASE)
"""A semicolon, or the comma of «Mo-Fr 09:00-12:30, PH off»."""
_HOLIDAY_RULE = re.compile(r"^PH\b[:\s]*", re.IGNORECASE)


_ALSO_SELECTS = re.compile(r"[,]|(?:Mo|Tu|We|Th|Fr|Sa|Su|[A-Z][a-z]{2}|week)\b")
"""Days or months after ``PH``: a holiday rule here holds on every public holiday."""


class HoursError(ToldError):
    """Hours, a time zone or a territory that cannot be read; one line fit for a person."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When the helpdesk is open."""

    zone: ZoneInfo
    week: OpeningHours
    on_holidays: OpeningHours | None
    """Hours of public holidays; ``None`` when they are days like others."""
    territory: str

    def is_open(self, at: datetime) -> bool:
        """Whether the helpdesk is open at a moment (aware, any time zone)."""
        local = at.astimezone(self.zone)
        return any(start <= local < end for start, end in self.openings(local.date()))

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """Return how long the helpdesk was open between two moments (aware)."""
        first, last = start.astimezone(self.zone), end.astimezone(self.zone)
        total = timedelta()
        for ahead in range((last.date() - first.date()).days + 1):
            for opens, closes in self.openings(first.date() + timedelta(days=ahead)):
                total += max(timedelta(), min(closes, last) - max(opens, first))
        return total

    def closes_at(self, at: datetime) -> datetime | None:
        """Return when the opening in progress ends; ``None`` when it is closed."""
        local = at.astimezone(self.zone)
        ends = [end for start, end in self.openings(local.date()) if start <= local < end]
        return ends[0] if ends else None

    def next_opening(self, after: datetime) -> datetime | None:
        """Return the first opening that begins after a moment; ``None`` within a year."""
        local = after.astimezone(self.zone)
        for ahead in range(HORIZON_DAYS):
            for start, _ in self.openings(local.date() + timedelta(days=ahead)):
                if start > local:
                    return start
        return None

    def openings(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Return the openings of one day, cut at midnight, in order."""
        rule = self.on_holidays if self.on_holidays and self.holiday(day) else self.week
        midnight = datetime.combine(day, time())
        tomorrow = midnight + timedelta(days=1)
        for start, end, state, _ in rule.intervals(midnight, tomorrow):
            if state == State.OPEN and start < tomorrow:
                yield (
                    max(start, midnight).replace(tzinfo=self.zone),
                    min(end or tomorrow, tomorrow).replace(tzinfo=self.zone),
                )

    def holiday(self, day: date) -> str:
        """Return the public holiday's name in French, or nothing on other days."""
        return _holidays(self.territory, day.year).get(day, "")


@lru_cache(maxsize=64)
def _holidays(territory: str, year: int) -> dict[date, str]:
    country, _, subdivision = territory.partition("-")
    names = holidays.country_holidays(
        country, subdiv=subdivision or None, years=year, language="fr"
    )
    return dict(names.items())


def read_hours(expression: str, timezone: str, territory: str) -> Hours:
    """Read the configuration of ``bot.settings`` (``helpdesk_*``).

    Args:
        expression: OSM opening hours; rules that begin with ``PH`` hold on public holidays.
        timezone: IANA name.
        territory: ``FR``, or ``FR-`` and a subdivision (``FR-57`` Moselle, ``FR-6AE`` Alsace,
            ``FR-974`` La Réunion…), whose holidays count.

    Raises:
        HoursError: One of them cannot be read.
    """
    rules = [rule.strip() for rule in _BETWEEN_RULES.split(expression) if rule.strip()]
    ordinary = "; ".join(rule for rule in rules if not _HOLIDAY_RULE.match(rule))
    special = "; ".join(_HOLIDAY_RULE.sub("", rule) for rule in rules if _HOLIDAY_RULE.match(rule))
    of_holidays = [_HOLIDAY_RULE.sub("", rule) for rule in rules if _HOLIDAY_RULE.match(rule)]
    if any(_ALSO_SELECTS.match(rule) for rule in of_holidays) or re.search(r"\bSH\b", expression):
        raise HoursError(
            f"horaires illisibles : « {expression[:80]} ». Les jours fériés s'écrivent seuls : "
            "« PH off » ou « PH 10:00-12:00 » ; les vacances scolaires ne sont pas connues"
        )
    try:
        week = OpeningHours(ordinary or "off")
        on_holidays = OpeningHours(special) if special else None
    except (ParserError, SyntaxError, ValueError):
        raise HoursError(f"horaires illisibles : « {expression[:80]} »") from None
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise HoursError(f"fuseau horaire inconnu : « {timezone[:40]} »") from None
    try:
        _holidays(territory, 2026)
    except (NotImplementedError, KeyError, ValueError):
        raise HoursError(f"territoire inconnu : « {territory[:40]} »") from None
    return Hours(zone, week, on_holidays, territory)
