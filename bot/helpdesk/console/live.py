"""Live pages: one stream of server-sent events for each open page."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk.console import sessions, views
from bot.helpdesk.console.presence import still_there
from bot.helpdesk.console.site import COOKIE, HEADERS, ConsoleSite, session_of

logger = logging.getLogger(__name__)

LOOK_S = 0.5
"""How often the database is asked whether something changed: the other door may be
another process, and both must show the same tickets."""

CHECK_S = 20.0
"""How often a stream checks that its session still holds, and says that it is alive."""


class Live:
    """Tells open pages that something changed; they then read themselves again."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site
        self._changed = asyncio.Event()
        self._listeners = 0
        self._watcher: asyncio.Task[None] | None = None
        self._stopping = False

    def routes(self) -> list[web.RouteDef]:
        """Return the stream's route."""
        return [web.get("/flux", self._stream)]

    async def close(self, _app: web.Application) -> None:
        """End the streams: the server must not wait for open pages when it stops."""
        self._stopping = True
        self._changed.set()

    async def stop(self, _app: web.Application) -> None:
        """Stop watching the database."""
        if self._watcher:
            self._watcher.cancel()
            with suppress(asyncio.CancelledError):
                await self._watcher

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        agent_id = session_of(request).agent.id
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        self._listeners += 1
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._watch())
        try:
            changed = self._changed
            # What changed between the page and its stream is read again at once.
            await response.write(b"retry: 2000\n\nevent: change\ndata: 1\n\n")
            clock = asyncio.get_running_loop().time
            check_at = 0.0
            while not self._stopping:
                if clock() >= check_at:
                    if not await self._holds(request, agent_id):
                        break
                    check_at = clock() + CHECK_S
                try:
                    await asyncio.wait_for(changed.wait(), max(check_at - clock(), 0))
                    word = b"change"
                except TimeoutError:
                    word = b"tick"
                changed = self._changed
                await response.write(b"event: " + word + b"\ndata: 1\n\n")
            if not self._stopping:
                await response.write(b"event: over\ndata: 1\n\n")
        except ConnectionResetError:
            logger.debug("a page was closed")
        finally:
            self._listeners -= 1
        return response

    async def _holds(self, request: web.Request, agent_id: int) -> bool:
        token = request.cookies.get(COOKIE, "")
        browser = request.headers.get("User-Agent", "")
        now = self._site.clock()

        def check(connection: sa.Connection) -> bool:
            if sessions.find(connection, token, browser, now, used=False) is None:
                return False
            still_there(connection, agent_id, now)
            return True

        return await self._site.parts.store.write(check)

    async def _watch(self) -> None:
        store = self._site.parts.store
        known = await store.read(views.version)
        while self._listeners:
            await asyncio.sleep(LOOK_S)
            try:
                version = await store.read(views.version)
            except sa.exc.SQLAlchemyError:
                logger.warning("the console cannot read the database")
                continue
            if version != known:
                known = version
                self._changed.set()
                self._changed = asyncio.Event()
