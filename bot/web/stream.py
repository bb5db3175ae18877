"""Live pages: one stream of server-sent events for each, from what the database holds.

A stream that breaks loses nothing: the page comes back with the number of the last message that
it shows, and is sent what follows, once.
"""

from __future__ import annotations

import asyncio
import json
import logging

from aiohttp import web

from bot.web.hub import Bell
from bot.web.keys import Visitor
from bot.web.responses import Refusal, as_json, preflight, shared_headers
from bot.web.shared import Shared

logger = logging.getLogger(__name__)

PING_S = 15.0
"""How often a silent stream says that it lives: proxies cut those that say nothing."""

RETRY_MS = 2000


class Streams:
    """Tells open pages what is new for their person."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def routes(self) -> list[web.RouteDef]:
        """Return the stream's routes."""
        return [
            web.get("/web/flux", self._serve, allow_head=False),
            web.options("/web/flux", self._preflight),
        ]

    async def _preflight(self, request: web.Request) -> web.StreamResponse:
        return preflight(self._shared.allowed_origin(request))

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        shared = self._shared
        origin = shared.allowed_origin(request)
        try:
            visitor = shared.visitor(request)
            origin = shared.origin_for(request, shared.site(visitor.site))
            shared.count_request(request)
            shared.refuse_when_closed()
            if shared.hub.count >= shared.limits.streams or shared.hub.stopping:
                raise Refusal(503, retry_after_s=5)
        except Refusal as refusal:
            headers = shared_headers(origin) | refusal.headers
            return as_json({"mot": refusal.words}, headers, refusal.status)
        response = web.StreamResponse(
            headers={
                **shared_headers(origin),
                "Content-Type": "text/event-stream; charset=utf-8",
                "X-Accel-Buffering": "no",
            }
        )
        with shared.hub.listening(visitor.address, shared.limits.streams_per_person) as bell:
            try:
                await response.prepare(request)
                await self._follow(response, visitor, _last(request), bell)
            except ConnectionResetError:
                logger.debug("a page was closed")
            except TimeoutError:
                # It reads too slowly, or not at all: nothing is piled up for it.
                if request.transport:
                    request.transport.abort()
        return response

    async def _follow(
        self, response: web.StreamResponse, visitor: Visitor, last: int, bell: Bell
    ) -> None:
        shared = self._shared
        await self._write(response, f"retry: {RETRY_MS}\n\n")
        told: dict[str, object] = {}
        while not shared.hub.stopping and not bell.dismissed:
            if shared.closed:
                await self._tell(response, "ferme", shared.wording("canal_ferme").strip())
                return
            shown = await shared.look(visitor.address, last)
            if shown.first and told.get("debut") != shown.first:
                await self._tell(response, "debut", shown.first)
                told["debut"] = shown.first
            for entry, html in zip(
                shown.entries, shared.rendered(shown.entries, visitor), strict=True
            ):
                data = {"html": html, "de": entry.author}
                await self._tell(response, "message", data, entry.id)
                last = entry.id
            if shown.entries:
                # A page that has just sent a message waits, though its answer came at once.
                told.pop("repos", None)
            for event, value in (("etat", shared.note(shown)), ("repos", shown.settled)):
                if told.get(event) != value:
                    await self._tell(response, event, value)
                    told[event] = value
            if not await bell.wait(PING_S):
                await self._write(response, ":\n\n")

    async def _tell(
        self, response: web.StreamResponse, event: str, data: object, number: int | None = None
    ) -> None:
        head = f"id: {number}\n" if number is not None else ""
        said = json.dumps(data, ensure_ascii=False)
        await self._write(response, f"{head}event: {event}\ndata: {said}\n\n")

    async def _write(self, response: web.StreamResponse, text: str) -> None:
        await asyncio.wait_for(response.write(text.encode()), self._shared.limits.write_s)


def _last(request: web.Request) -> int:
    """Return the number of the last message that the page shows; 0 when it does not say."""
    said = request.query.get("depuis", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0
