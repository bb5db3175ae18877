"""The forum's pace, with a clock that tests move: twenty a minute, 429, and nothing lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import Incoming, Kind
from bot.conversation.ports import HelpRequest
from bot.helpdesk import forum_queue
from bot.helpdesk.agents.forum_delivery import ForumDelivery
from bot.helpdesk.agents.group_pace import PER_MINUTE, WINDOW, GroupPace
from bot.helpdesk.assembly import assemble, forum_bot
from bot.store import Store, chats, persons
from tests.conversation.conftest import KEY
from tests.helpdesk.world import GROUP, plain, settings_for
from tests.telegram.bot_api import BotApi, Failure, bad_request, blocked, too_many

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now


class Group:
    """A pump, its clock, and the moments of the calls that Telegram accepted."""

    def __init__(self, api: BotApi, store: Store, folder: Path, url: str) -> None:
        self.api, self.store, self.clock = api, store, Clock()
        self.settings = settings_for(api, folder, url)
        self.parts = assemble(self.settings, store)
        self.moments: list[datetime] = []

    async def empties(self, longest: timedelta = timedelta(hours=2)) -> None:
        """Step until nothing waits, moving the clock by what the pump asks for."""
        async with forum_bot(self.settings) as bot:
            pump = ForumDelivery(self.store, self.parts.desk, bot, GROUP, clock=self.clock)
            end = self.clock.now + longest
            while await self.store.read(forum_queue.waiting):
                before = len(self._calls())
                pause = await pump.step()
                self.moments += [self.clock.now] * (len(self._calls()) - before)
                self.clock.now += timedelta(seconds=pause)
                assert self.clock.now < end, "the forum is never up to date"

    def _calls(self) -> list[object]:
        return [call for call in self.api.calls if call.chat == GROUP]

    def tickets(self, count: int, messages: int = 1) -> None:
        reception = self.parts.reception
        with self.store.begin() as connection:
            people = [
                persons.see(connection, KEY, "telegram", str(chat), at=MORNING)
                for chat in range(1, count + 1)
            ]
            for person in people:
                reception.open(connection, person, HelpRequest("demande", MORNING))
            for number in range(messages):
                for person in people:
                    reception.add(
                        connection,
                        person,
                        Incoming(
                            "telegram", person.external_id, str(number + 10), Kind.TEXT, MORNING,
                            text=f"message {number} de {person.external_id}.",
                        ),
                    )  # fmt: skip

    def shown(self) -> dict[int, str]:
        """What each topic shows, in order."""
        topics: dict[int, str] = {}
        for call in self.api.of("sendMessage", GROUP):
            thread = int(call.data["message_thread_id"])
            topics[thread] = topics.get(thread, "") + "\n" + plain(call.text)
        return topics


def most_in_a_minute(moments: list[datetime]) -> int:
    return max(sum(1 for m in moments if start <= m < start + WINDOW) for start in moments)


async def test_twenty_a_minute_and_nothing_lost(
    api: BotApi, store: Store, tmp_path: Path, database_url: str
) -> None:
    group = Group(api, store, tmp_path, database_url)
    group.tickets(count=40, messages=3)
    await group.empties()
    assert most_in_a_minute(group.moments) == PER_MINUTE
    shown = group.shown()
    assert len(shown) == len(api.of("createForumTopic")) == 40
    for text in shown.values():
        said = [line for line in text.split() if line.startswith("message")]
        assert len(said) == 3
        assert text.index("Demande n°") < text.index("message 0") < text.index("message 1")
        assert text.index("message 1") < text.index("message 2")
    # What waits for the pace travels together: 200 posts, far fewer calls.
    assert len(group.moments) <= 40 * 2 + 20


async def test_429_for_thirty_seconds(
    api: BotApi, store: Store, tmp_path: Path, database_url: str
) -> None:
    group = Group(api, store, tmp_path, database_url)
    group.tickets(count=2, messages=2)
    api.fail("sendMessage", too_many(30), chat=GROUP)
    await group.empties()
    gaps = [b - a for a, b in zip(group.moments, group.moments[1:], strict=False)]
    assert max(gaps) >= timedelta(seconds=30)
    assert api.attempts.count("sendMessage") == len(api.of("sendMessage")) + 1
    words = Counter(word for text in group.shown().values() for word in text.split(".")[:-1])
    assert all(f"message {n} de {p}" in " ".join(words) for n in (0, 1) for p in (1, 2))


async def test_the_network_and_the_group_come_back(
    api: BotApi, store: Store, tmp_path: Path, database_url: str
) -> None:
    group = Group(api, store, tmp_path, database_url)
    group.tickets(count=1)
    api.fail("createForumTopic", blocked())
    api.fail("createForumTopic", bad_request("Bad Request: the chat is not a forum"), times=5)
    api.fail("sendMessage", bad_request("Bad Request: TOPIC_CLOSED"), chat=GROUP)
    await group.empties()
    assert group.clock.now - MORNING >= timedelta(minutes=6)
    assert len(api.of("reopenForumTopic")) == 1
    (text,) = group.shown().values()
    assert "message 0 de 1." in text


async def test_a_new_pump_goes_on_where_the_last_one_stopped(
    api: BotApi, store: Store, tmp_path: Path, database_url: str
) -> None:
    group = Group(api, store, tmp_path, database_url)
    group.tickets(count=5, messages=2)
    while await store.read(forum_queue.waiting):
        async with forum_bot(group.settings) as bot:  # a new process for every call
            await ForumDelivery(store, group.parts.desk, bot, GROUP, clock=group.clock).step()
        group.clock.now += timedelta(seconds=3)
    assert len(api.of("createForumTopic")) == 5
    for text in group.shown().values():
        assert text.count("message 0") == text.count("message 1") == 1


@given(
    st.lists(
        st.one_of(
            st.just("call"), st.integers(1, 90), st.tuples(st.just("hold"), st.integers(1, 60))
        ),
        max_size=200,
    ),
    st.integers(1, 25),
)
def test_the_pace_is_never_exceeded(steps, limit):
    pace, now, calls, held = GroupPace(limit), MORNING, [], MORNING
    for step in steps:
        if step == "call":
            now += timedelta(seconds=pace.wait(now))
            assert pace.left(now) > 0
            assert now >= held
            pace.note(now)
            calls.append(now)
        elif isinstance(step, int):
            now += timedelta(seconds=step / 10)
        else:
            held = max(held, now + timedelta(seconds=step[1]))
            pace.hold(held)
    for start in calls:
        assert sum(1 for call in calls if start <= call < start + WINDOW) <= limit


async def test_a_group_that_became_a_supergroup_gets_what_waits(
    api: BotApi, store: Store, tmp_path: Path, database_url: str
) -> None:
    group, new = Group(api, store, tmp_path, database_url), -1_007_000_700
    group.tickets(1)
    moved = Failure(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": new},
    )
    api.fail("createForumTopic", moved, chat=GROUP)
    await group.empties()
    assert {call.chat for call in api.of("sendMessage")} == {new}
    with store.reading() as connection:
        assert chats.current(connection, GROUP) == new
