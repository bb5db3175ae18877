"""The operational tables: what must survive a crash, and nothing kept longer than needed.

Other rooms (the helpdesk) declare their own tables on the same ``metadata`` and add
their own migration; a foreign key to ``persons.id`` with ``ondelete="CASCADE"`` is what
makes ``/oublier`` reach them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment, stored in UTC; SQLite alone would lose the time zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Store in UTC.

        Raises:
            ValueError: A moment without a time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Read as an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def row_id() -> sa.Column[int]:
    """Return an ``id`` column that numbers rows by itself."""
    # SQLite does so only when the key is a plain INTEGER.
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def person_key(nullable: bool = False) -> sa.Column[Any]:
    """Return a ``person_id`` column: erased with the person."""
    return sa.Column(
        "person_id",
        sa.ForeignKey("persons.id", ondelete="CASCADE"),
        nullable=nullable,
        index=True,
    )


persons = sa.Table(
    "persons",
    metadata,
    row_id(),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("external_id", sa.String(100), nullable=False),
    sa.Column("pseudonym", sa.String(64), nullable=False, unique=True),
    sa.Column("language", sa.String(20), nullable=False, server_default=""),
    # The language that they write, of those that are read; empty: nothing sure was written yet.
    sa.Column("written", sa.String(2), nullable=False, server_default=""),
    # The name under which the helpdesk may call the person: empty unless they agreed.
    sa.Column("agreed_name", sa.String(100), nullable=False, server_default=""),
    sa.Column("reachable", sa.Boolean, nullable=False, server_default=sa.true()),
    # A «share my position» keyboard is on their screen, to take away with the next answer.
    sa.Column("position_asked", sa.Boolean, nullable=False, server_default=sa.false()),
    # What the conversation waits for («awaiting_message», «confirm_erasure»…) and its details.
    sa.Column("state", sa.String(30), nullable=False, server_default=""),
    sa.Column("state_data", sa.JSON, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False, index=True),
    sa.UniqueConstraint("channel", "external_id"),
    # The number of an erased person is never given to another.
    sqlite_autoincrement=True,
)

incoming = sa.Table(
    "incoming",
    metadata,
    row_id(),
    # «channel:bot:update»: Telegram numbers updates for each bot.
    sa.Column("key", sa.String(120), nullable=False, unique=True),
    # Rows of one lane are processed one after the other, in order of id.
    sa.Column("lane", sa.String(120), nullable=False),
    # Emptied as soon as it is processed: a shared position must not stay.
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("received_at", Moment, nullable=False, index=True),
    sa.Column("next_try_at", Moment, nullable=False),
    sa.Index("ix_incoming_waiting", "status", "lane", "id"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    row_id(),
    person_key(nullable=True),
    sa.Column("channel", sa.String(20), nullable=False),
    # Where it goes: on Telegram a chat id, or «chat/topic» in a forum.
    sa.Column("address", sa.String(100), nullable=False),
    sa.Column("lane", sa.String(120), nullable=False),
    # A meaning's JSON, or a channel's own kind; emptied once delivered.
    sa.Column("body", sa.JSON, nullable=False),
    sa.Column("dedupe_key", sa.String(120), unique=True),
    # ``pending``, ``sent``, ``failed`` (refused for good), ``dropped`` (person unreachable).
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    # How many of the provider's calls of this message have succeeded: those are not redone.
    sa.Column("parts_sent", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_try_at", Moment, nullable=False),
    sa.Column("provider_id", sa.String(60), nullable=False, server_default=""),
    # The kind of error only: an error's text can repeat what a person wrote.
    sa.Column("error", sa.String(200), nullable=False, server_default=""),
    sa.Column("created_at", Moment, nullable=False, index=True),
    sa.Column("sent_at", Moment),
    sa.Index("ix_outbox_waiting", "status", "lane", "id"),
)

button_payloads = sa.Table(
    "button_payloads",
    metadata,
    sa.Column("short", sa.String(40), primary_key=True),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("used_at", Moment, nullable=False, index=True),
)

exchanges = sa.Table(
    "exchanges",
    metadata,
    row_id(),
    person_key(),
    # ``person``, ``assistant`` or ``agent``.
    sa.Column("author", sa.String(10), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("intent", sa.String(60), nullable=False, server_default=""),
    sa.Column("confidence", sa.Float),
    sa.Column("tier", sa.String(10), nullable=False, server_default=""),
    sa.Column("at", Moment, nullable=False, index=True),
)

reminders = sa.Table(
    "reminders",
    metadata,
    row_id(),
    person_key(),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    # ``waiting``, ``sent`` or ``cancelled``.
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Index("ix_reminders_waiting", "status", "due_on"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    row_id(),
    person_key(),
    # What it is about: ``answer`` or ``help``; the topic or the ticket.
    sa.Column("about", sa.String(10), nullable=False),
    sa.Column("subject", sa.String(60), nullable=False, server_default=""),
    sa.Column("useful", sa.Boolean, nullable=False),
    sa.Column("reason", sa.String(60), nullable=False, server_default=""),
    sa.Column("at", Moment, nullable=False, index=True),
)

misunderstood = sa.Table(
    "misunderstood",
    metadata,
    row_id(),
    person_key(),
    # Personal data already masked.
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("tier", sa.String(10), nullable=False),
    sa.Column("intent", sa.String(60), nullable=False, server_default=""),
    sa.Column("confidence", sa.Float),
    sa.Column("ranking", sa.JSON, nullable=False),
    # ``new`` (``label``: what the person chose when asked back), ``labelled`` (``label``: the
    # right topic, given by an agent) or ``ignored``.
    sa.Column("status", sa.String(10), nullable=False),
    sa.Column("label", sa.String(60), nullable=False, server_default=""),
    sa.Column("at", Moment, nullable=False, index=True),
)

erasures = sa.Table(
    "erasures",
    metadata,
    # Conversations that Rasa has still to forget (it was down when the person asked).
    sa.Column("pseudonym", sa.String(64), primary_key=True),
    sa.Column("asked_at", Moment, nullable=False),
)

# What was answered already: an edit that changes nothing and an album's other pictures get no
# second answer. A keyed digest of the words, never the words.
seen_messages = sa.Table(
    "seen_messages",
    metadata,
    sa.Column(
        "person_id",
        sa.ForeignKey("persons.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("message_id", sa.String(80), primary_key=True),
    sa.Column("digest", sa.String(32), nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
)

# A group that became a supergroup: the id that was configured, and the one it has now.
moved_chats = sa.Table(
    "moved_chats",
    metadata,
    sa.Column("old", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("new", sa.BigInteger, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

# Persons who are refused (``passerelle block``): by pseudonym, which tells nobody's id.
blocked = sa.Table(
    "blocked",
    metadata,
    sa.Column("pseudonym", sa.String(64), primary_key=True),
    sa.Column("at", Moment, nullable=False),
)

# Which replica moves which lane (see ``bot.store.claims``). A number is never given twice.
claims = sa.Table(
    "claims",
    metadata,
    row_id(),
    sa.Column("lane", sa.String(160), nullable=False, unique=True),
    sa.Column("owner", sa.String(32), nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

closed_channels = sa.Table(
    "closed_channels",
    metadata,
    sa.Column("channel", sa.String(20), primary_key=True),
    sa.Column("closed_at", Moment, nullable=False),
)

# Counts only: nothing in it can be traced to anyone.
daily_figures = sa.Table(
    "daily_figures",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    # ``turn``, ``ticket``, ``first_answer``, ``useful``: see ``bot.store.counts``.
    sa.Column("measure", sa.String(20), primary_key=True),
    sa.Column("topic", sa.String(60), primary_key=True),
    sa.Column("outcome", sa.String(20), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
