"""What a person's page shows: kept for a day, in order, then forgotten."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.store import outbox as parcels
from bot.store import persons, privacy
from bot.store.conversation_records import Author
from bot.store.lane_heads import PENDING
from bot.store.persons import Person, lane
from bot.store.tables import incoming, outbox
from bot.store.tables import persons as persons_table
from bot.web.tables import web_messages

CHANNEL = "web"

KEPT = timedelta(days=1)
"""How long a conversation stays on the page after its last word."""

OVERLAP = 50
"""Messages that are looked at again: their transaction may have ended late."""


@dataclass(frozen=True, slots=True)
class TranscriptEntry:
    """One message of a page."""

    id: int
    author: str
    body: Mapping[str, Any]
    at: datetime


def add(
    connection: sa.Connection,
    address: str,
    author: Author,
    body: Mapping[str, Any],
    *,
    at: datetime,
    person_id: int | None = None,
) -> None:
    """Add a message to a page."""
    connection.execute(
        sa.insert(web_messages).values(
            address=address, author=author, body=dict(body), at=at, person_id=person_id
        )
    )


def after(
    connection: sa.Connection, address: str, last: int, since: datetime
) -> list[TranscriptEntry]:
    """Return a page's messages beyond one, none older than ``since``."""
    rows = connection.execute(
        sa.select(web_messages)
        .where(
            web_messages.c.address == address,
            web_messages.c.id > last,
            web_messages.c.at >= since,
        )
        .order_by(web_messages.c.id)
    )
    return [TranscriptEntry(row.id, row.author, row.body, row.at) for row in rows]


def moved_since(connection: sa.Connection, last: int) -> tuple[int, list[str]]:
    """Return the id of the latest message, and the pages that have one since ``last``.

    Ids are given before they are written down: a few before ``last`` are looked at again.
    """
    latest = connection.execute(sa.select(sa.func.max(web_messages.c.id))).scalar() or 0
    if latest == last:
        return last, []
    since = web_messages.c.id > last - OVERLAP
    return latest, list(
        connection.execute(sa.select(web_messages.c.address).where(since).distinct()).scalars()
    )


def first(connection: sa.Connection, address: str) -> int:
    """Return the id of a page's first message, 0 without one: earlier ones were erased."""
    query = sa.select(sa.func.min(web_messages.c.id)).where(web_messages.c.address == address)
    return connection.execute(query).scalar_one() or 0


def get(connection: sa.Connection, message_id: int) -> tuple[str, Mapping[str, Any]] | None:
    """Return a message's address and body, or nothing."""
    row = connection.execute(
        sa.select(web_messages.c.address, web_messages.c.body).where(
            web_messages.c.id == message_id
        )
    ).one_or_none()
    return (row.address, row.body) if row else None


def is_settled(connection: sa.Connection, address: str, now: datetime) -> bool:
    """Tell whether nothing waits for an answer, nor to be shown."""
    where = lane(CHANNEL, address)
    for queue in (incoming, outbox):
        waiting = sa.select(queue.c.id).where(
            queue.c.lane == where, queue.c.status == PENDING, queue.c.next_try_at <= now
        )
        if connection.execute(waiting.limit(1)).first():
            return False
    return True


def title_of(connection: sa.Connection, address: str, payload: str) -> str:
    """Return the title of a button that the page shows, the latest first; or an empty text."""
    rows = connection.execute(
        sa.select(web_messages.c.body)
        .where(web_messages.c.address == address, web_messages.c.author == "assistant")
        .order_by(web_messages.c.id.desc())
        .limit(30)
    )
    for row in rows:
        for button in row.body.get("buttons", ()):
            if button.get("payload") == payload:
                return str(button.get("title", ""))
    return ""


def adopt(connection: sa.Connection, person: Person) -> None:
    """Have what a page showed before its person was known be erased with them."""
    connection.execute(
        sa.update(web_messages)
        .where(web_messages.c.address == person.external_id, web_messages.c.person_id.is_(None))
        .values(person_id=person.id)
    )


def forget(connection: sa.Connection, address: str) -> None:
    """Clear a page: its person has just been erased."""
    connection.execute(sa.delete(web_messages).where(web_messages.c.address == address))


def forget_old(
    connection: sa.Connection,
    now: datetime,
    waits: sa.Subquery | None = None,
    *,
    prepare: Callable[[sa.Connection, Person], None] = lambda _connection, _person: None,
) -> list[str]:
    """Erase the pages that have been still for a day, and their persons; return who they were.

    Args:
        connection: The transaction.
        now: The moment.
        waits: Ids of persons (column ``person_id``) who are kept longer: someone was asked to
            answer them, and may still telephone. What their page showed goes all the same.
        prepare: Called with each person before they are erased.
    """
    before = now - KEPT
    connection.execute(sa.delete(web_messages).where(web_messages.c.at < before))
    still = sa.select(persons_table.c.id).where(
        persons_table.c.channel == CHANNEL, persons_table.c.seen_at < before
    )
    if waits is not None:
        still = still.where(persons_table.c.id.not_in(sa.select(waits.c.person_id)))
    gone = []
    for person_id in connection.execute(still).scalars().all():
        person = persons.get(connection, person_id)
        if person:
            prepare(connection, person)
            # A mail that they asked for leaves on its day, tied to nobody.
            parcels.untie(connection, person.id, parcels.MAIL)
            privacy.erase(connection, person, now)
            gone.append(person.external_id)
    return gone
