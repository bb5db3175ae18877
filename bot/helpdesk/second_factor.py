"""The second factor: a code of six digits that a telephone shows (TOTP, RFC 6238).

The secret is sealed (AES-GCM) for its account with the installation's key, which is in no
database; a code that was used is refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.helpdesk import audit
from bot.helpdesk.tables import agents

DRIFT = 1
"""Periods of thirty seconds by which a telephone's clock may be wrong, on either side."""

_NONCE = 12
_SECRET = 20
"""Bytes, as RFC 4226 recommends."""


def new_secret() -> str:
    """Draw a secret, in base 32."""
    return base64.b32encode(secrets.token_bytes(_SECRET)).decode()


def is_secret(text: str) -> bool:
    """Whether a text that comes back from a form is a secret of ours."""
    try:
        return len(base64.b32decode(text)) == _SECRET
    except ValueError:
        return False


def address(secret: str, name: str) -> str:
    """Return what a telephone reads from the picture (``otpauth://…``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Passerelle")


def matching(secret: str, code: str, at: datetime, last: int = 0) -> int | None:
    """Return the period of a right code that comes after the last one used, if it is one."""
    digits = "".join(code.split())
    if not (len(digits) == 6 and digits.isascii() and digits.isdigit()):
        return None
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    for period in range(now - DRIFT, now + DRIFT + 1):
        if period > last and hmac.compare_digest(totp.generate_otp(period), digits):
            return period
    return None


def turn_on(
    connection: sa.Connection, key: bytes, agent_id: int, secret: str, code: str, *, at: datetime
) -> bool:
    """Keep a secret whose first code is right; say whether it was."""
    period = matching(secret, code, at) if is_secret(secret) else None
    if period is None:
        return False
    raw = base64.b32decode(secret)
    connection.execute(
        sa.update(agents)
        .where(agents.c.id == agent_id)
        .values(second_factor=_seal(key, agent_id, raw), last_code=period)
    )
    audit.note(connection, agent_id, "factor_on", "", at)
    return True


def take(connection: sa.Connection, key: bytes, agent_id: int, code: str, at: datetime) -> bool:
    """Use a code; say whether it was right, and new."""
    row = connection.execute(
        sa.select(agents.c.second_factor, agents.c.last_code).where(agents.c.id == agent_id)
    ).one()
    secret = _unseal(key, agent_id, row.second_factor)
    period = matching(secret, code, at, row.last_code) if secret else None
    if period is None:
        return False
    used = connection.execute(
        sa.update(agents)
        .where(agents.c.id == agent_id, agents.c.last_code < period)
        .values(last_code=period)
    )
    return used.rowcount == 1


def turn_off(
    connection: sa.Connection, agent_id: int, at: datetime, *, by: int | None, name: str = ""
) -> None:
    """Forget an account's secret: its owner, a supervisor or the command line asks for it."""
    connection.execute(
        sa.update(agents).where(agents.c.id == agent_id).values(second_factor="", last_code=0)
    )
    audit.note(connection, by, "factor_off", name, at)


def _seal(key: bytes, agent_id: int, raw: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(key).encrypt(nonce, raw, str(agent_id).encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def _unseal(key: bytes, agent_id: int, sealed: str) -> str:
    """Return the secret in base 32; nothing where there is none, or another's."""
    whole = base64.urlsafe_b64decode(sealed)
    if not whole:
        return ""
    try:
        raw = _cipher(key).decrypt(whole[:_NONCE], whole[_NONCE:], str(agent_id).encode())
    except InvalidTag:
        return ""
    return base64.b32encode(raw).decode()


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(hmac.new(key, b"second factor", hashlib.sha256).digest())
