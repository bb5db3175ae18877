"""The Telegram front-end, assembled: updates in by polling or webhook, answers out."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar
from urllib.parse import urlsplit

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from actions.clock import Clock, utc_now
from actions.errors import ToldError
from actions.words import Words
from bot.conversation import Conversation
from bot.conversation.ports import RenderSheet
from bot.lanes import Claims
from bot.settings import Settings
from bot.store import Store
from bot.store.claims import LostClaimError
from bot.store.database_trouble import trouble
from bot.store.incoming_queue import Arrival
from bot.store.persons import pseudonym
from bot.telegram import profile
from bot.telegram.client import make_bot, pause_asked
from bot.telegram.delivery import Delivery, Pauses
from bot.telegram.pace import Pace
from bot.telegram.ports import Courier, FindPlaces, Forum
from bot.telegram.reception import TelegramReception
from bot.telegram.sharing import Sharing
from bot.telegram.updates import (
    ALLOWED_UPDATES,
    CHANNEL,
    NotAnUpdateError,
    arrival,
    chat_of,
    inline_query,
)
from bot.voice import Hear

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

POLL_S = 25
"""How long Telegram holds a getUpdates that has nothing to give."""

EMPTY_POLL_PAUSE_S = 0.1
"""Pause after a getUpdates that gave nothing."""

GRACE_S = 10.0
"""How long a stop waits for what is in hand; what is cut off is taken up at the next start."""

TELL_AFTER = 2
"""Times that updates cannot be kept before those who wrote are told so."""

MAX_UPDATE_BYTES = 1024**2
"""Longest body that the webhook reads: Telegram's updates are far shorter."""


class TokenRefusedError(ToldError):
    """Telegram does not know this token. The message is one line fit for a person."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refuse le jeton TELEGRAM_BOT_TOKEN : vérifiez-le auprès de @BotFather"
        )


class WebhookRefusedError(ToldError):
    """Telegram does not take the webhook's address. The message is fit for a person."""

    def __init__(self) -> None:
        super().__init__(
            "Telegram refuse PASSERELLE_WEBHOOK_URL : il faut une adresse publique en https, "
            "sur le port 443, 80, 88 ou 8443"
        )


class TelegramFrontend:
    """Runs the assistant on Telegram.

    async with TelegramFrontend(settings, store, conversation, wording, key=key) as front:
        app.add_routes(front.routes())  # webhook only: none when polling
        await front.run()               # until ``front.stop()``

    Several serve one PostgreSQL database: each lane is claimed by one, and one polls. SQLite has
    one process at a time: lanes keep their order in its memory.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        conversation: Conversation,
        wording: Words,
        *,
        key: bytes,
        forum: Forum | None = None,
        couriers: Mapping[str, Courier] | None = None,
        render_sheet: RenderSheet | None = None,
        hear: Hear | None = None,
        find: FindPlaces | None = None,
        pauses: Pauses | None = None,
        timeout_s: float = 15.0,
        clock: Clock = utc_now,
        shared: Claims | None = None,
        pace: Pace | None = None,
    ) -> None:
        """Assemble the front-end; nothing is sent before ``run``.

        Args:
            settings: Token, Bot API's root, webhook, fixed day, helpdesk's group.
            store: The operational database, migrated.
            conversation: What answers.
            wording: The words of dialogue mechanics.
            key: The installation's key: the webhook's secret when none is configured.
            forum: Takes the updates of the agents' group.
            couriers: Send the parcels of other kinds than meanings, by kind.
            render_sheet: Renders the PDF of a ``Sheet``.
            hear: Turns a sound into words, where there are ears.
            find: Finds the places that people share in other chats; nothing: they cannot.
            pauses: Between two attempts at what failed.
            timeout_s: How long Telegram may take for a call.
            clock: The present moment.
            shared: The process's claims, where other parts of it have some too.
            pace: How fast chats are written to; Telegram's limits, and the settings', by default.

        Raises:
            TokenRefusedError: There is no token.
        """
        if not settings.telegram_token:
            raise TokenRefusedError
        self._settings = settings
        self._wording = wording
        self._profiles = profile.load_profiles(settings.data_dir / "answers")
        self._courtesy: asyncio.Task[None] | None = None
        # Telegram numbers updates for each bot: another token must not hide its own.
        self._bot_name = hashlib.sha256(settings.telegram_token.encode()).hexdigest()[:12]
        self._pauses = pauses or Pauses()
        self._shared = shared or Claims.where_shared(store, settings.home)
        self._webhook_secret = (
            settings.webhook_secret or hmac.new(key, b"webhook", hashlib.sha256).hexdigest()
        )
        self._told: set[int] = set()
        """Chats that were told that the database fails, until it works again."""
        self._stopping = asyncio.Event()
        self._timeout_s = timeout_s
        self.bot = make_bot(settings.telegram_token, settings.telegram_api_url, timeout_s)
        self.delivery = Delivery(
            self.bot,
            store,
            wording,
            render_sheet=render_sheet,
            couriers=couriers,
            pauses=self._pauses,
            clock=clock,
            shared=self._shared,
            pace=pace or self._everyone_s_pace(),
        )
        self.reception = TelegramReception(
            self.bot,
            store,
            conversation,
            wording,
            on=settings.today,
            forum=forum,
            forum_chat=settings.helpdesk_chat,
            pauses=self._pauses,
            clock=clock,
            hear=hear,
            shared=self._shared,
            delivered=self.wake,
        )
        self._sharing = find and Sharing(
            self.bot,
            store,
            wording,
            find,
            lambda person: pseudonym(key, CHANNEL, str(person)),
        )

    def _everyone_s_pace(self) -> Pace:
        shared = self._shared
        per_second = self._settings.telegram_per_second
        if shared is None:
            return Pace(per_second=per_second)
        return Pace(per_second=per_second, replicas=lambda: shared.at_work)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.reception.lanes.stop(GRACE_S)
        await self.delivery.lanes.stop(GRACE_S)
        await self.reception.close()
        if self._sharing:
            await self._sharing.close()
        if self._courtesy:
            self._courtesy.cancel()
            await asyncio.gather(self._courtesy, return_exceptions=True)
        await self.bot.hang_up()

    def wake(self, lane: str = "") -> None:
        """Send what was just put in the outbox (in a lane) without waiting for the next look."""
        self.delivery.lanes.wake(lane)

    def stop(self) -> None:
        """Have ``run`` return once what is in hand is finished."""
        self._stopping.set()

    def routes(self) -> list[web.RouteDef]:
        """Return the webhook's route for the HTTP server; none when polling."""
        if not self._settings.webhook_url:
            return []
        path = urlsplit(self._settings.webhook_url).path or "/"
        return [web.post(path, self._webhook)]

    async def run(self) -> None:
        """Answer until ``stop``.

        Network failures are waited out. What was kept before a crash is answered first.

        Raises:
            TokenRefusedError: At the start, or when the token is revoked meanwhile.
            WebhookRefusedError: At the start.
        """
        tasks = [
            asyncio.create_task(self._receive(), name="receive"),
            asyncio.create_task(self.reception.lanes.run(), name="incoming"),
            asyncio.create_task(self.delivery.lanes.run(), name="outbox"),
            asyncio.create_task(self._revoked(), name="token"),
        ]
        renewing = self._shared and asyncio.create_task(self._shared.keep_renewed())
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            done, _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
            for task in done - {stopped}:
                task.result()
        finally:
            # First no more updates, then no more answers, then no more sending.
            tasks[0].cancel()
            await self.reception.lanes.stop(GRACE_S)
            await self.delivery.lanes.stop(GRACE_S, drain=True)
            for task in (*tasks, stopped):
                task.cancel()
            await asyncio.gather(*tasks, stopped, return_exceptions=True)
            if renewing:  # to the end: what is in hand is still ours
                renewing.cancel()
                await asyncio.gather(renewing, return_exceptions=True)

    async def _receive(self) -> None:
        await self._insisting(self._connect)
        if self._settings.webhook_url:
            await self._stopping.wait()
        elif self._shared is None:
            await self._poll()
        else:
            await self._shared.in_turn(f"poll|{self._bot_name}", self._poll)

    async def _connect(self) -> None:
        settings = self._settings
        try:
            await self.bot.initialize()
            if settings.webhook_url:
                await self.bot.set_webhook(
                    settings.webhook_url,
                    secret_token=self._webhook_secret,
                    allowed_updates=ALLOWED_UPDATES,
                )
            else:
                await self.bot.delete_webhook()
        except (InvalidToken, EndPointNotFound):
            # The library's error repeats the token.
            raise TokenRefusedError from None
        except BadRequest as error:
            if settings.webhook_url:
                raise WebhookRefusedError from error
            raise
        await profile.show_menu(self.bot, self._profiles[0])
        # Twenty calls more, that nobody waits for.
        self._courtesy = asyncio.create_task(profile.show(self.bot, self._profiles))

    async def _poll(self) -> None:
        offset = 0
        while True:
            updates = await self._insisting(self._updates, offset)
            if updates:
                await self._keep(list(self._read(updates)))
                # The next call acknowledges these: they are safe now.
                offset = max(offset, *(_number(update) + 1 for update in updates))
            else:
                # A server that does not hold the call must not be asked without a pause.
                await asyncio.sleep(EMPTY_POLL_PAUSE_S)

    async def _keep(self, arrivals: list[Arrival]) -> None:
        """Keep updates, however long the database fails: Telegram has them meanwhile."""
        failures = 0
        while True:
            try:
                await self.reception.keep(arrivals)
            except LostClaimError:
                raise  # the replica that polls now has them
            except SQLAlchemyError as error:
                logger.error("updates cannot be kept: %s", trouble(error) or type(error).__name__)
                failures += 1
                if failures >= TELL_AFTER:
                    await self._say_trouble(arrivals)
                await asyncio.sleep(self._pauses.after(failures).total_seconds())
            else:
                self._told.clear()
                return

    async def _say_trouble(self, arrivals: list[Arrival]) -> None:
        """Tell those who write, once each, that their answer comes late: nothing can be kept."""
        for arrival_ in arrivals:
            chat = chat_of(arrival_.body)
            if chat and chat.get("type") == "private" and chat["id"] not in self._told:
                self._told.add(chat["id"])
                await self.delivery.turn()
                with suppress(TelegramError):
                    await self.bot.send_message(chat["id"], self._wording("base_en_panne"))

    def _read(self, updates: list[dict[str, Any]]) -> Iterator[Arrival]:
        for update in updates:
            if self._shared_elsewhere(update):
                continue
            try:
                yield arrival(update, self._bot_name)
            except NotAnUpdateError as error:
                logger.warning("an update was left aside: %s", error)

    def _shared_elsewhere(self, update: Any) -> bool:
        """Take an inline query, which is of the moment and kept nowhere; tell whether it is one."""
        query = inline_query(update)
        if query and self._sharing:
            self._sharing.take(query)
        return query is not None

    async def _updates(self, offset: int) -> list[dict[str, Any]]:
        try:
            return await self.bot.raw_updates(offset, POLL_S, self._timeout_s)
        except InvalidToken:
            raise TokenRefusedError from None

    async def _insisting(
        self, attempt: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Try until it works; each failure is followed by a longer pause."""
        failures = 0
        while True:
            try:
                return await attempt(*args, **kwargs)
            except RetryAfter as error:
                pause = pause_asked(error).total_seconds()
            except Conflict:
                logger.error("another program reads the updates of this bot")
                pause = self._pauses.after(failures).total_seconds()
            except (TelegramError, SQLAlchemyError) as error:
                logger.warning("Telegram or the database fails: %s", type(error).__name__)
                pause = self._pauses.after(failures).total_seconds()
            failures += 1
            await asyncio.sleep(pause)

    async def _webhook(self, request: web.Request) -> web.Response:
        offered = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        # Whatever bytes a stranger sends: refused as fast as any other, and without an error.
        given = offered.encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._webhook_secret.encode()):
            raise web.HTTPForbidden
        if (request.content_length or 0) > MAX_UPDATE_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_UPDATE_BYTES, request.content_length or 0)
        try:
            raw = json.loads(await request.read())
            if self._shared_elsewhere(raw):
                return web.Response()
            update = arrival(raw, self._bot_name)
        except (NotAnUpdateError, ValueError, RecursionError) as error:
            raise web.HTTPBadRequest from error
        try:
            await self.reception.keep([update])
        except SQLAlchemyError as error:
            # Not safe: Telegram keeps it and comes again.
            logger.error("updates cannot be kept: %s", trouble(error) or type(error).__name__)
            await self._say_trouble([update])
            raise web.HTTPServiceUnavailable from error
        self._told.clear()
        return web.Response()

    async def _revoked(self) -> None:
        await self.delivery.refused
        raise TokenRefusedError


def _number(update: dict[str, Any]) -> int:
    """Return an update's number; 0 without one, which acknowledges nothing."""
    number = update.get("update_id")
    return number if isinstance(number, int) else 0
