"""Floods, forged and malformed calls, whom is refused, and text that would be markup."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.messages import PlaceCard, Places, Text
from bot.conversation import Turn
from bot.store import Store, blocked
from bot.store.incoming_queue import MOST_WAITING
from bot.store.persons import pseudonym
from bot.store.tables import incoming
from bot.telegram.updates import NotAnUpdateError, arrival
from tests import clock
from tests.conversation.conftest import KEY, WORDING, StubAssistant
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import Bot
from tests.telegram.test_talking import rows, settled

SECRET = "a-secret"


async def test_a_flood_is_answered_kindly_once_and_delays_nobody(
    api: BotApi, bot: Bot, store: Store, assistant: StubAssistant
) -> None:
    assistant.gate = asyncio.Event()
    async with bot.running():
        for number in range(3 * MOST_WAITING):
            api.says(42, f"message {number}")
        await api.until(lambda: not api.updates)
        api.says(43, "et moi ?")
        await api.until(lambda: any(text == "et moi ?" for _, text, _ in assistant.heard))
        assistant.gate.set()
        await api.until(lambda: api.texts(43) and settled(store))
    told = [text for text in api.texts(42) if text == WORDING("trop_vite").strip()]
    assert len(told) == 1
    answered = [text for text in api.texts(42) if text.startswith("Réponse à")]
    assert answered == [f"Réponse à : message {n}" for n in range(len(answered))], "in order"
    assert len(answered) >= MOST_WAITING
    assert len(rows(store, incoming)) == 3 * MOST_WAITING + 1
    assert all(not row.body for row in rows(store, incoming))


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(16)
        yield server


@asynccontextmanager
async def hooked(bot: Bot, server: socket.socket) -> AsyncIterator[str]:
    """Run a bot behind its webhook; yields the webhook's address."""
    url = f"http://127.0.0.1:{server.getsockname()[1]}/telegram"
    options = {"webhook_url": url, "webhook_secret": SECRET}
    async with bot.running(**options) as front:
        app = web.Application()
        app.add_routes(front.routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.SockSite(runner, server).start()
        try:
            yield url
        finally:
            await runner.cleanup()


async def post(url: str, body: Any, secret: str | bytes = SECRET, **headers: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            url, data=body, headers={"X-Telegram-Bot-Api-Secret-Token": secret, **headers}
        ) as answer,
    ):
        return answer.status


async def raw(url: str, request: bytes) -> bytes:
    """Send bytes as they are, and return the status line."""
    host, port = url.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    await writer.drain()
    line = await reader.readline()
    writer.close()
    return line


MALFORMED = [
    b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"[" * 200_000, b"{}",
    b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": 1e400}',
    b'{"update_id": ' + b"9" * 5000 + b"}", b'{"update_id": ' + b"9" * 200 + b"}",
    b'{"update_id": 1, "callback_query": {"message": "x"}}',
    b'{"update_id": 1, "callback_query": {"message": [1]}}',
    b'{"update_id": 1, "message": {"chat": {"id": {"a": 1}}}}',
    b'{"update_id": 1, "message": {"chat": {"type": "private"}}}',
    b'{"update_id": 1, "message": {"chat": {"id": "42", "type": "private"}}}',
]  # fmt: skip


async def test_malformed_calls_are_refused_and_nothing_is_stuck(
    bot: Bot, api: BotApi, listening: socket.socket, store: Store
) -> None:
    async with hooked(bot, listening) as url:
        await api.until(lambda: api.webhook)
        for body in MALFORMED:
            assert await post(url, body) == 400, body[:60]
        assert await post(url, b"x" * (1024**2 + 1)) == 413

        async def endless() -> AsyncIterator[bytes]:
            for _ in range(40):
                yield b"x" * 65_536

        assert await post(url, endless()) == 413, "without a length, too"
        assert rows(store, incoming) == []
        for secret in ("", "b-secret", SECRET + "x", SECRET[:-1], "é", "\udce9\udcff"):
            text = secret.encode("utf-8", "surrogateescape")
            line = await raw(
                url,
                b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                b"X-Telegram-Bot-Api-Secret-Token: " + text + b"\r\n\r\n{}",
            )
            assert b" 403 " in line, secret
        strange = {"text": "nul \0 et \ud800 demi", "entities": [{"type": "?"}]}
        update = {"update_id": 5, "message": api.message(42, **strange)}
        assert await post(url, json.dumps(update)) == 200
        await api.until(lambda: api.texts(42))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["message", "chat", "id", "type", "callback_query", "update_id", "from"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
@settings(max_examples=500)
def test_whatever_comes_is_an_update_or_is_refused(raw_update: Any) -> None:
    try:
        kept = arrival(raw_update, "bot")
    except NotAnUpdateError:
        return
    json.dumps(kept.body)
    assert len(kept.lane) <= 120
    assert len(kept.key) <= 120


async def test_an_update_without_a_shape_does_not_stop_the_polling(api: BotApi, bot: Bot) -> None:
    async with bot.running():
        api.update(message={"chat": {"id": "x"}})
        api.updates.append({"update_id": 1_001, "callback_query": {"message": 3}})
        api._next_update += 1
        api.says(42, "bonjour")
        await api.until(lambda: api.texts(42))


async def test_who_is_blocked_is_told_once_and_keeps_the_right_to_their_data(
    api: BotApi, bot: Bot, store: Store, assistant: StubAssistant
) -> None:
    who = pseudonym(KEY, "telegram", "42")
    with store.begin() as connection:
        assert blocked.block(connection, who, clock.now())
        assert not blocked.block(connection, who, clock.now())
    async with bot.running():
        for text in ("un", "deux", "je veux mourir", "/mesdonnees"):
            api.says(42, text)
        api.says(43, "et moi ?")
        await api.until(lambda: api.of("sendDocument", 42) and api.texts(43))
        assert len(api.texts(42)) == 2
        assert "ne vous réponds plus" in api.texts(42)[0]
        assert "urgence" in api.texts(42)[1]
        api.says(42, "/oublier")
        await api.until(lambda: len(api.texts(42)) == 3)
        api.taps(42, "Oui, tout effacer")
        await api.until(lambda: len(api.texts(42)) == 4)
        api.says(42, "me revoilà")
        await api.until(lambda: len(api.texts(42)) == 5)
        assert "ne vous réponds plus" in api.texts(42)[4], "erased, and still refused"
        with store.begin() as connection:
            assert blocked.unblock(connection, who)
        api.says(42, "trois")
        await api.until(lambda: len(api.texts(42)) == 6)
    assert [text for _, text, _ in assistant.heard] == ["et moi ?", "trois"]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


NASTY = (
    '<b>gras</b> <a href="https://mal.example">clic</a> </i> & *x* _y_ [z](https://mal.example) `'
)


async def test_nobody_s_text_is_rendered_as_markup(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    async def hear(_sound: bytes) -> str:
        return NASTY

    place = PlaceCard("1", NASTY, NASTY, 1.0, 2.0, hours=NASTY, why=NASTY)
    assistant.answers["lieux"] = Turn((Places(NASTY, places=(place,)),), "x", 0.9, "answer")
    assistant.answers[NASTY.strip()] = Turn((Text(NASTY),), "x", 0.9, "answer")
    async with bot.running(hear=hear):
        api.says(42, "lieux")
        api.says(42, NASTY)
        api.sends(42, voice={"file_id": "v", "file_size": 9})
        await api.until(lambda: len(api.texts(42)) == 4)
    for call in api.of("sendMessage", 42):
        tags = Tags()
        if call.data.get("parse_mode"):
            assert call.data["parse_mode"] == "HTML"
            tags.feed(call.text)
        assert set(tags.found) <= {"b", "i"}, "what we mark ourselves"
        assert "&lt;b&gt;gras&lt;/b&gt;" in call.text
