"""The assistant behind HTTP: Rasa, served by ``nlu/server.py`` on loopback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp

from actions.answers.urgent import REASON as DANGER
from actions.messages import Handoff, Message, from_json
from actions.tier import read_tier
from bot.conversation.ports import AssistantAwayError, AssistantError, StaleButtonError, Turn

TIMEOUT_S = 60.0
"""A turn takes some 60 ms, and waits for an action server that starts again; beyond this, the
person is told that it failed."""


class RasaAssistant:
    """An ``Assistant`` that asks Rasa; one HTTP session, kept open."""

    def __init__(self, url: str, secret: str, timeout_s: float = TIMEOUT_S) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=self._timeout)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._session:
            await self._session.close()

    async def turn(self, conversation: str, text: str, metadata: Mapping[str, Any]) -> Turn:
        """Answer one message (see ``Assistant.turn``)."""
        body = {"conversation": conversation, "text": text, "metadata": dict(metadata)}
        data = await self._call("POST", "/turn", body)
        try:
            messages = tuple(from_json(message) for message in data["messages"])
            ranking = tuple(data.get("ranking", ()))
            turn = Turn(
                messages,
                intent=_topic(str(data.get("intent", "")), ranking, messages),
                confidence=float(data.get("confidence", 0.0)),
                tier=read_tier(data.get("tier")),
                ranking=ranking,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise AssistantError("an answer that cannot be read") from error
        if not turn.messages:
            # Rasa's way of saying that an action failed.
            raise AssistantError("no message")
        return turn

    async def export(self, conversation: str) -> Any:
        """Return what Rasa keeps of a conversation (see ``Assistant.export``)."""
        return await self._call("GET", f"/conversations/{quote(conversation)}")

    async def forget(self, conversation: str) -> None:
        """Erase a conversation (see ``Assistant.forget``)."""
        await self._call("DELETE", f"/conversations/{quote(conversation)}")

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        if self._session is None:
            raise RuntimeError("used outside «async with»")
        try:
            async with self._session.request(method, self._url + path, json=body) as response:
                if response.status == 410:
                    raise StaleButtonError("HTTP 410")
                if response.status == 503:
                    raise AssistantAwayError("HTTP 503")
                if response.status >= 400:
                    raise AssistantError(f"HTTP {response.status}")
                return None if response.status == 204 else await response.json()
        except aiohttp.ClientConnectionError as error:
            # Refused, or cut off: a turn is written down as a whole, at its end, or not at all.
            if isinstance(error, TimeoutError):
                raise AssistantError("too slow") from error
            raise AssistantAwayError(type(error).__name__) from error
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            # The error's type alone: its text can repeat the request.
            raise AssistantError(type(error).__name__) from error


def _topic(read: str, ranking: Sequence[Mapping[str, Any]], said: Sequence[Message]) -> str:
    """Return the topic that was read; that of an exaggeration («tu me tues») is the next one.

    The action alone knows: a danger that was not announced was none.
    """
    if read != DANGER or any(isinstance(m, Handoff) and m.reason == DANGER for m in said):
        return read
    return next((str(one["intent"]) for one in ranking if one["intent"] != DANGER), "hors_sujet")
