"""The one HTTP server that faces people: webhook, console, health and figures."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from bot.settings import Settings
from bot.stack.endpoint import Endpoint, free_port
from bot.stack.errors import StackError
from bot.store import Store

_HEALTH_SECONDS = 5


def listen(settings: Settings) -> socket.socket:
    """Take the address of ``PASSERELLE_HTTP``, or a free port when none was configured.

    Raises:
        StackError: The address is in use, or not this machine's.
    """
    try:
        return _bound(settings.http_host, settings.http_port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE and not settings.http_configured:
            return _bound(settings.http_host, free_port())
        where = f"{settings.http_host}:{settings.http_port}"
        reason = {
            errno.EADDRINUSE: "ce port est déjà utilisé",
            errno.EACCES: "ce port est réservé au système",
        }.get(error.errno or 0, "cette adresse n'est pas celle de cette machine")
        raise StackError(f"{where} : {reason} (PASSERELLE_HTTP)") from None


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family, socket.SOCK_STREAM)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host.strip("[]"), port))
        server.listen(128)
    except OSError:
        server.close()
        raise
    return server


@asynccontextmanager
async def serving(
    server: socket.socket,
    endpoint: Endpoint,
    furnish: Callable[[web.Application], None],
    store: Store,
) -> AsyncIterator[None]:
    """Serve on a socket until the block ends.

    Args:
        server: The listening socket.
        endpoint: The stack whose health ``/health`` tells.
        furnish: Adds the webhook, the console and the figures.
        store: The operational database, whose health is told too.
    """
    app = web.Application()

    async def health(_request: web.Request) -> web.Response:
        parts = {
            "rasa": await _answers(endpoint.nlu_url),
            "actions": await _answers(endpoint.actions_url),
            "database": await store.is_writable(_HEALTH_SECONDS),
        }
        if all(parts.values()):
            return web.json_response({"status": "ok", **parts})
        return web.json_response({"status": "panne", **parts}, status=503)

    app.add_routes([web.get("/health", health)])
    furnish(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.SockSite(runner, server).start()
        yield
    finally:
        await runner.cleanup()


async def _answers(url: str) -> bool:
    timeout = aiohttp.ClientTimeout(total=_HEALTH_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{url}/health") as response,
        ):
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
