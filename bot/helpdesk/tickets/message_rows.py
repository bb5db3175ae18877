"""What was said on a ticket: by the person, by agents, and between agents (notes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot.helpdesk.tables import agents, ticket_messages, tickets
from bot.store.tables import outbox

LONGEST_ALT = 300
"""Characters of what a picture is said to show."""

AuthorName = Literal["person", "agent", "assistant", "note"]


@dataclass(frozen=True, slots=True)
class TicketMessage:
    """One message, whoever wrote it and through whichever door."""

    text: str
    kind: str = "text"
    """``text``, ``photo``, ``document``, ``voice``, ``audio``, ``video``, ``sticker``…"""
    origin: str | None = None
    """Where it came from: the same message, met again after a crash, counts once."""
    message_id: int | None = None
    """The message's number in the chat where it was written."""
    chat_id: int | None = None
    """That chat; ``None`` outside Telegram."""
    reply_to: int | None = None
    """The number, in that same chat, of the message it answers."""
    media: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message of a ticket as it is kept."""

    id: int
    ticket_id: int
    author: str
    agent_id: int | None
    agent_name: str
    kind: str
    text: str
    media: Mapping[str, Any]
    reply_to: int | None
    person_message_id: int | None
    group_message_id: int | None
    parcel_id: int | None
    at: datetime
    edited_at: datetime | None
    undelivered: str

    @property
    def sent(self) -> str:
        """The words as the person was sent them: where they do not write French, not ``text``."""
        return str(self.media.get("sent", self.text))


def add(
    connection: sa.Connection,
    ticket_id: int,
    author: AuthorName,
    said: TicketMessage,
    at: datetime,
    *,
    agent_id: int | None = None,
    reply_to: int | None = None,
    person_message_id: int | None = None,
    group_message_id: int | None = None,
) -> int | None:
    """Keep a message; return its id, or nothing when the same one was kept before."""
    if said.origin is not None:
        same = sa.select(ticket_messages.c.id).where(ticket_messages.c.origin == said.origin)
        if connection.execute(same).first():
            return None
    person_id = sa.select(tickets.c.person_id).where(tickets.c.id == ticket_id).scalar_subquery()
    message_id: int = connection.execute(
        sa.insert(ticket_messages)
        .values(
            ticket_id=ticket_id,
            person_id=person_id,
            author=author,
            agent_id=agent_id,
            kind=said.kind,
            text=said.text,
            media=dict(said.media),
            origin=said.origin,
            reply_to=reply_to,
            person_message_id=person_message_id,
            group_message_id=group_message_id,
            at=at,
        )
        .returning(ticket_messages.c.id)
    ).scalar_one()
    return message_id


def get(connection: sa.Connection, message_id: int) -> MessageRow | None:
    """Read one message."""
    row = connection.execute(_select().where(ticket_messages.c.id == message_id)).one_or_none()
    return _read(row) if row else None


def of_ticket(connection: sa.Connection, ticket_id: int) -> list[MessageRow]:
    """Return what was said on a ticket, oldest first."""
    rows = connection.execute(
        _select().where(ticket_messages.c.ticket_id == ticket_id).order_by(ticket_messages.c.id)
    )
    return [_read(row) for row in rows]


def last_of_agent(connection: sa.Connection, ticket_id: int, agent_id: int) -> str:
    """Return an agent's last words to the person on a ticket, or nothing."""
    said = connection.execute(
        sa.select(ticket_messages.c.text)
        .where(
            ticket_messages.c.ticket_id == ticket_id,
            ticket_messages.c.author == "agent",
            ticket_messages.c.agent_id == agent_id,
        )
        .order_by(ticket_messages.c.id.desc())
        .limit(1)
    )
    return said.scalar_one_or_none() or ""


def by_origin(connection: sa.Connection, origin: str) -> MessageRow | None:
    """Return the message that came from somewhere, to edit it."""
    row = connection.execute(_select().where(ticket_messages.c.origin == origin)).one_or_none()
    return _read(row) if row else None


def known_to_person(connection: sa.Connection, ticket_id: int, number: int) -> int | None:
    """Return the id of the message that has a number in the person's chat."""
    delivered = sa.select(outbox.c.id).where(
        outbox.c.id == ticket_messages.c.parcel_id, outbox.c.provider_id == str(number)
    )
    return _only(
        connection,
        ticket_id,
        sa.or_(ticket_messages.c.person_message_id == number, delivered.exists()),
    )


def known_to_group(connection: sa.Connection, ticket_id: int, number: int) -> int | None:
    """Return the id of the message that has a number in the agents' group."""
    return _only(connection, ticket_id, ticket_messages.c.group_message_id == number)


def _only(
    connection: sa.Connection, ticket_id: int, condition: sa.ColumnElement[bool]
) -> int | None:
    return connection.execute(
        sa.select(ticket_messages.c.id)
        .where(ticket_messages.c.ticket_id == ticket_id, condition)
        .order_by(ticket_messages.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def edit(connection: sa.Connection, message_id: int, text: str, at: datetime) -> None:
    """Replace a message's text by what its author made of it."""
    set_fields(connection, message_id, text=text, edited_at=at)


def describe(
    connection: sa.Connection, ticket_id: int, message_id: int, text: str, at: datetime
) -> None:
    """Say what a picture shows, for who does not see it."""
    message = get(connection, message_id)
    if message is None or message.ticket_id != ticket_id or message.kind == "text":
        return
    alt = " ".join(text.split())[:LONGEST_ALT]
    set_fields(connection, message_id, media={**message.media, "alt": alt})
    connection.execute(sa.update(tickets).where(tickets.c.id == ticket_id).values(changed_at=at))


def set_fields(connection: sa.Connection, message_id: int, **values: Any) -> None:
    """Write down where a message went: numbers, parcel, failure."""
    connection.execute(
        sa.update(ticket_messages).where(ticket_messages.c.id == message_id).values(values)
    )


def number_for_person(connection: sa.Connection, message: MessageRow) -> int | None:
    """Return a message's number in the person's chat, where it is (still) known.

    An agent's answer has the number that its delivery gave it.
    """
    if message.person_message_id is not None or message.parcel_id is None:
        return message.person_message_id
    provider_id = connection.execute(
        sa.select(outbox.c.provider_id).where(outbox.c.id == message.parcel_id)
    ).scalar_one_or_none()
    return int(provider_id) if provider_id and provider_id.isdigit() else None


def forget_group_numbers(connection: sa.Connection, ticket_id: int) -> None:
    """Forget where messages were in a topic that exists no more."""
    connection.execute(
        sa.update(ticket_messages)
        .where(ticket_messages.c.ticket_id == ticket_id)
        .values(group_message_id=None)
    )


def given_up(connection: sa.Connection) -> list[tuple[int, str]]:
    """Return the parcels of answers that were given up without a word, and their error."""
    rows = connection.execute(
        sa.select(outbox.c.id, outbox.c.error)
        .join(ticket_messages, ticket_messages.c.parcel_id == outbox.c.id)
        .where(outbox.c.status.in_(("failed", "dropped")), ticket_messages.c.undelivered == "")
    )
    return [(row.id, row.error) for row in rows]


def lost(connection: sa.Connection, parcel_id: int, why: str) -> MessageRow | None:
    """Note that an answer did not reach the person; return it."""
    message_id = connection.execute(
        sa.update(ticket_messages)
        .where(ticket_messages.c.parcel_id == parcel_id)
        .values(undelivered=why)
        .returning(ticket_messages.c.id)
    ).scalar_one_or_none()
    return get(connection, message_id) if message_id is not None else None


def said_by_assistant(text: str, at: datetime, ticket_id: int) -> MessageRow:
    """Return what the assistant said meanwhile, as a ticket shows it; it is kept elsewhere."""
    return MessageRow(
        id=0,
        ticket_id=ticket_id,
        author="assistant",
        agent_id=None,
        agent_name="",
        kind="text",
        text=text,
        media={},
        reply_to=None,
        person_message_id=None,
        group_message_id=None,
        parcel_id=None,
        at=at,
        edited_at=None,
        undelivered="",
    )


def _select() -> sa.Select[Any]:
    return sa.select(ticket_messages, agents.c.name.label("agent_name")).outerjoin(
        agents, agents.c.id == ticket_messages.c.agent_id
    )


def _read(row: sa.Row[Any]) -> MessageRow:
    return MessageRow(
        id=row.id,
        ticket_id=row.ticket_id,
        author=row.author,
        agent_id=row.agent_id,
        agent_name=row.agent_name or "",
        kind=row.kind,
        text=row.text,
        media=row.media,
        reply_to=row.reply_to,
        person_message_id=row.person_message_id,
        group_message_id=row.group_message_id,
        parcel_id=row.parcel_id,
        at=row.at,
        edited_at=row.edited_at,
        undelivered=row.undelivered,
    )
