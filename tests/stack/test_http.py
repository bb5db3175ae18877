"""The HTTP server that faces people: its address, and the health it tells."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import event

from bot.http_server import listen, serving
from bot.settings import Settings, load_settings
from bot.stack.endpoint import Endpoint, free_port
from bot.stack.errors import StackError
from bot.store import Store


@pytest.fixture
def taken() -> tuple[socket.socket, int]:
    server = socket.create_server(("127.0.0.1", 0))
    return server, server.getsockname()[1]


def settings(home: Path, port: int, *, configured: bool) -> Settings:
    found = load_settings({"PASSERELLE_HOME": str(home)}, dotenv=None)
    return replace(found, http_port=port, http_configured=configured)


def test_the_configured_address_or_nothing(
    tmp_path: Path, taken: tuple[socket.socket, int]
) -> None:
    with taken[0], pytest.raises(StackError, match=f"127.0.0.1:{taken[1]} : ce port est déjà"):
        listen(settings(tmp_path, taken[1], configured=True))


def test_another_port_when_none_was_configured(
    tmp_path: Path, taken: tuple[socket.socket, int]
) -> None:
    with taken[0], listen(settings(tmp_path, taken[1], configured=False)) as server:
        assert server.getsockname()[1] != taken[1]


def test_an_address_of_another_machine_is_said(tmp_path: Path) -> None:
    elsewhere = replace(settings(tmp_path, 0, configured=True), http_host="192.0.2.1")
    with pytest.raises(StackError, match="celle de cette machine"):
        listen(elsewhere)


@pytest.fixture
async def healthy() -> AsyncIterator[int]:
    async def health(_request: web.Request) -> web.Response:
        return web.json_response({})

    app = web.Application()
    app.router.add_get("/health", health)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port := free_port())
    await site.start()
    yield port
    await runner.cleanup()


async def health_of(home: Path, endpoint: Endpoint, store: Store) -> tuple[int, dict[str, Any]]:
    with listen(settings(home, 0, configured=True)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/health"
        async with (
            serving(server, endpoint, lambda _app: None, store),
            aiohttp.ClientSession() as session,
            session.get(url) as response,
        ):
            return response.status, await response.json()


@pytest.mark.parametrize("rasa_lives", [True, False])
async def test_health_tells_which_part_is_down(
    tmp_path: Path, healthy: int, rasa_lives: bool, store: Store
) -> None:
    endpoint = Endpoint(healthy if rasa_lives else free_port(), healthy, "secret")
    status, told = await health_of(tmp_path, endpoint, store)
    assert status == (200 if rasa_lives else 503)
    assert (told["rasa"], told["actions"], told["database"]) == (rasa_lives, True, True)


async def test_health_is_not_said_good_while_nothing_can_be_kept(
    tmp_path: Path, healthy: int, store: Store
) -> None:
    event.listen(store.engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout = 1"))
    store.engine.dispose()
    endpoint = Endpoint(healthy, healthy, "secret")
    with closing(sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        status, told = await health_of(tmp_path, endpoint, store)
    assert (status, told["rasa"], told["database"]) == (503, True, False)
    status, told = await health_of(tmp_path, endpoint, store)
    assert (status, told["database"]) == (200, True)
