"""Opening hours: OSM syntax, public holidays and time zones of each territory.

A value that is neither OSM syntax nor plain French hours is not interpreted: it is shown as
written.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

from actions.clock import PARIS
from actions.places.hours_french import as_osm
from actions.places.hours_rules import OpeningRules, take_apart, with_holidays

_ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
"""Département or collectivité → time zone, where it is not Paris'."""

_HOLIDAY_TERRITORIES = {
    "57": "57",
    "67": "6AE",
    "68": "6AE",
    "971": "971",
    "972": "972",
    "973": "973",
    "974": "974",
    "975": "PM",
    "976": "976",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
"""Département → subdivision of ``holidays.France``: Alsace-Moselle (law of 1892) and overseas."""

_QUOTED = re.compile(r'"[^"]*"')
_ANY_YEAR = 2026
"""Rules that can be read with the holidays of one year can with those of any."""
_REGULAR = re.compile(
    r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|off|closed|open|unknown|24/7|\d{1,2}:\d\d|[-,;\s])*", re.IGNORECASE
)


def zone(departement: str) -> ZoneInfo:
    """Return the time zone of a département or overseas collectivité."""
    return zone_named(_ZONES.get(departement, "Europe/Paris"))


@lru_cache(maxsize=16)
def zone_named(name: str) -> ZoneInfo:
    """Return a time zone, read once."""
    return ZoneInfo(name)


def local(moment: datetime, departement: str) -> datetime:
    """Return what the clocks of that département show (naive).

    A naive ``moment`` is taken as Paris time.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
    return aware.astimezone(zone(departement)).replace(tzinfo=None)


def holiday(day: date, departement: str) -> str:
    """Return the public holiday's name in French; empty on an ordinary day.

    Good Friday counts in all of Alsace-Moselle, where law gives it only to communes with
    a Protestant church.
    """
    return _holidays(_HOLIDAY_TERRITORIES.get(departement, ""), day.year).get(day, "")


@lru_cache(maxsize=64)
def _holidays(territory: str, year: int) -> dict[date, str]:
    return dict(
        holidays.country_holidays("FR", subdiv=territory or None, years=year, language="fr")
    )


class Schedule:
    """Hours that could be read, in one territory. Moments are naive local times."""

    def __init__(self, expression: str, departement: str) -> None:
        """Read ``expression``, in OSM syntax.

        Raises:
            ValueError: Not OSM opening hours, or some that cannot be evaluated.
        """
        self.departement = departement
        self._rules = take_apart(expression)
        bare = _QUOTED.sub("", str(self._rules))
        self.names_holidays = self._rules.holidays
        self.names_school_holidays = self._rules.school_holidays
        """Their calendar is not known here: such hours can only be checked by a call."""
        self.regular = bool(_REGULAR.fullmatch(bare))
        """Every ordinary week is the same."""
        self.opens_on_holidays = self._rules.opens_on_holidays
        self._territory = _HOLIDAY_TERRITORIES.get(departement, "")
        if self._rules.unread:
            raise ValueError("hours that cannot be evaluated")
        if not self._rules.rules:
            raise ValueError("no hours outside school holidays")
        if self.names_holidays:
            _with_holidays(self._rules, self._territory, _ANY_YEAR)
        else:
            _parse(str(self._rules))

    def state(self, moment: datetime) -> tuple[State, str]:
        """Return the state and the comment at a local moment."""
        state, comment = self._for(moment).state(moment)
        if state == State.CLOSED and self._rules.otherwise:
            return State.UNKNOWN, self._rules.otherwise
        return state, comment

    def is_open(self, moment: datetime) -> bool:
        """Whether it is open; hours on a mere comment («sur rendez-vous») are not."""
        state, comment = self.state(moment)
        return state == State.OPEN and not comment

    def intervals(self, day: date) -> list[tuple[time, time, str]]:
        """Return the openings that begin on a day: start, end (00:00 is midnight), comment."""
        start = datetime.combine(day, time())
        end = start + timedelta(days=1)
        found = []
        for begin, stop, state, comment in self._for(start).intervals(start, end):
            if state != State.CLOSED and begin < end:
                note = comment or ("à vérifier" if state == State.UNKNOWN else "")
                found.append((begin.time(), min(stop, end).time(), note))
        if not found and self._rules.otherwise:
            return [(time(), time(), self._rules.otherwise)]
        return found

    def next_change(self, moment: datetime) -> datetime | None:
        """Return when the state changes, within a year; ``None`` if it does not."""
        change = self._for(moment).next_change(moment)
        if change is None or change > moment + timedelta(days=366):
            return None
        return change

    def _for(self, moment: datetime) -> OpeningHours:
        if not self.names_holidays:
            return _parse(str(self._rules))
        return _with_holidays(self._rules, self._territory, moment.year)


@lru_cache(maxsize=20_000)
def read_schedule(expression: str, departement: str) -> Schedule | None:
    """Return the schedule; ``None`` where the value is empty or cannot be read.

    OSM syntax is read as such first: there, «Mar» is a month.
    """
    if not expression.strip():
        return None
    for written in dict.fromkeys((expression, as_osm(expression))):
        with suppress(ValueError):
            return Schedule(written, departement)
    return None


@lru_cache(maxsize=20_000)
def _parse(expression: str) -> OpeningHours:
    try:
        return OpeningHours(expression, auto_country=False, auto_timezone=False)
    except ParserError as error:
        raise ValueError("not OSM opening hours") from error


@lru_cache(maxsize=20_000)
def _with_holidays(rules: OpeningRules, territory: str, year: int) -> OpeningHours:
    """Evaluate rules with the holidays of a territory, around a year."""
    days = sorted(day for y in (year - 1, year, year + 1) for day in _holidays(territory, y))
    return _parse(with_holidays(rules.rules, days, _selects))


def _selects(days: str, day: date) -> bool:
    """Whether selectors hold on a day; those that cannot be read do not."""
    try:
        state, _ = _parse(f"{days} 00:00-24:00").state(datetime.combine(day, time(12)))
    except ValueError:
        return False
    return state == State.OPEN
