"""The tests' Bot API stand-in, with the bad days of the real one."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from tests.telegram.bot_api import BotApi, Call, Failure, broken, too_many

HANGS_S = 20.0
"""How long a call hangs: longer than the bot waits."""

Sent = Callable[[int, str, float, bool], None]
"""Told of each message that a person reads: chat, text, moment, whether its answer was lost."""


class FaultyApi(BotApi):
    """Fails a share of the calls, and gives a share of the updates twice."""

    def __init__(self, sent: Sent, *, faults: float, redelivered: float, seed: int) -> None:
        super().__init__()
        self._sent = sent
        self._faults = faults
        self._redelivered = redelivered
        self._chance = random.Random(seed)
        self._next_update = int(time.time()) * 1000  # a home may see more than one soak
        self.calm = False
        """No more faults: everyone gets what is left."""
        self.failed = 0
        self.again = 0
        self.polled = False
        """The bot has asked for updates."""

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        kind = self._fault()
        if kind == "cut before":
            self.failed += 1
            if request.transport:
                request.transport.abort()
            return web.Response()
        if kind == "hangs":
            self.failed += 1
            try:
                await asyncio.wait_for(self._closing.wait(), HANGS_S)
            except TimeoutError:
                return web.Response(status=504)
        return await super()._handle(request)

    def _failure(self, method: str, data: dict[str, Any]) -> Failure | None:
        kind = self._fault()
        failure = super()._failure(method, data)
        if kind == "429":
            failure = failure or too_many(self._chance.choice((1, 1, 2)))
        elif kind == "500":
            failure = failure or broken()
        elif kind == "cut after":
            failure = failure or Failure(accepted=True)
        self.failed += bool(failure)
        self._lost = bool(failure and failure.accepted)
        return failure

    def _fault(self) -> str:
        """Draw what goes wrong: a share of all calls, of five kinds alike, in two draws."""
        if self.calm or self._chance.random() >= self._faults:
            return ""
        return self._chance.choice(("429", "500", "cut after", "cut before", "hangs"))

    def _result(self, method: str, data: dict[str, Any]) -> Any:
        if method in ("sendMessage", "sendVenue", "sendDocument"):
            call = Call(method, data)
            said = call.text or str(data.get("title", method))
            self._sent(call.chat or 0, said, time.monotonic(), self._lost)
        return super()._result(method, data)

    async def _get_updates(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        self.polled = True
        updates = await super()._get_updates(data)
        self.calls.clear()  # a long soak must not fill this process's memory
        self.attempts.clear()
        if updates and not self.calm and self._chance.random() < self._redelivered * len(updates):
            self.again += 1
            twice = self._chance.choice(updates)
            asyncio.get_running_loop().call_later(1.0, self.updates.append, twice)
        return updates
