"""One message from a person, whatever the channel it came by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What arrived."""

    TEXT = "text"
    BUTTON = "button"
    POSITION = "position"
    VOICE = "voice"
    PHOTO = "photo"
    DOCUMENT = "document"
    VIDEO = "video"
    STICKER = "sticker"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a person says that they are, WGS 84, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class File:
    """A file that stays with the channel: only its reference is known here."""

    reference: str
    """The channel's own id of the file (Telegram's ``file_id``)."""
    name: str = ""
    media_type: str = ""
    size: int = 0
    """Bytes; 0 when unknown."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message from a person."""

    channel: str
    external_id: str
    """The person's id on the channel."""
    message_id: str
    """The channel's id of the message, unique for this person."""
    kind: Kind
    at: datetime
    """When it was received, with a time zone."""
    text: str = ""
    """What was written; a file's caption; a tapped button's title."""
    payload: str = ""
    """What a tapped button says: free text, or ``/intent{json}``."""
    position: Position | None = None
    live: bool = False
    """The position goes on being shared; only this first point is taken."""
    file: File | None = None
    edited: bool = False
    """It replaces what was written under the same ``message_id``."""
    album: str = ""
    """What ties the pictures that were sent together: they are one message to the person."""
    reply_to: str = ""
    """Id of the message that it replies to."""
    phone: str = ""
    """The number of a shared contact; kept by nobody unless a call was asked for."""
    language: str = ""
    """IETF tag of the person's interface, where the channel tells it."""
    on: date | None = None
    """A fixed day to live in; ``None`` is the real one."""
    around: str = ""
    """Where places are looked for when nobody says where, in words: a site's own territory."""
    can_remind: bool = True
    """Whether a message can reach the person on another day."""
    by_mail: bool = False
    """On another day only an e-mail reaches them: their address is asked for."""

    @property
    def key(self) -> str:
        """Identify the message among all: the same one received twice has the same key."""
        edition = f":{self.at.timestamp():.0f}" if self.edited else ""
        tapped = f":{self.payload}" if self.kind is Kind.BUTTON else ""
        return f"{self.channel}:{self.external_id}:{self.message_id}{edition}{tapped}"
