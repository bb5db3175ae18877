"""The persons of the helpdesk: their accounts, their Telegram id, their presence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from argon2 import PasswordHasher

from actions.errors import ToldError
from bot.helpdesk.tables import agent_codes, agents, console_sessions
from bot.helpdesk.tickets.states import Actor, Role
from bot.store import Store

RoleName = Literal["agent", "supervisor"]

SHORTEST_PASSWORD = 12
"""Characters (ANSSI and NIST SP 800-63B: length counts, not composition)."""

LONGEST_PASSWORD = 200
"""Hashing more would let a stranger keep the machine busy."""

ACTIVITY = timedelta(minutes=15)
"""How long an agent who does something is taken to be there."""

_NAME = re.compile(r"[\w][\w .'’-]{0,58}[\w.]|\w")


class StaffError(ToldError):
    """An account that cannot be made; one line fit for a person."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person of the helpdesk."""

    id: int
    name: str
    role: str
    telegram_id: int | None
    present_until: datetime | None
    disabled: bool
    has_password: bool = False
    """They have an account of the console."""
    has_second_factor: bool = False

    @property
    def author(self) -> Actor:
        """How the rules of tickets know them."""
        return Actor(Role(self.role), self.id)

    def is_present(self, at: datetime) -> bool:
        """Whether they are there."""
        return self.present_until is not None and self.present_until > at


def add_agent(
    store: Store, name: str, password: str, role: RoleName = "agent", *, at: datetime
) -> int:
    """Make an account for the console at a moment, or change its password and role.

    Returns its id. Open sessions of an account that existed are ended.

    Raises:
        StaffError: A name or a password that cannot be used.
    """
    name, role = checked(name, role)
    values = {"password_hash": hashed(password), "role": role, "disabled": False}
    with store.begin() as connection:
        known = connection.execute(
            sa.update(agents).where(agents.c.name == name).values(values).returning(agents.c.id)
        ).scalar_one_or_none()
        if known is not None:
            connection.execute(
                sa.delete(console_sessions).where(console_sessions.c.agent_id == known)
            )
            return int(known)
        made: int = connection.execute(
            sa.insert(agents).values(name=name, created_at=at, **values).returning(agents.c.id)
        ).scalar_one()
        return made


def checked(name: str, role: RoleName) -> tuple[str, RoleName]:
    """Return a name that can be used, its spaces tidied, and its role.

    Raises:
        StaffError: One of them cannot be used.
    """
    name = " ".join(name.split())
    if not _NAME.fullmatch(name):
        raise StaffError("nom : de 1 à 60 lettres, chiffres, espaces, points ou tirets")
    if role not in ("agent", "supervisor"):
        raise StaffError("rôle : agent ou supervisor")
    return name, role


def hashed(password: str) -> str:
    """Return what is kept of a password.

    Raises:
        StaffError: It is too short or too long.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise StaffError(f"mot de passe : de {SHORTEST_PASSWORD} à {LONGEST_PASSWORD} caractères")
    return PasswordHasher().hash(password)


def disable_agent(store: Store, name: str) -> bool:
    """Close an account and its sessions; its past events keep their author."""
    with store.begin() as connection:
        return disable(connection, name)


def disable(connection: sa.Connection, name: str) -> bool:
    """Close an account, its sessions and what it was invited to (see ``disable_agent``)."""
    found = connection.execute(
        sa.update(agents)
        .where(agents.c.name == name)
        .values(disabled=True, present_until=None)
        .returning(agents.c.id)
    ).scalar_one_or_none()
    if found is None:
        return False
    for table in (console_sessions, agent_codes):
        connection.execute(sa.delete(table).where(table.c.agent_id == found))
    return True


def get(connection: sa.Connection, agent_id: int) -> Agent | None:
    """Return an agent whose account is open."""
    row = connection.execute(
        sa.select(agents).where(agents.c.id == agent_id, agents.c.disabled.is_(False))
    ).one_or_none()
    return _read(row) if row else None


def named(connection: sa.Connection, name: str) -> Agent | None:
    """Return the agent of that name, whatever its capitals, whose account is open."""
    wanted = " ".join(name.removeprefix("@").split()).casefold()
    return next((agent for agent in everyone(connection) if agent.name.casefold() == wanted), None)


def everyone(connection: sa.Connection) -> list[Agent]:
    """Return the agents whose account is open, by name."""
    rows: Sequence[sa.Row[Any]] = connection.execute(
        sa.select(agents).where(agents.c.disabled.is_(False)).order_by(agents.c.name)
    ).all()
    return [_read(row) for row in rows]


def from_telegram(
    connection: sa.Connection,
    telegram_id: int,
    first_name: str,
    at: datetime,
    *,
    linked_only: bool = False,
) -> Agent | None:
    """Return the agent behind a member of the agents' group, made at their first message.

    Being let into the group is what makes someone an agent there, unless ``linked_only``:
    then only an account of the console that they linked does. An account that was closed
    stays closed (``None``).
    """
    row = connection.execute(
        sa.select(agents).where(agents.c.telegram_id == telegram_id)
    ).one_or_none()
    if linked_only and (row is None or not row.password_hash):
        return None
    if row is not None:
        return None if row.disabled else _read(row)
    base = re.sub(r"[^\w .'’-]", "", first_name).strip()[:40] or "Agent"
    taken = set(connection.execute(sa.select(agents.c.name)).scalars())
    name = next(
        candidate
        for number in range(1, len(taken) + 3)
        if (candidate := base if number == 1 else f"{base} {number}") not in taken
    )
    agent_id = connection.execute(
        sa.insert(agents)
        .values(name=name, role="agent", telegram_id=telegram_id, created_at=at)
        .returning(agents.c.id)
    ).scalar_one()
    return get(connection, agent_id)


def present_count(connection: sa.Connection, at: datetime) -> int:
    """Return how many agents are there."""
    count: int = connection.execute(
        sa.select(sa.func.count()).where(agents.c.disabled.is_(False), agents.c.present_until > at)
    ).scalar_one()
    return count


def set_present(connection: sa.Connection, agent_id: int, until: datetime | None) -> None:
    """Note until when an agent is there; ``None``: they left."""
    connection.execute(sa.update(agents).where(agents.c.id == agent_id).values(present_until=until))


def seen(
    connection: sa.Connection, agent_id: int, at: datetime, lasts: timedelta = ACTIVITY
) -> None:
    """Note that an agent did something: they are there for a while at least."""
    connection.execute(
        sa.update(agents)
        .where(
            agents.c.id == agent_id,
            sa.or_(agents.c.present_until.is_(None), agents.c.present_until < at + lasts),
        )
        .values(present_until=at + lasts)
    )


def _read(row: sa.Row[Any]) -> Agent:
    return Agent(
        id=row.id,
        name=row.name,
        role=row.role,
        telegram_id=row.telegram_id,
        present_until=row.present_until,
        disabled=bool(row.disabled),
        has_password=bool(row.password_hash),
        has_second_factor=bool(row.second_factor),
    )
