"""Telegram's rates, kept by construction: a chat that is full waits alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.store import Store
from bot.store.tables import outbox
from bot.telegram.pace import Limits, Pace
from tests.conversation.conftest import NOW
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


def test_everyone_counts_once_telegram_has_said_that_it_is_too_much() -> None:
    pace = Pace()
    for chat in range(1, 100):
        assert pace.wait(chat, NOW) == timedelta()
        pace.note(chat, NOW)
    assert pace.wait(100, NOW) == timedelta()
    pace.too_much(NOW)
    assert pace.wait(100, NOW) > SECOND
    assert pace.wait(100, NOW + timedelta(minutes=2)) == timedelta()


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
