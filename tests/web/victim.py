"""The page in a process of its own, to be killed.

python -m tests.web.victim HOME DATABASE-URL PORT
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.messages import Text
from bot.conversation import Turn
from bot.store import Store
from bot.web.limits import PageLimits, RequestRate
from tests.conversation.conftest import StubAssistant
from tests.web.world import running

FREE = RequestRate(100_000, 100_000)
LIMITS = PageLimits(person=FREE, address=FREE)


class Echo(StubAssistant):
    async def turn(self, conversation: str, text: str, metadata: Mapping[str, Any]) -> Turn:
        return Turn((Text(f"A {text}"), Text(f"B {text}")), "aide", 0.9, "answer")


async def main(home: str, database_url: str, port: str) -> None:
    store = Store.open(database_url)
    options = {"assistant": Echo(), "limits": LIMITS, "port": int(port)}
    async with running(store, database_url, Path(home), **options):
        print("ready", flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
