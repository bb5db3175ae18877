"""Open, closed, on holiday, empty or full: the decision and its words."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.decision.availability import Availability, DeskState, decide
from bot.helpdesk.decision.desk_hours import HoursError, read_hours
from bot.helpdesk.decision.queue import Served, Wait, estimate
from bot.helpdesk.desk_words import load_desk_words
from bot.helpdesk.languages import moment
from bot.helpdesk.tickets.states import Why
from bot.settings import PROJECT_ROOT

PARIS = ZoneInfo("Europe/Paris")
WEEK = "Mo-Fr 09:00-12:30,14:00-17:30; PH off"
HOURS = read_hours(WEEK, "Europe/Paris", "FR")
WORDS = load_desk_words(PROJECT_ROOT / "data" / "answers", PARIS)


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (paris(2026, 11, 23, 10), Availability(DeskState.OPEN, position=4)),
        (
            paris(2026, 11, 23, 12, 30),
            Availability(DeskState.CLOSED, answers_from=paris(2026, 11, 23, 14)),
        ),
        (
            paris(2026, 11, 21, 10),
            Availability(DeskState.CLOSED, answers_from=paris(2026, 11, 23, 9)),
        ),
        (
            paris(2026, 12, 25, 10),
            Availability(DeskState.HOLIDAY, holiday="Noël", answers_from=paris(2026, 12, 28, 9)),
        ),
    ],
)
def test_the_hours_decide(at, expected):
    assert decide(at, HOURS, present=2, waiting=3, capacity=20) == expected


def test_a_comma_before_holidays_begins_a_rule():
    hours = read_hours(WEEK.replace(";", ","), "Europe/Paris", "FR")
    assert decide(paris(2026, 12, 25, 10), hours, 2, 3, 20).desk is DeskState.HOLIDAY
    assert decide(paris(2026, 11, 23, 10), hours, 2, 3, 20).desk is DeskState.OPEN


def test_opening_time_between_two_moments():
    monday, next_monday = paris(2026, 11, 23, 12), paris(2026, 11, 30, 9, 10)
    assert HOURS.open_time(monday, paris(2026, 11, 23, 14, 15)) == timedelta(minutes=45)
    assert HOURS.open_time(monday, paris(2026, 11, 23, 13)) == timedelta(minutes=30)
    assert HOURS.open_time(paris(2026, 11, 28, 9), next_monday) == timedelta(minutes=10)
    assert HOURS.open_time(next_monday, next_monday) == timedelta()


def test_nobody_is_there_or_too_many_wait():
    at = paris(2026, 11, 23, 10)
    afternoon = paris(2026, 11, 23, 14)
    assert decide(at, HOURS, 0, 0, 20) == Availability(DeskState.ABSENT, answers_from=afternoon)
    assert decide(at, HOURS, 1, 20, 20) == Availability(DeskState.FULL, answers_from=afternoon)
    assert decide(at, HOURS, 1, 19, 20) == Availability(DeskState.OPEN, position=20)


def test_holidays_are_those_of_the_territory():
    saint_etienne = paris(2025, 12, 26, 10)
    for territory, desk in [
        ("FR", DeskState.OPEN),
        ("FR-57", DeskState.HOLIDAY),
        ("FR-6AE", DeskState.HOLIDAY),
    ]:
        hours = read_hours(WEEK, "Europe/Paris", territory)
        assert decide(saint_etienne, hours, 1, 0, 20).desk is desk
    abolition = datetime(2026, 12, 20 + 1, 10, tzinfo=ZoneInfo("Indian/Reunion"))
    reunion = read_hours(WEEK, "Indian/Reunion", "FR-974")
    assert decide(abolition, reunion, 1, 0, 20).desk is DeskState.OPEN
    assert reunion.holiday(abolition.date() - timedelta(days=1)) == "Abolition de l'esclavage"


def test_holidays_can_have_hours_of_their_own():
    hours = read_hours("Mo-Fr 09:00-17:00; PH 10:00-12:00", "Europe/Paris", "FR")
    assert decide(paris(2026, 7, 14, 11), hours, 1, 0, 20).desk is DeskState.OPEN
    shut = decide(paris(2026, 7, 14, 15), hours, 1, 0, 20)
    assert (shut.desk, shut.answers_from) == (DeskState.HOLIDAY, paris(2026, 7, 15, 9))


def test_never_open():
    hours = read_hours("off", "Europe/Paris", "FR")
    decision = decide(paris(2026, 11, 23, 10), hours, 1, 0, 20)
    assert decision == Availability(DeskState.CLOSED)
    assert "ne connaissons pas" in WORDS.to(None).ask(decision, None, paris(2026, 11, 23, 10))


@pytest.mark.parametrize(
    ("expression", "zone", "territory", "named"),
    [
        ("Mo-", "Europe/Paris", "FR", "horaires illisibles"),
        ("24/7", "Europe/Pari", "FR", "fuseau horaire inconnu"),
        ("24/7", "Europe/Paris", "FR-XX", "territoire inconnu"),
        ("24/7", "Europe/Paris", "Ruritanie", "territoire inconnu"),
    ],
)
def test_what_cannot_be_read_is_named_in_one_line(expression, zone, territory, named):
    with pytest.raises(HoursError, match=named) as error:
        read_hours(expression, zone, territory)
    assert "\n" not in str(error.value)


@given(st.integers(0, 730 * 24 * 60))
def test_the_next_opening_is_open_and_nothing_before_it_begins(minutes):
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opening = HOURS.next_opening(at)
    assert opening is not None
    assert opening > at
    assert HOURS.is_open(opening)
    assert not HOURS.is_open(opening - timedelta(seconds=1))
    if not HOURS.is_open(at):
        step = (opening - at) / 50
        assert not any(HOURS.is_open(at + step * n) for n in range(50))


# The estimate.


def waits(*minutes: int, position: int = 1) -> list[Served]:
    return [Served(position, timedelta(minutes=m)) for m in minutes]


def test_nothing_is_promised_without_enough_past():
    assert estimate(1, waits(3, 3, 3, 3)) is None
    assert estimate(1, waits(3, 3, 3, 3, 3)) == Wait(5, 5)


def test_the_estimate_grows_with_the_rank_and_stops_at_four_hours():
    past = waits(4, 5, 6, 7, 20)
    assert estimate(1, past) == Wait(10, 20)
    assert estimate(3, past) == Wait(20, 60)
    assert estimate(20, past) is None


@given(
    st.lists(st.tuples(st.integers(1, 20), st.integers(0, 120)), min_size=5, max_size=60),
)
def test_nine_in_ten_of_the_past_waited_no_longer_than_said(past):
    served = [Served(position, timedelta(minutes=minutes)) for position, minutes in past]
    kept = 0
    for one in served:
        wait = estimate(one.position, served)
        kept += wait is None or one.waited <= timedelta(minutes=wait.high_minutes)
    assert kept >= 0.9 * len(served)


# The words.


def test_every_state_and_every_refusal_has_its_words():
    now = paris(2026, 11, 23, 10)
    said = {
        desk: WORDS.to(None).ask(
            Availability(desk, 2, "Noël", paris(2026, 11, 24, 9)), Wait(5, 10), now
        )
        for desk in DeskState
    }
    assert len(set(said.values())) == len(DeskState)
    assert "demain à 9 h" in said[DeskState.CLOSED].replace("\u00a0", " ")
    assert "Noël" in said[DeskState.HOLIDAY]
    assert "une personne avant vous" in said[DeskState.OPEN]
    for why in Why:
        assert WORDS.say(f"refused_{why.value}", owner="Anne")
    for key, sentence in WORDS.say.items():
        assert len(WORDS.say(key, **dict.fromkeys(sentence.needs, "…"))) <= 600
    assert set(WORDS.reasons) == {"demande", "incompris", "panne", "plainte", "suivi", "urgence"}


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (paris(2026, 11, 22, 9), "aujourd’hui à 9 h"),
        (paris(2026, 11, 23, 14, 5), "demain à 14 h 05"),
        (paris(2026, 11, 21, 9), "hier à 9 h"),
        (paris(2026, 12, 1, 9), "mardi 1er décembre à 9 h"),
        (paris(2027, 1, 4, 9), "lundi 4 janvier 2027 à 9 h"),
    ],
)
def test_moments(at, words):
    assert moment(at, paris(2026, 11, 22, 8)).replace("\u00a0", " ") == words


def test_no_word_is_left_over() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (PROJECT_ROOT / "bot" / "helpdesk").rglob("*")
        if path.suffix in (".py", ".html")
    )
    built = ("ask_", "refused_", "undelivered_", "copy_", "kind_", "button_", "language_",
             "compte_fait_", "equipe_fait_", "journal_")  # fmt: skip
    left = [
        key
        for key in WORDS.say
        if f'"{key}"' not in source and f"'{key}'" not in source and not key.startswith(built)
    ]
    assert left == []
