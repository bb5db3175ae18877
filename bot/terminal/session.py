"""A chat from beginning to end, with what the helpdesk sends meanwhile."""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.console import Console

from actions.clock import Clock, utc_now
from actions.messages import Message, Text, from_json
from bot.bootstrap import Front
from bot.store import outbox
from bot.store.persons import lane
from bot.terminal.chat import CHANNEL, TerminalChat
from bot.terminal.files import FileSaver
from bot.terminal.keyboard import at_keyboard, plain_lines, prompted_lines
from bot.terminal.render import PLAIN_WIDTH, Renderer

LOCAL_PERSON = "local"
"""Whoever sits at the keyboard: an agent's answer finds them next time."""

_POLL_SECONDS = 1.0


async def talk(front: Front, on: date | None, clock: Clock = utc_now) -> int:
    """Chat until the person leaves; return how many lines they typed."""
    person = LOCAL_PERSON if at_keyboard() else secrets.token_hex(16)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    renderer = Renderer(console, FileSaver(Path.cwd(), front.workshop.render_sheet))
    renderer.notice("Écrivez votre message, ou le numéro d'un choix. Pour partir : Ctrl-D.\n")
    chat = TerminalChat(front.conversation.receive, renderer, person, on, clock)
    delivering = asyncio.create_task(_deliver(front, chat, person, clock))
    try:
        return await chat.run(prompted_lines() if at_keyboard() else plain_lines())
    finally:
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering


async def _deliver(front: Front, chat: TerminalChat, person: str, clock: Clock) -> None:
    """Show what waits for this person in the outbox: an agent's words, a reminder."""
    while True:
        if messages := await front.store.write(_collect, lane(CHANNEL, person), clock()):
            chat.show(messages)
        await asyncio.sleep(_POLL_SECONDS)


def _collect(connection: sa.Connection, where: str, now: datetime) -> list[Message]:
    found: list[Message] = []
    while parcel := outbox.due(connection, where, now):
        found.append(_read(parcel.body))
        outbox.sent(connection, parcel.id, now)
    return found


def _read(body: Mapping[str, Any]) -> Message:
    try:
        return from_json(dict(body))
    except ValueError:  # an agent's own words, which are no meaning
        return Text(str(body.get("text") or "[pièce jointe]"))
