"""A chat from beginning to end: what is said leaves by the outbox, as on every channel."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console

from actions.clock import Clock, utc_now
from actions.messages import Message, Text, from_json
from bot.bootstrap import Front
from bot.conversation import Conversation, Incoming, Outgoing
from bot.store import Person, Store, outbox
from bot.store.outbox import Parcel
from bot.store.persons import lane
from bot.terminal.chat import CHANNEL, TerminalChat
from bot.terminal.keyboard import at_keyboard, plain_lines, prompted_lines
from bot.terminal.render import PLAIN_WIDTH, TerminalRenderer
from bot.terminal.saved_files import FileSaver

LOCAL_PERSON = "local"
"""Whoever sits at the keyboard: an agent's answer finds them next time."""

_POLL_SECONDS = 1.0


async def talk(front: Front, on: date | None, clock: Clock = utc_now) -> int:
    """Chat until the person leaves; return how many lines they typed."""
    person = LOCAL_PERSON if at_keyboard() else secrets.token_hex(16)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    renderer = TerminalRenderer(console, FileSaver(Path.cwd(), front.workshop.render_sheet))
    renderer.notice("Écrivez votre message, ou le numéro d'un choix. Pour partir : Ctrl-D.\n")
    mailbox = Mailbox(front.store, front.conversation, person, clock)
    chat = TerminalChat(mailbox.receive, renderer, person, on, clock)
    delivering = asyncio.create_task(_deliver(mailbox, chat))
    try:
        return await chat.run(prompted_lines() if at_keyboard() else plain_lines())
    finally:
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering


class Mailbox:
    """A person's own end of the outbox: the assistant's words, an agent's, a reminder; in order."""

    def __init__(
        self, store: Store, conversation: Conversation, person: str, clock: Clock = utc_now
    ) -> None:
        """Prepare.

        Args:
            store: The operational database.
            conversation: What answers.
            person: The person's id on this channel.
            clock: The present moment.
        """
        self._store = store
        self._conversation = conversation
        self._person = person
        self._clock = clock
        self._outgoing = Outgoing(CHANNEL, clock)
        self.turn = asyncio.Lock()
        """Held from ``collect`` until what it returned is shown, by who shows it unasked."""

    async def receive(self, incoming: Incoming) -> list[Message]:
        """Have a message answered; return all that waits to be shown."""

        def deliver(
            connection: sa.Connection, person: Person | None, said: Sequence[Message]
        ) -> None:
            key = f"{CHANNEL}:{self._person}:{incoming.message_id}"
            self._outgoing.say(connection, self._person, said, key, person=person)

        await self._conversation.receive(incoming, deliver)
        async with self.turn:
            return await self.collect()

    async def collect(self) -> list[Message]:
        """Take all that waits for this person, and nothing of anybody else."""
        parcels = await self._store.write(self._take)
        if any(parcel.person_id is None for parcel in parcels):
            await self._store.drain()  # the last words to someone who was erased
        return [_read(parcel.body) for parcel in parcels]

    def _take(self, connection: sa.Connection) -> list[Parcel]:
        now = self._clock()
        taken: list[Parcel] = []
        while parcel := outbox.due(connection, lane(CHANNEL, self._person), now):
            taken.append(parcel)
            outbox.sent(connection, parcel.id, now)
        return taken


async def _deliver(mailbox: Mailbox, chat: TerminalChat) -> None:
    """Show what comes unasked: an agent's words, a reminder."""
    while True:
        async with mailbox.turn:
            if messages := await mailbox.collect():
                chat.show(messages)
        await asyncio.sleep(_POLL_SECONDS)


def _read(body: Mapping[str, Any]) -> Message:
    try:
        return from_json(dict(body))
    except ValueError:  # an agent's own words, which are no meaning
        return Text(str(body.get("text") or "[pièce jointe]"))
