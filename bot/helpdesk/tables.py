"""The helpdesk's tables, on the operational database's ``metadata``.

What concerns one person hangs on ``persons.id`` and goes with it (``/oublier``).
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import Moment, metadata, person_key, row_id


def _ticket_key() -> sa.Column[int]:
    return sa.Column(
        "ticket_id", sa.ForeignKey("tickets.id", ondelete="CASCADE"), nullable=False, index=True
    )


agents = sa.Table(
    "agents",
    metadata,
    row_id(),
    sa.Column("name", sa.String(60), nullable=False, unique=True),
    # Argon2; empty for those who only work in the Telegram group.
    sa.Column("password_hash", sa.String(200), nullable=False, server_default=""),
    # ``agent`` or ``supervisor``.
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("telegram_id", sa.BigInteger, unique=True),
    sa.Column("present_until", Moment),
    sa.Column("disabled", sa.Boolean, nullable=False, server_default=sa.false()),
    # The second factor's secret, sealed with the installation's key; empty: none.
    sa.Column("second_factor", sa.String(120), nullable=False, server_default=""),
    # The last code that was used: none is used twice.
    sa.Column("last_code", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("created_at", Moment, nullable=False),
)

tickets = sa.Table(
    "tickets",
    metadata,
    row_id(),
    person_key(),
    sa.Column("state", sa.String(10), nullable=False, index=True),
    sa.Column("agent_id", sa.ForeignKey("agents.id"), index=True),
    sa.Column("reason", sa.String(20), nullable=False, server_default=""),
    # The intent that was being talked about.
    sa.Column("topic", sa.String(60), nullable=False, server_default=""),
    # What the helpdesk waits for from the person: ``message``, ``callback`` or nothing.
    sa.Column("step", sa.String(12), nullable=False, server_default=""),
    # How the person wishes to be called back, in their own words; empty: here.
    sa.Column("callback", sa.String(200), nullable=False, server_default=""),
    # The decision when it was opened, and the rank in the queue (0: not open).
    sa.Column("desk", sa.String(10), nullable=False),
    sa.Column("position", sa.Integer, nullable=False, server_default="0"),
    sa.Column("opened_at", Moment, nullable=False, index=True),
    sa.Column("waiting_since", Moment),
    sa.Column("answered_at", Moment),
    sa.Column("changed_at", Moment, nullable=False, index=True),
    sa.Column("closed_at", Moment),
    # Telegram's forum topic of this ticket; empty until it is created.
    sa.Column("thread_id", sa.BigInteger, unique=True),
    sa.Index(
        "uq_tickets_open_person",
        "person_id",
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    ),
    # A number is never given twice, even after an erasure: it names the request to people.
    sqlite_autoincrement=True,
)

ticket_events = sa.Table(
    "ticket_events",
    metadata,
    row_id(),
    _ticket_key(),
    sa.Column("move", sa.String(10), nullable=False),
    sa.Column("role", sa.String(12), nullable=False),
    sa.Column("agent_id", sa.ForeignKey("agents.id")),
    sa.Column("target_id", sa.ForeignKey("agents.id")),
    sa.Column("before", sa.String(10), nullable=False),
    sa.Column("after", sa.String(10), nullable=False),
    sa.Column("at", Moment, nullable=False, index=True),
)

ticket_messages = sa.Table(
    "ticket_messages",
    metadata,
    row_id(),
    _ticket_key(),
    person_key(),
    # ``person``, ``agent``, ``assistant`` (a notice) or ``note`` (agents only).
    sa.Column("author", sa.String(10), nullable=False),
    sa.Column("agent_id", sa.ForeignKey("agents.id")),
    # ``text``, ``photo``, ``document``, ``voice``…
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    # The channel's own reference of a file, its name and type.
    sa.Column("media", sa.JSON, nullable=False),
    # «telegram:chat:message» or the console's form: the same message never counts twice.
    sa.Column("origin", sa.String(120), unique=True),
    sa.Column("reply_to", sa.ForeignKey("ticket_messages.id", ondelete="SET NULL")),
    # The message's number in the person's chat and in the agents' group.
    sa.Column("person_message_id", sa.BigInteger),
    sa.Column("group_message_id", sa.BigInteger, index=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("edited_at", Moment),
    # The parcel that carries an agent's answer to the person, until it is known to be there.
    sa.Column("parcel_id", sa.BigInteger, index=True),
    # Why it never reached the person; empty when nothing is known against it.
    sa.Column("undelivered", sa.String(20), nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

desk_files = sa.Table(
    "desk_files",
    metadata,
    # A file that an agent sent from the console; the others stay with Telegram.
    sa.Column(
        "message_id", sa.ForeignKey("ticket_messages.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

held_replies = sa.Table(
    "held_replies",
    metadata,
    row_id(),
    _ticket_key(),
    sa.Column("agent_id", sa.ForeignKey("agents.id"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    # Where it came from: the same form sent twice is one reply.
    sa.Column("origin", sa.String(120), unique=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("agent_id", sa.ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "ticket_id",
        sa.ForeignKey("tickets.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    sa.Column("text", sa.Text, nullable=False),
    # When a key was last pressed, and when the forum was last told that this agent writes.
    sa.Column("at", Moment, nullable=False),
    sa.Column("told_at", Moment, nullable=False),
)

ready_answers = sa.Table(
    "ready_answers",
    metadata,
    row_id(),
    sa.Column("title", sa.String(60), nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("updated_at", Moment, nullable=False),
)

ticket_tags = sa.Table(
    "ticket_tags",
    metadata,
    sa.Column("ticket_id", sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag", sa.String(30), primary_key=True, index=True),
)

ticket_quality = sa.Table(
    "ticket_quality",
    metadata,
    sa.Column("ticket_id", sa.ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    # How the conversation was, as a person of the helpdesk reads it again.
    sa.Column("label", sa.String(12), nullable=False),
    sa.Column("agent_id", sa.ForeignKey("agents.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
)

forum_posts = sa.Table(
    "forum_posts",
    metadata,
    row_id(),
    # Empty once the person was erased: what is left is to delete the topic.
    sa.Column("ticket_id", sa.ForeignKey("tickets.id", ondelete="CASCADE"), index=True),
    sa.Column("thread_id", sa.BigInteger),
    # ``head``, ``message``, ``edit``, ``notice``, ``close``, ``reopen``, ``delete``, ``say``.
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("message_id", sa.ForeignKey("ticket_messages.id", ondelete="CASCADE")),
    sa.Column("text", sa.Text, nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

console_sessions = sa.Table(
    "console_sessions",
    metadata,
    # SHA-256 of the cookie: reading the database does not sign anyone in.
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("agent_id", sa.ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("browser", sa.String(64), nullable=False),
    # What the agent recognises it by: «Firefox · Linux».
    sa.Column("label", sa.String(60), nullable=False, server_default=""),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)

agent_codes = sa.Table(
    "agent_codes",
    metadata,
    # SHA-256 of a code that is used once: an invitation's, or the one of ``/lier``.
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("agent_id", sa.ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
    # ``invite`` or ``link``.
    sa.Column("purpose", sa.String(10), nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)

audit_log = sa.Table(
    "audit_log",
    metadata,
    row_id(),
    # Empty: the command line.
    sa.Column("agent_id", sa.ForeignKey("agents.id")),
    sa.Column("action", sa.String(30), nullable=False),
    # Whom or what it was done to; never what people wrote.
    sa.Column("subject", sa.String(120), nullable=False, server_default=""),
    sa.Column("at", Moment, nullable=False, index=True),
)

sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    row_id(),
    # A keyed digest of the name or of the address: neither is kept.
    sa.Column("key", sa.String(64), nullable=False, index=True),
    sa.Column("at", Moment, nullable=False, index=True),
)
