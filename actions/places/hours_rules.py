"""The rules of OSM opening hours, put in the form that our library evaluates as meant.

The library knows no holidays of France and takes some rules for more than they say:

- ``PH Mo-Sa off`` holds on public holidays that fall Monday to Saturday, not every day of both;
- ``SH Mo-Fr 14:00-17:00`` holds in school holidays, whose calendar is not known here;
- ``14:00+`` has an end that is not known;
- ``PH "appeler avant"`` is no opening; ``|| "sur rendez-vous"`` holds whenever it is closed;
- times of the sun, days counted from a holiday (``PH -1 day``), times at intervals and other
  fallbacks are not evaluated at all: ``OpeningRules.unread``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

OPEN_END = "fin non précisée"
"""Comment of an opening whose end is not known."""

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WHEN = re.compile(r"\d{1,2}:\d\d|\b(?:off|closed|open|unknown|sunrise|sunset)\b|24/7|\"|\(")
"""Where the times of a rule, or its state, begin: what stands before selects days."""
_SPLIT = re.compile(
    r'(;|\|\||(?:(?<=\d:\d\d)|(?<=["+])|(?<=off)|(?<=open)|(?<=closed)),'
    r'(?=\s*(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b)))(?=(?:[^"]*"[^"]*")*[^"]*$)'
)
"""Ends of rules; a comma ends one where times or a state precede it, and days follow."""
_DAYS = re.compile(r"\b(?:mo|tu|we|th|fr|sa|su|ph|sh)\b", re.IGNORECASE)
_COMMENT = re.compile(r'^"([^"]*)"$')
_FALLBACK = re.compile(r'^(?:unknown|closed|off|open)?\s*"([^"]*)"$')
_UNREAD = re.compile(
    r"\b(?:sunrise|sunset|dawn|dusk)\b|[PS]H\b[^;]*?[+-]\s*\d+\s*days?\b|\d:\d\d\s*/\s*\d",
    re.IGNORECASE,
)
_WEEKDAYS = re.compile(r"(?:Mo|Tu|We|Th|Fr|Sa|Su)(?:-(?:Mo|Tu|We|Th|Fr|Sa|Su))?")
_OPEN_ENDED = re.compile(r"^(?:(\d{1,2}:\d\d)\s*-\s*)?(\d{1,2}:\d\d)\+$")
"""«14:00+», «09:00-12:00+»."""
_TIMES = re.compile(r"^[\d:,+\-\s]+$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the days that it selects, and what holds then."""

    days: str
    """Selectors: weekdays, months, weeks, ``PH``; empty for every day."""
    then: str
    """Times, a state, a comment."""
    adds: bool = False
    """It adds to the rules before it instead of replacing them (a comma, not a semicolon)."""

    def __str__(self) -> str:
        return f"{self.days} {self.then}".strip()


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """An expression taken apart."""

    rules: tuple[Rule, ...]
    otherwise: str = ""
    """What holds whenever it is closed: «sur rendez-vous»."""
    school_holidays: bool = False
    """Other hours hold in school holidays."""
    unread: bool = False
    """A part says something that cannot be evaluated: the whole is shown as published."""

    @property
    def holidays(self) -> bool:
        """A rule speaks of public holidays."""
        return any("PH" in _listed(rule.days) for rule in self.rules)

    @property
    def opens_on_holidays(self) -> bool:
        """Some hours hold on public holidays."""
        return any(
            "PH" in _listed(rule.days) and not re.match(r"off|closed|unknown", rule.then)
            for rule in self.rules
        )

    def __str__(self) -> str:
        return joined(self.rules)


def joined(rules: Iterable[Rule]) -> str:
    """Write rules as one expression."""
    text = ""
    for rule in rules:
        text += (", " if rule.adds else "; ") * bool(text) + str(rule)
    return text


def take_apart(expression: str) -> OpeningRules:
    """Read an expression; whatever it holds, never an error."""
    rules: list[Rule] = []
    otherwise, school = "", False
    separator = ""
    unread = bool(_UNREAD.search(re.sub(r'"[^"]*"', '""', expression)))
    for part in _SPLIT.split(_in_capitals(expression)):
        text = part.strip()
        if text in (";", "||", ","):
            separator = text
            continue
        if not text:
            continue
        if separator == "||":
            comment = _FALLBACK.match(text)
            otherwise, unread = (comment[1], unread) if comment else (otherwise, True)
            continue
        for rule in _rules_of(text, adds=separator == ","):
            unread = unread or not _holidays_are_clear(rule.days)
            kept = _without_school(rule)
            school = school or kept is not rule
            if kept is not None and str(kept):
                rules.append(kept)
    return OpeningRules(tuple(rules), otherwise, school, unread)


def with_holidays(
    rules: Sequence[Rule], holidays: Sequence[date], selects: Callable[[str, date], bool]
) -> str:
    """Write rules with the dates of public holidays in the place of ``PH``.

    Args:
        rules: Taken apart.
        holidays: The days, in order.
        selects: Tells whether selectors («Mo-Sa», «Jan-Mar») hold on a day.
    """
    written: list[Rule] = []
    for rule in rules:
        tokens = _tokens(rule.days)
        at = next((i for i, token in enumerate(tokens) if "PH" in token.split(",")), None)
        if at is None:
            written.append(rule)
            continue
        others = ",".join(part for part in tokens[at].split(",") if part != "PH")
        around = " ".join([*tokens[:at], *tokens[at + 1 :]])
        adds = rule.adds
        if others:
            days = " ".join([*tokens[:at], others, *tokens[at + 1 :]])
            written.append(replace(rule, days=days))
            adds = False
        met = [day for day in holidays if not around or selects(around, day)]
        if met:
            dates = ",".join(f"{day.year} {_MONTHS[day.month - 1]} {day.day:02d}" for day in met)
            written.append(Rule(dates, rule.then, adds))
    return joined(written)


def _in_capitals(expression: str) -> str:
    """Write days and holidays as the syntax does («mo-fr», «ph off»), comments left alone."""
    parts = re.split(r'("[^"]*")', expression)
    return "".join(part if part.startswith('"') else _DAYS.sub(_capital, part) for part in parts)


def _capital(day: re.Match[str]) -> str:
    return day[0].upper() if day[0].lower() in ("ph", "sh") else day[0].title()


def _rules_of(text: str, *, adds: bool) -> list[Rule]:
    """Cut a rule in its selectors and what holds; an open end becomes a rule of its own."""
    when = _WHEN.search(text)
    days, then = (text[: when.start()], text[when.start() :]) if when else (text, "")
    days = days.strip(" :,")
    if _COMMENT.match(then):
        return [Rule(days, f"unknown {then}", adds)]
    if "+" not in then or not _TIMES.match(then):
        return [Rule(days, then.strip(), adds)]
    spans = [span.strip() for span in then.split(",") if span.strip()]
    rules = []
    closed = [span for span in spans if not _OPEN_ENDED.match(span)]
    if closed:
        rules.append(Rule(days, ",".join(closed), adds))
    for span in spans:
        if found := _OPEN_ENDED.match(span):
            if found[1]:  # open until then at least
                rules.append(Rule(days, f"{found[1]}-{found[2]}", adds or bool(rules)))
            state = "unknown " if found[1] else ""
            rules.append(Rule(days, f'{found[2]}-24:00 {state}"{OPEN_END}"', adds or bool(rules)))
    return rules


def _holidays_are_clear(days: str) -> bool:
    """Whether ``PH`` and ``SH`` stand alone or in a list of weekdays: not «PH[1]», «Jan 1,PH»."""
    lists = [token.split(",") for token in _tokens(days) if re.search(r"[PS]H", token)]
    return all(
        part in ("PH", "SH") or _WEEKDAYS.fullmatch(part) for parts in lists for part in parts
    )


def _without_school(rule: Rule) -> Rule | None:
    """Leave school holidays out; nothing is left of a rule that holds only then."""
    tokens = _tokens(rule.days)
    kept = []
    for token in tokens:
        parts = token.split(",")
        if "SH" not in parts:
            kept.append(token)
            continue
        others = [part for part in parts if part != "SH"]
        if not others:
            return None
        kept.append(",".join(others))
    return rule if kept == tokens else replace(rule, days=" ".join(kept))


def _tokens(days: str) -> list[str]:
    return re.sub(r"\s*,\s*", ",", days).split()


def _listed(days: str) -> list[str]:
    return [part for token in _tokens(days) for part in token.split(",")]
