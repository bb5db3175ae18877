from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions.messages import Message, Text
from actions.words import load_words
from bot.conversation import AssistantError, Conversation, Incoming, Kind, Turn
from bot.settings import PROJECT_ROOT
from bot.store import Store
from tests.conversation.desk import StubDesk, say_urgent

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WORDING = load_words(PROJECT_ROOT / "data" / "answers" / "mecanique.yaml")
KEY = b"k" * 32


@dataclass
class StubAssistant:
    """An assistant that says what it is told to, or breaks."""

    answers: dict[str, Turn | Exception] = field(default_factory=dict)
    down: bool = False
    heard: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """When set, a turn waits for it."""
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    async def turn(self, conversation: str, text: str, metadata: Mapping[str, Any]) -> Turn:
        self.heard.append((conversation, text, metadata))
        self.entered.set()
        if self.gate:
            await self.gate.wait()
        if self.down:
            raise AssistantError("down")
        said = self.answers.get(text) or Turn((Text(f"Réponse à : {text}"),), "aide", 0.9, "answer")
        if isinstance(said, Exception):
            raise said
        return said

    async def export(self, conversation: str) -> Any:
        if self.down:
            raise AssistantError("down")
        return [{"text": "ce que Rasa garde"}]

    async def forget(self, conversation: str) -> None:
        if self.down:
            raise AssistantError("down")
        self.forgotten.append(conversation)


class Chat:
    """A person who writes, as a test reads: ``await chat.says("bonjour")``."""

    def __init__(self, conversation: Conversation, external_id: str = "42") -> None:
        self.conversation = conversation
        self.external_id = external_id
        self.count = 0

    async def sends(self, kind: Kind, **fields: Any) -> list[Message]:
        self.count += 1
        return await self.conversation.receive(
            Incoming(
                channel="telegram",
                external_id=self.external_id,
                message_id=str(self.count),
                kind=kind,
                **{"at": NOW + timedelta(seconds=self.count), **fields},
            )
        )

    async def says(self, text: str, **fields: Any) -> str:
        return "\n".join(m.text for m in await self.sends(Kind.TEXT, text=text, **fields))

    async def taps(self, payload: str) -> str:
        return "\n".join(m.text for m in await self.sends(Kind.BUTTON, payload=payload))


@pytest.fixture
def assistant() -> StubAssistant:
    return StubAssistant()


@pytest.fixture
def desk() -> StubDesk:
    return StubDesk()


@pytest.fixture
def conversation(store: Store, assistant: StubAssistant, desk: StubDesk) -> Conversation:
    return Conversation(
        store, assistant, desk, WORDING, key=KEY, retention_days=30, urgent=say_urgent
    )


@pytest.fixture
def chat(conversation: Conversation) -> Chat:
    return Chat(conversation)
