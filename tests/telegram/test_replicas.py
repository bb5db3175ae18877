"""Two replicas on one PostgreSQL database, one killed at random: once each, in order."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.lanes import Claims
from bot.store import Store, claims, open_engine
from bot.store.claims import LostClaimError
from bot.store.tables import claims as table
from bot.store.tables import outbox
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import Bot
from tests.telegram.test_killed import START_S, Victim
from tests.telegram.test_talking import rows, settled

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


def test_who_is_at_work_is_counted(store: Store) -> None:
    with store.begin() as connection:
        assert claims.at_work(connection, "one") == 1, "itself"
        assert claims.claim(connection, "a", "two", LONG)
        assert claims.claim(connection, "b", "two", LONG)
        assert claims.claim(connection, "c", "one", LONG)
        assert claims.at_work(connection, "one") == 2
        claims.renew(connection, "two", OVER)
    with store.begin() as connection:
        assert claims.at_work(connection, "one") == 1


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


async def test_a_migration_while_serving_loses_nothing(
    api: BotApi, bot: Bot, database_url: str
) -> None:
    """A new version that starts adds to the tables under the feet of the one that serves."""

    def again_and_again(engine: sa.Engine, times: int) -> None:
        for _ in range(times):
            for change in ("ADD COLUMN newer VARCHAR(8) NOT NULL DEFAULT ''", "DROP COLUMN newer"):
                with engine.begin() as connection:
                    for table in ("persons", "outbox"):
                        connection.execute(sa.text(f"ALTER TABLE {table} {change}"))

    engine = open_engine(database_url)
    crowd, questions = range(1, 9), 6
    async with bot.running():
        migrating = asyncio.create_task(asyncio.to_thread(again_and_again, engine, 4))
        for number in range(questions):
            for person in crowd:
                api.says(person, f"q{number}")
            await api.until(lambda n=number: all(len(api.texts(p)) > n for p in crowd))
        await migrating
    engine.dispose()
    for person in crowd:
        assert api.texts(person) == [f"Réponse à : q{number}" for number in range(questions)]


def leaving(store: Store) -> Counter[tuple[int, str]]:
    """What may have been on its way to Telegram: the first message that waits of each chat."""
    first: dict[int, str] = {}
    for row in sorted(rows(store, outbox), key=lambda row: row.id):
        if row.status == "pending":
            first.setdefault(int(row.address), row.body["text"])
    return Counter(first.items())


async def test_what_was_held_by_a_killed_process_of_the_same_home_is_taken_back_at_once(
    api: BotApi, bot: Bot, store: Store
) -> None:
    before = Claims.where_shared(store, bot.settings.home)
    assert before
    with store.begin() as connection:
        for lane in ("incoming|telegram:42", "outbox|telegram:42"):
            assert claims.claim(connection, lane, before._owner, LONG)
        assert claims.claim(connection, "incoming|telegram:43", "another home's", LONG)
    async with bot.running():
        api.says(43, "un autre le répond")
        api.says(42, "bonjour")
        await api.until(lambda: api.texts(42))
    assert api.texts(43) == []


async def test_what_one_does_at_a_time_goes_to_another_when_it_is_gone(store: Store) -> None:
    done: list[str] = []
    began, gone = asyncio.Event(), asyncio.Event()

    async def work(name: str) -> None:
        done.append(name)
        began.set()
        await gone.wait()

    first, second = Claims(store), Claims(store)
    one = asyncio.create_task(first.in_turn("jobs", partial(work, "one")))
    await began.wait()
    two = asyncio.create_task(second.in_turn("jobs", partial(work, "two")))
    with store.begin() as connection:
        assert claims.claim(connection, "jobs", "a third", LONG) is None
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    gone.set()
    await two
    assert done == ["one", "two"]


@pytest.mark.timeout(600)
async def test_one_of_two_killed_at_random(
    api: BotApi, tmp_path: Path, database_url: str, store: Store
) -> None:
    crowd, questions, kills = 10, 6, 4
    chance = random.Random(13)
    homes = (tmp_path / str(number) for number in count())
    everything = {
        person: [f"{part} q{n}" for n in range(questions) for part in "AB"]
        for person in range(1, crowd + 1)
    }
    async with AsyncExitStack() as everyone:

        async def replica() -> AsyncExitStack:
            stack = await everyone.enter_async_context(AsyncExitStack())
            victim = Victim(next(homes), database_url, api)
            await stack.enter_async_context(victim.running())
            return stack

        excusable: Counter[tuple[int, str]] = Counter()
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
            excusable += leaving(store)
            at_work, idle = idle, await replica()
        for number in range(kills, questions):
            for person in everything:
                api.says(person, f"q{number}")
        await api.until(
            lambda: all(set(api.texts(p)) == set(said) for p, said in everything.items()),
            timeout_s=START_S,
        )
        await api.until(lambda: settled(store), timeout_s=START_S)
    twice: Counter[tuple[int, str]] = Counter()
    for person, wanted_texts in everything.items():
        heard = api.texts(person)
        assert list(dict.fromkeys(heard)) == wanted_texts, "all of it, in order"
        twice += Counter((person, text) for text in heard) - Counter(
            (person, text) for text in wanted_texts
        )
    assert twice <= excusable, "what was under way at a kill, and nothing else"
