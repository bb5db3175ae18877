"""The process of the action server: ``python -m bot.action_server --port N``, on loopback."""

from __future__ import annotations

import argparse
import logging

from aiohttp import web

from actions.bootstrap import bootstrap
from actions.handlers import all_actions
from actions.reference import open_directory
from actions.server import create_app
from bot.settings import load_settings


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
        create_app(all_actions(services)),
        host="127.0.0.1",
        port=port,
        print=None,
        access_log=None,
        handle_signals=True,
    )


if __name__ == "__main__":
    main()
