"""Sends the reminders that people asked for, through the outbox."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from actions.messages import Text
from actions.words import Words
from bot.store import conversation_records, outbox, persons

REMIND_FROM_HOUR = 9
"""Nobody is woken by a reminder: none is sent before this hour of the day."""


def send_due_reminders(
    connection: sa.Connection,
    wording: Words,
    on: date,
    now: datetime,
    timezone: str = "Europe/Paris",
) -> int:
    """Put the reminders of a day, or before, in the outbox; return how many.

    A reminder enters the outbox in the transaction that marks it as sent: never twice.

    Args:
        connection: The transaction.
        wording: The words of dialogue mechanics.
        on: The day.
        now: The moment; before ``REMIND_FROM_HOUR`` there, nothing is sent yet.
        timezone: Where the persons are (IANA name).
    """
    if now.astimezone(ZoneInfo(timezone)).hour < REMIND_FROM_HOUR:
        return 0
    due = conversation_records.due_reminders(connection, on)
    for reminder in due:
        person = persons.get(connection, reminder.person_id)
        if person:
            message = Text(wording("rappel", sujet=reminder.subject))
            key = f"reminder:{reminder.id}"
            outbox.put_for(connection, person, message.to_json(), now, dedupe_key=key)
        conversation_records.reminder_sent(connection, reminder.id)
    return len(due)
