"""Precise answers: the very fact for a precise question, and what a premise is worth.

``data/answers/precisions.yaml`` holds a row a precise answer. The row is chosen by the topic, the
words of the question, the kind of value it carries and the call it means; «Oui : …» and «Non : …»
are said only against a fact of that row, on that day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from actions.answers.answers import sources_of
from actions.answers.errors import AnswerFileError
from actions.answers.templates import Checked, Compiler, Ledger, Template
from actions.french import typeset
from actions.messages import Source
from actions.programme.errors import NotYetKnownError
from actions.programme.facts import Fact, Facts, FactsAt
from actions.reading.question import Asked, Question, SaidMoment, one_of
from actions.shelf import Keep, made_anew
from actions.strict_yaml import load_yaml

PRECISIONS_FILE = "precisions.yaml"
UNKNOWN_YEAR, UNKNOWN_BUDGET = "annee_inconnue", "budget_inconnu"
"""Rows said of a year without a call, of a call and of a national budget."""
VALUES = ("jour", "mois", "heure", "part", "euros", "nombre")
"""Kinds of value that a row may confirm."""

OF_ANOTHER_KIND = 0.3
"""What a row is worth where the value to confirm is not of its kind."""

FAR = 40
"""An amount so many times another is no mistake about it: «budget 50 000 ?» is no envelope."""

_FIELDS = frozenset(
    ("id", "topics", "words", "not", "weight", "value", "facts", "text", "unknown", "calls")
) | {"name", "first", "any_year", "disputed", "confirms", "denies"}
_ENTRY_FIELDS = frozenset(("facts", "text", "unknown", "disputed"))


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said, and the facts that make a premise right."""

    text: Template
    facts: tuple[str, ...] = ()
    unknown: bool = False
    disputed: tuple[str, ...] = ()
    """Facts that another source gives: a premise of theirs is neither right nor wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """One precise answer, alone or for each call."""

    id: str
    topics: tuple[str, ...]
    words: tuple[re.Pattern[str], ...]
    excluded: tuple[re.Pattern[str], ...]
    weight: float
    """What each of its words is worth: a rarer thing asked counts for more."""
    value: str
    entries: Mapping[int | None, Entry]
    """By the year of the call; under ``None`` where the row is about no call."""
    name: str = ""
    """What «les», «en», «ça» stand for once it was said."""
    first: bool = False
    """Its words mean nothing else: it is said whatever the topic, and before any form."""
    any_year: bool = False
    """It answers about years of no call as well."""
    confirms: tuple[re.Pattern[str], ...] = ()
    """What its facts confirm, where it is asked by yes or no without a value to compare."""
    denies: tuple[re.Pattern[str], ...] = ()
    """What its facts deny; it wins over ``confirms``."""

    @property
    def by_call(self) -> bool:
        """It has an entry a call."""
        return None not in self.entries


@dataclass(frozen=True, slots=True)
class Precision:
    """A precise answer, as rendered."""

    row: str
    text: str
    verdict: str
    """``oui``, ``non``, ``ne_sait_pas``, or nothing where no premise was judged."""
    facts: tuple[Fact, ...]
    sources: tuple[Source, ...]
    call: int | None = None
    """Year of the call that it is about, where it is about one."""
    quoted: bool = False
    """The question carries the very value of one of its facts."""


class Precisions:
    """Every precise answer, checked when they were loaded."""

    def __init__(self, facts: Facts, rows: Sequence[Row], words: Mapping[str, Template]) -> None:
        self._facts = facts
        self._rows = tuple(rows)
        self._words = words

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows, in the order of the file."""
        return self._rows

    def answer(
        self, question: Question, topic: str, on: date, *, in_words: bool = False
    ) -> Precision | None:
        """Return the precise answer to a question, or ``None``: the topic's own text says more.

        Args:
            question: The facets of what was asked.
            topic: The topic that it was read as.
            on: The day whose facts hold.
            in_words: Only what the question names in words, where the topic is not sure.
        """
        at = self._facts.at(on)
        calls = tuple(year for year in _years(self._rows) if f"aap_{year}.annonce" in at)
        question = question.lived_on(on, calls)
        meant = one_of(question, calls)
        if question.asked is Asked.COMPARE and len(meant) > 1 and topic.startswith("programme_"):
            topic = "aap_presentation"  # two calls are compared: nothing else has two
        fit = [
            (score, row)
            for row in self._rows
            if (score := _score(row, question, topic, meant)) and self._said_on(row, meant, at)
            if not in_words or _words_said(row, question)
        ]
        fit.sort(key=lambda one: -one[0])
        told = bool(fit) and fit[0][1].any_year
        if not told and (other := _other_year(question, calls, topic)):
            return self._unknown_year(other, topic, at)
        if not fit:
            return None
        # What is said in words comes before a value alone, which may be of something else.
        told_in_words = [
            one
            for one in fit
            if one[1].weight > 1 and not one[1].by_call and _words_said(one[1], question)
        ]
        if told_in_words and not _words_said(fit[0][1], question):
            fit = told_in_words
        best, row = fit[0]
        if len(fit) > 1 and fit[1][0] == best and not question.values and not meant:
            return None  # two things are asked: the topic's own text says both
        if question.asked is Asked.CONFIRM and not _words_said(row, question):
            # A value without a word of its row may be that of another one.
            others = (
                one
                for one in (row, *self._rows)
                if one.value == row.value and one.weight <= 1 and _is_about(one, question, topic)
            )
            row = next((one for one in others if _right(one, meant, question, at)), row)
        return self._say(row, question, meant, at)

    def first(self, question: Question, on: date) -> Precision | None:
        """Return what is said whatever the topic, where the words of a question mean only that."""
        at = self._facts.at(on)
        fit = [
            (sum(bool(p.search(question.folded)) for p in row.words) * row.weight, row)
            for row in self._rows
            if row.first
            and _words_said(row, question)
            and not any(p.search(question.folded) for p in row.excluded)
            and self._said_on(row, (), at)
        ]
        if not fit:
            return None
        return self._say(max(fit, key=lambda one: one[0])[1], question, (), at)

    def name_of(self, row_id: str) -> str:
        """Return what a pronoun stands for after a row was said, or nothing."""
        return next((row.name for row in self._rows if row.id == row_id), "")

    def again(self, row_id: str, question: Question, on: date) -> Precision | None:
        """Return the precise answer just given, of the call that a question now means.

        Args:
            row_id: The row that was said.
            question: A few words: «et en 2019 ?».
            on: The day whose facts hold.
        """
        at = self._facts.at(on)
        calls = tuple(year for year in _years(self._rows) if f"aap_{year}.annonce" in at)
        question = question.lived_on(on, calls)
        meant = one_of(question, calls)
        row = next((one for one in self._rows if one.id == row_id and one.by_call), None)
        if row is None or not meant or not self._said_on(row, meant, at):
            return None
        return self._say(row, question, meant, at)

    def _said_on(self, row: Row, meant: Sequence[int], at: FactsAt) -> bool:
        """Whether the facts of a row are known on a day, for the call that is meant."""
        if not row.by_call:
            return _known(row.entries[None], at)
        return any(_known(row.entries[y], at) for y in (meant or row.entries) if y in row.entries)

    def _say(self, row: Row, question: Question, meant: Sequence[int], at: FactsAt) -> Precision:
        if not row.by_call:
            return self._sentence(row, [row.entries[None]], question, at)
        known = sorted(y for y, entry in row.entries.items() if y is not None and _known(entry, at))
        wanted = [year for year in known if year in meant] or known
        if question.asked is Asked.COMPARE and len(known) > 1:
            return self._sentence(row, [row.entries[year] for year in known], question, at)
        if len(meant) > 1 and len(wanted) > 1:
            return self._sentence(row, [row.entries[year] for year in wanted], question, at)
        told = [year for year in wanted if not row.entries[year].unknown] or wanted
        chosen = told[-1] if question.asked is Asked.CONFIRM else wanted[-1]
        if question.choice and not meant and _carries(row, question):
            # Which of two: the calls that have one of the values, and the last one.
            right = [y for y in known if _holds(row, row.entries[y], question, at)]
            both = sorted({*right, *([] if row.entries[chosen].unknown else [chosen])})
            return self._sentence(row, [row.entries[y] for y in both or [chosen]], question, at)
        is_open = at.in_force(f"aap_{known[-1]}.date_limite")
        if question.asked is Asked.CONFIRM and not meant and not is_open:
            # A value without its call is right where it is that of one of the closed calls.
            right = [y for y in known if _holds(row, row.entries[y], question, at)]
            chosen = right[-1] if right else chosen
        return self._sentence(row, [row.entries[chosen]], question, at)

    def _sentence(
        self, row: Row, entries: Sequence[Entry], question: Question, at: FactsAt
    ) -> Precision:
        ledger = Ledger(at)
        texts = [_render(entry.text, at, ledger) for entry in entries]
        verdict = ""
        if len(entries) > 1:
            text = "\n".join(f"• {_capital(one)}" for one in texts)
        elif entries[0].unknown:
            verdict, text = "ne_sait_pas", f"Je ne sais pas : {texts[0]}"
        elif _is_disputed(row, entries[0], question, at):
            text = _capital(texts[0])
        elif (
            question.asked is Asked.CONFIRM
            and _carries(row, question)
            and not _is_far(row, question, at)
        ):
            right = _holds(row, entries[0], question, at)
            verdict = "oui" if right else "non"
            text = f"{'Oui' if right else 'Non'} : {texts[0]}"
        elif (question.several and (side := _side_of_several(row, question, ledger, at))) or (
            side := _side(row, question)
        ):
            verdict, text = side, f"{_capital(side)} : {texts[0]}"
        else:
            text = _capital(texts[0])
        for entry in entries:
            for name in entry.facts:
                if name in at:
                    ledger.use(name)
        if len(entries) == 1 and (closed := self._closed(row, entries[0], at, ledger)):
            text = text if "ferm" in text else f"{text} {closed}"
        facts = tuple(ledger.facts.values())
        only = entries[0] if len(entries) == 1 else None
        call = next((year for year, entry in row.entries.items() if entry is only), None)
        quoted = only is not None and _carries(row, question) and _holds(row, only, question, at)
        sources = sources_of(facts, at.on)
        return Precision(row.id, typeset(text), verdict, facts, sources, call, quoted)

    def _closed(self, row: Row, entry: Entry, at: FactsAt, ledger: Ledger) -> str:
        """Say that a call is closed, where it is: whoever asks of it must know."""
        call = next((year for year, one in row.entries.items() if one is entry), None)
        if call is None or at.in_force(f"aap_{call}.date_limite"):
            return ""
        return _render(self._words[f"ferme_{call}"], at, ledger)

    def _unknown_year(self, year: int, topic: str, at: FactsAt) -> Precision:
        ledger = Ledger(at)
        key = UNKNOWN_YEAR if topic.startswith("aap_") else UNKNOWN_BUDGET
        text = self._words[key].render(at, {"annee": str(year)}, ledger).text
        facts = tuple(ledger.facts.values())
        return Precision(key, text, "ne_sait_pas", facts, sources_of(facts, at.on))


def load_precisions(folder: Path, facts: Facts, *, keep: Keep = made_anew) -> Precisions:
    """Read ``precisions.yaml`` of ``data/answers``.

    Args:
        folder: ``data/answers``.
        facts: The facts that the templates may use.
        keep: Where what the checks found may be kept from one start to the next.

    Raises:
        AnswerFileError: The first mistake found: row, reason.
    """

    def check() -> dict[str, Checked]:
        compiler = Compiler(facts)
        _read(folder, compiler)
        return compiler.checked

    return _read(folder, Compiler(facts, checked=keep("precisions", check)))


def _read(folder: Path, compiler: Compiler) -> Precisions:
    try:
        data = load_yaml((folder / PRECISIONS_FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AnswerFileError(PRECISIONS_FILE, " ".join(str(error).split())[:200]) from None
    if not isinstance(data, list):
        raise AnswerFileError(PRECISIONS_FILE, "a list of rows is expected")
    words: dict[str, Template] = {}
    rows = []
    for item in data:
        where = f"{PRECISIONS_FILE}: {item.get('id') if isinstance(item, dict) else item!r}"
        if not isinstance(item, dict) or "id" not in item:
            raise AnswerFileError(where, "a row with an id is expected")
        if item["id"] in (UNKNOWN_YEAR, UNKNOWN_BUDGET):
            words[item["id"]] = compiler.template(item["text"], where)
        elif item["id"] == "ferme":
            for call, row in item["calls"].items():
                words[f"ferme_{call}"] = compiler.template(row["text"], f"{where}, {call}")
        else:
            rows.append(_row(item, compiler, where))
    for key in (UNKNOWN_YEAR, UNKNOWN_BUDGET):
        if key not in words:
            raise AnswerFileError(PRECISIONS_FILE, f"the row {key} is missing")
    return Precisions(compiler.facts, rows, words)


def _row(item: Mapping[str, Any], compiler: Compiler, where: str) -> Row:
    if extra := set(item) - _FIELDS:
        raise AnswerFileError(where, f"unknown field: {', '.join(sorted(map(str, extra)))}")
    value = str(item.get("value", ""))
    if value and value not in VALUES:
        raise AnswerFileError(where, f"value is one of {', '.join(VALUES)}")
    entries: dict[int | None, Entry] = {}
    for call, row in (item.get("calls") or {None: item}).items():
        if call is not None and (extra := set(row) - _ENTRY_FIELDS):
            raise AnswerFileError(where, f"unknown field: {', '.join(sorted(map(str, extra)))}")
        entries[call] = Entry(
            compiler.template(row.get("text", ""), f"{where}, {call or 'text'}"),
            compiler.known_facts([str(name) for name in row.get("facts") or ()], where),
            bool(row.get("unknown")),
            compiler.known_facts([str(name) for name in row.get("disputed") or ()], where),
        )
    try:
        return Row(
            str(item["id"]),
            tuple(item["topics"]),
            _patterns(item, "words"),
            _patterns(item, "not"),
            float(item.get("weight", 1)),
            value,
            entries,
            str(item.get("name", "")),
            bool(item.get("first")),
            bool(item.get("any_year")),
            _patterns(item, "confirms"),
            _patterns(item, "denies"),
        )
    except (re.error, KeyError, TypeError) as error:
        raise AnswerFileError(where, f"{type(error).__name__}: {error}") from None


def _patterns(item: Mapping[str, Any], field: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{word})") for word in item.get(field) or ())


def _side(row: Row, question: Question) -> str:
    """Return what the facts of a row say of something asked by yes or no; else nothing."""
    if not question.closed:
        return ""
    if any(pattern.search(question.folded) for pattern in row.denies):
        return "non"
    return "oui" if any(pattern.search(question.folded) for pattern in row.confirms) else ""


def _side_of_several(row: Row, question: Question, ledger: Ledger, at: FactsAt) -> str:
    """Return what the facts of a sentence say of several values at once; nothing where unsure.

    They are right when each is one of its facts; wrong when one that the row confirms is none.
    """
    if not _carries(row, question) or (row.by_call and len(question.years) > 1):
        return ""
    names = {*ledger.facts, *(n for entry in row.entries.values() for n in entry.facts if n in at)}
    facts = [at[name] for name in names]
    said: dict[str, list[bool]] = {
        "jour": [any(isinstance(f.value, date) and moment.is_(f.day) for f in facts)
                 for moment in (*question.days, *question.months)],
        "part": [any(isinstance(f.value, Decimal) and f.number in (share, share * 100)
                     for f in facts) for share in question.shares],
        "euros": [any(f.unit == "euros" and f.number == amount for f in facts)
                  for amount in question.euros],
        "nombre": [any(isinstance(f.value, Decimal) and f.number == number for f in facts)
                   for number in question.numbers],
        "heure": [any("".join(str(f).split()) == "".join(hour.split()) for f in facts)
                  for hour in question.hours],
    }  # fmt: skip
    if all(right for kind in said.values() for right in kind):
        return "oui"
    kind = "jour" if row.value == "mois" else row.value
    told = {fact.unit for fact in ledger.facts.values()}
    judged = {kind, *(told & {"nombre", "euros", "part"})}
    wrong = any(not right for name in judged for right in said[name])
    return "non" if wrong and _words_said(row, question) else ""


def _is_about(row: Row, question: Question, topic: str) -> bool:
    """Whether a row may answer a topic, and no word of the question says otherwise."""
    named = any(fnmatch(topic, pattern) for pattern in row.topics)
    return named and not any(pattern.search(question.folded) for pattern in row.excluded)


def _words_said(row: Row, question: Question) -> bool:
    return any(pattern.search(question.folded) for pattern in row.words)


def _right(row: Row, meant: Sequence[int], question: Question, at: FactsAt) -> bool:
    """Whether the value of a question is that of a row, for the call meant or for any."""
    entries = [e for y, e in row.entries.items() if y is None or not meant or y in meant]
    return any(_known(entry, at) and _holds(row, entry, question, at) for entry in entries)


def _years(rows: Sequence[Row]) -> tuple[int, ...]:
    return tuple(sorted({y for row in rows for y in row.entries if y is not None}))


def _other_year(question: Question, calls: Sequence[int], topic: str) -> int | None:
    """Return the year of a call that is asked about and that nobody knows."""
    dated = {day.year for day in question.days} | {month.year for month in question.months}
    others = [y for y in question.years if y not in calls and y not in dated]
    named = any(year in calls for year in question.years)
    if not (topic.startswith("aap_") or topic == "programme_budget") or not others or named:
        return None
    return others[0]


def _score(row: Row, question: Question, topic: str, meant: Sequence[int]) -> float:
    """Return how well a row fits a question; 0 when it does not."""
    if not _is_about(row, question, topic):
        return 0
    said = sum(bool(pattern.search(question.folded)) for pattern in row.words)
    carried = _carries(row, question)
    call = bool(set(meant) & set(row.entries)) or (row.by_call and question.asked is Asked.COMPARE)
    if meant and row.by_call and not set(meant) & set(row.entries):
        return 0
    # A value without a word of its row is of it only where the question says to confirm it.
    own = topic == row.topics[0]
    alone = carried and question.sure and (row.value == "heure" or own)
    # A share, under the topic of shares, is of nothing else.
    alone = alone or (carried and own and row.value == "part" and question.asked is Asked.CONFIRM)
    if row.words and not said and not alone:
        return 0
    if not row.words and not carried and not (call and topic == row.topics[0]):
        return 0
    exact = any(topic == pattern for pattern in row.topics)
    # A value alone, without a word of the row, may be of something else.
    value = (2.0 if said or not row.words else 1.0) * carried
    score = said * row.weight + value + 0.5 * call + 0.25 * exact
    # A value of another kind than the row's is of another row: «l'aide minimum était de 20 % ?»
    elsewhere = question.asked is Asked.CONFIRM and bool(row.value) and not carried
    elsewhere = elsewhere and not _side(row, question)
    return score * OF_ANOTHER_KIND if elsewhere and question.values else score


def _carries(row: Row, question: Question) -> bool:
    """Whether a question carries a value of the kind that a row confirms."""
    match row.value:
        case "jour" | "mois":
            # Where the row is of no call, a year alone is a date.
            dated = bool(question.days or question.months)
            return dated or (bool(question.years) and not row.by_call)
        case "heure":
            return bool(question.hours)
        case "part":
            return bool(_fractions(question))
        case "euros":
            return bool(question.euros)
        case "nombre":
            return bool(question.numbers or question.bare)
    return False


def _holds(row: Row, entry: Entry, question: Question, at: FactsAt) -> bool:
    """Whether the value that a question carries is that of one of the facts of an entry."""
    facts = [at[name] for name in entry.facts if name in at]
    match row.value:
        case "jour" | "mois":
            said: list[SaidMoment] = [*question.days, *question.months]
            if not said:
                return any(year == f.day.year for year in question.years for f in facts)
            return any(moment.is_(f.day) for moment in said for f in facts)
        case "heure":
            days = [f.day for f in facts if isinstance(f.value, date)]
            if question.days and not any(said.is_(day) for said in question.days for day in days):
                return False
            told = {"".join(str(fact).split()) for fact in facts}
            return any("".join(hour.split()) in told for hour in question.hours)
        case "part":
            fractions = {f.number / 100 if f.unit == "points" else f.number for f in facts}
            return any(share in fractions for share in _fractions(question))
        case "euros":
            return any(amount == f.number for amount in question.euros for f in facts)
        case "nombre":
            counts = (*question.numbers, *question.bare)
            return any(number == f.number for number in counts for f in facts)
    return False


def _is_disputed(row: Row, entry: Entry, question: Question, at: FactsAt) -> bool:
    """Whether the value that a question carries is that of another source."""
    if not entry.disputed or not all(name in at for name in entry.disputed):
        return False
    return _holds(row, replace(entry, facts=entry.disputed), question, at)


def _is_far(row: Row, question: Question, at: FactsAt) -> bool:
    """Whether every amount said is of another order than the facts of a row: of something else."""
    if row.value != "euros":
        return False
    facts = [at[name].number for e in row.entries.values() for name in e.facts if name in at]
    return bool(facts) and not any(
        fact / FAR < amount < fact * FAR for fact in facts for amount in question.euros
    )


def _fractions(question: Question) -> tuple[Decimal, ...]:
    """Shares said, points of a grid included: «15 points» is 0.15."""
    points = question.numbers if "point" in question.folded else ()
    return (*question.shares, *(number / 100 for number in points))


def _known(entry: Entry, at: FactsAt) -> bool:
    try:
        entry.text.render(at)
    except NotYetKnownError:
        return False
    return not entry.facts or any(name in at for name in entry.facts)


def _render(template: Template, at: FactsAt, ledger: Ledger) -> str:
    return template.render(at, ledger=ledger).text.strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
