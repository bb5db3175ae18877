"""Messages to deliver: each waits here until the channel has it, in order for each chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.inserting import insert_new
from bot.store.lane_heads import PENDING, LaneHead, due_head
from bot.store.lane_heads import heads as lane_heads
from bot.store.persons import Person
from bot.store.persons import lane as lane_of
from bot.store.tables import outbox

MAIL = "mail"
"""The channel of what is sent by e-mail: its address is one."""

SENT = "sent"
FAILED = "failed"
DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message on its way."""

    id: int
    person_id: int | None
    address: str
    lane: str
    body: dict[str, Any]
    attempts: int
    """How many have failed."""
    parts_sent: int
    provider_id: str
    created_at: datetime
    more: bool = False
    """Others of the lane wait behind it."""


def put(
    connection: sa.Connection,
    *,
    channel: str,
    address: str,
    body: dict[str, Any],
    at: datetime,
    person_id: int | None = None,
    dedupe_key: str | None = None,
    lane: str | None = None,
) -> int | None:
    """Add a message to what must be delivered; return its id.

    Args:
        connection: The transaction that decides: no message without what led to it.
        channel: ``telegram``…
        address: Where, in the channel's terms (a chat id, or ``chat/topic``).
        body: A meaning's JSON (``Message.to_json()``), or a kind of the channel's own.
        at: The moment it may go: now, or later.
        person_id: The person it is for; erased with them.
        dedupe_key: A message of the same key was already put: nothing is done,
            and ``None`` is returned.
        lane: What it keeps its order with; the address by default.
    """
    return insert_new(
        connection,
        outbox,
        "dedupe_key",
        person_id=person_id,
        channel=channel,
        address=address,
        lane=lane or lane_of(channel, address),
        body=body,
        dedupe_key=dedupe_key,
        status=PENDING,
        next_try_at=at,
        created_at=at,
    )


def put_for(
    connection: sa.Connection,
    person: Person,
    body: dict[str, Any],
    at: datetime,
    dedupe_key: str | None = None,
) -> int | None:
    """Add a message for a person (see ``put``)."""
    return put(
        connection,
        channel=person.channel,
        address=person.external_id,
        body=body,
        at=at,
        person_id=person.id,
        dedupe_key=dedupe_key,
    )


def cancel(connection: sa.Connection, person_id: int, channel: str) -> int:
    """Drop what still waits for a person on a channel; return how many messages."""
    return connection.execute(sa.delete(outbox).where(*_waiting(person_id, channel))).rowcount


def untie(connection: sa.Connection, person_id: int, channel: str) -> None:
    """Have what waits on a channel outlive its person: nothing ties it to them any more."""
    waiting = sa.update(outbox).where(*_waiting(person_id, channel))
    connection.execute(waiting.values(person_id=None))


def _waiting(person_id: int, channel: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        outbox.c.person_id == person_id,
        outbox.c.channel == channel,
        outbox.c.status == PENDING,
    )


def heads(connection: sa.Connection, channel: str) -> list[LaneHead]:
    """Return the lanes of a channel that have a message to deliver."""
    return lane_heads(connection, outbox, channel)


def due(connection: sa.Connection, lane: str, now: datetime) -> Parcel | None:
    """Return a lane's oldest message if it may be tried now; reads only."""
    row, more = due_head(connection, outbox, lane, now)
    if row is None:
        return None
    return Parcel(
        id=row.id,
        person_id=row.person_id,
        address=row.address,
        lane=row.lane,
        body=row.body,
        attempts=row.attempts,
        parts_sent=row.parts_sent,
        provider_id=row.provider_id,
        created_at=row.created_at,
        more=more,
    )


def part_sent(connection: sa.Connection, parcel_id: int, parts: int, provider_id: str) -> None:
    """Note that the first ``parts`` calls of a message have succeeded."""
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.id == parcel_id)
        .values(parts_sent=parts, provider_id=provider_id)
    )


def sent(
    connection: sa.Connection,
    parcel_id: int,
    at: datetime,
    parts: int | None = None,
    provider_id: str | None = None,
) -> None:
    """Mark a message as delivered and forget what it said; who is erased is forgotten too.

    Args:
        connection: The transaction.
        parcel_id: The message.
        at: When it was.
        parts: Its calls that have succeeded, where they are counted.
        provider_id: The channel's id of it, where it has one.
    """
    details: dict[str, Any] = {"parts_sent": parts, "provider_id": provider_id}
    known = {name: value for name, value in details.items() if value is not None}
    said = {"status": SENT, "sent_at": at, "body": {}, "error": ""}
    connection.execute(_FORGET, {"of_id": parcel_id, **said, **known})


def retry(connection: sa.Connection, parcel_id: int, until: datetime, error: str) -> None:
    """Count an attempt that failed, and try again later; the lane waits with it."""
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.id == parcel_id)
        .values(next_try_at=until, attempts=outbox.c.attempts + 1, error=error[:200])
    )


def give_up(connection: sa.Connection, parcel_id: int, error: str, status: str = FAILED) -> None:
    """Stop trying a message: refused for good, or the person is unreachable."""
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.id == parcel_id)
        .values(status=status, body={}, error=error[:200], **_FORGOTTEN)
    )


def drop_lane(connection: sa.Connection, lane: str, error: str) -> int:
    """Give up everything that waits in a lane; return how many messages."""
    return connection.execute(
        sa.update(outbox)
        .where(outbox.c.lane == lane, outbox.c.status == PENDING)
        .values(status=DROPPED, body={}, error=error[:200], **_FORGOTTEN)
    ).rowcount


def _unless_erased(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return sa.case((outbox.c.person_id.is_(None), ""), else_=column)


_FORGOTTEN: dict[str, Any] = {
    "address": _unless_erased(outbox.c.address),
    "lane": _unless_erased(outbox.c.lane),
}
"""The last words to a person who was erased go, and their address with them."""

_FORGET = sa.update(outbox).where(outbox.c.id == sa.bindparam("of_id")).values(_FORGOTTEN)
