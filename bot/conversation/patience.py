"""Waiting for the assistant: a restart is no failure, and the person is told that it takes time.

While Rasa or the action server starts again, a message waits where it is; its answer comes
when they are back. Only after ``LONGEST_S`` is a failure told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.conversation.ports import AssistantAwayError

T = TypeVar("T")

NOTICE_S = 3.0
"""After so long without an answer, the person reads once that it takes time."""
LONGEST_S = 60.0
"""After so long without the assistant, its absence is told."""
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 2.0

Sleep = Callable[[float], Awaitable[None]]
Notice = Callable[[], Awaitable[None]]


class Patience:
    """How long an answer is waited for, in seconds."""

    def __init__(
        self,
        notice_s: float = NOTICE_S,
        longest_s: float = LONGEST_S,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._notice_s = notice_s
        self._longest_s = longest_s
        self._sleep = sleep

    async def answer(self, ask: Callable[[], Awaitable[T]], notice: Notice | None = None) -> T:
        """Ask until there is an answer.

        Args:
            ask: Asks once.
            notice: Tells the person that it takes time; called once, at most.

        Raises:
            AssistantAwayError: It did not come back in time.
            Exception: What ``ask`` raises otherwise.
        """
        asking = asyncio.ensure_future(self._until_back(ask))
        telling = asyncio.ensure_future(self._tell(notice)) if notice else None
        try:
            return await asking
        finally:
            asking.cancel()
            if telling:
                telling.cancel()
                # A notice under way is told before the answer, never after it.
                await asyncio.gather(telling, return_exceptions=True)

    async def _until_back(self, ask: Callable[[], Awaitable[T]]) -> T:
        waited, pause = 0.0, _FIRST_PAUSE_S
        while True:
            try:
                return await ask()
            except AssistantAwayError:
                if waited >= self._longest_s:
                    raise
            await self._sleep(pause)
            waited += pause
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    async def _tell(self, notice: Notice) -> None:
        await self._sleep(self._notice_s)
        await asyncio.shield(notice())
