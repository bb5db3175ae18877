"""Telegram within ``run``: the front-end, and the agents' group beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from aiohttp import web

from bot.bootstrap import Front
from bot.command_line.errors import CommandError
from bot.helpdesk.assembly import forum_bot
from bot.lanes import Claims
from bot.settings import Settings
from bot.telegram.frontend import TelegramFrontend, TokenRefusedError
from bot.voice import Hear

FORUM_GRACE_S = 10.0
"""How long a call to the agents' group may take to end when the assistant stops."""


class Telegram:
    """What ``run`` does with Telegram."""

    def __init__(self, frontend: TelegramFrontend) -> None:
        self._frontend = frontend

    def routes(self) -> list[web.RouteDef]:
        """Return the webhook's route, if any."""
        return self._frontend.routes()

    @property
    def wake(self) -> Callable[[], None]:
        """What sends at once what was just put in the outbox."""
        return self._frontend.wake

    async def fetch(self, reference: str) -> bytes:
        """Download a person's file."""
        file = await self._frontend.bot.get_file(reference)
        return bytes(await file.download_as_bytearray())

    async def run(self) -> None:
        """Answer until cancelled.

        Raises:
            CommandError: Telegram refuses the token.
        """
        try:
            await self._frontend.run()
        except TokenRefusedError as error:
            raise CommandError(str(error)) from None


@asynccontextmanager
async def open_telegram(
    settings: Settings, front: Front, hear: Hear | None = None, shared: Claims | None = None
) -> AsyncIterator[Telegram]:
    """Assemble the front-end, and show tickets in the agents' group where there is one.

    Raises:
        CommandError: The token has not even the form of one.
    """
    try:
        frontend = TelegramFrontend(
            settings,
            front.store,
            front.conversation,
            front.wording,
            key=front.key,
            forum=front.helpdesk.forum,
            couriers=front.helpdesk.couriers,
            render_sheet=front.workshop.render_sheet,
            hear=hear,
            find=front.workshop.nearby,
            shared=shared,
        )
    except TokenRefusedError as error:
        raise CommandError(str(error)) from None
    async with AsyncExitStack() as opened:
        await opened.enter_async_context(frontend)
        if settings.helpdesk_chat is not None:
            await opened.enter_async_context(_forum(settings, front, shared))
        yield Telegram(frontend)


@asynccontextmanager
async def _forum(settings: Settings, front: Front, shared: Claims | None) -> AsyncIterator[None]:
    bot = forum_bot(settings)
    delivery = front.helpdesk.forum_delivery(bot)
    if delivery is None:
        yield
        return
    async with bot:
        work = shared.in_turn("forum", delivery.run) if shared else delivery.run()
        delivering = asyncio.create_task(work)
        try:
            yield
        finally:
            delivery.stop()
            await asyncio.wait([delivering], timeout=FORUM_GRACE_S)  # it may wait for its turn
            delivering.cancel()
            with suppress(asyncio.CancelledError):
                await delivering
