"""Opening hours written in French («Lun-Ven 9h-12h»), put in OSM syntax.

Every word must be understood, or nothing is: «lundi 9h-12h, ou appeler» stays as it is, for
people to read. What two readers could take otherwise (two times for one day) is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from actions.errors import PasserelleError
from actions.reading.fold import strip_accents

_OSM_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_NAMES = (
    ("lundis", "lundi", "lun", "lu", "mo"),
    ("mardis", "mardi", "mar", "ma", "tu"),
    ("mercredis", "mercredi", "mer", "me", "we"),
    ("jeudis", "jeudi", "jeu", "je", "th"),
    ("vendredis", "vendredi", "vend", "ven", "ve", "fr"),
    ("samedis", "samedi", "sam", "sa"),
    ("dimanches", "dimanche", "dim", "di", "su"),
)
_DAY = {name: number for number, names in enumerate(_DAY_NAMES) for name in names}
_ENGLISH = frozenset(day.lower() for day in _OSM_DAYS) - {"sa"}
_HOLIDAYS = 7
"""Public holidays, counted as an eighth day."""
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_CLOCK = re.compile(r"\b(\d{1,2})\s?[hH](?:\s?(\d{2}))?\b(?!\w)")
_QUOTED = re.compile(r'("[^"]*")')
_TOKEN = re.compile(
    r"(?P<rdv>(?:uniquement |seulement )?sur (?:rendez[ -]vous|r\.?d\.?v\.?)(?!\w))"
    r"|(?P<every>tous les jours|7 ?j(?:ours)? ?(?:/|sur) ?7(?: ?j)?)"
    r"|(?P<holidays>(?:jours? )?feries?\b|ph\b)"
    r"|(?P<off>fermee?s?\b|fermeture\b|off\b|closed\b)"
    r"|(?P<except>sauf|hors|excepte)\b"
    r"|(?P<time>\d{1,2} ?(?:h|heures?)(?: ?\d{2})?(?!\w)|\d{1,2}:\d{2}(?!\d)|midi\b|minuit\b"
    r"|\d{1,2}(?= ?(?:-|a) ?\d{1,2} ?h))"
    r"|(?P<to>-|au?\b|jusqu'?a\b)"
    r"|(?P<day>(?:" + "|".join(_DAY) + r")(?!\w)\.?)"
    r"|(?P<filler>(?:de|du|le|les|des|la|l'|d'|et|puis|ouverte?s?|ouverture|horaires?)(?!\w)"
    r"|[,;:/&().•]|\|(?!\|)|\s+)"
)
_LAST_MINUTE = 24 * 60

Span = tuple[int, int]


class _UnreadError(PasserelleError):
    """Something is not understood."""


@dataclass(slots=True)
class _Said:
    """Days, and what holds on them: spans of minutes, or nothing yet."""

    days: set[int]
    spans: list[Span] = field(default_factory=list)


def as_osm(text: str) -> str:
    """Return hours in OSM syntax where French ones are understood to the last word.

    «Lun–Ven 9h-12h30 ; fermé le mercredi» → «Mo-Tu,Th-Fr 09:00-12:30; We off».
    """
    try:
        return _written(_plain(text))
    except _UnreadError:
        return _osm_spelling(text)


def _osm_spelling(text: str) -> str:
    """Return OSM syntax with its own dashes and clocks: «Jul–Aug Mo 9h–12h»; comments kept."""
    parts = _QUOTED.split(text)
    return "".join(
        part if part.startswith('"') else _CLOCK.sub(_clock, _DASHES.sub("-", part))
        for part in parts
    )


def _clock(found: re.Match[str]) -> str:
    return f"{int(found[1]):02}:{found[2] or '00'}"


def _plain(text: str) -> str:
    """Return text in small letters, without accents, odd dashes, quotes or spaces."""
    return " ".join(strip_accents(_DASHES.sub("-", text).replace("\u2019", "'")).split())


def _written(text: str) -> str:
    said = _Reader()
    tokens = list(_tokens(text))
    for number, (kind, word) in enumerate(tokens):
        following = next((k for k, _ in tokens[number + 1 :] if k != "filler"), "")
        said.take(kind, word, following)
    english = any(kind == "day" and word.strip(".") in _ENGLISH for kind, word in tokens)
    return said.written(overriding=english)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or not found[0]:
            raise _UnreadError(text)
        at = found.end()
        if not found[0].isspace():
            yield str(found.lastgroup), found[0]


class _Reader:
    """Reads the words one by one."""

    def __init__(self) -> None:
        self._said: list[_Said] = []
        self._closed: set[int] = set()
        self._current: _Said | None = None
        """The days that times or «fermé» that follow are about."""
        self._times_first: list[Span] = []
        self._days: list[int] = []
        """Days being told, one after another."""
        self._range_ended = False
        """The last of them ends a range: «lundi - mardi - jeudi» is none."""
        self._start: int | None = None
        self._to = ""
        """What a range waits the end of: a «day», a «time»."""
        self._closing = self._excepting = False
        self._on_appointment = False
        self._complete = False
        """Times came before their days: nothing but closings may follow."""

    def take(self, kind: str, word: str, following: str) -> None:
        """Read one more word; ``following`` is the kind of the next one that matters."""
        if self._start is not None and kind not in ("to", "time"):
            raise _UnreadError("a time without its end")
        if kind == "day":
            self._day(_DAY[word.strip(".")])
        elif kind in ("every", "holidays"):
            self._no_range()
            self._days += range(7) if kind == "every" else [_HOLIDAYS]
        elif kind == "to":
            self._range(following)
        elif kind == "time":
            self._time(_minutes(word))
        elif kind == "off":
            self._settle()
            if self._current and not self._current.spans:
                self._closed |= self._current.days
                self._said.remove(self._current)
                self._current = None
            else:
                self._closing = True
        elif kind == "except":
            self._settle()
            self._excepting = True
        elif kind == "rdv":
            self._on_appointment = True

    def _day(self, day: int) -> None:
        if self._to == "day":
            first, self._to = self._days[-1], ""
            while first != day:
                first = (first + 1) % 7
                self._days.append(first)
            self._range_ended = True
        else:
            self._no_range()
            self._days.append(day)
            self._range_ended = False

    def _range(self, following: str) -> None:
        self._no_range()
        if self._start is not None and following == "time":
            self._to = "time"
        elif self._days and self._days[-1] < _HOLIDAYS and following == "day":
            if self._range_ended:
                raise _UnreadError("a range of a range")
            self._to = "day"
        elif following not in ("time", "day"):
            raise _UnreadError("a range without its end")

    def _no_range(self) -> None:
        if self._to:
            raise _UnreadError("a range without its end")

    def _time(self, minutes: int) -> None:
        if self._start is None:
            self._settle()
            self._start = minutes
            return
        if self._to != "time":
            raise _UnreadError("two times without a range")
        span = (self._start, minutes or _LAST_MINUTE)
        self._start, self._to = None, ""
        if not span[0] < span[1] <= _LAST_MINUTE or self._complete or self._closing:
            raise _UnreadError("an impossible time")
        if self._current is not None:
            self._current.spans.append(span)
        elif not self._said:
            self._times_first.append(span)
        else:
            raise _UnreadError("times of no day")

    def _settle(self) -> None:
        """Give the days told so far their part."""
        self._no_range()
        days, self._days = set(self._days), []
        if not days:
            return
        if self._closing or self._excepting:
            self._closed |= days
            self._closing = self._excepting = False
            return
        if self._complete:
            raise _UnreadError("more days after times first")
        self._current = _Said(days)
        self._said.append(self._current)
        if self._times_first:
            self._current.spans, self._times_first = self._times_first, []
            self._current, self._complete = None, True

    def written(self, *, overriding: bool) -> str:
        """Return what was said in OSM syntax."""
        self._settle()
        if self._start is not None or self._closing or self._excepting or self._times_first:
            raise _UnreadError("something is missing")
        if not self._said or not all(one.spans for one in self._said):
            raise _UnreadError("days without times")
        if self._on_appointment and len(self._said) > 1:
            raise _UnreadError("an appointment for which days?")
        week: dict[int, list[Span]] = {}
        for one in self._said:
            again = one.days & week.keys()
            if again and not overriding:
                raise _UnreadError("two times for one day")
            if any(a[1] > b[0] for a, b in zip(one.spans, one.spans[1:], strict=False)):
                raise _UnreadError("times that overlap")
            week |= {day: one.spans for day in one.days}
        week |= {day: [] for day in self._closed}
        note = ' "sur rendez-vous"' if self._on_appointment else ""
        return "; ".join(
            f"{_days(days)} {','.join(map(_span, spans)) + note if spans else 'off'}"
            for days, spans in _alike(week)
        )


def _minutes(word: str) -> int:
    if word in ("midi", "minuit"):
        return 12 * 60 if word == "midi" else 0
    hours, _, minutes = re.sub(r"\s*(?:heures?|h|:)\s*", ":", word).partition(":")
    if int(minutes or 0) > 59:
        raise _UnreadError(word)
    return int(hours) * 60 + int(minutes or 0)


def _alike(week: dict[int, list[Span]]) -> Iterator[tuple[list[int], list[Span]]]:
    """Yield the days that have the same times; public holidays apart, and last."""
    left = sorted(week)
    while left:
        spans = week[left[0]]
        same = [d for d in left if week[d] == spans and (d == _HOLIDAYS) == (left[0] == _HOLIDAYS)]
        yield same, spans
        left = [day for day in left if day not in same]


def _days(days: Iterable[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        "PH"
        if run[0] == _HOLIDAYS
        else _OSM_DAYS[run[0]] + (f"-{_OSM_DAYS[run[-1]]}" if run[1:] else "")
        for run in runs
    )


def _span(span: Span) -> str:
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in span)
