"""Reads ``data/answers``: every mistake in a file is found here, and named in one line.

A topic's file::

    topic: pass_valeur
    title: Combien vaut un pass ?
    variants:                       # the first whose condition holds is said
      - when: known("aptic.liquidation")
        text: Un pass vaut {{ fact("pass.valeurs") }}.
        details: …                  # behind «En savoir plus»
        simpler: …                  # when the person did not understand
        rests_on: [pass.definition] # facts cited though no value of theirs is printed
        follow_ups: […]
      - text: …                     # the last variant has no condition
    follow_ups: [pass_cout, {title: …, payload: /aide}, {title: …, link: carte.adresse}]

``details``, ``simpler``, ``rests_on`` and ``follow_ups`` beside ``variants`` are the defaults
of each. ``communs.yaml`` holds fragments that any text may include. The files of
``KEYED_FILES`` hold keyed texts (``lieux.yaml``: ``aucun: …`` is the key ``lieux.aucun``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.answers.answer_files import read_mapping
from actions.answers.answers import Answer, Answers, FollowUp, Part, Variant
from actions.answers.errors import AnswerFileError
from actions.answers.templates import Checked, Compiler, Template
from actions.answers.topics import load_topics
from actions.programme.facts import Facts
from actions.shelf import Keep, made_anew

FRAGMENTS_FILE = "communs.yaml"
PARTS: tuple[Part, ...] = ("text", "details", "simpler")
KEYED_FILES = ("danger", "dialogue", "clarifier", "lieux", "simulation", "langues")
"""Keyed texts said by the actions; other rooms read files of their own in the same folder."""
MECHANICS = frozenset(
    {
        "clarifier",
        "incompris",
        "partager_position",
        "en_savoir_plus",
        "voir_carte",
        "recevoir_fiche",
        "rappeler_echeance",
    }
)
"""Intents that only buttons and front-ends send; the topics are the others."""
COMMANDS = frozenset({"mesdonnees", "oublier"})
"""Commands that a front-end runs itself, typed or tapped."""

_OTHERS = MECHANICS | COMMANDS
_SHARED = ("details", "simpler", "rests_on", "follow_ups")
_TOPIC_FIELDS = frozenset(("topic", "title", "variants", *_SHARED))
_VARIANT_FIELDS = frozenset(("when", "text", *_SHARED))
_FOLLOW_UP_FIELDS = frozenset(("title", "payload", "link", "when", "topic"))


def load_answers(
    folder: Path, facts: Facts, *, retention_days: int = 30, keep: Keep = made_anew
) -> Answers:
    """Read and check every answer.

    Args:
        folder: ``data/answers``.
        facts: The facts that the templates may use.
        retention_days: Days that conversations are kept, said under ``donnees_personnelles``.
        keep: Where what the checks found may be kept from one start to the next.

    Raises:
        AnswerFileError: The first mistake found: file, place, reason.
    """
    fragments = {
        str(name): str(text) for name, text in read_mapping(folder / FRAGMENTS_FILE).items()
    }
    constants: Mapping[str, object] = {"jours_conservation": retention_days}

    def check() -> dict[str, Checked]:
        compiler = Compiler(facts, fragments)
        _read(folder, compiler, constants)
        return compiler.checked

    return _read(folder, Compiler(facts, fragments, keep("answers", check)), constants)


def _read(folder: Path, compiler: Compiler, constants: Mapping[str, object]) -> Answers:
    topics = load_topics(folder)
    for name, text in compiler.fragments.items():
        compiler.template(text, f"{FRAGMENTS_FILE}: {name}")
    files = {topic: read_mapping(folder / f"{topic}.yaml") for topic in topics}
    titles = {topic: _title(topic, data) for topic, data in files.items()}
    reader = _Reader(compiler, titles, constants)
    answers = {topic: reader.answer(topic, data) for topic, data in files.items()}
    words: dict[str, Template] = {}
    for name in KEYED_FILES:
        for key, text in read_mapping(folder / f"{name}.yaml").items():
            words[f"{name}.{key}"] = compiler.template(text, f"{name}.yaml: {key}")
    return Answers(compiler.facts, answers, words, constants)


class _Reader:
    """Reads the files of topics, one at a time."""

    def __init__(
        self, compiler: Compiler, titles: Mapping[str, str], constants: Mapping[str, object]
    ) -> None:
        self.compiler = compiler
        self.titles = titles
        self.constants = constants

    def answer(self, topic: str, data: Mapping[str, Any]) -> Answer:
        file = f"{topic}.yaml"
        _only(data, _TOPIC_FIELDS, file)
        if data.get("topic") != topic:
            raise AnswerFileError(file, f"topic must be {topic}")
        rows = data.get("variants")
        if not isinstance(rows, list) or not rows:
            raise AnswerFileError(file, "a list of variants is expected")
        shared = {name: data[name] for name in _SHARED if name in data}
        variants = []
        for number, row in enumerate(rows, 1):
            where = f"{file}: variant {number}"
            if not isinstance(row, dict):
                raise AnswerFileError(where, "fields are expected")
            _only(row, _VARIANT_FIELDS, where)
            if ("when" in row) == (number == len(rows)):
                raise AnswerFileError(where, "every variant but the last has a condition (when)")
            variants.append(self.variant({**shared, **row}, where))
        return Answer(topic, self.titles[topic], tuple(variants))

    def variant(self, row: Mapping[str, Any], where: str) -> Variant:
        if "text" not in row:
            raise AnswerFileError(where, "text is missing")
        parts: dict[Part, Template] = {}
        for part in PARTS:
            if row.get(part) is not None:
                template = self.compiler.template(row[part], f"{where}, {part}")
                if unknown := template.values - self.constants.keys():
                    raise AnswerFileError(where, f"unknown value: {', '.join(sorted(unknown))}")
                parts[part] = template
        rests_on = row.get("rests_on") or []
        follow_ups = row.get("follow_ups") or []
        if not isinstance(rests_on, list) or not isinstance(follow_ups, list):
            raise AnswerFileError(where, "rests_on and follow_ups are lists")
        return Variant(
            parts,
            tuple(self.follow_up(item, f"{where}, follow_ups") for item in follow_ups),
            self.compiler.known_facts([str(name) for name in rests_on], where),
            self.compiler.condition(row["when"], where) if "when" in row else None,
        )

    def follow_up(self, item: object, where: str) -> FollowUp:
        row = item if isinstance(item, dict) else {"topic": item}
        _only(row, _FOLLOW_UP_FIELDS, where)
        if sum(name in row for name in ("topic", "payload", "link")) != 1:
            raise AnswerFileError(where, "one of topic, payload, link is expected")
        topic = str(row.get("topic", ""))
        if topic and topic not in self.titles:
            raise AnswerFileError(where, f"unknown topic: {topic}")
        title = str(row.get("title") or self.titles.get(topic, ""))
        if not title:
            raise AnswerFileError(where, "a title is missing")
        payload = f"/{topic}" if topic else str(row.get("payload", ""))
        intent = payload.removeprefix("/").partition("{")[0]
        if payload.startswith("/") and intent not in self.titles and intent not in _OTHERS:
            raise AnswerFileError(where, f"unknown intent: {payload}")
        link = str(row.get("link", ""))
        if link:
            self.compiler.known_facts([link], where)
        holds = self.compiler.condition(str(row["when"]), where) if "when" in row else None
        return FollowUp(title, payload, link, holds)


def _title(topic: str, data: Mapping[str, Any]) -> str:
    title = data.get("title")
    if not isinstance(title, str) or not title.strip():
        raise AnswerFileError(f"{topic}.yaml", "title is missing")
    return title.strip()


def _only(row: Mapping[str, Any], fields: frozenset[str], where: str) -> None:
    if extra := set(row) - fields:
        raise AnswerFileError(where, f"unknown field: {', '.join(sorted(map(str, extra)))}")
