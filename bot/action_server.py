"""The process of the action server: ``python -m bot.action_server --port N``, on loopback."""

from __future__ import annotations

import argparse
import importlib
import inspect
import logging
import pkgutil
from collections.abc import Iterator

from aiohttp import web

from actions import handlers
from actions.bootstrap import Services, bootstrap
from actions.handlers.base import Handler
from actions.reference import open_directory
from actions.server import create_app
from bot.settings import load_settings


def every_action(services: Services) -> Iterator[Handler]:
    """Build each handler of ``actions.handlers``, wherever its module is in the package."""
    for module in pkgutil.walk_packages(handlers.__path__, f"{handlers.__name__}."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if found.__module__ != module.name or not issubclass(found, Handler):
                continue
            if hasattr(found, "action"):  # a base that others share has no name
                yield found(services)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    settings = load_settings()
    services = bootstrap(
        settings.data_dir,
        open_directory(settings.reference_url, settings.data_dir / "places"),
        today=settings.today,
        retention_days=settings.retention_days,
    )
    web.run_app(
        create_app(every_action(services)),
        host="127.0.0.1",
        port=port,
        print=None,
        access_log=None,
    )


if __name__ == "__main__":
    main()
