"""The answers: one file a topic, read once, said at a date."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from actions.answers.errors import UnknownAnswerError
from actions.answers.templates import Ledger, Template
from actions.french import typeset
from actions.messages import Button, Source, Text
from actions.programme.facts import Fact, Facts

Part = Literal["text", "details", "simpler"]
"""The answer itself, what «En savoir plus» adds, or the same in the simplest words."""

Condition = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A button under an answer: where to go next."""

    title: str
    payload: str = ""
    link: str = ""
    """Id of the fact that holds the address to open."""
    holds: Condition | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """What is said on the days when its condition holds."""

    parts: Mapping[Part, Template]
    follow_ups: tuple[FollowUp, ...]
    rests_on: tuple[str, ...] = ()
    """Facts that the words rest on without printing their value."""
    holds: Condition | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A topic: its human title, and its variants, the first that holds being said."""

    topic: str
    title: str
    variants: tuple[Variant, ...]

    def on(self, day: date) -> Variant:
        """Return the variant of a day; the last one holds on every day."""
        return next(v for v in self.variants if v.holds is None or v.holds(day))


@dataclass(frozen=True, slots=True)
class RenderedAnswer:
    """An answer as rendered, with what proves it."""

    text: str
    facts: tuple[Fact, ...]
    written: tuple[str, ...]
    """Each string that a fact or a value was written as."""


class Answers:
    """Every answer and keyed text, checked when they were loaded."""

    def __init__(
        self,
        facts: Facts,
        answers: Mapping[str, Answer],
        words: Mapping[str, Template],
        constants: Mapping[str, object],
    ) -> None:
        self._facts = facts
        self._answers = answers
        self._words = words
        self._constants = constants

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics, in the order of ``sujets.yaml``."""
        return tuple(self._answers)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keyed texts: ``lieux.aucun``…"""
        return tuple(self._words)

    def __contains__(self, topic: object) -> bool:
        return topic in self._answers

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def title(self, topic: str) -> str:
        """Return a topic's title as a button says it: «Combien vaut un pass ?».

        Raises:
            UnknownAnswerError: No such topic.
        """
        return self._answer(topic).title

    def render(self, topic: str, on: date, part: Part = "text") -> Text:
        """Say an answer as it is true on a day.

        Args:
            topic: A topic of ``sujets.yaml``.
            on: The day, which selects the variant and the facts.
            part: ``details`` and ``simpler`` fall back on the answer where a topic has none.

        Returns:
            A text of at most about 600 characters, its sources (none for small talk) and
            its buttons, two to four.

        Raises:
            UnknownAnswerError: No such topic.
        """
        said = self.say(topic, on, part)
        return Text(said.text, sources_of(said.facts, on), self.follow_ups(topic, on, part))

    def say(self, topic: str, on: date, part: Part = "text") -> RenderedAnswer:
        """Render an answer with the facts it rests on: what ``render`` and its proof share."""
        variant = self._answer(topic).on(on)
        at = self._facts.at(on)
        template = variant.parts.get(part) or variant.parts["text"]
        rendering = template.render(at, self._constants)
        facts = {fact.id: fact for fact in rendering.facts}
        facts.update({name: at[name] for name in variant.rests_on if name in at})
        return RenderedAnswer(rendering.text, tuple(facts.values()), rendering.written)

    def follow_ups(self, topic: str, on: date, part: Part = "text") -> tuple[Button, ...]:
        """Return the buttons under an answer on a day.

        Raises:
            UnknownAnswerError: No such topic.
        """
        variant = self._answer(topic).on(on)
        buttons = []
        if part == "text" and "details" in variant.parts:
            more = self.words("dialogue.lire_plus", on=on)
            buttons.append(Button(more, f'/en_savoir_plus{{"sujet": "{topic}"}}'))
        at = self._facts.at(on)
        for follow_up in variant.follow_ups:
            if follow_up.holds is None or follow_up.holds(on):
                url = str(at[follow_up.link]) if follow_up.link else ""
                buttons.append(Button(typeset(follow_up.title), follow_up.payload, url))
        return tuple(buttons)

    def words(self, key: str, *, on: date, **values: object) -> str:
        """Return a keyed text, such as ``lieux.aucun``, filled with the caller's values.

        Raises:
            UnknownAnswerError: No such key.
            AnswerFileError: A value that the text needs is missing.
        """
        return self._template(key).render(self._facts.at(on), {**self._constants, **values}).text

    def words_sources(self, key: str, *, on: date, **values: object) -> tuple[Source, ...]:
        """Return the sources of the facts that a keyed text says."""
        ledger = Ledger(self._facts.at(on))
        self._template(key).render(ledger.at, {**self._constants, **values}, ledger)
        return sources_of(tuple(ledger.facts.values()), on)

    def fact(self, name: str, on: date) -> str | None:
        """Return a fact as it is written on a day; nothing where it is unknown, or not yet."""
        known = self._facts.at(on)
        return str(known[name]) if name in known else None

    def values(self, key: str) -> frozenset[str]:
        """Return the names of the values that a keyed text needs from its caller."""
        return self._template(key).values - self._constants.keys()

    def _template(self, key: str) -> Template:
        if key not in self._words:
            raise UnknownAnswerError(key)
        return self._words[key]

    def _answer(self, topic: str) -> Answer:
        if topic not in self._answers:
            raise UnknownAnswerError(topic)
        return self._answers[topic]


def sources_of(facts: tuple[Fact, ...], on: date) -> tuple[Source, ...]:
    """Return the sources of facts, each once, in the order they were used.

    Sources published after the day are left out when a day of the past is replayed, as long
    as the others remain.
    """
    found = {source.id: source for fact in facts for source in fact.sources}
    day = on.isoformat()
    published = [source for source in found.values() if source.date <= day[: len(source.date)]]
    return tuple(Source(source.label, source.url) for source in published or found.values())
