"""The page, whole, over real HTTP: an assistant that says what a test wants, a real helpdesk."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa
from aiohttp import web

from actions.messages import Handoff
from actions.words import load_words
from bot.bootstrap import sites_hours
from bot.conversation import Conversation, Turn
from bot.helpdesk import attachments
from bot.helpdesk.assembly import HelpdeskParts, assemble
from bot.helpdesk.attachments import FetchFile
from bot.helpdesk.staff import add_agent, named, set_present
from bot.helpdesk.tickets import ticket_rows
from bot.helpdesk.tickets.message_rows import TicketMessage
from bot.helpdesk.tickets.states import State
from bot.settings import PROJECT_ROOT, Settings
from bot.store import Person, Store
from bot.web import sites
from bot.web.frontend import HelpdeskView, WebFrontend
from bot.web.limits import PageLimits
from bot.web.sites import Site
from tests import clock
from tests.conversation.conftest import KEY, WORDING, StubAssistant
from tests.conversation.desk import say_urgent
from tests.dialogue import as_seen

WORDS = load_words(PROJECT_ROOT / "data" / "answers" / "web.yaml")
HUMAN = "je veux parler à quelqu'un"
AGENT = "Claire"
COOKIE = "__Host-passerelle-web"


def assistant_of_tests() -> StubAssistant:
    asks = Turn((Handoff("Je passe la main.", reason="demande"),), "parler_humain", 0.97, "answer")
    return StubAssistant(answers={HUMAN: asks, "/parler_humain": asks})


@dataclass
class World:
    """Everything that runs, and what tests look at."""

    store: Store
    assistant: StubAssistant
    parts: HelpdeskParts
    front: WebFrontend
    root: str
    http: aiohttp.ClientSession
    others: dict[str, str] = field(default_factory=dict)
    """Pages of other origins, by name."""

    def add_site(self, name: str, *origins: str, **fields: Any) -> None:
        site = Site(name, fields.pop("title", name.title()), tuple(origins), **fields)
        with self.store.begin() as connection:
            sites.save(connection, site, clock.now())

    async def looks(self) -> None:
        """Have the server read the operator's orders now, rather than in two seconds."""
        await self.front._look()

    def agent(self) -> Any:
        with self.store.begin() as connection:
            found = named(connection, AGENT)
        if found is None:
            add_agent(self.store, AGENT, "une phrase de passe longue", "agent", at=clock.now())
            return self.agent()
        return found

    def has_agent(self) -> None:
        """Have someone of the helpdesk be there."""
        agent = self.agent()
        with self.store.begin() as connection:
            set_present(connection, agent.id, clock.now() + timedelta(hours=1))

    def agent_answers(self, ticket: int, text: str) -> None:
        agent = self.agent()
        with self.store.begin() as connection:
            self.parts.desk.answer(connection, agent, ticket, TicketMessage(text), clock.now())
        self.front.wake()

    def agent_sends(self, ticket: int, name: str, content: bytes, caption: str = "") -> None:
        agent, now = self.agent(), clock.now()
        said = attachments.said_of(name, content, caption, None)
        with self.store.begin() as connection:
            attachments.send(
                connection, self.parts.desk, agent, ticket, said, content=content, at=now
            )
        self.front.wake()

    def agent_closes(self, ticket: int) -> None:
        agent = self.agent()
        with self.store.begin() as connection:
            self.parts.desk.close(connection, agent, ticket, clock.now())
        self.front.wake()

    def rows(self, table: sa.Table) -> list[Any]:
        with self.store.reading() as connection:
            return list(connection.execute(sa.select(table)))


class Script:
    """What a page's script does, without a browser: keys, messages, the live stream."""

    def __init__(
        self, world: World, *, site: str = "", origin: str = "", address: str = ""
    ) -> None:
        self.world = world
        self.site = site
        self.key = ""
        self.last = 0
        self.first = 0
        self.messages: list[tuple[int, str, str]] = []
        self.events: list[tuple[str, Any]] = []
        self.headers = {"Origin": origin} if origin else {}
        if address:
            self.headers["X-Forwarded-For"] = address
        self._sent = 0

    async def opens(self, **asked: Any) -> tuple[int, Mapping[str, Any]]:
        body = {"site": self.site, "cle": self.key, **asked}
        status, said = await self.posts("/web/ouvrir", body)
        if status == 200:
            self.key = said["cle"]
        return status, said

    async def posts(self, path: str, body: Any, **headers: str) -> tuple[int, Mapping[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        allowed = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        async with self.world.http.post(
            self.world.root + path, data=data, headers={**self.headers, **allowed, **headers}
        ) as answer:
            return answer.status, await answer.json()

    async def says(self, text: str, **fields: Any) -> int:
        self._sent += 1
        body = {"texte": text, "une": f"n{self._sent}", **fields}
        return (await self.posts("/web/message", body))[0]

    async def taps(self, payload: str) -> int:
        self._sent += 1
        return (await self.posts("/web/message", {"bouton": payload, "une": f"n{self._sent}"}))[0]

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[aiohttp.ClientResponse]:
        url = f"{self.world.root}/web/flux?depuis={self.last}"
        headers = {**self.headers, "Authorization": f"Bearer {self.key}"}
        async with self.world.http.get(url, headers=headers) as answer:
            yield answer

    async def reads(self, *wanted: str, timeout_s: float = 30.0) -> str:
        """Follow the stream until everything wanted was said; return all that was."""
        await self.follows(
            lambda: all(as_seen(words) in self.text for words in wanted), timeout_s=timeout_s
        )
        return self.text

    async def is_told(self, event: str, value: Any = None) -> Any:
        """Follow the stream until an event, of a value where one is given; return its data."""

        def found() -> bool:
            return any(
                name == event and (value is None or data == value) for name, data in self.events
            )

        self.events.clear()
        await self.follows(found)
        return next(data for name, data in reversed(self.events) if name == event)

    async def follows(self, reached: Callable[[], bool], timeout_s: float = 30.0) -> None:
        async with asyncio.timeout(timeout_s), self.listening() as answer:
            assert answer.status == 200, answer.status
            async for name, data, number in events(answer):
                self.take(name, data, number)
                if reached():
                    return
        raise AssertionError(f"the stream ended: {self.text}")

    def take(self, name: str, data: Any, number: int) -> None:
        self.events.append((name, data))
        if name == "debut":
            self.first = data
            self.messages = [said for said in self.messages if said[0] >= data]
        if name == "message":
            assert number > self.last, "said twice"
            self.last = number
            self.messages.append((number, data["de"], plain(data["html"])))

    @property
    def text(self) -> str:
        return as_seen("\n".join(said for _, _, said in self.messages))


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any, int]]:
    name, data, number = "", "", 0
    async for raw in answer.content:
        line = raw.decode().rstrip("\n")
        head, _, value = line.partition(": ")
        match head:
            case "event":
                name = value
            case "data":
                data = value
            case "id":
                number = int(value)
            case "" if name:
                yield name, json.loads(data), number
                name, data, number = "", "", 0


def plain(fragment: str) -> str:
    """Return the words of a piece of HTML, as they are seen."""
    text = re.sub(r"<[^>]+>", " ", fragment)
    return as_seen(html.unescape(text))


def no_sheet(request: str, on: date) -> bytes:
    return f"%PDF {request} {on}".encode()


@asynccontextmanager
async def running(
    store: Store,
    url: str,
    home: Path,
    *,
    assistant: StubAssistant | None = None,
    limits: PageLimits | None = None,
    port: int = 0,
    parts: HelpdeskParts | None = None,
    fetch: FetchFile | None = None,
    **options: Any,
) -> AsyncIterator[World]:
    """Serve the page on a free port, and pages of other origins beside it."""
    settings = Settings(home=home, reference_url="", database_url=url, helpdesk_hours="24/7")
    if parts is None:
        parts = assemble(settings, store, own_hours=sites_hours(settings), site=sites.name_of)
    heard = assistant or assistant_of_tests()
    conversation = Conversation(
        store,
        heard,
        parts.reception,
        WORDING,
        key=KEY,
        retention_days=30,
        urgent=say_urgent,
        kept_days={"web": 1},
    )

    def waits(connection: sa.Connection, person: Person) -> bool:
        ticket = ticket_rows.open_of(connection, person.id)
        return ticket is not None and ticket.state is not State.NEW

    async def file_of(number: int) -> bytes | None:
        return await attachments.of_message(store, number, fetch)

    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(
            WebFrontend(
                store,
                conversation,
                WORDING,
                WORDS,
                key=KEY,
                limits=limits,
                helpdesk=HelpdeskView(
                    waits, ticket_rows.persons_with_open, parts.reception.forget, file_of
                ),
                **{"render_sheet": no_sheet, "clock": clock.now, **options},
            )
        )
        app = web.Application()
        app.add_routes(front.routes())
        app.on_shutdown.append(front.say_goodbye)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, port = runner.addresses[0][:2]
        http = await stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )
        )
        yield World(store, heard, parts, front, f"http://{host}:{port}", http)


@asynccontextmanager
async def another_site(page: str, **headers: str) -> AsyncIterator[str]:
    """Serve a page of another origin; yield its origin."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html", headers=headers)

    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
