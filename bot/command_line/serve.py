"""``run``: everything, supervised."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import socket
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from logging.handlers import RotatingFileHandler

from aiohttp import web

from bot.bootstrap import Front, open_front
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.command_line.running import run_to_end
from bot.command_line.telegram import open_telegram
from bot.command_line.voice import open_ears
from bot.command_line.web import make_web
from bot.doctor import WRONG_KEY, look_at_telegram
from bot.helpdesk.console.app import add_console
from bot.http_server import listen, serving
from bot.jobs import keep_doing
from bot.lanes import Claims
from bot.settings import Settings, load_settings
from bot.stack.endpoint import Endpoint
from bot.stack.home import prepare_home
from bot.stack.log import KEPT, MAX_BYTES
from bot.stack.stack import Stack
from bot.store import persons


def run(options: argparse.Namespace) -> None:
    """Serve until told to stop."""
    settings = load_settings()
    if options.date:
        settings = replace(settings, today=options.date)
    run_to_end(_run(settings))


async def _run(settings: Settings) -> None:
    prepare_home(settings)
    _log_to_file(settings)
    # What can be refused is tried before what takes long.
    server = listen(settings)
    with server:
        if settings.telegram_token:
            telegram = await look_at_telegram(settings)
            if telegram.level == "error":
                raise CommandError(telegram.text)
        async with (
            Stack(settings, lines.progress, advertise=True) as endpoint,
            open_front(settings, endpoint) as front,
        ):
            await _serve(settings, endpoint, front, server)


async def _serve(
    settings: Settings, endpoint: Endpoint, front: Front, server: socket.socket
) -> None:
    if not await front.store.read(persons.key_fits, front.key):
        lines.progress(f"Attention : {WRONG_KEY}.")
    async with AsyncExitStack() as opened:
        shared = Claims.where_shared(front.store, settings.home)
        if shared:
            await opened.enter_async_context(shared.renewed())
        hear = await opened.enter_async_context(open_ears(settings))
        telegram = None
        if settings.telegram_token:
            opening = open_telegram(settings, front, hear, shared)
            telegram = await opened.enter_async_context(opening)

        wake_telegram = telegram.wake if telegram else _nobody_waits
        page = await opened.enter_async_context(
            make_web(
                settings,
                front,
                hear,
                wake_telegram,
                fetch=telegram.fetch if telegram else None,
                shared=shared,
            )
        )

        def wake() -> None:
            wake_telegram()
            page.wake()

        def furnish(app: web.Application) -> None:
            if telegram:
                app.add_routes(telegram.routes())
            add_console(
                app,
                front.helpdesk,
                key=front.key,
                topics=front.answers.topics,
                titles=front.titles,
                answer_for=front.answers.render,
                fetch_file=telegram.fetch if telegram else None,
                woken=wake,
                second_factor=settings.helpdesk_second_factor,
                metrics_token=settings.metrics_token,
                url=settings.web_url,
            )
            app.add_routes(page.routes())
            app.on_shutdown.append(page.say_goodbye)

        await opened.enter_async_context(serving(server, endpoint, furnish, front.store))
        host, port = server.getsockname()[:2]
        lines.progress(f"Page de l'assistant : http://{host}:{port}/")
        lines.progress(f"Console du relais humain : http://{host}:{port}/helpdesk")
        gc.freeze()  # what is loaded stays: never looked through again
        jobs = asyncio.create_task(keep_doing(settings, front, endpoint, wake, shared=shared))
        try:
            if telegram:
                lines.progress("L'assistant répond sur Telegram (arrêt : Ctrl-C).")
                await telegram.run()
            else:
                await _talk(settings, front)
        finally:
            jobs.cancel()
            await asyncio.wait([jobs])


def _nobody_waits() -> None:
    """The terminal looks at its outbox by itself."""


async def _talk(settings: Settings, front: Front) -> None:
    from bot.terminal.session import talk  # noqa: PLC0415

    typed = await talk(front, settings.today)
    if not typed and not sys.stdin.isatty():
        lines.progress("Pas de clavier ici : l'assistant reste en marche (arrêt : Ctrl-C).")
        await asyncio.Event().wait()


def _log_to_file(settings: Settings) -> None:
    """Log this process to ``bot.log``: a terminal chat must not be interrupted by it."""
    handler = RotatingFileHandler(
        settings.logs_dir / "bot.log", maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
