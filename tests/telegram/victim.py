"""The Telegram front-end in a process of its own, to be killed.

python -m tests.telegram.victim HOME DATABASE-URL API-URL TOKEN [TEXT-ON-WHICH-IT-HANGS]
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.messages import Text
from bot.conversation import Conversation, Turn
from bot.settings import Settings
from bot.store import Store
from bot.telegram.delivery import Pauses
from bot.telegram.frontend import TelegramFrontend
from tests import clock
from tests.conversation.conftest import KEY, WORDING, StubAssistant
from tests.conversation.desk import StubDesk, say_urgent
from tests.telegram.conftest import NO_HURRY


class Echo(StubAssistant):
    def __init__(self, hangs_on: str) -> None:
        super().__init__()
        self.hangs_on = hangs_on

    async def turn(self, conversation: str, text: str, metadata: Mapping[str, Any]) -> Turn:
        if text == self.hangs_on:
            print("hanging", flush=True)  # noqa: T201
            await asyncio.Event().wait()
        return Turn((Text(f"A {text}"), Text(f"B {text}")), "aide", 0.9, "answer")


async def main(home: str, database_url: str, api_url: str, token: str, hangs_on: str = "") -> None:
    settings = Settings(
        home=Path(home),
        reference_url="",
        database_url=database_url,
        telegram_token=token,
        telegram_api_url=api_url,
    )
    store = Store.open(database_url)
    conversation = Conversation(
        store, Echo(hangs_on), StubDesk(), WORDING, key=KEY, retention_days=30, urgent=say_urgent
    )
    pauses = Pauses(first_s=0.02, longest_s=0.1)
    async with TelegramFrontend(
        settings,
        store,
        conversation,
        WORDING,
        key=KEY,
        pauses=pauses,
        clock=clock.now,
        pace=NO_HURRY(),
    ) as front:
        await front.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
