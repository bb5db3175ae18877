"""Mail, to supervisors and to who asked for a reminder: it waits in the outbox until it is due."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

import aiosmtplib
import sqlalchemy as sa

from actions.clock import Clock
from bot.store import Store, outbox
from bot.store.outbox import MAIL, Parcel

logger = logging.getLogger(__name__)

TIMEOUT_S = 20.0

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)

ATTEMPTS = 24
"""Times that a mail is tried: about a day; then it is given up, and logged."""


@dataclass(frozen=True, slots=True)
class Mail:
    """The server, and whose mail it is."""

    url: str = field(repr=False)
    sender: str
    to: tuple[str, ...]

    def put(self, connection: sa.Connection, key: str, words: str, at: datetime) -> None:
        """Have supervisors told; the first line is the subject. Once for a key."""
        subject, _, body = words.partition("\n")
        for number, address in enumerate(self.to):
            outbox.put(
                connection,
                channel=MAIL,
                address=address,
                body={"kind": MAIL, "subject": subject, "text": body.strip() or subject},
                at=at,
                dedupe_key=f"{key}:{number}",
            )

    async def send_due(self, store: Store, clock: Clock) -> int:
        """Send what waits; what fails is tried again later, and others do not wait for it."""
        sent = 0
        for head in await store.read(outbox.heads, MAIL):
            while parcel := await store.read(outbox.due, head.lane, clock()):
                try:
                    await self._send(parcel, clock())
                except (aiosmtplib.SMTPException, OSError) as error:
                    logger.error("a mail was not sent: %s", type(error).__name__)
                    await store.write(_failed, parcel, clock())
                    break
                await store.write(outbox.sent, parcel.id, clock())
                sent += 1
        return sent

    async def _send(self, parcel: Parcel, at: datetime) -> None:
        url = urlsplit(self.url)
        message = EmailMessage()
        message["From"], message["To"] = self.sender, parcel.address
        message["Subject"] = str(parcel.body["subject"])
        message["Date"] = format_datetime(at)
        message["Message-ID"] = make_msgid(f"p{parcel.id}", self.sender.partition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(str(parcel.body["text"]))
        await aiosmtplib.send(
            message,
            hostname=url.hostname,
            port=url.port or (465 if url.scheme == "smtps" else 587),
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            start_tls=url.scheme.endswith("+starttls"),
            timeout=TIMEOUT_S,
        )


def _failed(connection: sa.Connection, parcel: Parcel, now: datetime) -> None:
    if parcel.attempts + 1 >= ATTEMPTS:
        outbox.give_up(connection, parcel.id, "mail")
        return
    pause = min(FIRST_PAUSE * 2**parcel.attempts, LONGEST_PAUSE)
    outbox.retry(connection, parcel.id, now + pause, "mail")
