"""What a raw update of the Bot API means. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from actions.errors import PasserelleError
from bot.conversation.incoming import File, Incoming, Kind, Position
from bot.store.incoming_queue import SURPLUS, Arrival
from bot.store.persons import lane

CHANNEL = "telegram"

_EVENTS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that are kept, and answered in their chat."""

ALLOWED_UPDATES = (*_EVENTS, "inline_query")
"""The kinds of updates that are asked for."""

_FILES = {
    "voice": Kind.VOICE,
    "audio": Kind.VOICE,
    "video_note": Kind.VIDEO,
    "video": Kind.VIDEO,
    "animation": Kind.VIDEO,
    "document": Kind.DOCUMENT,
}

_SERVICE = frozenset(
    {
        "new_chat_members",
        "left_chat_member",
        "pinned_message",
        "message_auto_delete_timer_changed",
        "write_access_allowed",
        "chat_background_set",
        "connected_website",
        "users_shared",
        "chat_shared",
    }
)
"""Messages that Telegram writes: nobody waits for an answer to them."""


_ADDRESSED = re.compile(r"\A(/\w+)@\w+")
"""A command as a group's menu writes it, with the bot's name: in private it says the same."""


class NotAnUpdateError(PasserelleError):
    """What came is not an update of the Bot API."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A tapped button: Telegram waits to be told that it was received."""

    query_id: str
    data: str


@dataclass(frozen=True, slots=True)
class InlineQuery:
    """What a person types after the bot's name in another chat; it is of the moment, not kept."""

    query_id: str
    person: int
    """Who types: the id of their own chat with the bot."""
    text: str = field(repr=False)


def inline_query(update: Any) -> InlineQuery | None:
    """Return the inline query of an update, if it is one and of its shape."""
    query = update.get("inline_query") if isinstance(update, dict) else None
    if not isinstance(query, dict) or not isinstance(query.get("from"), dict):
        return None
    query_id, person, text = query.get("id"), query["from"].get("id"), query.get("query")
    if not isinstance(query_id, str) or not _is_id(person) or not isinstance(text, str):
        return None
    return InlineQuery(query_id, person, _clean(text))


def arrival(update: Any, bot: str) -> Arrival:
    """Return an update as it is kept: its unique key, and the chat that keeps its order.

    Raises:
        NotAnUpdateError: Not an object with an ``update_id``, or of a shape that Telegram's never
            have.
    """
    if not isinstance(update, dict) or not _is_id(update.get("update_id")):
        raise NotAnUpdateError("no update_id")
    try:
        clean = _clean(update)
        chat = chat_of(clean)
        kept = _shaped(clean)
    except (AttributeError, TypeError, RecursionError) as error:
        raise NotAnUpdateError("not of an update's shape") from error
    if chat is not None and not _is_id(chat.get("id")):
        raise NotAnUpdateError("no chat")
    where = str(chat["id"]) if chat else ""
    key = f"{CHANNEL}:{bot}:{kept['update_id']}"
    surplus = None
    if chat and chat.get("type") == "private":
        surplus = {"message": {"chat": {"id": chat["id"], "type": "private"}}, SURPLUS: True}
    return Arrival(key, lane(CHANNEL, where), kept, surplus)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62


def _clean(value: Any) -> Any:
    """Return what a database can hold: no half characters, no zero byte, finite numbers."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\0", "")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(_clean(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _objects(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _rows(value: Any) -> bool:
    return isinstance(value, list) and all(_objects(row) for row in value)


def _point(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    latitude, longitude = value.get("latitude"), value.get("longitude")
    return _within(latitude, 90) and _within(longitude, 180)


def _within(value: Any, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= most


_SHAPES: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(
        (
            "from", "user", "chat", "message", "reply_to_message", "venue", "contact", "sticker",
            "reply_markup", "old_chat_member", "new_chat_member", *_EVENTS, *_FILES,
        ),
        _object,
    ),
    **dict.fromkeys(
        (
            "text", "caption", "data", "type", "status", "language_code", "file_id", "file_name",
            "mime_type", "media_group_id", "title", "username", "first_name", "callback_data",
        ),
        _text,
    ),
    **dict.fromkeys(
        ("message_id", "message_thread_id", "file_size", "live_period", "migrate_to_chat_id",
         "migrate_from_chat_id"),
        _is_id,
    ),
    "location": _point,
    "photo": _objects,
    "inline_keyboard": _rows,
}  # fmt: skip
"""What the members that are read must be; others are left as they came."""


def _shaped(value: Any) -> Any:
    """Leave out what is not what Telegram says it is: the rest is read as if it were not there."""
    if isinstance(value, dict):
        return {
            name: _shaped(item)
            for name, item in value.items()
            if name not in _SHAPES or _SHAPES[name](item)
        }
    if isinstance(value, list):
        return [_shaped(item) for item in value]
    return value


def chat_of(update: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the chat that an update belongs to."""
    event = _event(update)
    if event is None:
        return None
    if "callback_query" in update:
        event = event.get("message") or {}
        if not event:  # an inline message's button: not ours
            return None
    chat = event.get("chat")
    return chat if isinstance(chat, dict) else None


def migration(update: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return the old and the new id of a group that became a supergroup, where one is told."""
    message = update.get("message")
    chat = chat_of(update)
    if not isinstance(message, dict) or chat is None:
        return None
    here, new, old = (
        chat.get("id"), message.get("migrate_to_chat_id"), message.get("migrate_from_chat_id")
    )  # fmt: skip
    if isinstance(here, int) and isinstance(new, int):
        return here, new
    if isinstance(here, int) and isinstance(old, int):
        return old, here
    return None


def is_private(update: Mapping[str, Any]) -> bool:
    """Tell whether an update comes from a person's own chat with the bot."""
    chat = chat_of(update)
    return bool(chat and chat.get("type") == "private")


def addressed(update: Mapping[str, Any], bot: str, bot_id: int) -> bool:
    """Tell whether a group's message is said to the bot: it names it, or answers it.

    Args:
        update: The raw update.
        bot: The bot's name, without ``@``.
        bot_id: Its id.
    """
    message = update.get("message")
    if not isinstance(message, dict):
        return False
    text = str(message.get("text") or message.get("caption") or "")
    if re.search(rf"@{re.escape(bot)}(?!\w)", text, re.IGNORECASE):
        return True
    replied = message.get("reply_to_message") or {}
    return (replied.get("from") or {}).get("id") == bot_id


def reachability(update: Mapping[str, Any]) -> bool | None:
    """Return whether a person blocked the bot (false) or came back (true); else ``None``."""
    member = update.get("my_chat_member")
    if not isinstance(member, dict):
        return None
    status = (member.get("new_chat_member") or {}).get("status")
    return None if status is None else status not in ("kicked", "left")


def tap(update: Mapping[str, Any]) -> Tap | None:
    """Return the tapped button of an update, if it is one."""
    query = update.get("callback_query")
    if not isinstance(query, dict):
        return None
    return Tap(str(query.get("id", "")), str(query.get("data", "")))


def read(
    update: Mapping[str, Any], at: datetime, on: date | None = None, payload: str = ""
) -> Incoming | None:
    """Return the message of a person's update, or ``None`` when there is none to answer.

    Args:
        update: The raw update of a private chat.
        at: When it was received.
        on: A fixed day to live in.
        payload: What a tapped button says, its short id already replaced.
    """
    chat = chat_of(update)
    event = _event(update)
    if chat is None or event is None or "my_chat_member" in update:
        return None
    sender = event.get("from") or {}
    common: dict[str, Any] = {
        "channel": CHANNEL,
        "external_id": str(chat["id"]),
        "at": at,
        "on": on,
        "language": str(sender.get("language_code", "")),
    }
    if "callback_query" in update:
        message = event.get("message") or {}
        return Incoming(
            message_id=str(message.get("message_id", "")),
            kind=Kind.BUTTON,
            text=_title(message, str(event.get("data", ""))),
            payload=payload,
            **common,
        )
    if _SERVICE & event.keys() or ("edited_message" in update and "location" in event):
        # A live position moves every few seconds: its first point was answered.
        return None
    return Incoming(
        message_id=str(event.get("message_id", "")),
        edited="edited_message" in update,
        album=str(event.get("media_group_id", "")),
        reply_to=str((event.get("reply_to_message") or {}).get("message_id", "")),
        **_content(event),
        **common,
    )


def _event(update: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for name in _EVENTS:
        event = update.get(name)
        if isinstance(event, dict):
            return event
    return None


def _content(message: Mapping[str, Any]) -> dict[str, Any]:
    caption = str(message.get("caption", ""))
    if "text" in message:
        return {"kind": Kind.TEXT, "text": _ADDRESSED.sub(r"\1", str(message["text"]))}
    if "location" in message:
        # A venue too: its point is what matters.
        place = message["location"]
        position = Position(float(place["latitude"]), float(place["longitude"]))
        live = bool(place.get("live_period"))
        return {"kind": Kind.POSITION, "position": position, "live": live}
    if message.get("photo"):
        largest = message["photo"][-1]
        return {"kind": Kind.PHOTO, "text": caption, "file": _file(largest, "image/jpeg")}
    for name, kind in _FILES.items():
        if isinstance(message.get(name), dict):
            return {"kind": kind, "text": caption, "file": _file(message[name], "")}
    if "sticker" in message:
        return {"kind": Kind.STICKER, "file": _file(message["sticker"], "image/webp")}
    if isinstance(message.get("contact"), dict):
        return {"kind": Kind.CONTACT, "phone": str(message["contact"].get("phone_number", ""))}
    return {"kind": Kind.OTHER, "text": caption}


def _file(data: Mapping[str, Any], media_type: str) -> File:
    return File(
        str(data.get("file_id", "")),
        str(data.get("file_name", "")),
        str(data.get("mime_type", media_type)),
        int(data.get("file_size") or 0),
    )


def _title(message: Mapping[str, Any], data: str) -> str:
    """Return the words on the button that was tapped, as the message still shows them."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    for row in rows:
        for button in row:
            if button.get("callback_data") == data:
                return str(button.get("text", ""))
    return ""
