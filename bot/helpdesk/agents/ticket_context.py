"""What an agent reads first on a ticket: the same in the forum and in the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.helpdesk.desk import Desk
from bot.helpdesk.tickets.ticket_rows import TicketRow
from bot.store import persons
from bot.store.tables import exchanges

LAST_EXCHANGES = 10
"""Messages of the conversation shown before the ticket (issue 6)."""

EXCHANGE_LENGTH = 300
"""Characters shown of each of them in the forum."""


@dataclass(frozen=True, slots=True)
class ContextLine:
    """One message of the conversation before the ticket."""

    author: str
    text: str
    at: datetime
    topic: str


@dataclass(frozen=True, slots=True)
class TicketContext:
    """The context of a ticket."""

    person: str
    reason: str
    topic: str
    """The intent that was being talked about."""
    subject: str
    """Its title."""
    commune: str
    origin: str
    """Where the person writes from: a site, the page; empty for Telegram."""
    callback: str
    language: str
    """The name of the language that the person writes; empty for French."""
    written: str
    """The same, in two letters."""
    exchanges: tuple[ContextLine, ...]


def context_of(connection: sa.Connection, desk: Desk, ticket: TicketRow) -> TicketContext:
    """Gather a ticket's context. A person is a pseudonym unless they gave a name."""
    say = desk.words.say
    person = persons.get(connection, ticket.person_id)
    name = person.agreed_name if person else ""
    words = desk.words.to(person)
    rows = connection.execute(
        sa.select(exchanges)
        .where(exchanges.c.person_id == ticket.person_id, exchanges.c.at <= ticket.opened_at)
        .order_by(exchanges.c.id.desc())
        .limit(LAST_EXCHANGES)
    ).all()
    lines = tuple(ContextLine(row.author, row.text, row.at, row.intent) for row in reversed(rows))
    topic = ticket.topic or next((line.topic for line in reversed(lines) if _asks(desk, line)), "")
    return TicketContext(
        person=name or say("forum_person", pseudonym=person.pseudonym[:6] if person else "?"),
        reason=desk.words.reasons.get(ticket.reason, ticket.reason),
        topic=topic,
        subject=desk.words.topic(topic),
        commune=_commune(desk, lines),
        origin=desk.origin(person.channel, person.external_id) if person else "",
        callback=ticket.callback,
        language="" if words.is_french else say(f"language_{words.language}"),
        written=words.language,
        exchanges=lines,
    )


def forum_head(desk: Desk, ticket: TicketRow, head: TicketContext) -> str:
    """Word the context for the forum: plain text, under Telegram's 4 096 characters."""
    say = desk.words.say
    unknown = say("forum_unknown")
    parts = [
        say(
            "forum_head",
            number=ticket.id,
            person=head.person,
            reason=head.reason or unknown,
            subject=head.subject or unknown,
            commune=head.commune or unknown,
            callback=head.callback or say("forum_no_callback"),
            language=head.language,
            origin=head.origin,
        )
    ]
    if head.exchanges:
        marks = {"person": "👤", "agent": "💬"}
        parts.append(say("forum_context"))
        parts += [
            f"{marks.get(line.author, '🤖')} {line.text[:EXCHANGE_LENGTH]}"
            for line in head.exchanges
        ]
    parts.append(say("forum_help"))
    return "\n".join(parts)


def topic_name(desk: Desk, ticket: TicketRow, head: TicketContext) -> str:
    """Name a ticket's topic (128 characters at most)."""
    subject = head.subject or desk.words.say("forum_subject")
    return desk.words.say("forum_topic", number=ticket.id, subject=subject)[:128]


def _asks(desk: Desk, line: ContextLine) -> bool:
    return desk.topics.of(line.topic).family not in ("", "conversation")


def _commune(desk: Desk, lines: tuple[ContextLine, ...]) -> str:
    if desk.locate is None:
        return ""
    for line in reversed(lines):
        if line.author == "person" and desk.topics.of(line.topic).family == "lieux":
            found = desk.locate(line.text)
            if found:
                return found
    return ""
