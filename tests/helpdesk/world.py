"""The helpdesk, whole: Telegram's stand-in, the bot, the forum, the console over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from aiohttp import web

from actions.messages import Handoff, Text
from bot.conversation import Conversation, Turn
from bot.helpdesk.agents.forum_delivery import ForumDelivery
from bot.helpdesk.agents.group_pace import GroupPace
from bot.helpdesk.assembly import HelpdeskParts, assemble, forum_bot
from bot.helpdesk.console.app import add_console
from bot.helpdesk.tables import ticket_events, ticket_messages, tickets
from bot.settings import PROJECT_ROOT, Settings
from bot.store import Store
from bot.telegram.delivery import Pauses
from bot.telegram.frontend import TelegramFrontend
from bot.web.sites import name_of
from tests import clock
from tests.conversation.conftest import KEY, WORDING, StubAssistant
from tests.conversation.desk import say_urgent
from tests.telegram.bot_api import BotApi, Call
from tests.telegram.conftest import NO_HURRY

GROUP = -1001
ANNE, BILAL = 501, 502
"""Telegram ids of two members of the agents' group."""

QUICK = Pauses(first_s=0.02, longest_s=0.1)
HUMAN = "je veux parler à quelqu'un"


def assistant_that_hands_over() -> StubAssistant:
    asks = Turn((Handoff("Je passe la main.", reason="demande", topic="pass_probleme"),),
                "parler_humain", 0.97, "answer")  # fmt: skip
    follows = Turn((Handoff("Je regarde.", reason="suivi"),), "suivi_demande", 0.9, "answer")
    lost = Turn((Text("Réponse sur le pass perdu."),), "pass_probleme", 0.9, "answer")
    return StubAssistant(
        answers={HUMAN: asks, "où en est ma demande": follows, "j'ai perdu mon pass": lost}
    )


@dataclass
class World:
    """Everything that runs, and what tests look at."""

    api: BotApi
    store: Store
    settings: Settings
    parts: HelpdeskParts
    assistant: StubAssistant
    front: TelegramFrontend | None = None
    pump: ForumDelivery | None = None
    console: str = ""
    """The root of the HTTP server."""
    names: dict[int, str] = field(default_factory=lambda: {ANNE: "Anne", BILAL: "Bilal"})

    def says(self, chat: int, text: str, **content: Any) -> dict[str, Any]:
        return self.api.sends(chat, text=text, **content)

    def taps(self, chat: int, title: str) -> None:
        """Tap the last button of that title that the chat shows."""
        for call in reversed(self.api.calls):
            if call.chat == chat:
                for shown, data in call.buttons.items():
                    if plain(shown) == title:
                        self.api.tap(chat, data, call)
                        return
        raise AssertionError(f"no button {title!r}")

    async def reads(self, chat: int, words: str, after: int = 0) -> str:
        """Wait until the bot said something to a chat, and return it."""

        def found() -> str:
            said = [plain(text) for text in self.api.texts(chat)[after:]]
            return next((text for text in said if words in text), "")

        said: str = await self.api.until(found)
        return said

    def agent_sends(
        self, agent: int, thread: int | None, *, edits: int | None = None, **content: Any
    ) -> dict[str, Any]:
        message = self.api.message(GROUP, **content)
        message["from"] = {"id": agent, "is_bot": False, "first_name": self.names[agent]}
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        if edits is not None:
            message |= {"message_id": edits, "edit_date": message["date"]}
            return self.api.update(edited_message=message)
        return self.api.update(message=message)

    def agent_says(self, agent: int, thread: int | None, text: str, **content: Any) -> int:
        entities = (
            [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
            if text.startswith("/")
            else []
        )
        update = self.agent_sends(agent, thread, text=text, entities=entities, **content)
        return int(update["message"]["message_id"])

    async def thread_of(self, ticket_id: int = 1) -> int:
        """Wait for a ticket's topic in the forum."""
        return int(await self.api.until(lambda: self.ticket(ticket_id).thread_id))

    async def forum_shows(self, thread: int | None, words: str) -> Call:
        def found() -> Call | None:
            return next(
                (c for c in self.api.of("sendMessage", GROUP)
                 if words in plain(c.text) and _thread(c) == thread),
                None,
            )  # fmt: skip

        call: Call = await self.api.until(found)
        return call

    def forum_texts(self, thread: int | None) -> list[str]:
        return [plain(c.text) for c in self.api.of("sendMessage", GROUP) if _thread(c) == thread]

    async def state_is(self, state: str, ticket_id: int = 1) -> None:
        await self.api.until(
            lambda: self.has_ticket(ticket_id) and self.ticket(ticket_id).state == state
        )

    def has_ticket(self, ticket_id: int) -> bool:
        with self.store.reading() as connection:
            query = sa.select(tickets.c.id).where(tickets.c.id == ticket_id)
            return connection.execute(query).first() is not None

    def ticket(self, ticket_id: int = 1) -> Any:
        with self.store.reading() as connection:
            query = sa.select(tickets).where(tickets.c.id == ticket_id)
            row = connection.execute(query).one_or_none()
        assert row is not None, f"no ticket {ticket_id}"
        return row

    def moves(self, ticket_id: int = 1) -> list[str]:
        with self.store.reading() as connection:
            query = sa.select(ticket_events.c.move).where(ticket_events.c.ticket_id == ticket_id)
            return list(connection.execute(query.order_by(ticket_events.c.id)).scalars())

    def said_on(self, ticket_id: int = 1) -> list[tuple[str, str]]:
        with self.store.reading() as connection:
            rows = connection.execute(
                sa.select(ticket_messages.c.author, ticket_messages.c.text)
                .where(ticket_messages.c.ticket_id == ticket_id)
                .order_by(ticket_messages.c.id)
            )
            return [(row.author, row.text) for row in rows]

    async def opens(self, chat: int, message: str = "Mon pass est perdu.") -> None:
        """Have a person ask for someone and write their message."""
        before = len(self.api.texts(chat))
        self.says(chat, HUMAN)
        await self.api.until(lambda: len(self.api.texts(chat)) > before)
        self.says(chat, message)
        await self.api.until(lambda: len(self.api.texts(chat)) > before + 1)

    async def has_agent(self, agent: int = ANNE) -> None:
        """Have an agent say in the group that they are there."""
        known = len(self.forum_texts(None))
        self.agent_says(agent, None, "/present")
        await self.api.until(lambda: len(self.forum_texts(None)) > known)


def _thread(call: Call) -> int | None:
    thread = call.data.get("message_thread_id")
    return int(thread) if thread is not None else None


def plain(text: str) -> str:
    """Return a text with ordinary spaces and apostrophes, as a test writes them."""
    return (
        text.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").replace("&#x27;", "'")
    )


@asynccontextmanager
async def running(
    api: BotApi,
    store: Store,
    settings: Settings,
    *,
    with_console: bool = False,
    per_minute: int = 10_000,
    **console: Any,
) -> AsyncIterator[World]:
    """Run the bot, the forum's pump and, when asked, the console."""
    moment = console.setdefault("clock", clock.now)
    titles = {"pass_probleme": "Pass perdu, volé ou refusé"}
    parts = assemble(settings, store, topics=titles, fact=console.pop("fact", None), site=name_of)
    assistant = assistant_that_hands_over()
    world = World(api, store, settings, parts, assistant)
    conversation = Conversation(
        store,
        assistant,
        parts.reception,
        WORDING,
        key=KEY,
        retention_days=30,
        urgent=say_urgent,
        rated=parts.desk.topics.rated,
    )
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(forum_bot(settings))
        front = await stack.enter_async_context(
            TelegramFrontend(
                settings,
                store,
                conversation,
                WORDING,
                key=KEY,
                forum=parts.forum,
                couriers=parts.couriers,
                pauses=QUICK,
                pace=NO_HURRY(),
                clock=moment,
            )
        )
        world.front = front
        tasks = [asyncio.create_task(front.run())]
        if parts.chat_id is not None:
            world.pump = ForumDelivery(
                store,
                parts.desk,
                bot,
                parts.chat_id,
                pace=GroupPace(per_minute),
                watch_s=0.05,
                clock=moment,
            )
            tasks.append(asyncio.create_task(world.pump.run()))
        if with_console:
            app = web.Application()
            options = {"topics": ("pass_probleme", "pass_validite"), **console}
            add_console(app, parts, key=KEY, woken=front.wake, **options)
            runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            world.console = f"http://{host}:{port}"
        try:
            yield world
        finally:
            front.stop()
            if world.pump:
                world.pump.stop()
            await asyncio.gather(*tasks)


def settings_for(api: BotApi, folder: Any, url: str, **changes: Any) -> Settings:
    """Return settings of a helpdesk that is always open."""
    settings = Settings(
        home=folder,
        reference_url="",
        database_url=url,
        telegram_token=api.token,
        telegram_api_url=api.url,
        helpdesk_chat=GROUP,
        helpdesk_hours="24/7",
    )
    assert settings.data_dir.is_relative_to(PROJECT_ROOT)
    return replace(settings, **changes)
