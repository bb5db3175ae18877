"""Signed keys: who a page speaks for. Pure; nothing of them is kept here.

A key names its site and a random person, and says when it was given. It can be neither guessed
nor used for another site: the signature covers all three. Files of a conversation (the sheet,
what is kept) have an address signed the same way.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LIFE = timedelta(days=1)
"""How long a key opens its conversation; a page that is used gets a fresh one in time."""

RENEW_AFTER = timedelta(hours=1)
"""Age from which a page that is opened gets a fresh key for the same conversation."""

_KEY = re.compile(r"([a-z0-9-]{0,30})\.([0-9a-f]{32})\.(\d{1,11})\.([\w-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a key."""

    site: str
    """Name of the site; empty for the installation's own page."""
    person: str
    """128 random bits, in hexadecimal."""
    issued: datetime

    @property
    def address(self) -> str:
        """The person's id on this channel: two sites never share one."""
        return f"{self.site}:{self.person}"


class Keyring:
    """Gives and checks keys, with the installation's secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.new(secret, b"web", hashlib.sha256).digest()

    def newcomer(self, site: str, at: datetime) -> Visitor:
        """Return a person who has never been seen."""
        return Visitor(site, secrets.token_hex(16), at)

    def write(self, visitor: Visitor) -> str:
        """Return a person's key."""
        said = f"{visitor.site}.{visitor.person}.{int(visitor.issued.timestamp())}"
        return f"{said}.{self._sign('key', said)}"

    def read(self, key: str, at: datetime) -> Visitor | None:
        """Return the person behind a key; nothing for one that is forged, old or malformed."""
        found = _KEY.fullmatch(key)
        if found is None:
            return None
        site, person, issued, signature = found.groups()
        expected = self._sign("key", f"{site}.{person}.{issued}")
        if not hmac.compare_digest(expected, signature):
            return None
        since = datetime.fromtimestamp(int(issued), UTC)
        if not timedelta(minutes=-5) <= at - since <= LIFE:
            return None
        return Visitor(site, person, since)

    def renewed(self, visitor: Visitor, at: datetime) -> Visitor:
        """Return the same person, from now on, when their key is no longer fresh."""
        if at - visitor.issued < RENEW_AFTER:
            return visitor
        return Visitor(visitor.site, visitor.person, at)

    def file_seal(self, address: str, message_id: int) -> str:
        """Return what makes the address of a conversation's file unguessable."""
        return self._sign("file", f"{address}/{message_id}")

    def opens(self, address: str, message_id: int, seal: str) -> bool:
        """Tell whether a seal is that of a conversation's file."""
        expected = self.file_seal(address, message_id)
        return hmac.compare_digest(expected.encode(), seal.encode("utf-8", "replace"))

    def _sign(self, purpose: str, said: str) -> str:
        digest = hmac.new(self._secret, f"{purpose}|{said}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
