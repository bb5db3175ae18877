"""The inbox: questions that were not understood, until an agent says what they meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions.errors import PasserelleError
from bot.conversation.masking import mask
from bot.store.tables import misunderstood

OUT_OF_SCOPE = "hors_sujet"
"""The label of what is not about the programme."""

HEADER = "topic\ttext"

SUGGESTIONS = 5
"""Readings that the assistant weighed, offered with one key each."""

# French postcodes, and any other run of five digits or more: never needed to learn a topic.
_LONG_NUMBER = re.compile(r"(?<![\d,.])\d{5,}(?!\s?(?:€|euros?\b))")


class UnknownTopicError(PasserelleError):
    """A label that is not a topic."""


@dataclass(frozen=True, slots=True)
class DoubtfulQuestion:
    """A question that waits for its topic."""

    id: int
    text: str
    suggestions: tuple[str, ...]
    """What the person chose when asked back, then topics weighed, the likeliest first."""
    at: datetime


def waiting(connection: sa.Connection, limit: int = 20) -> list[DoubtfulQuestion]:
    """Return the questions to label, oldest first."""
    rows = connection.execute(
        sa.select(misunderstood)
        .where(misunderstood.c.status == "new")
        .order_by(misunderstood.c.id)
        .limit(limit)
    )
    return [DoubtfulQuestion(row.id, row.text, _suggestions(row), row.at) for row in rows]


def label(connection: sa.Connection, question_id: int, topic: str, topics: Iterable[str]) -> bool:
    """Give a question its topic; say whether it was still waiting for one.

    Raises:
        UnknownTopicError: Not one of ``topics``, nor ``hors_sujet``.
    """
    if topic != OUT_OF_SCOPE and topic not in topics:
        raise UnknownTopicError(topic)
    return _settle(connection, question_id, status="labelled", label=topic)


def ignore(connection: sa.Connection, question_id: int) -> bool:
    """Leave a question out: it teaches nothing (a name, a fragment, a test)."""
    return _settle(connection, question_id, status="ignored", label="")


def undo(connection: sa.Connection, question_id: int) -> None:
    """Put a question back among those to label."""
    connection.execute(
        sa.update(misunderstood)
        .where(misunderstood.c.id == question_id)
        .values(status="new", label="")
    )


def candidates(connection: sa.Connection) -> list[tuple[str, str]]:
    """Return the labelled questions as examples ``(topic, text)``, masked, without repeats."""
    rows = connection.execute(
        sa.select(misunderstood.c.label, misunderstood.c.text)
        .where(misunderstood.c.status == "labelled")
        .order_by(misunderstood.c.label, misunderstood.c.id)
    )
    seen: dict[tuple[str, str], None] = {}
    for row in rows:
        text = anonymous(row.text)
        if text:
            seen[row.label, text] = None
    return list(seen)


def export(connection: sa.Connection, path: Path) -> int:
    """Write the candidate examples (``topic<TAB>text``, a header first); return how many.

    Raises:
        OSError: The file cannot be written.
    """
    examples = candidates(connection)
    lines = [HEADER, *(f"{topic}\t{text}" for topic, text in examples)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(examples)


def anonymous(text: str) -> str:
    """Mask what could identify someone, on one line without tabs.

    Postcodes and other long numbers go too: the assistant reads them by a parser of their
    own and masks them before learning, so nothing is lost.
    """
    return _LONG_NUMBER.sub("[numéro]", " ".join(mask(text).split()))


def _settle(connection: sa.Connection, question_id: int, **values: str) -> bool:
    settled = connection.execute(
        sa.update(misunderstood)
        .where(misunderstood.c.id == question_id, misunderstood.c.status == "new")
        .values(values)
    )
    return settled.rowcount == 1


def _suggestions(row: sa.Row[Any]) -> tuple[str, ...]:
    weighed = [str(reading.get("intent", "")) for reading in row.ranking or []]
    if row.intent and row.intent not in weighed:
        weighed.insert(0, row.intent)
    if row.label:
        weighed.insert(0, row.label)  # what the person chose when asked back
    kept = [name for name in weighed if name and name not in (OUT_OF_SCOPE, "nlu_fallback")]
    return tuple(dict.fromkeys(kept))[:SUGGESTIONS]
