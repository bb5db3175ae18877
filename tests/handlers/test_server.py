"""The action server over real HTTP: what Rasa gets, and what it never gets."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from rasa_sdk import Action

from actions.server import create_app


class Speaks(Action):
    def name(self) -> str:
        return "action_speaks"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        dispatcher.utter_message(json_message={"kind": "text", "text": tracker.sender_id})
        return []


class Breaks(Action):
    def name(self) -> str:
        return "action_breaks"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise RuntimeError(tracker.latest_message["text"])


def call(name: str) -> dict[str, Any]:
    tracker = {
        "sender_id": "p1",
        "slots": {},
        "latest_message": {"text": "un secret"},
        "events": [],
    }
    return {"next_action": name, "tracker": tracker, "domain": {}, "version": "3.6.21"}


@pytest.fixture
async def client() -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(create_app([Speaks(), Breaks()]))) as client:
        yield client


async def test_an_action_says_a_meaning(client: TestClient[Any, Any]) -> None:
    answer = await client.post("/webhook", json=call("action_speaks"))
    assert (await answer.json())["responses"][0]["custom"] == {"kind": "text", "text": "p1"}


async def test_an_error_repeats_nothing_of_what_people_wrote(
    client: TestClient[Any, Any], caplog: pytest.LogCaptureFixture
) -> None:
    answer = await client.post("/webhook", json=call("action_breaks"))
    assert answer.status == 500
    assert "secret" not in await answer.text()
    assert "action_breaks failed: RuntimeError" in caplog.text
    assert "secret" not in caplog.text


async def test_an_unknown_action_is_said_to_be_unknown(client: TestClient[Any, Any]) -> None:
    answer = await client.post("/webhook", json=call("action_nowhere"))
    assert answer.status == 404


async def test_health_counts_the_actions(client: TestClient[Any, Any]) -> None:
    answer = await client.get("/health")
    assert await answer.json() == {"status": "ok", "actions": 2}


def test_the_server_starts_without_what_it_never_uses() -> None:
    heavy = "[name for name in ('sanic', 'ftfy', 'tensorflow') if name in sys.modules]"
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, bot.action_server; print({heavy})"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert loaded.strip() == "[]"
