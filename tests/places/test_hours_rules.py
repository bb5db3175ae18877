"""Rules that say less, or something else, than a reader of OSM hours first thinks."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.places.hours import read_schedule
from actions.places.hours_rules import take_apart
from actions.places.hours_words import now_words, week_lines, weekday_words

WEDNESDAY = datetime.fromisoformat("2026-12-02T10:00")
AFTERNOON = datetime.fromisoformat("2026-12-02T15:00")
CHRISTMAS = datetime.fromisoformat("2026-12-25T10:00")
SATURDAY = datetime.fromisoformat("2026-12-05T10:00")


@pytest.mark.parametrize(
    ("hours", "moment", "words"),
    [
        ("Mo-Sa 09:00-18:00; PH Mo-Sa off", WEDNESDAY, "ouvert jusqu'à 18 h"),
        ("Mo-Sa 09:00-18:00; PH Mo-Sa off", CHRISTMAS, "fermé, jour férié (Noël)"),
        ("Mo-Fr 09:00-18:00; PH Mo-Fr 10:00-12:00", WEDNESDAY, "ouvert jusqu'à 18 h"),
        ("Mo-Fr 09:00-18:00; PH Mo-Fr 10:00-12:00", CHRISTMAS, "ouvert jusqu'à 12 h"),
        ("Mo-Fr 09:00-18:00; PH Jun-Aug off", CHRISTMAS, "ouvert jusqu'à 18 h"),
        ("Mo-Fr 09:00-18:00; PH week 50-53 off", CHRISTMAS, "fermé, jour férié"),
        ("Mo-Fr 09:00-12:00; SH Mo-Fr 14:00-17:00", WEDNESDAY, "ouvert jusqu'à 12 h"),
        ("Mo-Fr 09:00-12:00; SH Mo-Fr 14:00-17:00", AFTERNOON, "fermé"),
        ("Mo-Fr,SH 09:00-12:00", WEDNESDAY, "ouvert jusqu'à 12 h"),
        ("We 14:00+", AFTERNOON, "ouvert maintenant (fin non précisée"),
        ("We 14:00+", WEDNESDAY, "fermé, ouvre à 14 h"),
        ("We 09:00-12:00+", WEDNESDAY, "ouvert jusqu'à 12 h"),
        ("We 09:00-12:00+", AFTERNOON, "fin non précisée"),
        ("We 09:00-12:00,14:00+", WEDNESDAY, "ouvert jusqu'à 12 h"),
        ('Mo-Fr 09:00-12:00; PH "appeler avant"', CHRISTMAS, "appeler avant"),
        ('Mo-Fr 09:00-12:00 || "sur rendez-vous"', AFTERNOON, "sur rendez-vous"),
        ('Mo-Fr 09:00-12:00 || "sur rendez-vous"', WEDNESDAY, "ouvert jusqu'à 12 h"),
        ("Mo-Fr,PH 09:00-12:00", CHRISTMAS, "ouvert jusqu'à 12 h"),
        ("Mo-Fr 09:00-12:00, PH off", CHRISTMAS, "fermé, jour férié"),
    ],
)
def test_what_holds_now(hours: str, moment: datetime, words: str) -> None:
    assert now_words(hours, "59", moment).replace("\u00a0", " ").startswith(words)


def test_school_holidays_are_to_be_checked() -> None:
    hours = "Mo-Fr 09:00-12:00; SH Mo-Fr 14:00-17:00"
    assert "à vérifier" in now_words(hours, "59", WEDNESDAY)
    assert "vacances scolaires" in week_lines(hours, "59", date(2026, 12, 2))[-1]


def test_what_says_no_hour_is_not_said_open() -> None:
    hours = 'Mo-Fr 09:00-12:00 || "sur rendez-vous"'
    words = weekday_words(hours, "59", 5, SATURDAY.date())
    assert "ouvert" not in words
    assert "sur rendez-vous" in words


def test_hours_of_school_holidays_alone_are_shown_as_published() -> None:
    assert read_schedule("SH Mo-Fr 14:00-17:00", "59") is None


@pytest.mark.parametrize(
    "hours",
    [
        "sunrise-sunset",
        "Mo-Fr 09:00-12:00; Sa dawn-dusk",
        "Mo-Fr (sunrise+01:00)-18:00",
        "Mo-Fr 09:00-12:00; PH -1 day off",
        "Mo-Fr 09:00-12:00; PH Mo-Fr +1 day 10:00-12:00",
        "Mo-Fr 09:00-12:00; SH -2 days off",
        "PH[1] off; Mo-Fr 09:00-12:00",
        "Jan 1,PH off; Mo-Fr 09:00-12:00",
        "Mo-Fr 09:00-12:00/00:30",
        "Mo-Fr 09:00-12:00 || Mo-Su 10:00-11:00",
    ],
)
def test_what_cannot_be_evaluated_is_shown_as_published(hours: str) -> None:
    assert take_apart(hours).unread
    assert read_schedule(hours, "59") is None
    assert now_words(hours, "59", WEDNESDAY) == hours


def test_the_sun_in_a_comment_is_no_time_of_day() -> None:
    hours = 'Mo-Fr 09:00-12:00 "entrée côté sunset, PH -1 day"'
    assert now_words(hours, "59", WEDNESDAY).startswith("ouvert jusqu'à")


def test_days_after_a_comma_are_a_rule_of_their_own() -> None:
    school = "Mo-Fr 09:00-12:00, SH Mo-Fr 14:00-17:00"
    assert "vacances scolaires" in week_lines(school, "59", date(2026, 12, 2))[-1]
    with_saturday = "Mo-Fr 09:00-12:00, Sa,PH 10:00-11:00"
    assert now_words(with_saturday, "59", SATURDAY) == "ouvert jusqu'à 11\u00a0h"
    lines = week_lines(with_saturday, "59", CHRISTMAS.date())
    assert lines[-1].endswith(": de 10\u00a0h à 11\u00a0h")


@pytest.mark.parametrize("word", ["unknown ", "off ", ""])
def test_a_fallback_is_a_comment_with_or_without_its_state(word: str) -> None:
    hours = f'Mo-Fr 09:00-12:00 || {word}"sur rendez-vous"'
    assert now_words(hours, "59", AFTERNOON) == "sur rendez-vous"


@given(st.text(alphabet='MoTuWeSaPHSHoff0123456789:-,;+|" ', max_size=40))
def test_anything_is_taken_apart(expression: str) -> None:
    rules = take_apart(expression)
    assert str(take_apart(str(rules))) == str(rules)
