"""Takes Telegram's updates: kept first, acknowledged next, answered in order for each chat."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import TelegramError
from telegram.ext import ExtBot

from actions.clock import Clock, utc_now
from actions.error_trace import trace
from actions.messages import AskPosition, Button, Message, Text
from actions.words import Words
from bot.conversation import Conversation, Deliver, Incoming, Kind, Outgoing
from bot.conversation.mechanics import MISHEARD
from bot.lanes import Claims, Lanes
from bot.store import Person, Store, chats, conversation_records, incoming_queue, outbox, persons
from bot.store.claims import LostClaimError
from bot.store.database_trouble import trouble
from bot.store.incoming_queue import FAILED, SURPLUS, Arrival, Update
from bot.telegram.delivery import Pauses
from bot.telegram.links import link
from bot.telegram.ports import Forum
from bot.telegram.rendering import SHORT_PREFIX
from bot.telegram.updates import (
    CHANNEL,
    addressed,
    chat_of,
    is_private,
    migration,
    reachability,
    read,
    tap,
)
from bot.voice import BusyError, Hear, NotHeardError

logger = logging.getLogger(__name__)

MAX_SOUND_BYTES = 2 * 1024 * 1024
"""Longest sound that is listened to: a minute, however a telephone recorded it."""

MAX_ATTEMPTS = 3
"""Times an update is tried; then the person is told that it failed, and it is left."""

MAX_DEATHS = 6
"""Times an update is begun by a process that then dies: it may be innocent of it."""

TYPING_AFTER_S = 0.3
"""An answer that takes longer is announced by «typing…»."""


class TelegramReception:
    """The incoming queue's two ends: ``keep`` and the worker that answers."""

    def __init__(
        self,
        bot: ExtBot[Any],
        store: Store,
        conversation: Conversation,
        wording: Words,
        *,
        on: date | None = None,
        forum: Forum | None = None,
        forum_chat: int | None = None,
        pauses: Pauses | None = None,
        clock: Clock = utc_now,
        hear: Hear | None = None,
        shared: Claims | None = None,
        delivered: Callable[[str], None],
    ) -> None:
        """Describe the queue.

        Args:
            bot: For «typing…» and the acknowledgement of buttons.
            store: Where updates are kept.
            conversation: What answers.
            wording: For the words of a failure.
            on: A fixed day to live in.
            forum: Takes the updates of the agents' group ``forum_chat``.
            forum_chat: The group's id.
            pauses: Before an update is tried again.
            clock: The present moment.
            hear: Turns a sound into words, where there are ears.
            shared: Claims lanes, where replicas share the queue.
            delivered: Called when the outbox may have something new: in a lane, or anywhere.
        """
        self._bot = bot
        self._store = store
        self._conversation = conversation
        self._wording = wording
        self._on = on
        self._forum = forum
        self._forum_chat = forum_chat
        self._pauses = pauses or Pauses(longest_s=30.0)
        self._clock = clock
        self._hear = hear
        self._delivered = delivered
        self._outgoing = Outgoing(CHANNEL, clock)
        self._excused: Counter[int] = Counter()
        """Attempts that failed for the database's sake, by update."""
        self._asides: set[asyncio.Task[None]] = set()
        self.lanes = Lanes(
            "incoming",
            lambda: store.read(incoming_queue.heads, CHANNEL),
            self._step,
            clock=clock,
            shared=shared,
        )

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Keep updates; once this returns, Telegram may forget them.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: They are not safe: do not acknowledge.
        """
        if await self._store.write(incoming_queue.keep, arrivals, self._clock()):
            for lane in {arrival.lane for arrival in arrivals}:
                self.lanes.wake(lane)

    async def close(self) -> None:
        """Drop the courtesies still under way."""
        for task in self._asides:
            task.cancel()
        await asyncio.gather(*self._asides, return_exceptions=True)

    async def _step(self, lane: str) -> bool:
        update = await self._store.write(incoming_queue.begin, lane, self._clock())
        if update is None:
            return False
        attempts = update.attempts - self._excused[update.id]
        if attempts >= MAX_DEATHS:  # each time, the process died, of it or of another
            await self._set_aside(update)
            self._delivered(lane)
            return update.more
        try:
            await self._handle(update)
        except LostClaimError:
            self._excused.pop(update.id, None)
            raise  # another replica answers it
        except Exception as error:
            if trouble(error):
                # The database's fault (full, locked…): the update waits, however long that lasts.
                self._excused[update.id] += 1
                raise
            logger.error("an update failed (attempt %d): %s", attempts + 1, trace(error))
            if attempts + 1 >= MAX_ATTEMPTS:
                await self._set_aside(update)
            else:
                until = self._clock() + self._pauses.after(attempts)
                await self._store.write(incoming_queue.postpone, update.id, until)
        self._excused.pop(update.id, None)
        # An agent's words go to someone else's lane.
        self._delivered(lane if is_private(update.body) else "")
        return update.more

    async def _set_aside(self, update: Update) -> None:
        """Give an update up, so that its lane goes on; the person is told where they can be."""
        try:
            await self._store.write(self._apologise, update)
        except SQLAlchemyError:
            raise  # the database's trouble, not the update's: tried again
        except Exception as error:
            logger.error("an update is set aside without a word: %s", trace(error))
            await self._store.write(incoming_queue.finish, update.id, FAILED)

    async def _handle(self, update: Update) -> None:
        if not is_private(update.body):
            await self._store.write(self._group, update)
            return
        if SURPLUS in update.body:
            await self._store.write(self._too_many, update)
            return
        reachable = reachability(update.body)
        if reachable is not None:
            await self._store.write(self._membership, update, reachable)
            return
        payload = ""
        if tapped := tap(update.body):
            self._aside(self._bot.answer_callback_query(tapped.query_id))
            payload = await self._meant(tapped.data)
        said = read(update.body, update.received_at, self._on, payload)
        if said is None:
            await self._store.write(incoming_queue.finish, update.id)
            return
        async with _Typing(self._bot, int(said.external_id)):
            said = await self._listened(said)
            await self._conversation.receive(
                said, self._deliver(update, said), partial(self._take_time, update, said)
            )

    async def _listened(self, said: Incoming) -> Incoming:
        """Turn a voice into its words, where there are ears; the sound is kept nowhere."""
        if self._hear is None or said.kind is not Kind.VOICE or said.text or said.file is None:
            return said
        if said.file.size > MAX_SOUND_BYTES:
            return replace(said, payload=MISHEARD)
        try:
            file = await self._bot.get_file(said.file.reference)
            return replace(said, text=await self._hear(bytes(await file.download_as_bytearray())))
        except (NotHeardError, BusyError, TelegramError):
            return replace(said, payload=MISHEARD)

    async def _meant(self, data: str) -> str:
        """Return what a tapped button says."""
        if not data.startswith(SHORT_PREFIX):
            return data
        # Retention may have erased it: an empty payload is told to the person.
        short = data.removeprefix(SHORT_PREFIX)
        return await self._store.read(conversation_records.full_payload, short) or ""

    def _deliver(self, update: Update, said: Incoming) -> Deliver:
        def deliver(
            connection: sa.Connection, person: Person | None, answers: Sequence[Message]
        ) -> None:
            first: dict[str, Any] = {}
            if person and answers:
                asked = any(isinstance(answer, AskPosition) for answer in answers)
                if person.position_asked and not asked:
                    first = {"remove_keyboard": True}
                if person.position_asked != asked:
                    persons.set_position_asked(connection, person.id, asked)
            self._outgoing.answer(
                connection, update, said.external_id, answers, person=person, with_first=first
            )

        return deliver

    async def _take_time(self, update: Update, said: Incoming) -> None:
        """Tell the person that the answer takes time: once, however often it is tried."""
        await self._store.write(self._put_notice, update, said)
        self._delivered(update.lane)

    def _put_notice(self, connection: sa.Connection, update: Update, said: Incoming) -> None:
        words = Text(self._wording("un_instant"))
        self._tell(connection, said.external_id, words, f"{update.key}:attente")

    def _tell(self, connection: sa.Connection, chat: str, words: Text, key: str) -> None:
        """Say to a person what the assistant has no part in."""
        person = persons.find(connection, CHANNEL, chat)
        self._outgoing.say(connection, chat, [words], key, person=person)

    def _group(self, connection: sa.Connection, update: Update) -> None:
        chat = chat_of(update.body)
        ours = self._forum_chat and chats.current(connection, self._forum_chat)
        moved = migration(update.body)
        if moved and ours in moved:
            if chats.moved(connection, *moved, update.received_at):
                logger.warning(
                    "the agents' group became a supergroup: its id is %d now, to be written in "
                    "PASSERELLE_HELPDESK_CHAT",
                    moved[1],
                )
        elif self._forum and chat and chat.get("id") == ours:
            self._forum.take(connection, update.body, update.received_at)
        elif chat and (name := self._name()) and addressed(update.body, name, self._bot.id):
            self._invite(connection, update, str(chat["id"]), name)
        incoming_queue.finish(connection, update.id)

    def _name(self) -> str:
        try:
            return self._bot.username
        except RuntimeError:  # Telegram has not said it yet
            return ""

    def _invite(self, connection: sa.Connection, update: Update, chat: str, name: str) -> None:
        """Answer who speaks to the bot in a group: others read there, so in private."""
        button = Button(self._wording("groupe_bouton"), url=link(name))
        words = Text(self._wording("groupe"), buttons=(button,))
        self._outgoing.say(connection, chat, [words], update.key)

    def _membership(self, connection: sa.Connection, update: Update, reachable: bool) -> None:
        chat = chat_of(update.body)
        if chat:
            persons.set_reachable(connection, CHANNEL, str(chat["id"]), reachable)
            if not reachable:
                outbox.drop_lane(connection, update.lane, "blocked")
        incoming_queue.finish(connection, update.id)

    def _too_many(self, connection: sa.Connection, update: Update) -> None:
        """Tell who wrote more than can be answered, once, after what could be."""
        chat = str((chat_of(update.body) or {})["id"])
        self._tell(connection, chat, Text(self._wording("trop_vite")), update.key)
        incoming_queue.finish(connection, update.id)

    def _apologise(self, connection: sa.Connection, update: Update) -> None:
        chat = chat_of(update.body)
        if chat and is_private(update.body) and reachability(update.body) is None:
            words = Text(self._wording("panne"), buttons=self._wording.buttons("humain"))
            self._tell(connection, str(chat["id"]), words, update.key)
        incoming_queue.finish(connection, update.id, FAILED)

    def _aside(self, courtesy: Any) -> None:
        """Do something that nobody waits for, and whose failure does not matter."""

        async def quietly() -> None:
            with suppress(TelegramError):
                await courtesy

        task = asyncio.create_task(quietly())
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


class _Typing:
    """Shows «typing…» while an answer takes its time."""

    def __init__(self, bot: ExtBot[Any], chat: int) -> None:
        self._bot = bot
        self._chat = chat
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._show())

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _show(self) -> None:
        await asyncio.sleep(TYPING_AFTER_S)
        with suppress(TelegramError):
            await self._bot.send_chat_action(self._chat, "typing")
