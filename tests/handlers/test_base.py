"""What every action does when its answer fails: the person is told, the log learns nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.handlers.base import Handler
from actions.handlers.turn import HandlerTurn, Reply
from actions.reading import Reader
from actions.reading.territory.gazetteer import Gazetteer

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Breaks(Handler):
    action = "action_breaks"

    def answer(self, turn: HandlerTurn) -> Reply:
        try:
            return Reply([int(turn.said)])  # type: ignore[list-item]
        except ValueError as error:
            raise RuntimeError(f"cannot read {turn.said}") from error


async def test_a_failure_offers_a_person_and_logs_no_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    services: Any = SimpleNamespace(
        clock=lambda: NOW,
        reader=Reader(Gazetteer({}, {}, {}, {})),
        today=None,
        answers=SimpleNamespace(words=lambda key, on: f"{key} {on}"),
    )
    tracker: Any = SimpleNamespace(
        latest_message={"text": "mon secret"}, slots={}, events=[], active_loop={}
    )
    dispatcher = CollectingDispatcher()
    assert await Breaks(services).run(dispatcher, tracker, {}) == []
    (said,) = [message["custom"] for message in dispatcher.messages]
    assert (said["kind"], said["reason"]) == ("handoff", "panne")
    assert said["text"] == "dialogue.panne 2026-11-22"
    assert "action_breaks failed: RuntimeError" in caplog.text
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text
