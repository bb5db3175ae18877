"""Templates of answers: prose whose every figure and date is a fact at a day.

A template is Jinja, sandboxed, with five functions and nothing else:

- ``fact("aap_2020.plafond")`` writes a fact as it stood on the day, and cites it;
- ``known("aptic.liquidation")`` tells whether a fact had started by that day;
- ``in_force("aap_2020.part_etat")`` tells whether it still holds on that day;
- ``days_to("aap_2020.date_limite")`` counts the days left until the day a fact names;
- ``is_today("aap_2020.date_limite")`` tells whether that day has come.

Filters write a fact otherwise: ``annee`` and ``mois`` (of a day), ``fraction`` («la moitié»),
``millions`` («15 millions d'euros»), ``puces`` (a list, one item a line).

What is wrong with a template is found when it is read, not when a person waits for it: an
id that no fact has, a figure or a month written in the prose. It becomes code when it is first
said: a process says few of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jinja2 import DictLoader, TemplateError, meta, nodes

from actions.answers.errors import AnswerFileError
from actions.french import (
    NBSP,
    counted,
    enumeration,
    french_month,
    french_number,
    typeset,
)
from actions.programme.facts import Fact, Facts, FactsAt
from actions.words import environment, figure_in, lazily

Checked = tuple[tuple[str, ...], tuple[str, ...]]

FUNCTIONS = ("fact", "known", "in_force", "days_to", "is_today")

_FRACTIONS = {Decimal("0.5"): "la moitié", Decimal("0.25"): "un quart", Decimal("1"): "la totalité"}


@dataclass
class Ledger:
    """What one rendering used: the facts, in order, and each string they were written as."""

    at: FactsAt
    facts: dict[str, Fact] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def use(self, fact: str) -> Fact:
        """Return a fact of the day and remember that it was used."""
        self.facts[fact] = self.at[fact]
        return self.facts[fact]

    def write(self, words: str) -> str:
        """Remember a string that facts or values were written as."""
        self.written.append(words)
        return words


@dataclass(frozen=True, slots=True)
class Rendering:
    """A text, the facts that it rests on, and the strings they were written as."""

    text: str
    facts: tuple[Fact, ...]
    written: tuple[str, ...]


class _Said:
    """A fact inside a template: written when it is printed, so that filters may come first."""

    def __init__(self, fact: Fact, ledger: Ledger) -> None:
        self.fact = fact
        self.ledger = ledger

    def __str__(self) -> str:
        return self.ledger.write(str(self.fact))


def _annee(said: _Said) -> str:
    """Write the year of a day."""
    return said.ledger.write(str(said.fact.day.year))


def _mois(said: _Said) -> str:
    """Write the month and year of a day."""
    return said.ledger.write(french_month(said.fact.day))


def _fraction(said: _Said) -> str:
    """Write a usual fraction in words, any other as a percentage."""
    return said.ledger.write(_FRACTIONS.get(said.fact.number, str(said.fact)))


def _millions(said: _Said) -> str:
    """Write a large round number in millions, which is read more easily; any other in full."""
    millions = said.fact.number / 1_000_000
    if millions < 1 or millions != round(millions, 1):
        return said.ledger.write(str(said.fact))
    noun = "million" if millions < 2 else "millions"
    unit = " d'euros" if said.fact.unit == "euros" else ""
    return said.ledger.write(f"{french_number(millions)}{NBSP}{noun}{unit}")


def _puces(said: _Said) -> str:
    """Write a list one item a line, each after a bullet."""
    return "\n".join(f"• {said.ledger.write(item)}" for item in said.fact.items)


def _notes(said: _Said) -> str:
    """Write a list of ranges with the note that each gives, the best first."""
    items = said.fact.items
    told = [f"{len(items) - place} ({item})" for place, item in enumerate(items)]
    return said.ledger.write(enumeration(told))


FILTERS = {
    "annee": _annee,
    "mois": _mois,
    "fraction": _fraction,
    "millions": _millions,
    "puces": _puces,
    "notes": _notes,
}


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template: what it may use is known before it is rendered."""

    where: str
    facts: frozenset[str]
    values: frozenset[str]
    _run: Callable[[Mapping[str, Any]], str]

    def render(
        self, at: FactsAt, values: Mapping[str, object] | None = None, ledger: Ledger | None = None
    ) -> Rendering:
        """Fill the template from the facts of a day.

        Args:
            at: The facts as they stood on the day.
            values: What only the caller knows (a distance, a name), by name.
            ledger: Where to note what is used; a new one when none is given.

        Raises:
            NotYetKnown: The template says a fact that starts after that day.
            AnswerFileError: A value that the template needs is missing.
        """
        ledger = ledger or Ledger(at)
        given = {name: value for name, value in (values or {}).items() if name in self.values}
        if missing := self.values - given.keys():
            raise AnswerFileError(self.where, f"values missing: {', '.join(sorted(missing))}")
        ledger.written.extend(str(value) for value in given.values())
        text = self._run({**given, **_functions(ledger)})
        return Rendering(typeset(text), tuple(ledger.facts.values()), tuple(ledger.written))


def _functions(ledger: Ledger) -> dict[str, Callable[[str], object]]:
    def fact(name: str) -> _Said:
        return _Said(ledger.use(name), ledger)

    def days_to(name: str) -> str:
        days = (ledger.use(name).day - ledger.at.on).days
        return ledger.write(counted(days, "jour"))

    return {
        "fact": fact,
        "known": lambda name: name in ledger.at,
        "in_force": ledger.at.in_force,
        "is_today": lambda name: name in ledger.at and ledger.at[name].day == ledger.at.on,
        "days_to": days_to,
    }


class Compiler:
    """Compiles templates against the facts; shared fragments are included by name."""

    def __init__(
        self,
        facts: Facts,
        fragments: Mapping[str, str] | None = None,
        checked: Mapping[str, Checked] | None = None,
    ) -> None:
        """Prepare.

        Args:
            facts: What templates may use.
            fragments: What they may include, by name.
            checked: What earlier checks found, with the same facts and fragments; by text.
        """
        self.facts = facts
        self.checked: dict[str, Checked] = dict(checked or {})
        """What each template may use: facts, then values."""
        self._ids = frozenset(facts)
        self.fragments = dict(fragments or {})
        self._env = environment(DictLoader(self.fragments))
        self._env.filters.update(FILTERS)

    def template(self, source: str, where: str) -> Template:
        """Check the text of an answer; it is compiled when it is first rendered.

        Raises:
            AnswerFileError: It cannot be read, names an unknown fact or holds a figure.
        """
        if not isinstance(source, str) or not source.strip():
            raise AnswerFileError(where, "a text is expected")
        facts, values = self._check(source, where)
        return Template(where, facts, values, lazily(lambda: self._env.from_string(source).render))

    def condition(self, source: str, where: str) -> Callable[[date], bool]:
        """Check a condition on the facts, such as ``known("aptic.liquidation")``.

        Raises:
            AnswerFileError: It cannot be read or names an unknown fact.
        """
        if not isinstance(source, str) or not source.strip():
            raise AnswerFileError(where, "a condition is expected")
        self._check(f"{{{{ {source} }}}}", where)
        expression = lazily(lambda: self._env.compile_expression(source))

        def holds(on: date) -> bool:
            return bool(expression(_functions(Ledger(self.facts.at(on)))))

        return holds

    def known_facts(self, names: Sequence[str], where: str) -> tuple[str, ...]:
        """Check that facts named outside a template exist.

        Raises:
            AnswerFileError: No fact has one of the names.
        """
        for name in names:
            if name not in self._ids:
                raise AnswerFileError(where, f"unknown fact: {name}")
        return tuple(names)

    def _check(self, source: str, where: str) -> tuple[frozenset[str], frozenset[str]]:
        if source not in self.checked:
            facts, values = self._look(source, where)
            self.checked[source] = tuple(sorted(facts)), tuple(sorted(values))
        known, needed = self.checked[source]
        return frozenset(known), frozenset(needed)

    def _look(self, source: str, where: str) -> tuple[frozenset[str], frozenset[str]]:
        try:
            tree = self._env.parse(source)
            names = meta.find_undeclared_variables(tree)
        except TemplateError as error:
            raise AnswerFileError(where, f"unreadable template: {error}") from None
        used: set[str] = set()
        values = set(names) - set(FUNCTIONS)
        for call in tree.find_all(nodes.Call):
            used.add(self._fact_of(call, where))
        if found := figure_in(tree):
            raise AnswerFileError(where, f"a figure that no fact gives: «{found}»")
        for include in tree.find_all(nodes.Include):
            name = include.template.value if isinstance(include.template, nodes.Const) else None
            if name not in self.fragments:
                raise AnswerFileError(where, f"unknown fragment: {name}")
            more, theirs = self._check(self.fragments[name], f"{where} > {name}")
            used |= more
            values |= theirs
        return frozenset(used), frozenset(values)

    def _fact_of(self, call: nodes.Call, where: str) -> str:
        function = call.node.name if isinstance(call.node, nodes.Name) else None
        given = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
        if function not in FUNCTIONS or len(given) != 1 or call.kwargs:
            raise AnswerFileError(
                where, f"only {', '.join(FUNCTIONS)}, with one fact, may be called"
            )
        if given[0] not in self._ids:
            raise AnswerFileError(where, f"unknown fact: {given[0]}")
        return str(given[0])
