"""What is kept of a conversation, until retention erases it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from actions.messages import Message, Reminder
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.masking import mask
from bot.conversation.ports import Turn
from bot.store import conversation_records

DOUBTFUL = frozenset({"clarify", "named", "refuse"})
"""Tiers of a question that is kept for the inbox."""

READINGS = 5
"""Readings kept of a question that was not understood."""

CHOICE_WITHIN = timedelta(minutes=10)
"""How long after a question back a button is the answer to it."""

_TOPIC_BUTTON = re.compile(r"/([a-z_]+)")


def keep_exchange(
    connection: sa.Connection,
    person_id: int,
    incoming: Incoming,
    said: Sequence[Message],
    turn: Turn | None = None,
) -> None:
    """Keep what was asked, how it was understood, and what was said."""
    # A position is used, never kept; a button without a title is told by what it says.
    text = "" if incoming.kind is Kind.POSITION else incoming.text or incoming.payload
    conversation_records.note_exchange(
        connection,
        person_id,
        "person",
        text or f"[{incoming.kind}]",
        incoming.at,
        intent=turn.intent if turn else "",
        confidence=turn.confidence if turn else None,
        tier=turn.tier if turn else "",
    )
    for message in said:
        conversation_records.note_exchange(
            connection, person_id, "assistant", message.text, incoming.at
        )


def keep_doubt(connection: sa.Connection, person_id: int, incoming: Incoming, turn: Turn) -> None:
    """Keep a written question that was not understood, personal data masked."""
    if turn.tier not in DOUBTFUL or incoming.kind is not Kind.TEXT:
        return
    conversation_records.note_misunderstood(
        connection,
        person_id,
        mask(incoming.text),
        incoming.at,
        tier=turn.tier,
        intent=turn.intent,
        confidence=turn.confidence,
        ranking=[dict(reading) for reading in turn.ranking[:READINGS]],
    )


def keep_choice(connection: sa.Connection, person_id: int, incoming: Incoming) -> None:
    """Keep what a person chose after «Vouliez-vous dire… ?», as the inbox's first suggestion."""
    chosen = _TOPIC_BUTTON.fullmatch(incoming.payload)
    if incoming.kind is Kind.BUTTON and chosen:
        conversation_records.suggest_topic(
            connection, person_id, chosen[1], incoming.at - CHOICE_WITHIN
        )


def keep_reminder(
    connection: sa.Connection, person_id: int, message: Reminder, incoming: Incoming
) -> None:
    """Set the reminder that a person asked for, or cancel it when it has no day."""
    if message.on:
        due_on = date.fromisoformat(message.on)
        conversation_records.set_reminder(
            connection, person_id, message.subject, due_on, incoming.at
        )
    else:
        conversation_records.cancel_reminders(connection, person_id, message.subject)
