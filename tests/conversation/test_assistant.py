"""The HTTP adapter, against a server that answers as ``nlu/server.py`` does, or fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from actions.messages import Handoff, Text
from bot.conversation import AssistantError, StaleButtonError
from bot.conversation.rasa_assistant import RasaAssistant

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(handler: Handler, timeout_s: float = 5.0):
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    async with (
        TestServer(app) as server,
        RasaAssistant(str(server.make_url("")), "s3cret", timeout_s) as assistant,
    ):
        yield assistant


def answering(body: Any, status: int = 200) -> Handler:
    async def handler(_request: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    return handler


async def test_a_turn() -> None:
    seen: dict[str, Any] = {}

    async def handler(request: web.Request) -> web.Response:
        seen.update(await request.json(), path=request.path, auth=request.headers["Authorization"])
        ranking = [{"intent": "aide", "confidence": 0.9}]
        said = [Text("Bonjour").to_json()]
        return web.json_response(
            {"messages": said, "intent": "aide", "confidence": 0.9, "tier": "answer",
             "ranking": ranking}
        )  # fmt: skip

    async with served(handler) as assistant:
        turn = await assistant.turn("p", "bonjour", {"now": "2026"})
    assert turn.messages == (Text("Bonjour"),)
    assert (turn.intent, turn.confidence, turn.tier) == ("aide", 0.9, "answer")
    assert turn.ranking == ({"intent": "aide", "confidence": 0.9},)
    assert seen == {
        "conversation": "p", "text": "bonjour", "metadata": {"now": "2026"},
        "path": "/turn", "auth": "Bearer s3cret",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"messages": []}, 200),
        ({"messages": [{"kind": "inconnu"}]}, 200),
        ({"messages": [{"kind": "text"}]}, 200),
        ({"messages": [3]}, 200),
        ({}, 200),
        ([], 200),
        ({"messages": [{"kind": "text", "text": "a"}], "confidence": "x"}, 200),
        ({}, 500),
        ({}, 401),
    ],
)
async def test_what_is_no_answer_is_a_failure(body: Any, status: int) -> None:
    async with served(answering(body, status)) as assistant:
        with pytest.raises(AssistantError):
            await assistant.turn("p", "bonjour", {})


async def test_not_json_too_slow_cut_off_and_down_are_failures() -> None:
    async def not_json(_request: web.Request) -> web.Response:
        return web.Response(text="<html>")

    async def slow(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def cut(request: web.Request) -> web.Response:
        assert request.transport
        request.transport.abort()
        return web.Response()

    for handler in (not_json, slow, cut):
        async with served(handler, timeout_s=0.2) as assistant:
            with pytest.raises(AssistantError):
                await assistant.turn("p", "bonjour", {})
    async with RasaAssistant("http://127.0.0.1:9", "s", 1.0) as assistant:
        with pytest.raises(AssistantError):
            await assistant.turn("p", "bonjour", {})


async def test_an_error_repeats_nothing_of_the_message() -> None:
    async with served(answering({"messages": [{"kind": "text", "secret": "x"}]})) as assistant:
        with pytest.raises(AssistantError) as caught:
            await assistant.turn("p", "ma question", {})
    assert "question" not in str(caught.value)


async def test_export_and_forget() -> None:
    calls: list[tuple[str, str]] = []

    async def handler(request: web.Request) -> web.Response:
        calls.append((request.method, request.path))
        if request.method == "DELETE":
            return web.Response(status=204)
        return web.json_response({"events": [{"text": "a"}]})

    async with served(handler) as assistant:
        assert await assistant.export("p1") == {"events": [{"text": "a"}]}
        await assistant.forget("p1")
    assert calls == [("GET", "/conversations/p1"), ("DELETE", "/conversations/p1")]


async def test_outside_its_context_it_says_so() -> None:
    with pytest.raises(RuntimeError):
        await RasaAssistant("http://127.0.0.1:9", "s").turn("p", "a", {})


async def test_a_button_of_an_earlier_model_is_told_apart_from_a_failure() -> None:
    async def gone(_request: web.Request) -> web.Response:
        raise web.HTTPGone

    async with served(gone) as assistant:
        with pytest.raises(StaleButtonError):
            await assistant.turn("p", "/un_sujet_disparu", {})


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        (Handoff("Appelez le 15 maintenant.", reason="urgence"), "urgence"),
        (Text("Je n'ai pas compris votre message."), "plainte"),
    ],
)
async def test_a_danger_that_was_not_announced_was_none(said: Handoff | Text, topic: str) -> None:
    ranking = [
        {"intent": "urgence", "confidence": 0.6},
        {"intent": "plainte", "confidence": 0.3},
    ]
    body = {"messages": [said.to_json()], "intent": "urgence", "ranking": ranking}
    async with served(answering(body)) as assistant:
        assert (await assistant.turn("p", "cette attente me tue", {})).intent == topic
