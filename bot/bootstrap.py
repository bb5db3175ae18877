"""The composition root of the process that talks with people: real adapters, built once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.conversation import Assistant, Conversation, Helpdesk, Turn, Wording, load_wording
from bot.conversation.assistant import RasaAssistant
from bot.conversation.requests import RequestBook
from bot.settings import Settings
from bot.stack.endpoint import Endpoint
from bot.store import Store
from bot.store.persons import load_key, pseudonym


@dataclass
class Overheard:
    """An assistant whose last reading of each conversation can be looked up."""

    assistant: Assistant
    _turns: dict[str, Turn] = field(default_factory=dict)

    async def turn(self, conversation: str, text: str, metadata: Mapping[str, Any]) -> Turn:
        """Answer one message (see ``Assistant.turn``)."""
        turn = await self.assistant.turn(conversation, text, metadata)
        self._turns[conversation] = turn
        return turn

    def take(self, conversation: str) -> Turn | None:
        """Return the reading of the last message, once; nothing when Rasa was not asked."""
        return self._turns.pop(conversation, None)

    async def export(self, conversation: str) -> Any:
        """Return what is kept (see ``Assistant.export``)."""
        return await self.assistant.export(conversation)

    async def forget(self, conversation: str) -> None:
        """Erase a conversation (see ``Assistant.forget``)."""
        await self.assistant.forget(conversation)


@dataclass(frozen=True)
class Front:
    """What a front-end needs."""

    store: Store
    conversation: Conversation
    wording: Wording
    helpdesk: Helpdesk
    key: bytes = field(repr=False)
    overheard: Overheard = field(repr=False)

    def reading(self, channel: str, external_id: str) -> Turn | None:
        """Return how a person's last message was understood."""
        return self.overheard.take(pseudonym(self.key, channel, external_id))


@asynccontextmanager
async def open_front(settings: Settings, endpoint: Endpoint) -> AsyncIterator[Front]:
    """Open the conversation of a home on a running stack."""
    wording = load_wording(settings.data_dir / "answers")
    key = load_key(settings.home)
    store = Store.open(settings.database_url)
    helpdesk = RequestBook(wording)
    try:
        async with RasaAssistant(endpoint.nlu_url, endpoint.secret) as rasa:
            overheard = Overheard(rasa)
            conversation = Conversation(
                store,
                overheard,
                helpdesk,
                wording,
                key=key,
                retention_days=settings.retention_days,
            )
            yield Front(store, conversation, wording, helpdesk, key, overheard)
    finally:
        store.close()
