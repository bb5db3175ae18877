"""Telegram's rates, kept by construction: a chat that is full waits alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from actions.messages import PlaceCard, Venues
from bot.conversation import Turn
from bot.store import Store
from bot.store.tables import outbox
from bot.telegram.pace import EVERYONE_PER_SECOND, Limits, Pace
from tests.conversation.conftest import NOW, StubAssistant
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import Bot
from tests.telegram.test_talking import rows

SECOND = timedelta(seconds=1)
PERSON, GROUP = 42, -5


def leaves(pace: Pace, chat: int, asked: list[float]) -> list[datetime]:
    """Return when messages leave that are ready at these seconds, one after the other."""
    now, left = NOW, []
    for ready in sorted(asked):
        now = max(now, NOW + ready * SECOND)
        now += pace.wait(chat, now)
        pace.note(chat, now)
        left.append(now)
    return left


moments = st.lists(st.floats(0, 120), min_size=1, max_size=80)


def most_within(left: list[datetime], window: timedelta) -> int:
    return max(sum(first <= other < first + window for other in left) for first in left)


@given(moments)
def test_a_group_reads_twenty_messages_a_minute_at_most(asked: list[float]) -> None:
    assert most_within(leaves(Pace(), GROUP, asked), 60 * SECOND) <= 20


@given(moments)
def test_a_person_reads_one_a_second_but_for_a_short_burst(asked: list[float]) -> None:
    burst = Limits().person.burst
    assert most_within(leaves(Pace(), PERSON, asked), 10 * SECOND) <= burst + 10


def test_a_short_burst_does_not_wait() -> None:
    burst = Limits().person.burst
    left = leaves(Pace(), PERSON, [0.0] * (burst + 2))
    assert [moment - NOW for moment in left] == [0 * SECOND] * burst + [SECOND, 2 * SECOND]


def turns(pace: Pace, asked: list[float]) -> list[datetime]:
    """Return when messages leave whose turn is asked for at these seconds, whomever they are to."""
    ready = [NOW + second * SECOND for second in sorted(asked)]
    return [moment + pace.turn(moment) for moment in ready]


@given(st.lists(st.floats(0, 6), min_size=1, max_size=200), st.integers(1, 60), st.integers(1, 3))
def test_all_chats_together_read_so_many_a_second_at_most(
    asked: list[float], per_second: int, replicas: int
) -> None:
    left = turns(Pace(per_second=per_second, replicas=lambda: replicas), asked)
    assert most_within(left, replicas * SECOND) <= per_second
    assert left == sorted(left), "in turn"


def test_a_crowd_is_answered_at_even_distances_from_the_first_at_once() -> None:
    left = turns(Pace(per_second=30), [0.0] * 91)
    assert left[0] == NOW
    steps = {after - before for before, after in pairwise(left)}
    assert len(steps) == 1
    assert timedelta(seconds=3) <= left[-1] - NOW < timedelta(seconds=3.001)


def test_without_a_figure_everyone_counts_once_telegram_has_said_that_it_is_too_much() -> None:
    pace = Pace()
    assert turns(pace, [0.0] * 99) == [NOW] * 99
    pace.too_much(NOW)
    assert most_within(turns(pace, [0.0] * 99), SECOND) == EVERYONE_PER_SECOND
    much_later = NOW + timedelta(minutes=2)
    assert [pace.turn(much_later) for _ in range(99)] == [timedelta()] * 99


def test_a_clock_that_is_set_back_keeps_nobody_waiting_until_that_hour_comes_again() -> None:
    pace = Pace(per_second=10)
    for _ in range(20):
        pace.turn(NOW)
        pace.note(PERSON, NOW)
    debt = pace.wait(PERSON, NOW)
    earlier = NOW - timedelta(hours=1)
    assert pace.turn(earlier) == timedelta(seconds=2), "as before: behind the twenty"
    assert pace.wait(PERSON, earlier) == debt
    assert pace.wait(PERSON, earlier + debt) == timedelta()


class Counted(Pace):
    """Counts the turns that are taken."""

    taken = 0

    def turn(self, now: datetime) -> timedelta:
        self.taken += 1
        return super().turn(now)


async def test_every_message_waits_for_its_turn_among_all(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    places = tuple(PlaceCard(str(n), f"Lieu {n}", "rue", 49.0, 6.0) for n in range(3))
    assistant.answers["carte"] = Turn((Venues("Carte :", places=places),))
    pace = Counted(per_second=1000)
    async with bot.running(pace=pace):
        for chat in range(1, 9):
            api.says(chat, "carte")
        await api.until(lambda: len(api.of("sendVenue")) == 24)
    assert pace.taken == len(api.of("sendVenue")) + len(api.of("sendMessage")) == 32


async def test_a_chat_that_is_full_delays_no_other(api: BotApi, bot: Bot, store: Store) -> None:
    """Time stands still: what is beyond the burst never leaves, and the others' answers do."""
    burst = Limits().person.burst
    async with bot.running(clock=lambda: NOW, pace=Pace()):
        for number in range(burst + 3):
            api.says(42, f"q{number}")
        await api.until(lambda: len(rows(store, outbox)) == burst + 3)
        await api.until(lambda: len(api.texts(42)) == burst)
        for person in range(100, 150):
            api.says(person, "et moi ?")
        await api.until(lambda: all(api.texts(person) for person in range(100, 150)))
    assert api.texts(42) == [f"Réponse à : q{number}" for number in range(burst)]
