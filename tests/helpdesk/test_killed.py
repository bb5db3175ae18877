"""Two hundred requests at once, twenty agents behind both doors, the bot killed twice."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.helpdesk.staff import add_agent
from bot.helpdesk.tables import forum_posts, ticket_events, ticket_messages, tickets
from bot.store import Store
from bot.store.tables import persons
from scripts.soak.desk import Killable
from tests import clock
from tests.helpdesk.browser import PASSWORD
from tests.helpdesk.test_doors import Visitor
from tests.helpdesk.world import GROUP, HUMAN, plain
from tests.telegram.bot_api import BotApi

PEOPLE = 200
CONSOLE_AGENTS = 10
FORUM_AGENTS = 10
FIRST_CHAT = 1000
IN_FLIGHT = 40
"""Calls that may be under way when the process is killed: what Telegram took without the
bot knowing is sent once more, for Telegram has no way to ask whether it did."""


class Office:
    """What the agents and the test know of the tickets."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def count(self, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
        with self.store.reading() as connection:
            query = sa.select(sa.func.count()).select_from(table).where(*conditions)
            return int(connection.execute(query).scalar_one())

    def closed(self) -> int:
        return self.count(tickets, tickets.c.state == "closed")

    def topics(self, share: int) -> list[sa.Row[tuple[int, int]]]:
        """Tickets of a share of the forum's work that have their topic, and wait."""
        with self.store.reading() as connection:
            rows = connection.execute(
                sa.select(tickets.c.id, tickets.c.thread_id).where(
                    tickets.c.thread_id.is_not(None), tickets.c.id % 2 == 0
                )
            ).all()
        return [row for row in rows if row.id // 2 % FORUM_AGENTS == share]


async def console_agent(office: Office, port: int, name: str) -> None:
    """Take whatever waits among the odd tickets, answer twice and close, come what may."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        visitor = Visitor.__new__(Visitor)
        visitor.root, visitor.http = f"http://127.0.0.1:{port}/helpdesk", session
        visitor.cookie, visitor.agent = "", name

        async def insist(
            method: str, path: str, form: dict[str, str] | None = None
        ) -> tuple[int, str]:
            while True:
                try:
                    status, body, _ = await visitor.asks(method, path, form)
                except (aiohttp.ClientError, ConnectionError):
                    await asyncio.sleep(0.1)  # the bot was killed: it comes back
                    continue
                return status, body

        while not visitor.cookie:
            try:
                await visitor.signs_in(name)
            except (aiohttp.ClientError, ConnectionError):
                await asyncio.sleep(0.1)
        while office.closed() < PEOPLE:
            _, page = await insist("GET", "/demandes?vue=miennes")
            mine = re.findall(r"/demandes/(\d+)\"", page)
            if not mine:
                _, page = await insist("GET", "/demandes")
                waiting = [n for n in re.findall(r"/demandes/(\d+)\"", page) if int(n) % 2]
                # Agents do not all take the same one; those who do are refused.
                mine = waiting[hash(name) % max(len(waiting), 1) :][:1]
            if not mine:
                await asyncio.sleep(0.2)
                continue
            csrf = re.search(r'name="csrf" value="([\w-]+)"', page)
            assert csrf, page[:300]
            number = mine[0]
            own = {"csrf": csrf[1]}
            status, _ = await insist("POST", f"/demandes/{number}/prendre", own)
            if status == 409 and number not in (await insist("GET", "/demandes?vue=miennes"))[1]:
                continue
            for turn in (1, 2):
                form = {
                    **own,
                    "once": f"ticket-{number}-{turn}",
                    "texte": f"Réponse {turn} à {number}",
                }
                await insist("POST", f"/demandes/{number}/repondre", form)
            await insist("POST", f"/demandes/{number}/clore", own)


async def forum_agent(office: Office, api: BotApi, share: int) -> None:
    """Answer twice and close in each topic of a share of the even tickets."""
    done: set[int] = set()
    while office.closed() < PEOPLE:
        for row in office.topics(share):
            if row.id in done:
                continue
            done.add(row.id)
            for text in ("/prendre", f"Réponse 1 à {row.id}", f"Réponse 2 à {row.id}", "/clore"):
                message = api.message(GROUP, text=text)
                message |= {"message_thread_id": row.thread_id, "is_topic_message": True}
                message["from"] = {
                    "id": 700 + share,
                    "is_bot": False,
                    "first_name": f"Agent {share}",
                }
                api.update(message=message)
        await asyncio.sleep(0.2)


@pytest.mark.timeout(600)
async def test_none_lost_none_doubled_order_kept(
    api: BotApi, store: Store, tmp_path: Path, database_url: str
) -> None:
    office = Office(store)
    names = [f"Console {number}" for number in range(CONSOLE_AGENTS)]
    for name in names:
        add_agent(store, name, PASSWORD, at=clock.now())
    bot = Killable(api, tmp_path, database_url)
    await bot.start()
    try:
        for chat in range(FIRST_CHAT, FIRST_CHAT + PEOPLE):
            api.says(chat, HUMAN)
            api.says(chat, f"Question de {chat}")
        agents = [
            *(asyncio.create_task(console_agent(office, bot.port, name)) for name in names),
            *(asyncio.create_task(forum_agent(office, api, n)) for n in range(FORUM_AGENTS)),
        ]
        kills = 0
        answered = ticket_messages.c.author == "agent"
        for reached in (
            lambda: office.count(tickets) >= PEOPLE // 3,
            lambda: office.count(ticket_messages, answered) >= PEOPLE // 2,
        ):
            await api.until(reached, timeout_s=240)
            assert office.closed() < PEOPLE, "killed too late to prove anything"
            await bot.kill()
            kills += 1
            await bot.start()
        await api.until(lambda: office.closed() >= PEOPLE, timeout_s=300)
        await asyncio.gather(*agents)
        chats = range(FIRST_CHAT, FIRST_CHAT + PEOPLE)

        def all_told() -> bool:
            told = Counter(c.chat for c in api.of("sendMessage") if "est terminée" in plain(c.text))
            return all(told[chat] for chat in chats)

        await api.until(all_told, timeout_s=120)
        await api.until(lambda: office.count(forum_posts) == 0, timeout_s=200)
    finally:
        await bot.kill()

    # In the database: one ticket each, every word once, every life complete.
    assert office.count(tickets) == PEOPLE
    with store.reading() as connection:
        rows = connection.execute(
            sa.select(ticket_messages.c.ticket_id, ticket_messages.c.author,
                      ticket_messages.c.text, persons.c.external_id)
            .join(persons, persons.c.id == ticket_messages.c.person_id)
            .order_by(ticket_messages.c.id)
        ).all()  # fmt: skip
        lives = connection.execute(
            sa.select(ticket_events.c.ticket_id, ticket_events.c.move)
            .order_by(ticket_events.c.id)
        ).all()  # fmt: skip
    chat_of: dict[int, int] = {}
    said: dict[int, list[tuple[str, str]]] = {}
    for row in rows:
        chat_of[row.ticket_id] = int(row.external_id)
        said.setdefault(row.ticket_id, []).append((row.author, row.text))
    for number, chat in chat_of.items():
        assert said[number] == [
            ("person", f"Question de {chat}"),
            ("agent", f"Réponse 1 à {number}"),
            ("agent", f"Réponse 2 à {number}"),
        ]
        moves = [row.move for row in lives if row.ticket_id == number]
        assert moves == ["open", "write", "submit", "claim", "answer", "answer", "close"]
    assert sorted(chat_of.values()) == list(chats)

    # In Telegram: everything, in order; what was under way at a kill may be there twice.
    doubled = 0
    for number, chat in chat_of.items():
        texts = [plain(text) for text in api.texts(chat)]
        once = [text for text, _ in groupby(texts)]
        doubled += len(texts) - len(once)
        marks = ("service d'aide", "demande n°", "a pris votre demande",
                 f"Réponse 1 à {number}", f"Réponse 2 à {number}", "est terminée")  # fmt: skip
        assert len(once) == len(marks), once
        assert all(mark in text for mark, text in zip(marks, once, strict=True)), once
    topics = Counter(
        int(call.data["message_thread_id"]) for call in api.of("closeForumTopic", GROUP)
    )
    assert len(topics) == PEOPLE
    print(f"{kills} kills: {doubled} of {PEOPLE * 6} messages sent twice")  # noqa: T201
    assert doubled <= kills * IN_FLIGHT
