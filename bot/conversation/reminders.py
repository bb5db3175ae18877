"""Sends the reminders that people asked for, through the outbox."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from actions.clock import PARIS, civil_day
from actions.messages import Text
from actions.words import Words
from bot.conversation.incoming import Incoming
from bot.store import conversation_records, outbox, persons
from bot.store.outbox import MAIL

REMIND_FROM_HOUR = 9
"""Nobody is woken by a reminder: none is sent before this hour of the day."""

LONGEST_ADDRESS = 254

_ADDRESS = re.compile(
    r"(?<![\w.+@-])[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
    r"(?![\w@-])",
    re.ASCII | re.IGNORECASE,
)


def address_in(text: str) -> str:
    """Return the e-mail address that a text gives; nothing where it holds none, or several."""
    found = set(_ADDRESS.findall(text))
    return found.pop() if len(found) == 1 and len(max(found)) <= LONGEST_ADDRESS else ""


def remind_by_mail(
    connection: sa.Connection,
    wording: Words,
    person_id: int,
    incoming: Incoming,
    *,
    address: str,
    subject: str,
    due_on: date,
    zone: tzinfo = PARIS,
) -> None:
    """Have a mail wait in the outbox for a reminder's day: the person need not be known then.

    One for an address, a subject and a day, whoever asks: nobody's box is filled by it. A day
    lived in (``Incoming.on``) is as far from the reminder's as the real one will be.

    Args:
        connection: The transaction.
        wording: The words of dialogue mechanics; the first line is the mail's subject.
        person_id: Who asks: what they erase before that day, this mail too.
        incoming: The message that gave the address.
        address: Where.
        subject: What to remind of.
        due_on: The day.
        zone: Where the person is.
    """
    today = civil_day(incoming.at, zone)
    day = today + max(due_on - (incoming.on or today), timedelta(days=1))
    title, _, text = wording("rappel_courriel", sujet=subject).partition("\n")
    said = f"{address.casefold()}|{subject}|{due_on}"
    key = f"mail-reminder:{hashlib.sha256(said.encode()).hexdigest()[:32]}"
    outbox.put(
        connection,
        channel=MAIL,
        address=address,
        body={"kind": MAIL, "subject": title, "text": text.strip()},
        at=datetime.combine(day, time(REMIND_FROM_HOUR), zone),
        person_id=person_id,
        dedupe_key=key,
        lane=f"{MAIL}:{key}",  # other mails to the same address do not wait behind it
    )


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
