"""Accounts that their owners open themselves: invitations, and the link with Telegram."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.helpdesk import audit, staff
from bot.helpdesk.staff import Agent, RoleName
from bot.helpdesk.tables import agent_codes, agents, console_sessions, held_replies, tickets

INVITED_FOR = timedelta(days=3)
"""How long an invitation can be taken up."""

LINKED_WITHIN = timedelta(minutes=15)
"""How long the code of ``/lier`` holds."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No letter that another looks like: the code is copied by hand."""

CODE_LENGTH = 8


def invite(
    connection: sa.Connection, name: str, role: RoleName, at: datetime, by: int | None = None
) -> str:
    """Invite someone to open an account, or to choose a new password; return the link's token.

    The account cannot be used before the link is. Invitations made before for it are void.

    Args:
        connection: The transaction.
        name: The name to sign in with; an account that has it keeps its role.
        role: The role of a new account.
        at: Now.
        by: The supervisor; nobody: the command line.

    Raises:
        StaffError: A name or a role that cannot be used.
    """
    name, role = staff.checked(name, role)
    known = connection.execute(
        sa.select(agents.c.id).where(agents.c.name == name)
    ).scalar_one_or_none()
    agent_id: int = (
        known
        if known is not None
        else connection.execute(
            sa.insert(agents).values(name=name, role=role, created_at=at).returning(agents.c.id)
        ).scalar_one()
    )
    token = secrets.token_urlsafe(32)
    _put(connection, agent_id, "invite", token, at + INVITED_FOR)
    audit.note(connection, by, "invite", name, at)
    return token


def invited(connection: sa.Connection, token: str, at: datetime) -> str:
    """Return the name that an invitation is for; nothing where it holds no more."""
    found = _find(connection, "invite", token, at)
    if found is None:
        return ""
    name: str = connection.execute(
        sa.select(agents.c.name).where(agents.c.id == found)
    ).scalar_one()
    return name


def accept(connection: sa.Connection, token: str, password: str, at: datetime) -> bool:
    """Open an invited account with the password that its owner chose; its sessions are ended.

    Returns:
        Whether the invitation held: it is used once.

    Raises:
        StaffError: A password that cannot be used.
    """
    agent_id = _find(connection, "invite", token, at)
    if agent_id is None:
        return False
    hashed = staff.hashed(password)
    connection.execute(sa.delete(agent_codes).where(agent_codes.c.code_hash == _hash(token)))
    set_password(connection, agent_id, hashed)
    connection.execute(sa.update(agents).where(agents.c.id == agent_id).values(disabled=False))
    audit.note(connection, agent_id, "accept", "", at)
    return True


def set_password(
    connection: sa.Connection, agent_id: int, password_hash: str, keep: str = ""
) -> None:
    """Change a password and end the account's sessions, but for the one of a token's hash."""
    connection.execute(
        sa.update(agents).where(agents.c.id == agent_id).values(password_hash=password_hash)
    )
    connection.execute(
        sa.delete(console_sessions).where(
            console_sessions.c.agent_id == agent_id, console_sessions.c.token_hash != keep
        )
    )


def link_code(connection: sa.Connection, agent_id: int, at: datetime) -> str:
    """Make the code that links a Telegram account when it is sent in the agents' group."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH))
    _put(connection, agent_id, "link", code, at + LINKED_WITHIN)
    return f"{code[:4]}-{code[4:]}"


def link(connection: sa.Connection, code: str, telegram_id: int, at: datetime) -> Agent | None:
    """Link a Telegram account to the console account that made a code.

    What the same person had in hand as a mere member of the group follows.

    Returns:
        The account; nothing where the code holds no more.
    """
    plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
    agent_id = _find(connection, "link", plain, at)
    agent = staff.get(connection, agent_id) if agent_id is not None else None
    if agent is None:
        return None
    connection.execute(sa.delete(agent_codes).where(agent_codes.c.code_hash == _hash(plain)))
    before = connection.execute(
        sa.select(agents.c.id, agents.c.password_hash).where(
            agents.c.telegram_id == telegram_id, agents.c.id != agent.id
        )
    ).one_or_none()
    if before is not None:
        values: dict[str, object] = {"telegram_id": None}
        if not before.password_hash:
            values |= {"disabled": True, "present_until": None}
            for table in (tickets, held_replies):
                connection.execute(
                    sa.update(table).where(table.c.agent_id == before.id).values(agent_id=agent.id)
                )
        connection.execute(sa.update(agents).where(agents.c.id == before.id).values(values))
    connection.execute(
        sa.update(agents).where(agents.c.id == agent.id).values(telegram_id=telegram_id)
    )
    audit.note(connection, agent.id, "link", "", at)
    return staff.get(connection, agent.id)


def unlink(connection: sa.Connection, agent_id: int, at: datetime) -> None:
    """Have a Telegram account be nobody's any more."""
    connection.execute(sa.update(agents).where(agents.c.id == agent_id).values(telegram_id=None))
    audit.note(connection, agent_id, "unlink", "", at)


def _put(
    connection: sa.Connection, agent_id: int, purpose: str, code: str, expires_at: datetime
) -> None:
    connection.execute(
        sa.delete(agent_codes).where(
            agent_codes.c.agent_id == agent_id, agent_codes.c.purpose == purpose
        )
    )
    connection.execute(
        sa.insert(agent_codes).values(
            code_hash=_hash(code), agent_id=agent_id, purpose=purpose, expires_at=expires_at
        )
    )


def _find(connection: sa.Connection, purpose: str, code: str, at: datetime) -> int | None:
    connection.execute(sa.delete(agent_codes).where(agent_codes.c.expires_at <= at))
    return connection.execute(
        sa.select(agent_codes.c.agent_id).where(
            agent_codes.c.code_hash == _hash(code), agent_codes.c.purpose == purpose
        )
    ).scalar_one_or_none()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
