"""The process of the action server: ``python -m bot.action_server --port N``, on loopback."""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import aiohttp
from aiohttp import web

if __name__ == "__main__":
    gc.disable()  # until all is loaded: nothing of it is to be thrown away

from actions.bootstrap import Services, bootstrap
from actions.handlers import all_actions
from actions.reading.territory.address_search import locate_area
from actions.reading.territory.area_result import Area
from actions.reference.geocoder import BanGeocoder
from actions.server import create_app
from bot.home_data import HomeData
from bot.settings import Settings, load_settings

LOCATE_SECONDS = 2.0
"""How long a handler waits for an address; the geocoder itself gives up sooner."""


class AddressLocator:
    """Exact points of addresses for handlers, which run in threads beside the event loop."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._ask: Callable[[Area], Area] | None = None

    def __call__(self, area: Area) -> Area:
        """Return the area with the point of its address, where a service knows it in time."""
        return self._ask(area) if self._ask else area

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """Hold one HTTP session for the life of the server."""
        loop = asyncio.get_running_loop()
        async with aiohttp.ClientSession() as session:
            geocoder = BanGeocoder(self._root, session)

            def ask(area: Area) -> Area:
                asked = asyncio.run_coroutine_threadsafe(locate_area(area, geocoder), loop)
                return asked.result(LOCATE_SECONDS)

            self._ask = ask
            yield
            self._ask = None


def compose(settings: Settings, locate: Callable[[Area], Area]) -> Services:
    """Build what the handlers need, ready to answer the first message fast."""
    data = HomeData(settings)
    return bootstrap(
        settings.data_dir,
        data.gazetteer,
        data.filled_directory,
        today=settings.today,
        retention_days=settings.retention_days,
        locate=locate,
        keep=data.keep,
    )


def _give_back() -> None:
    """Return to the system what reading the files took and no longer needs (GNU's C library)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    settings = load_settings()
    locator = AddressLocator(settings.address_api_url)
    app = create_app(all_actions(compose(settings, locator)))
    if settings.address_api_url:
        app.cleanup_ctx.append(locator.run)
    _give_back()
    gc.freeze()  # what is loaded stays: never looked through again
    gc.enable()
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None, handle_signals=True)


if __name__ == "__main__":
    main()
