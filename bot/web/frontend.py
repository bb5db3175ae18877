"""The page, assembled: what serves it, what answers its people, what forgets them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from aiohttp import web

from actions.clock import Clock, utc_now
from actions.error_trace import trace
from actions.words import Words
from bot.conversation import Conversation
from bot.conversation.ports import RenderSheet
from bot.lanes import Claims
from bot.store import Person, Store, channels
from bot.voice import Hear
from bot.web import sites, transcript
from bot.web.hub import Hub
from bot.web.keys import Keyring
from bot.web.limits import PageLimits
from bot.web.pages import Pages
from bot.web.reception import WebReception
from bot.web.rendering import HtmlRenderer
from bot.web.shared import Shared
from bot.web.stream import Streams
from bot.web.transcript import CHANNEL

logger = logging.getLogger(__name__)

OTHERS_S = 0.5
"""How often pages are rung for what another replica answered, where there are some."""

LOOK_S = 2.0
"""How often the operator's orders are read: a site added, the channel closed."""

FORGET_EVERY = timedelta(minutes=5)

GRACE_S = 10.0
"""How long a stop waits for what is in hand; what is cut off is taken up at the next start."""


async def _no_file(_number: int) -> bytes | None:
    return None


@dataclass(frozen=True, slots=True)
class HelpdeskView:
    """What the page must know of the helpdesk."""

    waits: Callable[[sa.Connection, Person], bool] = lambda _connection, _person: False
    """Whether someone was asked to answer a person, and has not finished."""
    waiting: Callable[[], sa.Subquery] | None = None
    """Ids (``person_id``) of all whom someone was asked to answer."""
    forget: Callable[[sa.Connection, Person], None] = lambda _connection, _person: None
    """Prepares for a person's erasure."""
    file: Callable[[int], Awaitable[bytes | None]] = _no_file
    """Reads a file that an agent sent, by its number there; nothing once it is out of reach."""


class WebFrontend:
    """Runs the assistant as a page.

    async with WebFrontend(store, conversation, wording, words, key=key) as front:
        app.add_routes(front.routes())
        ...
    """

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        wording: Words,
        words: Words,
        *,
        key: bytes,
        render_sheet: RenderSheet,
        hear: Hear | None = None,
        helpdesk: HelpdeskView | None = None,
        on: date | None = None,
        limits: PageLimits | None = None,
        clock: Clock = utc_now,
        clock_s: Callable[[], float] = time.monotonic,
        told: Callable[[], None] = lambda: None,
        shared: Claims | None = None,
        by_mail: bool = False,
    ) -> None:
        """Assemble; nothing is answered before ``async with``.

        Args:
            store: The operational database, migrated.
            conversation: What answers.
            wording: The words of dialogue mechanics.
            words: The page's own (``web.yaml``).
            key: The installation's key.
            render_sheet: Makes the PDF of a ``Sheet``.
            hear: Turns a sound into words; without it no microphone is offered.
            helpdesk: What must be known of the helpdesk.
            on: A fixed day to live in.
            limits: Rates and sizes.
            clock: The present moment.
            clock_s: A steady clock, for rates.
            told: Called when another channel's outbox may have something new.
            shared: Claims lanes, where replicas share them; who made it keeps it renewed.
            by_mail: Whether a mail can be sent to who asks for a reminder.
        """
        self._others = shared is not None
        self._last_moved = 0
        self._store = store
        self._helpdesk = helpdesk or HelpdeskView()
        self._clock = clock
        self._hub = Hub()
        keys = Keyring(key)
        self._shared = Shared(
            store=store,
            wording=wording,
            words=words,
            keys=keys,
            renderer=HtmlRenderer(wording, words, keys.file_seal),
            hub=self._hub,
            limits=limits or PageLimits(),
            clock=clock,
            clock_s=clock_s,
            waits=self._helpdesk.waits,
            file_of=self._helpdesk.file,
        )
        self.reception = WebReception(
            store,
            conversation,
            wording,
            words,
            self._hub,
            site=self._shared.sites.get,
            on=on,
            clock=clock,
            told=told,
            shared=shared,
            by_mail=by_mail,
        )
        self._pages = Pages(self._shared, self.reception, render_sheet, hear)
        self._streams = Streams(self._shared)
        self._looking = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self._look()
        self._tasks = [
            asyncio.create_task(self.reception.answering.run(), name="web incoming"),
            asyncio.create_task(self.reception.showing.run(), name="web outbox"),
            asyncio.create_task(self._again(LOOK_S, self._look), name="web orders"),
            asyncio.create_task(
                self._again(FORGET_EVERY.total_seconds(), self._forget), name="web forget"
            ),
        ]
        if self._others:
            listening = self._again(OTHERS_S, self._listen_to_others)
            self._tasks.append(asyncio.create_task(listening, name="web others"))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hub.stop()
        await self.reception.answering.stop(GRACE_S)
        await self.reception.showing.stop(GRACE_S, drain=True)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def routes(self) -> list[web.RouteDef]:
        """Return the routes for the one HTTP server that faces people."""
        return [*self._pages.routes(), *self._streams.routes()]

    async def say_goodbye(self, _app: web.Application) -> None:
        """End the streams: the server must not wait for open pages when it stops."""
        self._hub.stop()

    def wake(self) -> None:
        """Show what was just put in the outbox, without waiting for the next look."""
        self.reception.showing.wake()

    async def _again(self, every_s: float, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception as error:  # tried again next time; the page serves meanwhile
                logger.error("the page's upkeep failed: %s", trace(error))
            await asyncio.sleep(every_s)

    async def _look(self) -> None:
        async with self._looking:  # one at a time: the last to end must not be the first to read
            known = await self._store.read(sites.read_all)
            closed = await self._store.read(channels.is_closed, CHANNEL)
        # The same dictionary: others hold it.
        self._shared.sites.clear()
        self._shared.sites.update(known)
        if closed != self._shared.closed:
            self._shared.closed = closed
            self._hub.ring_all()

    async def _listen_to_others(self) -> None:
        """Ring the pages that are open here for what another replica showed them."""
        if self._hub.count:
            self._last_moved, moved = await self._store.read(
                transcript.moved_since, self._last_moved
            )
            for address in moved:
                self._hub.ring(address)

    async def _forget(self) -> None:
        for address in await self._store.write(self._erase_old):
            self._hub.ring(address)

    def _erase_old(self, connection: sa.Connection) -> list[str]:
        waiting = self._helpdesk.waiting() if self._helpdesk.waiting else None
        return transcript.forget_old(
            connection, self._clock(), waiting, prepare=self._helpdesk.forget
        )
