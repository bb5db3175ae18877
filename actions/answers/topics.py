"""The topics: one table, ``data/answers/sujets.yaml``, read by all who list topics.

    pass_cout: {family: citoyens, leads_to: lieu_form}

Each row is a topic, which has a file of its name beside the table; what is not written has the
value told below. Rasa's ``domain.yml`` and ``rules.yml`` list them too: a test checks that all
agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from actions.answers.answer_files import read_mapping
from actions.answers.errors import AnswerFileError

TOPICS_FILE = "sujets.yaml"
FAMILIES = ("citoyens", "lieux", "structures", "collectivites", "programme", "conversation")
WRITTEN = "action_repondre"
"""What answers with the topic's own file."""
PLACES_FORM, AID_FORM = "lieu_form", "simulation_form"
_FORMS = ("", PLACES_FORM, AID_FORM)


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that people ask about."""

    name: str
    """The intent."""
    family: str
    action: str = WRITTEN
    """Who answers: an action of Rasa's domain, or a form."""
    rated: bool = True
    """Whether its answer can be right or wrong: two thumbs are offered."""
    suggested: bool = True
    """Whether it is offered as a button when a message is doubtful."""
    named: bool = True
    """Whether a doubtful answer says first that this is the question it answers."""
    leads_to: str = ""
    """The form that answers instead, where the message holds a value for it."""
    stays_in: str = ""
    """The form whose questions a message of this topic answers, though it looks like another."""

    @property
    def form(self) -> str:
        """The form that answers; empty for an action."""
        return self.action if self.action in _FORMS else ""

    @property
    def is_written(self) -> bool:
        """Whether its file is the whole answer."""
        return self.action == WRITTEN


NO_TOPIC = Topic("", "", action="", rated=False, suggested=False, named=False)
"""What dialogue mechanics are about."""


class Topics(Mapping[str, Topic]):
    """The table, in its order: the order of menus."""

    def __init__(self, rows: Mapping[str, Topic]) -> None:
        self._rows = dict(rows)

    def __getitem__(self, name: str) -> Topic:
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def of(self, name: object) -> Topic:
        """Return a topic; ``NO_TOPIC`` for what is none."""
        return self._rows.get(str(name), NO_TOPIC)

    @property
    def rated(self) -> frozenset[str]:
        """Topics whose answer people may judge."""
        return frozenset(name for name, topic in self._rows.items() if topic.rated)


def load_topics(folder: Path) -> Topics:
    """Read the table of topics.

    Args:
        folder: ``data/answers``.

    Raises:
        AnswerFileError: The first mistake found: topic, reason.
    """
    rows = read_mapping(folder / TOPICS_FILE)
    return Topics({str(name): _topic(str(name), row) for name, row in rows.items()})


def _topic(name: str, row: Any) -> Topic:
    where = f"{TOPICS_FILE}: {name}"
    kinds = {field.name: field.type for field in fields(Topic) if field.name != "name"}
    if not isinstance(row, dict) or "family" not in row:
        raise AnswerFileError(where, "a family is expected")
    if extra := row.keys() - kinds.keys():
        raise AnswerFileError(where, f"unknown field: {', '.join(sorted(map(str, extra)))}")
    for field, value in row.items():
        if not isinstance(value, bool if kinds[field] == "bool" else str):
            raise AnswerFileError(where, f"{field}: {value!r} is not of the expected kind")
    topic = Topic(name, **row)
    if topic.family not in FAMILIES:
        raise AnswerFileError(where, f"unknown family: {topic.family}")
    if topic.leads_to not in _FORMS or topic.stays_in not in _FORMS:
        raise AnswerFileError(where, "leads_to and stays_in name a form")
    return topic
