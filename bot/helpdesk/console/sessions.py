"""Signing in: argon2, a limit on failures, and sessions that end."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from actions.errors import PasserelleError
from bot.helpdesk import second_factor, staff
from bot.helpdesk.staff import LONGEST_PASSWORD, Agent
from bot.helpdesk.tables import agents, console_sessions, sign_in_failures

IDLE = timedelta(minutes=60)
"""A session not used for that long is over."""

LONGEST = timedelta(hours=12)
"""A session is over after a working day, used or not."""

FAILURES = 5
"""Wrong passwords for one name in ``FAILURES_WITHIN`` before it must wait."""

FAILURES_ADDRESS = 30
"""The same for one address: an office may share it."""

FAILURES_WITHIN = timedelta(minutes=15)

_HASHER = PasswordHasher()
# Verified for a name that does not exist, so that it takes as long as one that does.
_NOBODY = _HASHER.hash(secrets.token_hex(16))


NUMBER = 16
"""Characters of a session's digest that name it to its owner."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


class TooManyFailuresError(PasserelleError):
    """Too many wrong passwords: the name or the address must wait."""


@dataclass(frozen=True, slots=True)
class Session:
    """Someone who is signed in."""

    agent: Agent
    csrf: str
    """Must come with every form: a page of another site does not know it."""
    token_hash: str


def check_password(
    connection: sa.Connection,
    name: str,
    password: str,
    *,
    key: bytes,
    address: str,
    at: datetime,
    code: str | None = None,
) -> int | None:
    """Return the id of the account that a name and a password open; ``None`` when wrong.

    Where the account has a second factor and a ``code`` is given, it must be right as well.
    A failure is counted in the caller's transaction, which must be committed.

    Raises:
        TooManyFailuresError: Nothing was tried.
    """
    by_name, by_address = _digest(key, f"n:{name.casefold()}"), _digest(key, f"a:{address}")
    connection.execute(
        sa.delete(sign_in_failures).where(sign_in_failures.c.at <= at - FAILURES_WITHIN)
    )
    if _failures(connection, by_name) >= FAILURES or (
        _failures(connection, by_address) >= FAILURES_ADDRESS
    ):
        raise TooManyFailuresError
    row = connection.execute(
        sa.select(agents.c.id, agents.c.password_hash, agents.c.second_factor).where(
            agents.c.name == name, agents.c.disabled.is_(False), agents.c.password_hash != ""
        )
    ).one_or_none()
    right = _verify(row.password_hash if row else _NOBODY, password[: LONGEST_PASSWORD + 1])
    if row is not None and right and code is not None and row.second_factor:
        right = second_factor.take(connection, key, row.id, code, at)
    if row is not None and right:
        connection.execute(sa.delete(sign_in_failures).where(sign_in_failures.c.key == by_name))
        return int(row.id)
    for digest in (by_name, by_address):
        connection.execute(sa.insert(sign_in_failures).values(key=digest, at=at))
    return None


def begin(connection: sa.Connection, agent_id: int, browser: str, at: datetime) -> str:
    """Begin a session; return the cookie's value, kept nowhere else."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(console_sessions).values(
            token_hash=_hash(token),
            agent_id=agent_id,
            csrf=secrets.token_urlsafe(32),
            browser=_hash(browser),
            label=label_of(browser),
            created_at=at,
            seen_at=at,
        )
    )
    connection.execute(
        sa.delete(console_sessions).where(console_sessions.c.created_at <= at - LONGEST)
    )
    return token


def find(
    connection: sa.Connection, token: str, browser: str, at: datetime, *, used: bool = True
) -> Session | None:
    """Return the session of a cookie; a cookie that changed browsers ends its session.

    Args:
        connection: The transaction.
        token: The cookie's value.
        browser: What the browser says it is (``User-Agent``).
        at: Now.
        used: Whether the agent did something; a page that updates itself is no use of it.
    """
    token_hash = _hash(token)
    row = connection.execute(
        sa.select(console_sessions).where(console_sessions.c.token_hash == token_hash)
    ).one_or_none()
    if row is None:
        return None
    agent = staff.get(connection, row.agent_id)
    over = row.created_at <= at - LONGEST or row.seen_at <= at - IDLE
    if agent is None or over or not hmac.compare_digest(row.browser, _hash(browser)):
        end(connection, token_hash)
        return None
    if used and at - row.seen_at > timedelta(minutes=1):
        connection.execute(
            sa.update(console_sessions)
            .where(console_sessions.c.token_hash == token_hash)
            .values(seen_at=at)
        )
    return Session(agent, row.csrf, token_hash)


@dataclass(frozen=True, slots=True)
class Open:
    """A session as its owner sees it in their account."""

    number: str
    """What names it in a form; it opens nothing."""
    label: str
    created_at: datetime
    seen_at: datetime
    here: bool
    """The one that asks."""


def of_agent(connection: sa.Connection, agent_id: int, here: str, at: datetime) -> list[Open]:
    """Return an agent's open sessions, the last used first."""
    rows = connection.execute(
        sa.select(console_sessions)
        .where(
            console_sessions.c.agent_id == agent_id,
            console_sessions.c.created_at > at - LONGEST,
            console_sessions.c.seen_at > at - IDLE,
        )
        .order_by(console_sessions.c.seen_at.desc())
    )
    return [
        Open(
            row.token_hash[:NUMBER],
            row.label,
            row.created_at,
            row.seen_at,
            row.token_hash == here,
        )
        for row in rows
    ]


def end_of(connection: sa.Connection, agent_id: int, number: str, *, keep: str) -> int:
    """End one of an agent's sessions, or all without a number, but for the one that asks."""
    theirs = [console_sessions.c.agent_id == agent_id, console_sessions.c.token_hash != keep]
    if number:
        theirs.append(console_sessions.c.token_hash.startswith(number[:NUMBER], autoescape=True))
    return connection.execute(sa.delete(console_sessions).where(*theirs)).rowcount


def label_of(browser: str) -> str:
    """Return what one recognises a browser by: «Firefox · Linux»."""
    name = next((words for mark, words in _BROWSERS if mark in browser), "Navigateur")
    system = next((words for mark, words in _SYSTEMS if mark in browser), "")
    return f"{name} · {system}" if system else name


def end(connection: sa.Connection, token_hash: str) -> None:
    """End a session."""
    connection.execute(
        sa.delete(console_sessions).where(console_sessions.c.token_hash == token_hash)
    )


def _failures(connection: sa.Connection, digest: str) -> int:
    count: int = connection.execute(
        sa.select(sa.func.count()).where(sign_in_failures.c.key == digest)
    ).scalar_one()
    return count


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _digest(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
