"""What a handler reads of Rasa's tracker."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from actions.handlers.turn import HandlerTurn, read_turn
from actions.reading import Reader
from actions.reading.territory.gazetteer import load_gazetteer

READER = Reader(load_gazetteer(Path(__file__).resolve().parents[2] / "data" / "places"))
NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


def read(
    latest: dict[str, Any],
    *,
    slots: dict[str, Any] | None = None,
    events: list[dict[str, Any]] | None = None,
    form: str = "",
    today: date | None = None,
) -> HandlerTurn:
    tracker = SimpleNamespace(
        latest_message=latest,
        slots=slots or {},
        events=events or [],
        active_loop={"name": form} if form else {},
    )
    return read_turn(tracker, READER, NOW, today)


def test_the_message_s_own_day_wins() -> None:
    metadata = {"date": "2020-09-01"}
    assert read({"metadata": metadata}, today=date(2019, 5, 1)).on == date(2020, 9, 1)
    assert read({}, today=date(2019, 5, 1)).on == date(2019, 5, 1)
    assert read({}).on == NOW.date()


def test_a_button_says_nothing_by_itself() -> None:
    entities = [{"entity": "lieu", "value": "a1"}]
    turn = read({"text": '/lieu_contact{"lieu": "a1"}', "entities": entities})
    assert turn.said == ""
    assert turn.entities == {"lieu": "a1"}


def test_a_message_without_reading_is_not_understood() -> None:
    assert read({"text": "…"}).intent == "incompris"


def test_a_form_resumes_only_after_another_answer() -> None:
    said, asked = {"event": "user"}, {"requested_slot": "montant"}
    answered = {"event": "action", "name": "action_repondre"}
    asks = {"event": "action", "name": "simulation_form"}
    resumed = [asks, said, answered, asks]
    assert read({}, slots=asked, events=resumed, form="simulation_form").resumes
    assert not read({}, slots=asked, events=[answered, said, asks], form="simulation_form").resumes
    assert not read({}, events=resumed, form="simulation_form").resumes


def test_a_form_that_has_just_begun_does_not_resume() -> None:
    said, asked = {"event": "user"}, {"requested_slot": "montant"}
    clarified = {"event": "action", "name": "action_clarifier"}
    begins = {"event": "active_loop", "name": "simulation_form"}
    turn = read({}, slots=asked, events=[said, clarified, begins], form="simulation_form")
    assert turn.starts
    assert not turn.resumes
    later = read({}, slots=asked, events=[begins, said, clarified], form="simulation_form")
    assert later.resumes
    assert not later.starts


def test_the_territory_of_a_page_is_read() -> None:
    assert read({"metadata": {"around": "Moselle"}}).around == "Moselle"
    assert read({}).around == ""
