"""Opening hours: exact readings, holidays and time zones of each territory."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import holidays as holiday_calendars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.places.feature_bits import ALL_BLOCKS, block_of, blocks, open_weekdays
from actions.places.hours import PARIS, holiday, local, read_schedule
from actions.places.hours_words import now_words, week_lines, weekday_words
from tests.places.samples import HOURS

WORKDAYS = "Mo-Fr 09:00-12:00,14:00-18:00; PH off"


def naive(text: str) -> datetime:
    """What the clocks show there."""
    return datetime.fromisoformat(text)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("hours", "departement", "moment", "words"),
    [
        (WORKDAYS, "57", "2026-11-23 10:00", "ouvert jusqu'à 12 h"),
        (WORKDAYS, "57", "2026-11-23 12:30", "fermé, ouvre à 14 h"),
        (WORKDAYS, "57", "2026-11-23 18:00", "fermé, ouvre demain à 9 h"),
        (WORKDAYS, "57", "2026-11-20 19:00", "fermé, ouvre lundi à 9 h"),
        ("Mo 09:30-12:00", "57", "2026-11-23 09:30", "ouvert jusqu'à 12 h"),
        ("Mo 09:30-12:00", "57", "2026-11-23 12:00", "fermé, ouvre le 30 novembre à 9 h 30"),
        ("24/7", "57", "2026-11-23 03:00", "ouvert tous les jours, à toute heure"),
        ("Mo-Fr 08:00-24:00", "57", "2026-11-23 22:00", "ouvert jusqu'à minuit"),
        ("Fr 20:00-02:00", "57", "2026-11-27 22:00", "ouvert jusqu'à demain 2 h"),
        ("Fr 20:00-02:00", "57", "2026-11-28 01:00", "ouvert jusqu'à 2 h"),
        ("off", "57", "2026-11-23 10:00", "fermé"),
        (
            'Mo-Fr 09:00-12:00 "sur rendez-vous"',
            "57",
            "2026-11-23 10:00",
            "ouvert jusqu'à 12 h (sur rendez-vous)",
        ),
        (
            'Mo-Fr 09:00-12:00 "sur rendez-vous"',
            "57",
            "2026-11-23 13:00",
            "fermé, ouvre demain à 9 h (sur rendez-vous)",
        ),
        ('24/7 "sur rendez-vous"', "57", "2026-11-23 13:00", "sur rendez-vous"),
        (
            "Mo-Fr 09:00-12:00; SH off",
            "57",
            "2026-11-23 10:00",
            "ouvert jusqu'à 12 h (vacances scolaires : à vérifier)",
        ),
        ("lundi 9h-12h, ou appeler", "57", "2026-11-23 10:00", "lundi 9h-12h, ou appeler"),
        ("", "57", "2026-11-23 10:00", ""),
        # Saint-Étienne: a holiday in Metz, not in Nancy
        (
            "Mo-Sa 09:00-12:00; PH off",
            "57",
            "2026-12-26 10:00",
            "fermé, jour férié (Saint-Étienne), ouvre lundi à 9 h",
        ),
        ("Mo-Sa 09:00-12:00; PH off", "54", "2026-12-26 10:00", "ouvert jusqu'à 12 h"),
        # abolition of slavery in La Réunion
        (
            "Mo-Fr 09:00-12:00; PH off",
            "974",
            "2024-12-20 06:30",
            "fermé, jour férié (Abolition de l'esclavage), ouvre lundi à 9 h",
        ),
        ("Mo-Fr 09:00-12:00; PH off", "75", "2024-12-20 10:30", "ouvert jusqu'à 12 h"),
        # hours that do not mention holidays promise nothing on them
        (
            "Mo-Fr 09:00-12:00",
            "57",
            "2026-12-25 10:00",
            "ouvert jusqu'à 12 h (jour férié : à vérifier)",
        ),
        ("Mo-Fr 09:00-12:00", "57", "2026-12-24 13:00", "fermé, ouvre lundi à 9 h"),
        ("Mo-Fr,PH 09:00-12:00", "57", "2026-12-25 10:00", "ouvert jusqu'à 12 h"),
        ("Mo-Fr 09:00-12:00; PH 10:00-11:00", "57", "2026-12-25 10:30", "ouvert jusqu'à 11 h"),
        # Paris time 6:30 is 9:30 in La Réunion; 22:00 is 10:00 in Tahiti
        ("Mo-Fr 09:00-12:00", "974", "2026-11-23 06:30", "ouvert jusqu'à 12 h"),
        ("Mo-Fr 09:00-12:00", "987", "2026-11-23 22:00", "ouvert jusqu'à 12 h"),
    ],
)
def test_now(hours: str, departement: str, moment: str, words: str) -> None:
    said = plain(now_words(hours, departement, datetime.fromisoformat(moment)))
    assert said == words


def test_a_weekday() -> None:
    monday = date(2026, 11, 23)
    assert plain(weekday_words("Mo-Fr 09:00-12:00; Sa 10:00-12:30", "54", 5, monday)) == (
        "ouvert le samedi, de 10 h à 12 h 30"
    )
    assert plain(weekday_words(WORKDAYS, "54", 5, monday)) == "fermé le samedi"
    assert plain(weekday_words("Mo-Sa 09:00-12:00; PH off", "67", 5, date(2026, 12, 21))) == (
        "fermé le samedi 26 décembre (Saint-Étienne)"
    )
    assert weekday_words("sur rendez-vous", "54", 5, monday) == "sur rendez-vous"


def test_a_week() -> None:
    lines = week_lines("Mo-Th 09:00-12:00,14:00-17:30; Fr 09:00-12:00", "54", date(2026, 11, 23))
    assert [plain(line) for line in lines] == [
        "du lundi au jeudi : de 9 h à 12 h et de 14 h à 17 h 30",
        "vendredi : de 9 h à 12 h",
        "samedi et dimanche : fermé",
    ]
    assert week_lines("n'importe quoi", "54", date(2026, 11, 23)) == ("n'importe quoi",)
    assert week_lines("", "54", date(2026, 11, 23)) == ()


def test_a_week_names_the_coming_holidays() -> None:
    lines = [plain(line) for line in week_lines(WORKDAYS, "54", date(2026, 11, 9))]
    assert lines[-1] == "mercredi 11 novembre (Armistice) : fermé"
    silent = week_lines("Mo-Fr 09:00-12:00", "54", date(2026, 11, 9))
    assert plain(silent[-1]) == "mercredi 11 novembre (Armistice) : à vérifier"


def test_seasons_are_those_of_the_coming_days() -> None:
    lines = week_lines("Jul-Aug Mo-Fr 09:00-12:00", "54", date(2026, 11, 23))
    assert [plain(line) for line in lines] == [
        "fermé les sept prochains jours, ouvre le 1er juillet à 9 h"
    ]


@pytest.mark.parametrize(
    ("departement", "subdivision"),
    [("57", "57"), ("67", "6AE"), ("68", "6AE"), ("974", "974"), ("54", None), ("987", "PF")],
)
@pytest.mark.parametrize("expression", [WORKDAYS, "PH off; Mo-Fr 09:00-12:00,14:00-18:00", "24/7"])
def test_ph_off_closes_exactly_the_holidays_of_the_territory(
    departement: str, subdivision: str | None, expression: str
) -> None:
    schedule = read_schedule(expression, departement)
    assert schedule is not None
    closed = holiday_calendars.country_holidays("FR", subdiv=subdivision, years=(2025, 2026, 2027))
    last_rule_wins = expression.startswith("PH")
    day = date(2025, 1, 1)
    while day < date(2028, 1, 1):
        weekday = day.weekday() < 5 or expression == "24/7"
        shut = day in closed and expression != "24/7" and not last_rule_wins
        ten = datetime.combine(day, time(10))
        assert schedule.is_open(ten) == (weekday and not shut), day
        assert bool(holiday(day, departement)) == (day in closed)
        day += timedelta(days=1)


@given(
    st.sampled_from(HOURS),
    st.datetimes(naive("2025-01-01"), naive("2027-12-31")),
    st.sampled_from(["57", "75", "974"]),
)
def test_bits_never_hide_an_opening(hours: str, moment: datetime, departement: str) -> None:
    schedule = read_schedule(hours, departement)
    if schedule is not None and schedule.is_open(moment):
        assert blocks(hours) & block_of(moment)
        if not holiday(moment.date(), departement) and moment.hour >= 3:
            assert moment.weekday() in open_weekdays(hours)


def test_bits_tell_apart() -> None:
    assert open_weekdays(WORKDAYS) == (0, 1, 2, 3, 4)
    assert open_weekdays("Sa 09:00-12:00") == (5,)
    assert open_weekdays("sur rendez-vous") == ()
    assert blocks("sur rendez-vous") == 0
    assert blocks("Jul-Aug Mo 10:00-12:00") == ALL_BLOCKS
    assert not blocks(WORKDAYS) & block_of(naive("2026-11-23 12:30"))


def test_clocks_overseas() -> None:
    moment = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert local(moment, "57") == naive("2026-07-01 14:00")
    assert local(moment, "971") == naive("2026-07-01 08:00")
    assert local(moment, "988") == naive("2026-07-01 23:00")
    assert local(naive("2026-07-01 14:00"), "57") == local(moment.astimezone(PARIS), "57")
