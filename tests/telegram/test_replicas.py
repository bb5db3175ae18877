"""Two replicas on one PostgreSQL database, one killed at random: once each, in order."""

from __future__ import annotations

import random
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.lanes import Claims
from bot.store import Store, claims
from bot.store.claims import LostClaimError
from bot.store.tables import claims as table
from tests.telegram.bot_api import BotApi
from tests.telegram.test_killed import START_S, Victim
from tests.telegram.test_talking import settled

pytestmark = pytest.mark.postgres

LONG, OVER = timedelta(hours=1), timedelta(seconds=-1)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


def test_a_lane_is_held_by_one_until_its_lease_ends(store: Store) -> None:
    with store.begin() as connection:
        first = claims.claim(connection, "a", "one", LONG)
        assert first and claims.claim(connection, "a", "two", LONG) is None
        assert claims.held_by_others(connection, "two") == {"a"}
        assert claims.held_by_others(connection, "one") == set()
        claims.renew(connection, "one", OVER)
    with store.begin() as connection:
        second = claims.claim(connection, "a", "two", LONG)
        assert second and second > first
        with pytest.raises(LostClaimError):
            claims.check(connection, first, lock=True)
        claims.check(connection, second, lock=True)
        claims.release(connection, first)  # whose claim is gone frees nothing
        assert claims.held_by_others(connection, "one") == {"a"}


async def test_who_lost_a_lane_writes_nothing(store: Store) -> None:
    def write(connection: sa.Connection) -> None:
        connection.execute(sa.text("INSERT INTO erasures VALUES ('p', '2026-01-01')"))

    slow, other = Claims(store, OVER), Claims(store, LONG)
    with pytest.raises(LostClaimError):
        async with slow.holding("a") as held:
            assert held
            with store.begin() as connection:
                assert claims.claim(connection, "a", "other", LONG)
            await store.write(write)
    async with other.holding("a") as held:
        assert not held
    with store.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM erasures")).scalar() == 0
        assert connection.execute(sa.select(table.c.owner)).scalars().all() == ["other"]


@pytest.mark.timeout(600)
async def test_one_of_two_killed_at_random(
    api: BotApi, tmp_path: Path, database_url: str, store: Store
) -> None:
    crowd, questions, kills = 10, 6, 4
    chance = random.Random(13)
    victim = Victim(tmp_path, database_url, api)
    everything = {
        person: [f"{part} q{n}" for n in range(questions) for part in "AB"]
        for person in range(1, crowd + 1)
    }
    async with AsyncExitStack() as everyone:

        async def replica() -> AsyncExitStack:
            stack = await everyone.enter_async_context(AsyncExitStack())
            await stack.enter_async_context(victim.running())
            return stack

        at_work, idle = await replica(), await replica()
        for kill in range(kills):
            said = len(api.of("sendMessage"))
            for person in everything:
                api.says(person, f"q{kill}")
            wanted = said + chance.randrange(1, crowd)
            await api.until(
                lambda wanted=wanted: len(api.of("sendMessage")) >= wanted, timeout_s=START_S
            )
            await at_work.aclose()  # SIGKILL, wherever it was: the other takes over
            at_work, idle = idle, await replica()
        for number in range(kills, questions):
            for person in everything:
                api.says(person, f"q{number}")
        await api.until(
            lambda: all(set(api.texts(p)) == set(said) for p, said in everything.items()),
            timeout_s=START_S,
        )
        await api.until(lambda: settled(store), timeout_s=START_S)
    twice = 0
    for person, wanted_texts in everything.items():
        heard = api.texts(person)
        assert list(dict.fromkeys(heard)) == wanted_texts, "all of it, in order"
        twice += len(heard) - len(wanted_texts)
    # What was under way at a kill, one message a person at most.
    assert twice <= kills * crowd
