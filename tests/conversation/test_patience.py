"""A restart of the assistant is waited out: one answer, and a failure only at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.conversation import Conversation
from bot.conversation.patience import LONGEST_S, NOTICE_S, Patience
from bot.conversation.ports import AssistantAwayError, AssistantError, Turn
from bot.store import Store
from tests.conversation.conftest import KEY, WORDING, Chat, StubAssistant, StubDesk, say_urgent


class Time:
    """A clock that only runs when everyone waits for it, the shortest wait first."""

    def __init__(self) -> None:
        self.now = 0.0
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []
        self._runs: asyncio.Task[None] | None = None

    async def sleep(self, seconds: float) -> None:
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((self.now + seconds, done))
        if self._runs is None or self._runs.done():
            self._runs = asyncio.create_task(self._run())
        await done

    async def _run(self) -> None:
        while self._waiting:
            for _ in range(10):  # whoever can go on does
                await asyncio.sleep(0)
            first = min(self._waiting, key=lambda one: one[0])
            self._waiting.remove(first)
            if not first[1].done():
                self.now = first[0]
                first[1].set_result(None)


class Away:
    """An assistant that is away until a moment."""

    def __init__(self, time: Time, until: float) -> None:
        self.time, self.until, self.asked = time, until, 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.time.now < self.until:
            raise AssistantAwayError("starting")
        return "réponse"


def noting(notices: list[float], time: Time) -> Callable[[], Any]:
    async def notice() -> None:
        notices.append(time.now)

    return notice


@pytest.mark.parametrize(("away", "noticed"), [(0.0, False), (1.0, False), (20.0, True)])
async def test_the_answer_comes_when_it_is_back(away: float, noticed: bool) -> None:
    time, notices = Time(), []
    patience = Patience(sleep=time.sleep)
    assert await patience.answer(Away(time, away), noting(notices, time)) == "réponse"
    assert [NOTICE_S <= at < away for at in notices] == ([True] if noticed else [])


async def test_it_gives_up_after_a_while() -> None:
    time, notices = Time(), []
    with pytest.raises(AssistantAwayError):
        await Patience(sleep=time.sleep).answer(Away(time, 1e9), noting(notices, time))
    assert LONGEST_S <= time.now <= LONGEST_S * 1.1
    assert len(notices) == 1


async def test_a_failure_is_no_absence() -> None:
    async def fails() -> str:
        raise AssistantError("HTTP 500")

    time = Time()
    with pytest.raises(AssistantError):
        await Patience(sleep=time.sleep).answer(fails)
    assert time.now == 0


async def test_a_person_reads_one_answer(store: Store, desk: StubDesk) -> None:
    class Restarting(StubAssistant):
        async def turn(self, conversation: str, text: str, metadata: Mapping[str, Any]) -> Turn:
            turn = await super().turn(conversation, text, metadata)
            if len(self.heard) < 3:
                raise AssistantAwayError("starting")
            return turn

    assistant = Restarting()
    conversation = Conversation(
        store, assistant, desk, WORDING,
        key=KEY, retention_days=30, urgent=say_urgent, patience=Patience(sleep=Time().sleep),
    )  # fmt: skip
    assert await Chat(conversation).says("bonjour") == "Réponse à : bonjour"
    assert len(assistant.heard) == 3
