"""Every topic has an answer at every date: short, with buttons that lead somewhere."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.answers import Answers
from actions.answers.loader import COMMANDS, KEYED_FILES, MECHANICS
from actions.messages import Button
from actions.places.filters import read_filters
from tests.answers.conftest import DAYS, FOLDER, ROOT

PARTS = ("text", "details", "simpler")
MAX_CHARACTERS = 600
MAX_TITLE = 40
"""A title is a button: longer ones are cut on a narrow screen."""
MAX_PAYLOAD_BYTES = 64
"""Telegram's limit for what a button sends back."""
TOPICS_MD = ROOT.parent / "shared" / "TOPICS.md"


@pytest.mark.skipif(not TOPICS_MD.exists(), reason="the list of topics is not beside the project")
def test_every_canonical_topic_has_an_answer(answers: Answers) -> None:
    rows = [line for line in TOPICS_MD.read_text().splitlines() if line.startswith("| `")]
    canonical = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert canonical == set(answers.topics)


def test_no_file_is_forgotten(answers: Answers) -> None:
    files = {path.stem for path in FOLDER.glob("*.yaml")}
    assert set(answers.topics) <= files
    assert set(KEYED_FILES) <= files


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_each_answer_is_short_and_leads_somewhere(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        for part in PARTS:
            said = answers.render(topic, on, part)
            where = f"{topic}, {part}, {on}"
            assert 0 < len(said.text) <= MAX_CHARACTERS, where
            assert 2 <= len(said.buttons) <= 4, where
            assert len({button.title for button in said.buttons}) == len(said.buttons), where
            assert not any(button.payload == f"/{topic}" for button in said.buttons), where


@given(on=st.dates(date(2010, 1, 1), date(2040, 1, 1)), data=st.data())
@settings(max_examples=300)
def test_any_day_can_be_replayed(answers: Answers, on: date, data: st.DataObject) -> None:
    topic = data.draw(st.sampled_from(answers.topics))
    part = data.draw(st.sampled_from(PARTS))
    said = answers.render(topic, on, part)
    assert 0 < len(said.text) <= MAX_CHARACTERS
    assert 2 <= len(said.buttons) <= 4


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_buttons_say_what_the_assistant_understands(answers: Answers, on: date) -> None:
    known = set(answers.topics) | MECHANICS | COMMANDS
    for topic in answers.topics:
        for button in answers.follow_ups(topic, on):
            assert bool(button.payload) != bool(button.url), f"{topic}: {button}"
            assert 0 < len(button.title) <= MAX_TITLE, button.title
            if button.url:
                assert button.url.startswith("https://"), button.url
                continue
            assert len(button.payload.encode()) <= MAX_PAYLOAD_BYTES
            intent, _, slots = button.payload.removeprefix("/").partition("{")
            assert intent in known, button.payload
            if slots:
                entities = json.loads("{" + slots)
                assert entities.keys() <= {"sujet", "filtre"}
                assert entities.get("sujet", "aide") in answers
                wish = entities.get("filtre", "gratuit")
                assert read_filters(wish, datetime(2026, 11, 22, tzinfo=UTC)), wish


def test_titles_are_human_and_different(answers: Answers) -> None:
    titles = [answers.title(topic) for topic in answers.topics]
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= MAX_TITLE and "_" not in title for title in titles)


def test_more_is_offered_only_where_there_is_more(answers: Answers) -> None:
    today = date(2026, 11, 22)
    for topic in answers.topics:
        more = Button("En savoir plus", f'/en_savoir_plus{{"sujet": "{topic}"}}')
        offered = more in answers.follow_ups(topic, today)
        whole, details = answers.render(topic, today), answers.render(topic, today, "details")
        assert offered == (details.text != whole.text), topic
        assert more not in answers.follow_ups(topic, today, "details")


def test_informational_answers_have_simpler_words(answers: Answers) -> None:
    informational = [
        t for t in answers.topics if t.startswith(("pass_", "aap_", "programme_", "struct"))
    ]
    for topic in informational:
        for on in DAYS:
            if topic == "aap_simulation" and on.year < 2019:
                continue
            simpler = answers.render(topic, on, "simpler").text
            assert len(simpler) <= 260, f"{topic}, {on}"


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_factual_answers_are_sourced(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        said = answers.render(topic, on)
        ignorant = said.text.startswith(("Je ne le sais pas", "Personne pour le moment"))
        if topic.startswith(("pass_", "struct")):
            assert said.sources, f"{topic}, {on}"
        elif topic.startswith(("aap_", "programme_")) and on >= date(2019, 3, 1) and not ignorant:
            assert said.sources or topic == "aap_simulation", f"{topic}, {on}"


def test_sources_are_named_once_with_their_date(answers: Answers) -> None:
    for topic in answers.topics:
        labels = [source.label for source in answers.render(topic, date(2026, 11, 22)).sources]
        assert len(set(labels)) == len(labels)
        assert all(re.search(r"\b(19|20)\d\d$|sans date$", label) for label in labels)


def test_no_source_from_the_future(answers: Answers) -> None:
    labels = [s.label for s in answers.render("aap_eligibilite", date(2019, 5, 1)).sources]
    assert labels
    assert not any("2020" in label for label in labels)
