"""The bot as a process of its own, for tests that kill it: ``python -m … {settings}``."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.conversation import Conversation
from bot.helpdesk import housekeeping
from bot.helpdesk.agents.forum_delivery import ForumDelivery
from bot.helpdesk.agents.group_pace import GroupPace
from bot.helpdesk.assembly import assemble, forum_bot
from bot.helpdesk.console.app import add_console
from bot.helpdesk.desk import Desk
from bot.settings import Settings
from bot.store import Store
from bot.telegram.frontend import TelegramFrontend
from tests import clock
from tests.conversation.conftest import KEY, WORDING
from tests.conversation.desk import say_urgent
from tests.helpdesk.world import GROUP, QUICK, assistant_that_hands_over
from tests.telegram.conftest import NO_HURRY


async def main(given: dict[str, str]) -> None:
    settings = Settings(
        home=Path(given["home"]),
        reference_url="",
        database_url=given["database"],
        telegram_token=given["token"],
        telegram_api_url=given["api"],
        helpdesk_chat=GROUP,
        helpdesk_hours="24/7",
        helpdesk_capacity=1000,
    )
    store = Store.open(settings.database_url)
    parts = assemble(settings, store)
    conversation = Conversation(
        store,
        assistant_that_hands_over(),
        parts.reception,
        WORDING,
        key=KEY,
        retention_days=30,
        urgent=say_urgent,
    )
    app = web.Application()
    async with (
        forum_bot(settings) as bot,
        TelegramFrontend(
            settings,
            store,
            conversation,
            WORDING,
            key=KEY,
            forum=parts.forum,
            couriers=parts.couriers,
            pauses=QUICK,
            pace=NO_HURRY(),
            clock=clock.now,
        ) as front,
    ):
        add_console(app, parts, key=KEY, woken=front.wake, clock=clock.now)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(given["port"])).start()
        # The stand-in has no limit of its own here: the pace has its tests with a clock.
        pump = ForumDelivery(
            store, parts.desk, bot, GROUP, pace=GroupPace(100_000), watch_s=0.1, clock=clock.now
        )
        work = [front.run(), pump.run()]
        if idle_s := given.get("idle_s"):
            work.append(keep(store, parts.desk, front.wake, timedelta(seconds=float(idle_s))))
        await asyncio.gather(*work)


async def keep(store: Store, desk: Desk, wake: Callable[[], None], idle: timedelta) -> None:
    """Do every second what the jobs of ``run`` do every minute."""
    while True:
        await asyncio.sleep(1)
        await store.write(housekeeping.keep, desk, clock.now(), idle)
        wake()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
