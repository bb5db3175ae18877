"""``trace``: one real message, and what each step makes of it, with its time."""

from __future__ import annotations

import argparse
import json
import uuid
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from time import perf_counter
from typing import Any

from actions.clock import utc_now
from actions.places.filters import read_filters, wish_ids
from actions.places.services import Needs
from actions.reading import Reader
from bot.bootstrap import open_front
from bot.command_line import lines
from bot.command_line.running import run_to_end
from bot.command_line.talk import CHANNEL
from bot.conversation import Incoming, Kind
from bot.home_data import HomeData
from bot.settings import load_settings
from bot.stack.stack import joined_or_own


def trace(options: argparse.Namespace) -> None:
    """Show the way of a message: its reading, its topic, its answer and their sources."""
    run_to_end(_trace(options))


async def _trace(options: argparse.Namespace) -> None:
    settings = load_settings()
    text = " ".join(options.text)
    async with (
        joined_or_own(settings, lines.progress) as endpoint,
        open_front(settings, endpoint, listening=True) as front,
    ):
        reading, read_ms = _read(front.data, text)
        person = str(uuid.uuid4())
        incoming = Incoming(
            channel=CHANNEL,
            external_id=person,
            message_id=str(uuid.uuid4()),
            kind=Kind.TEXT,
            at=utc_now(),
            text=text,
            on=options.date or settings.today,
        )
        began = perf_counter()
        messages = await front.conversation.receive(incoming)
        answer_ms = (perf_counter() - began) * 1_000
        understood = front.reading(CHANNEL, person)
    told = {
        "text": text,
        "reading": reading,
        "understood": {
            "intent": understood.intent if understood else "",
            "tier": understood.tier if understood else "",
            "confidence": round(understood.confidence, 3) if understood else 0.0,
            "ranking": [
                [one["intent"], round(one["confidence"], 3)]
                for one in (understood.ranking if understood else ())
            ][:3],
        },
        "messages": [message.to_json() for message in messages],
        "sources": sorted(
            {source.label for message in messages for source in getattr(message, "sources", ())}
        ),
        "ms": {"lecture": round(read_ms, 2), "conversation": round(answer_ms, 1)},
    }
    if options.json:
        lines.emit(told)
        return
    for line in _lines(told):
        lines.say(line)


def _read(data: HomeData, text: str) -> tuple[dict[str, Any], float]:
    """Return the facets of a message that are not empty, and the milliseconds they take."""
    reader, needs = data.reader, data.needs
    reader.read("Metz").area  # noqa: B018  the index of names is built at the first use
    began = perf_counter()
    read = facets(reader, needs, text, utc_now())
    return read, (perf_counter() - began) * 1_000


def facets(reader: Reader, needs: Needs, text: str, now: datetime) -> dict[str, Any]:
    """Return what a message says, facet by facet; those that say nothing are left out."""
    read = reader.read(text)
    found = {
        "area": _plain(read.area) if read.area.status != "unknown" else {},
        "quantities": _plain(read.quantities),
        "question": _plain(read.question),
        "danger": read.danger,
        "wants_human": read.wants_human,
        "says_yes": read.says_yes,
        "says_no": read.says_no,
        "needs": [need.id for need in needs.wanted(text)],
        "wishes": wish_ids(read_filters(text, now)),
    }
    return {name: value for name, value in found.items() if value}


def _plain(value: Any) -> Any:
    """Return what a facet says, its empty fields left out."""
    if is_dataclass(value) and not isinstance(value, type):
        pairs = ((one.name, _plain(getattr(value, one.name))) for one in fields(value))
        return {name: told for name, told in pairs if told}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def _lines(told: dict[str, Any]) -> Iterator[str]:
    understood = told["understood"]
    yield f"1. message       {told['text']}"
    yield f"2. lecture       {told['ms']['lecture']} ms"
    for name, value in told["reading"].items():
        yield f"   {name:<13} {json.dumps(value, ensure_ascii=False, default=str)}"
    sure = f"{understood['tier']}, {understood['confidence']}"
    yield f"3. sujet         {understood['intent']} ({sure})"
    for name, chance in understood["ranking"]:
        yield f"   {name:<22} {chance}"
    yield f"4. réponse       {told['ms']['conversation']} ms"
    for message in told["messages"]:
        yield f"   [{message['kind']}] {message.get('text', '')}"
    yield "5. sources       " + (" · ".join(told["sources"]) or "aucune")
