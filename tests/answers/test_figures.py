"""No figure and no date in an answer but those of the facts that it uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import yaml

from actions.answers import Answers
from actions.answers.loader import FRAGMENTS_FILE, KEYED_FILES
from actions.french import MONTHS, french_month, french_number, typeset
from actions.programme.facts import Fact
from tests.answers.conftest import DAYS, FOLDER

PARTS = ("text", "details", "simpler")
NUMERALS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|seize|vingt|trente|quarante"
    "|cinquante|soixante|cents?|mille|millions?|milliards?|moitié|tiers|quart|double|triple"
)
NUMBER = re.compile(r"\d+(?:\u00a0\d{3})*(?:,\d+)?")
IN_WORDS = re.compile(rf"\b(?:{NUMERALS}|{'|'.join(MONTHS)})\b", re.IGNORECASE)


def written_as(fact: Fact, on: date) -> Iterator[str]:
    """Every way in which a fact may be printed, worked out apart from the templates."""
    yield typeset(str(fact))
    if isinstance(fact.value, date):
        yield from (str(fact.day.year), french_month(fact.day), str((fact.day - on).days))
    if isinstance(fact.value, Decimal):
        yield f"{french_number(fact.number / 1_000_000)} million millions"
        if fact.number == Decimal("0.5"):
            yield "moitié"


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_each_figure_is_the_rendering_of_a_fact(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        for part in PARTS:
            said = answers.say(topic, on, part)
            allowed = " ".join(way for fact in said.facts for way in written_as(fact, on))
            numbers = set(NUMBER.findall(allowed))
            if topic == "donnees_personnelles":
                numbers.add("30")  # the retention that the installation is configured with
            words = {word.lower() for word in IN_WORDS.findall(allowed)}
            where = f"{topic}, {part}, {on}: {said.text}"
            assert set(NUMBER.findall(said.text)) <= numbers, where
            assert {word.lower() for word in IN_WORDS.findall(said.text)} <= words, where


def texts(data: object, key: str = "") -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in ("when", "payload", "rests_on", "link", "topic"):
                yield from texts(value, str(name))
    elif isinstance(data, list):
        for item in data:
            if isinstance(item, dict):
                yield from texts(item)
    elif isinstance(data, str):
        yield data


def test_no_figure_is_written_in_the_files(answers: Answers) -> None:
    names = [*answers.topics, *KEYED_FILES, FRAGMENTS_FILE.removesuffix(".yaml")]
    for name in names:
        data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
        for text in texts(data):
            prose = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
            assert not re.search(r"\d|€|%", prose), f"{name}: {prose}"
            assert not IN_WORDS.search(prose), f"{name}: {prose}"


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_the_misprint_is_never_repeated(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        for part in PARTS:
            assert not re.search(r"27,5|1.?510", answers.render(topic, on, part).text)


def test_retention_is_the_one_configured(facts: object) -> None:
    from actions.answers import load_answers
    from actions.programme.facts import Facts

    assert isinstance(facts, Facts)
    text = load_answers(FOLDER, facts, retention_days=7).render(
        "donnees_personnelles", date(2026, 11, 22)
    )
    assert "7 jours" in text.text
