"""The persons who write to the assistant, and what their conversation waits for."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions.errors import ToldError
from bot.store.tables import persons

KEY_BYTES = 32

_SEE = (
    sa.update(persons)
    .where(
        persons.c.channel == sa.bindparam("of_channel"),
        persons.c.external_id == sa.bindparam("of_external"),
    )
    .returning(persons)
)
_GET = sa.select(persons).where(persons.c.id == sa.bindparam("of_id"))


class KeyFileError(ToldError):
    """The key of this installation cannot be used. The message is one line fit for a person."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} n'est pas une clé de Passerelle : remettez celle de votre sauvegarde. Sans "
            "elle, les personnes déjà connues ne sont plus reconnues"
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on a channel, as the operational database knows them."""

    id: int
    channel: str
    external_id: str
    """The channel's own id (a Telegram chat id): only for delivering to it."""
    pseudonym: str
    """What Rasa and the helpdesk know the person by."""
    language: str = ""
    written: str = ""
    """The language that they write, two letters; empty until it is sure."""
    agreed_name: str = ""
    reachable: bool = True
    position_asked: bool = False
    """The keyboard that shares a position is on their screen."""
    state: str = ""
    state_data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lane(self) -> str:
        """Key under which this person's messages keep their order."""
        return lane(self.channel, self.external_id)


def lane(channel: str, external_id: str) -> str:
    """Return the key of the lane in which a chat's messages keep their order."""
    return f"{channel}:{external_id}"


KEY_FILE = "pseudonym.key"
"""Where a home keeps the key of its pseudonyms; replicas share it."""


def load_key(home: Path) -> bytes:
    """Return the key of this installation's pseudonyms; it is made on first use (mode 0600).

    Raises:
        OSError: The file cannot be read or made.
        KeyFileError: The file is not such a key.
    """
    path = home / KEY_FILE
    home.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except ValueError:
            raise KeyFileError(path) from None
        if len(key) != KEY_BYTES:
            raise KeyFileError(path) from None
        return key
    key = secrets.token_bytes(KEY_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key


def pseudonym(key: bytes, channel: str, external_id: str) -> str:
    """Return a person's pseudonym: HMAC-SHA256, 64 hexadecimal digits.

    Without the key, an id cannot be tried against it.
    """
    return hmac.new(key, f"{channel}:{external_id}".encode(), hashlib.sha256).hexdigest()


def key_fits(connection: sa.Connection, key: bytes) -> bool:
    """Tell whether a database was written with a key, by the latest person in it."""
    latest = connection.execute(
        sa.select(persons.c.channel, persons.c.external_id, persons.c.pseudonym)
        .order_by(persons.c.id.desc())
        .limit(1)
    ).one_or_none()
    return latest is None or latest.pseudonym == pseudonym(key, latest.channel, latest.external_id)


def see(
    connection: sa.Connection,
    key: bytes,
    channel: str,
    external_id: str,
    *,
    at: datetime,
    language: str = "",
    written: str = "",
) -> Person:
    """Return the person behind a channel's id, made at the first message.

    Someone who writes is reachable again. ``language`` is that of their screen, ``written`` that
    of the message; what is empty changes nothing.
    """
    seen: dict[str, Any] = {"seen_at": at, "reachable": True}
    if language:
        seen["language"] = language
    if written:
        seen["written"] = written
    who = {"of_channel": channel, "of_external": external_id}
    known = connection.execute(_SEE, {**who, **seen}).one_or_none()
    if known is None:
        known = connection.execute(
            sa.insert(persons)
            .values(
                channel=channel,
                external_id=external_id,
                pseudonym=pseudonym(key, channel, external_id),
                state_data={},
                created_at=at,
                **seen,
            )
            .returning(persons)
        ).one()
    return _read(known)


def get(connection: sa.Connection, person_id: int) -> Person | None:
    """Return a person by their row's id, or nothing when they are unknown or erased."""
    row = connection.execute(_GET, {"of_id": person_id}).one_or_none()
    return _read(row) if row else None


def find(connection: sa.Connection, channel: str, external_id: str) -> Person | None:
    """Return a person by their channel's id, without making them."""
    where = sa.and_(persons.c.channel == channel, persons.c.external_id == external_id)
    row = connection.execute(sa.select(persons).where(where)).one_or_none()
    return _read(row) if row else None


def known_by(connection: sa.Connection, beginning: str) -> list[str]:
    """Return the pseudonyms that begin so."""
    query = sa.select(persons.c.pseudonym).where(
        persons.c.pseudonym.startswith(beginning, autoescape=True)
    )
    return list(connection.execute(query).scalars())


def set_state(
    connection: sa.Connection, person_id: int, state: str = "", **data: str | int | bool
) -> None:
    """Write down what the conversation waits for; without arguments, nothing any more."""
    connection.execute(
        sa.update(persons).where(persons.c.id == person_id).values(state=state, state_data=data)
    )


def set_agreed_name(connection: sa.Connection, person_id: int, name: str) -> None:
    """Keep the name that a person agreed to show the helpdesk; empty: agreement withdrawn."""
    connection.execute(
        sa.update(persons).where(persons.c.id == person_id).values(agreed_name=name[:100])
    )


def set_reachable(
    connection: sa.Connection, channel: str, external_id: str, reachable: bool
) -> None:
    """Note that a person blocked the assistant, or came back."""
    connection.execute(
        sa.update(persons)
        .where(persons.c.channel == channel, persons.c.external_id == external_id)
        .values(reachable=reachable)
    )


def set_position_asked(connection: sa.Connection, person_id: int, asked: bool) -> None:
    """Note that the keyboard that shares a position was shown, or taken away."""
    connection.execute(
        sa.update(persons).where(persons.c.id == person_id).values(position_asked=asked)
    )


def _read(row: sa.Row[Any]) -> Person:
    return Person(
        id=row.id,
        channel=row.channel,
        external_id=row.external_id,
        pseudonym=row.pseudonym,
        language=row.language,
        written=row.written,
        agreed_name=row.agreed_name,
        reachable=row.reachable,
        position_asked=row.position_asked,
        state=row.state,
        state_data=row.state_data,
    )
