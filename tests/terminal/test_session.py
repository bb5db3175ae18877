"""The terminal's way out is every channel's: the outbox, in order, its own lane alone."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from actions.messages import Text
from bot.conversation import Conversation, Incoming, Kind
from bot.store import Store, outbox, persons
from bot.store.persons import Person
from bot.store.tables import outbox as table
from bot.terminal.chat import CHANNEL
from bot.terminal.session import Mailbox
from tests.conversation.conftest import KEY, NOW, WORDING, StubAssistant
from tests.conversation.desk import StubDesk, say_urgent
from tests.databases import any_database, database_url, postgres_server, postgres_url, store

__all__ = ["any_database", "database_url", "postgres_server", "postgres_url", "store"]


@pytest.fixture
def assistant() -> StubAssistant:
    return StubAssistant()


@pytest.fixture
def conversation(store: Store, assistant: StubAssistant) -> Conversation:
    return Conversation(
        store, assistant, StubDesk(), WORDING, key=KEY, retention_days=30, urgent=say_urgent
    )


@pytest.fixture
def mailbox(store: Store, conversation: Conversation) -> Mailbox:
    return Mailbox(store, conversation, "moi", lambda: NOW)


def written(text: str, number: str = "1", kind: Kind = Kind.TEXT) -> Incoming:
    payload = text if kind is Kind.BUTTON else ""
    return Incoming(CHANNEL, "moi", number, kind, NOW, text=text, payload=payload)


def waiting(store: Store) -> list[tuple[str, str]]:
    with store.begin() as connection:
        query = sa.select(table.c.lane, table.c.status).order_by(table.c.id)
        return [(row.lane, row.status) for row in connection.execute(query)]


def see(store: Store, channel: str, external_id: str) -> Person:
    with store.begin() as connection:
        return persons.see(connection, KEY, channel, external_id, at=NOW)


async def test_an_answer_leaves_by_the_outbox_and_its_words_go_once_shown(
    mailbox: Mailbox, store: Store
) -> None:
    said = await mailbox.receive(written("un pass ?"))
    assert [message.text for message in said] == ["Réponse à : un pass ?"]
    assert waiting(store) == [("terminal:moi", "sent")]
    with store.begin() as connection:
        assert connection.execute(sa.select(table.c.body)).scalar_one() == {}
    assert await mailbox.collect() == []


async def test_an_agent_who_writes_meanwhile_is_shown_first(
    mailbox: Mailbox, store: Store, assistant: StubAssistant
) -> None:
    person = see(store, CHANNEL, "moi")
    assistant.gate = asyncio.Event()
    asking = asyncio.create_task(mailbox.receive(written("un pass ?")))
    await assistant.entered.wait()
    with store.begin() as connection:
        body = {"kind": "helpdesk_answer", "text": "Bonjour, ici Ana."}
        outbox.put_for(connection, person, body, NOW)
    assistant.gate.set()
    texts = [message.text for message in await asking]
    assert texts == ["Bonjour, ici Ana.", "Réponse à : un pass ?"]


async def test_another_channel_and_another_person_keep_what_waits_for_them(
    mailbox: Mailbox, store: Store
) -> None:
    for channel, external_id in (("telegram", "moi"), (CHANNEL, "voisin")):
        person = see(store, channel, external_id)
        with store.begin() as connection:
            outbox.put_for(connection, person, Text("pas pour moi").to_json(), NOW)
    said = await mailbox.receive(written("un pass ?"))
    assert [message.text for message in said] == ["Réponse à : un pass ?"]
    assert waiting(store)[:2] == [("telegram:moi", "pending"), ("terminal:voisin", "pending")]


async def test_what_was_not_shown_is_shown_by_the_next_session(
    conversation: Conversation, store: Store
) -> None:
    person = see(store, CHANNEL, "moi")
    with store.begin() as connection:
        outbox.put_for(connection, person, Text("un rappel").to_json(), NOW)
    later = Mailbox(store, conversation, "moi", lambda: NOW)
    assert [message.text for message in await later.collect()] == ["un rappel"]


async def test_nothing_tells_who_was_erased(mailbox: Mailbox, store: Store) -> None:
    await mailbox.receive(written("un pass ?", "1"))
    await mailbox.receive(written("/oublier", "2"))
    said = await mailbox.receive(written("/oublier_oui", "3", Kind.BUTTON))
    assert "C’est fait" in said[0].text
    assert waiting(store) == [("", "sent")]
