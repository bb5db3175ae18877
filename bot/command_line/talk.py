"""``chat``, ``ask`` and ``parse``: talking with the assistant through a stack."""

from __future__ import annotations

import argparse
import asyncio
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import date
from typing import Any

import aiohttp

from actions.clock import utc_now
from actions.places.filters import read_filters, wish_ids
from actions.places.services import Needs
from bot.bootstrap import Front, open_front
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.command_line.running import run_to_end
from bot.conversation import Incoming, Kind
from bot.settings import load_settings
from bot.stack.endpoint import Endpoint
from bot.stack.stack import joined_or_own
from bot.terminal.keyboard import plain_lines

CHANNEL = "commande"
"""Channel of the persons that ``ask`` makes up."""

AT_ONCE = 4
"""Messages under way at once: Rasa has one processor, the action server another."""

PARSE_BATCH = 32
"""Messages classified in one request."""

ATTEMPTS = 4
PAUSE_SECONDS = 5.0
"""Reading changes nothing: it is asked again, and Rasa may be starting again meanwhile."""


def ask(options: argparse.Namespace) -> None:
    """Answer each line."""
    run_to_end(_ask(options))


async def _ask(options: argparse.Namespace) -> None:
    settings = load_settings()
    day = options.date or settings.today
    lines.hint()
    async with (
        joined_or_own(settings, lines.progress) as endpoint,
        open_front(settings, endpoint, listening=True) as front,
    ):
        alone = str(uuid.uuid4()) if options.conversation else None
        numbered = _Asker(front, front.data.needs, alone, day)
        at_once = 1 if options.conversation else AT_ONCE
        async with aclosing(lines.in_order(plain_lines(), numbered.ask, at_once)) as answers:
            async for answer in answers:
                if options.json:
                    lines.emit(answer)
                else:
                    _tell(answer)


class _Asker:
    """Asks as one person, or as a new one each time."""

    def __init__(self, front: Front, needs: Needs, person: str | None, day: date | None) -> None:
        self._front = front
        self._needs = needs
        self._person = person
        self._day = day

    async def ask(self, text: str) -> dict[str, Any]:
        person = self._person or str(uuid.uuid4())
        incoming = Incoming(
            channel=CHANNEL,
            external_id=person,
            message_id=str(uuid.uuid4()),
            kind=Kind.TEXT,
            at=utc_now(),
            text=text,
            on=self._day,
        )
        messages = await self._front.conversation.receive(incoming)
        reading = self._front.reading(CHANNEL, person)
        return {
            "text": text,
            # Without a reading (an empty line, Rasa down), nothing was understood.
            "intent": reading.intent if reading else "hors_sujet",
            "confidence": reading.confidence if reading else 0.0,
            "tier": reading.tier if reading else "refuse",
            "needs": [need.id for need in self._needs.wanted(text)],
            "wishes": wish_ids(read_filters(text, incoming.at)),
            "messages": [message.to_json() for message in messages],
        }


def _tell(answer: dict[str, Any]) -> None:
    from rich.console import Console  # noqa: PLC0415

    from actions.messages import from_json  # noqa: PLC0415
    from bot.terminal.render import PLAIN_WIDTH, TerminalRenderer  # noqa: PLC0415
    from bot.terminal.saved_files import save_nothing  # noqa: PLC0415

    console = Console(highlight=False, width=None if sys.stdout.isatty() else PLAIN_WIDTH)
    console.print(f"> {answer['text']}", style="bold", markup=False)
    TerminalRenderer(console, save_nothing).show([from_json(data) for data in answer["messages"]])


def parse(options: argparse.Namespace) -> None:
    """Say how each line is understood."""
    run_to_end(_parse(options))


async def _parse(options: argparse.Namespace) -> None:
    settings = load_settings()
    lines.hint()
    async with (
        joined_or_own(settings, lines.progress) as endpoint,
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {endpoint.secret}"}) as session,
    ):
        async for batch in _batches(plain_lines()):
            for text, reading in zip(batch, await _read(session, endpoint, batch), strict=True):
                if options.json:
                    keys = ("intent", "confidence", "tier", "ranking")
                    lines.emit({"text": text, **{key: reading[key] for key in keys}})
                else:
                    share = f"{reading['confidence']:.0%}"
                    lines.say(f"{text} → {reading['intent']} ({share}, {reading['tier']})")


async def _read(
    session: aiohttp.ClientSession, endpoint: Endpoint, batch: list[str]
) -> list[dict[str, Any]]:
    for attempt in range(ATTEMPTS):
        try:
            async with session.post(f"{endpoint.nlu_url}/parse", json={"texts": batch}) as answer:
                answer.raise_for_status()
                results: list[dict[str, Any]] = (await answer.json())["results"]
                return results
        except (aiohttp.ClientError, TimeoutError) as error:
            failed = type(error).__name__
            await asyncio.sleep(PAUSE_SECONDS * attempt)
    raise CommandError(f"Rasa n'a pas répondu ({failed})")


async def _batches(source: AsyncIterator[str]) -> AsyncIterator[list[str]]:
    """Group lines, without making someone at a keyboard wait for a full group."""
    size = 1 if sys.stdin.isatty() else PARSE_BATCH
    batch: list[str] = []
    async for line in source:
        batch.append(line)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def chat(options: argparse.Namespace) -> None:
    """Talk in the terminal."""
    run_to_end(_chat(options))


async def _chat(options: argparse.Namespace) -> None:
    from bot.terminal.session import talk  # noqa: PLC0415

    settings = load_settings()
    async with (
        joined_or_own(settings, lines.progress) as endpoint,
        open_front(settings, endpoint) as front,
    ):
        await talk(front, options.date or settings.today)
