"""Small things kept about a conversation: exchanges, reminders, opinions, buttons."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.store.tables import button_payloads, exchanges, feedback, misunderstood, reminders

Author = Literal["person", "assistant", "agent"]

_EXCHANGE = sa.insert(exchanges)


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder whose day has come."""

    id: int
    person_id: int
    subject: str
    due_on: date


def note_exchange(
    connection: sa.Connection,
    person_id: int,
    author: Author,
    text: str,
    at: datetime,
    *,
    intent: str = "",
    confidence: float | None = None,
    tier: str = "",
) -> None:
    """Keep one message of the conversation until retention erases it."""
    understood = {"intent": intent, "confidence": confidence, "tier": tier}
    said = {"person_id": person_id, "author": author, "text": text, "at": at}
    connection.execute(_EXCHANGE, {**said, **understood})


def set_reminder(
    connection: sa.Connection, person_id: int, subject: str, due_on: date, at: datetime
) -> None:
    """Remind a person of a subject on a day; a reminder of the same subject is replaced."""
    cancel_reminders(connection, person_id, subject)
    connection.execute(
        sa.insert(reminders).values(
            person_id=person_id, subject=subject, due_on=due_on, status="waiting", created_at=at
        )
    )


def cancel_reminders(connection: sa.Connection, person_id: int, subject: str = "") -> int:
    """Cancel a person's reminders of a subject, or all of them; return how many."""
    query = sa.update(reminders).where(
        reminders.c.person_id == person_id, reminders.c.status == "waiting"
    )
    if subject:
        query = query.where(reminders.c.subject == subject)
    return connection.execute(query.values(status="cancelled")).rowcount


def due_reminders(connection: sa.Connection, on: date) -> list[DueReminder]:
    """Return the reminders whose day is ``on`` or before, and that were not sent."""
    rows = connection.execute(
        sa.select(reminders)
        .where(reminders.c.status == "waiting", reminders.c.due_on <= on)
        .order_by(reminders.c.id)
    )
    return [DueReminder(row.id, row.person_id, row.subject, row.due_on) for row in rows]


def reminder_sent(connection: sa.Connection, reminder_id: int) -> None:
    """Mark a reminder as put in the outbox."""
    connection.execute(
        sa.update(reminders).where(reminders.c.id == reminder_id).values(status="sent")
    )


def note_feedback(
    connection: sa.Connection,
    person_id: int,
    *,
    about: Literal["answer", "help"],
    subject: str,
    useful: bool,
    at: datetime,
    reason: str = "",
) -> None:
    """Keep a thumb up or down, with one reason at most."""
    connection.execute(
        sa.insert(feedback).values(
            person_id=person_id, about=about, subject=subject, useful=useful, reason=reason, at=at
        )
    )


def note_misunderstood(
    connection: sa.Connection,
    person_id: int,
    masked_text: str,
    at: datetime,
    *,
    tier: str,
    intent: str = "",
    confidence: float | None = None,
    ranking: list[dict[str, Any]] | None = None,
) -> None:
    """Keep a doubtful question, personal data masked, for the inbox.

    One that was answered by its name waits there only once the person says otherwise.
    """
    connection.execute(
        sa.insert(misunderstood).values(
            person_id=person_id,
            text=masked_text,
            tier=tier,
            intent=intent,
            confidence=confidence,
            ranking=ranking or [],
            status="named" if tier == "named" else "new",
            at=at,
        )
    )


def suggest_topic(connection: sa.Connection, person_id: int, topic: str, since: datetime) -> None:
    """Note the topic that a person chose for their last doubtful question, if it was offered."""
    last = connection.execute(
        sa.select(misunderstood.c.id, misunderstood.c.ranking)
        .where(
            misunderstood.c.person_id == person_id,
            misunderstood.c.tier.in_(("clarify", "named")),
            misunderstood.c.status.in_(("new", "named")),
            misunderstood.c.label == "",
            misunderstood.c.at >= since,
        )
        .order_by(misunderstood.c.id.desc())
        .limit(1)
    ).one_or_none()
    if last and topic in {reading.get("intent") for reading in last.ranking}:
        connection.execute(
            sa.update(misunderstood)
            .where(misunderstood.c.id == last.id)
            .values(label=topic, status="new")
        )


def short_id(payload: str) -> str:
    """Return the short id (22 characters) of a button's payload: always the same one."""
    digest = hashlib.sha256(payload.encode()).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def keep_payloads(connection: sa.Connection, payloads: Iterable[str], at: datetime) -> None:
    """Keep what short ids stand for, until retention erases what has not been shown since."""
    for payload in payloads:
        short = short_id(payload)
        shown = connection.execute(
            sa.update(button_payloads).where(button_payloads.c.short == short).values(used_at=at)
        )
        if not shown.rowcount:
            connection.execute(
                sa.insert(button_payloads).values(short=short, payload=payload, used_at=at)
            )


def full_payload(connection: sa.Connection, short: str) -> str | None:
    """Return the payload behind a short id, or nothing when retention erased it."""
    return connection.execute(
        sa.select(button_payloads.c.payload).where(button_payloads.c.short == short)
    ).scalar_one_or_none()
