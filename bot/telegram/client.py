"""The Bot API's client: python-telegram-bot's, and updates left as they are."""

from __future__ import annotations

import logging
import os
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import ExtBot

from bot.telegram.http import AiohttpRequest
from bot.telegram.updates import ALLOWED_UPDATES


class RawBot(ExtBot[int]):
    """An ``ExtBot`` that returns updates as JSON objects.

    ``get_updates`` reads them into objects: one that it cannot read loses the batch, and puts
    what people wrote in the log.
    """

    async def raw_updates(self, offset: int, hold_s: int, timeout_s: float) -> list[dict[str, Any]]:
        """Return the next updates, those before ``offset`` being acknowledged.

        Args:
            offset: Number of the first update that is wanted.
            hold_s: How long Telegram holds the call when it has nothing.
            timeout_s: How long to wait for its answer beyond that.
        """
        data = {"offset": offset, "timeout": hold_s, "allowed_updates": list(ALLOWED_UPDATES)}
        found = await self._post("getUpdates", data, read_timeout=hold_s + timeout_s)
        return [update for update in found if isinstance(update, dict)]

    async def hang_up(self) -> None:
        """Close every connection, be the bot initialized or not."""
        for request in self._request:
            await request.shutdown()


def pause_asked(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks to wait."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def make_bot(token: str, root: str, timeout_s: float) -> RawBot:
    """Return a client of the Bot API at ``root``; who sends keeps Telegram's pace.

    Args:
        token: The bot's token.
        root: The server's address; methods are under ``/bot<token>/``.
        timeout_s: How long Telegram may take for a call.
    """
    # The library's own way to be told durations as such; it warns at each one otherwise.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    # These log each address that they call, and the token is part of it.
    for name in ("httpx", "httpcore", "aiohttp", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # An answer that was cut off is logged whole, with what was said in it; and told to us anyway.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    return RawBot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=AiohttpRequest(64, timeout_s),
        get_updates_request=AiohttpRequest(2, timeout_s),
    )
