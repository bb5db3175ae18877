"""What is done again and again while the assistant serves."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import make_url

from actions.clock import Clock, utc_now
from actions.error_trace import trace
from bot.bootstrap import Front
from bot.conversation.reminders import send_due_reminders
from bot.helpdesk import housekeeping
from bot.lanes import Claims
from bot.retention import purge_all
from bot.settings import Settings
from bot.stack.endpoint import Endpoint
from bot.store.claims import LostClaimError

logger = logging.getLogger(__name__)

REMINDERS_EVERY = timedelta(minutes=1)
ERASURES_EVERY = timedelta(minutes=1)
JOURNAL_EVERY = timedelta(minutes=1)
"""How long at most what was used and forgotten (a position) stays in SQLite's journal."""

PURGE_EVERY = timedelta(hours=6)
DESK_EVERY = timedelta(minutes=1)
REFRESH_EVERY = timedelta(days=1)

Job = tuple[str, timedelta, Callable[[], Awaitable[None]]]
"""Its name, how often it is done, and what it is."""


async def keep_doing(
    settings: Settings,
    front: Front,
    endpoint: Endpoint,
    wake: Callable[[], None],
    *,
    clock: Clock = utc_now,
    shared: Claims | None = None,
) -> None:
    """Send reminders, have Rasa forget, erase what is old, load places; until cancelled.

    Of several replicas one does it, but for what is this machine's own: files.

    Args:
        settings: The home.
        front: What answers.
        endpoint: The stack.
        wake: Called when the outbox has something new.
        clock: The present moment.
        shared: Claims what is done once, where replicas share the database.
    """
    zone = settings.helpdesk_timezone

    async def remind() -> None:
        now = clock()
        day = settings.today or now.astimezone(ZoneInfo(zone)).date()
        if await front.store.write(send_due_reminders, front.wording, day, now, zone):
            wake()

    async def purge() -> None:
        desk, now = front.helpdesk.desk, clock()
        await purge_all(front.store, desk, endpoint, settings.retention_days, now)

    async def keep_desk() -> None:
        idle = timedelta(minutes=settings.helpdesk_idle_minutes)
        await front.store.write(housekeeping.keep, front.helpdesk.desk, clock(), idle)
        wake()
        if mail := front.helpdesk.desk.mail:
            await mail.send_due(front.store, clock)

    async def refresh() -> None:
        await asyncio.to_thread(_refresh, settings)

    async def drain() -> None:
        await front.store.drain()

    once: list[Job] = [
        ("reminders", REMINDERS_EVERY, remind),
        ("erasures", ERASURES_EVERY, front.conversation.forget_erased),
        ("purge", PURGE_EVERY, purge),
        ("helpdesk", DESK_EVERY, keep_desk),
    ]
    own: list[Job] = [("journal", JOURNAL_EVERY, drain)]
    if settings.places_sources:
        in_a_file = make_url(settings.reference_url).get_backend_name() == "sqlite"
        (own if in_a_file else once).append(("refresh", REFRESH_EVERY, refresh))

    async with asyncio.TaskGroup() as group:
        repeating = partial(_repeat_all, once)
        group.create_task(shared.in_turn("jobs", repeating) if shared else repeating())
        group.create_task(_repeat_all(own))


async def _repeat_all(jobs: list[Job]) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(_repeat(*job))
    except* LostClaimError:
        raise LostClaimError from None


async def _repeat(name: str, every: timedelta, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await work()
        except LostClaimError:
            raise  # another replica does it now
        except Exception as error:  # tried again next time; nothing else stops for it
            logger.error("%s failed: %s", name, trace(error))
        await asyncio.sleep(every.total_seconds())


def _refresh(settings: Settings) -> None:
    from actions.reference import open_importer, refresh  # noqa: PLC0415  slow, and optional

    importer = open_importer(settings.reference_url, settings.data_dir / "places")
    for number, done in enumerate(refresh(importer, settings.places_sources), 1):
        if isinstance(done, Exception):  # the source by its rank: an address can hold a key
            logger.warning("source %d of PASSERELLE_PLACES_SOURCES: %s", number, trace(done))
