"""Never muted: from every state of a request, the person has a word within a bounded time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation import Incoming, Kind
from bot.conversation.ports import HelpRequest
from bot.helpdesk import housekeeping, staff
from bot.helpdesk.assembly import HelpdeskParts, assemble
from bot.helpdesk.tables import tickets
from bot.helpdesk.tickets import ticket_rows
from bot.helpdesk.tickets.message_rows import TicketMessage
from bot.helpdesk.tickets.states import State
from bot.store import Person, Store, persons
from bot.store.tables import outbox
from tests.conversation.conftest import KEY
from tests.helpdesk.test_pump import Group
from tests.helpdesk.world import GROUP, plain, settings_for
from tests.telegram.bot_api import BotApi, bad_request

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 27, 19, tzinfo=UTC)
EVERY = timedelta(minutes=5)
IDLE = timedelta(minutes=30)


class Life:
    """One request, and a clock that the test moves; nobody at the desk does anything."""

    def __init__(self, parts: HelpdeskParts, connection: sa.Connection, at: datetime) -> None:
        self.parts, self.connection, self.now = parts, connection, at
        self.person: Person = persons.see(connection, KEY, "telegram", "42", at=at)
        agent = staff.from_telegram(connection, 501, "Anne", at)
        assert agent is not None
        self.agent = agent
        self.count = 0

    def writes(self, text: str) -> str:
        """Return who answers at once: ``desk``, ``assistant``, or nobody (``""``)."""
        self.count += 1
        said = self.parts.reception.add(
            self.connection,
            self.person,
            Incoming("telegram", "42", str(self.count), Kind.TEXT, self.now, text=text),
        )
        return "assistant" if said is None else "desk" if said else ""

    def comes_to(self, state: State) -> None:
        self.parts.reception.open(self.connection, self.person, HelpRequest("demande", self.now))
        if state is not State.NEW:
            self.writes("Mon pass est perdu.")
        desk, ticket = self.parts.desk, 1
        if state in (State.CLAIMED, State.ANSWERED):
            desk.claim(self.connection, self.agent, ticket, self.now)
        if state is State.ANSWERED:
            desk.answer(self.connection, self.agent, ticket, TicketMessage("Bonjour"), self.now)
        if state is State.CLOSED:
            desk.close(self.connection, self.agent, ticket, self.now)
        assert self.state is state

    @property
    def state(self) -> State:
        return State(self.connection.execute(sa.select(tickets.c.state)).scalar_one())

    def words(self) -> int:
        return int(
            self.connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one()
        )

    def told_within(self, longest: timedelta) -> bool:
        """Let time pass, with the desk's own upkeep alone, until the person is told something."""
        before, end = self.words(), self.now + longest
        while self.now < end:
            self.now += EVERY
            housekeeping.keep(self.connection, self.parts.desk, self.now, IDLE)
            if self.words() > before:
                return True
        return False


@pytest.fixture
def assembled(tmp_path: Path, store: Store) -> Callable[[str], HelpdeskParts]:
    return lambda hours: assemble(
        settings_for(BotApi(), tmp_path, "", helpdesk_hours=hours, helpdesk_late_minutes=60), store
    )


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(
    ("hours", "begins", "longest"),
    [
        ("24/7", MONDAY, timedelta(minutes=65)),
        # Asked for on Friday evening: the desk opens on Monday at 9, and an hour passes.
        ("Mo-Fr 09:00-12:30", FRIDAY_EVENING, timedelta(days=2, hours=15, minutes=5)),
    ],
)
def test_from_every_state_a_word_comes(
    assembled: Callable[[str], HelpdeskParts],
    store: Store,
    *,
    state: State,
    hours: str,
    begins: datetime,
    longest: timedelta,
) -> None:
    with store.begin() as connection:
        life = Life(assembled(hours), connection, begins)
        life.comes_to(state)
        if state in (State.NEW, State.WAITING, State.CLAIMED):
            assert life.told_within(longest), "the person waits, and nobody says anything"
            if state is State.CLAIMED:
                assert life.state is State.WAITING
        # Whatever they write, then or once it was answered or closed, has an answer as well.
        if not life.writes("Vous êtes là ?"):
            assert life.told_within(longest)
            assert life.writes("Vous êtes là ?") == "assistant"


def test_a_promise_is_corrected_once_and_again_only_for_another_wait(
    assembled: Callable[[str], HelpdeskParts], store: Store
) -> None:
    with store.begin() as connection:
        life = Life(assembled("24/7"), connection, MONDAY)
        life.comes_to(State.WAITING)
        desk = life.parts.desk
        almost, hour = MONDAY + timedelta(minutes=59), MONDAY + timedelta(hours=1)
        assert housekeeping.escalate_late(connection, desk, almost) == 0
        assert housekeeping.escalate_late(connection, desk, hour) == 1
        assert housekeeping.escalate_late(connection, desk, hour + timedelta(days=2)) == 0
        (ticket,) = connection.execute(sa.select(tickets)).all()
        assert ticket.state == "waiting"
        assert ticket_rows.waiting_unescalated(connection) == []
        desk.close(connection, life.agent, 1, hour)
        desk.reopen(connection, life.agent, 1, hour + timedelta(days=1))
        assert housekeeping.escalate_late(connection, desk, hour + timedelta(days=1)) == 0
        assert housekeeping.escalate_late(connection, desk, hour + timedelta(days=1, hours=1)) == 1


async def test_supervisors_are_told_in_the_general_topic(
    api: BotApi, store: Store, tmp_path: Path, database_url: str
) -> None:
    group = Group(api, store, tmp_path, database_url)
    staff.add_agent(store, "Solène", "une phrase de passe longue", "supervisor", at=MONDAY)
    group.tickets(1)
    await group.empties()
    with store.begin() as connection:
        housekeeping.keep(connection, group.parts.desk, MONDAY + timedelta(hours=2), IDLE)
        housekeeping.keep(connection, group.parts.desk, MONDAY + timedelta(hours=3), IDLE)
    await group.empties()
    general = [c.text for c in api.of("sendMessage") if "message_thread_id" not in c.data]
    assert len(general) == 1
    assert "Solène" in general[0]
    with store.reading() as connection:
        said = [row.body for row in connection.execute(sa.select(outbox)).all()]
    assert sum("plus longtemps que prévu" in body["text"] for body in said) == 1


@pytest.mark.parametrize(
    "error", ["Bad Request: message thread not found", "Bad Request: TOPIC_DELETED"]
)
async def test_a_topic_deleted_in_silence_is_made_again_when_the_request_is_late(
    api: BotApi, store: Store, tmp_path: Path, database_url: str, error: str
) -> None:
    group = Group(api, store, tmp_path, database_url)
    group.tickets(1, messages=2)
    await group.empties()
    (gone,) = group.shown()
    api.fail("sendMessage", bad_request(error), chat=GROUP)
    with store.begin() as connection:
        housekeeping.keep(connection, group.parts.desk, MONDAY + timedelta(hours=2), IDLE)
        connection.execute(sa.text("DELETE FROM forum_posts WHERE ticket_id IS NULL"))
    await group.empties()
    with store.reading() as connection:
        (ticket,) = connection.execute(sa.select(tickets)).all()
    assert ticket.thread_id not in (None, gone)
    assert ticket.state == "waiting"
    again = "".join(
        plain(call.text)
        for call in api.of("sendMessage", GROUP)
        if str(call.data["message_thread_id"]) == str(ticket.thread_id)
    )
    for words in ("message 0", "message 1", "avait été supprimé", "trop longtemps"):
        assert words in again
