"""Updates that Telegram never sends: real ones, of every kind, with anything in place of a part."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from tests.telegram.bot_api import BOT_ID

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 2**200, 1e308, float("nan"), float("inf"), "", "x", "0",
    "\0", "\ud800", "é" * 5000, "/start", "/avis_oui{}", "~zzz", [], [None], [[]], [{}], {},
    {"id": 1}, {"id": "x"}, {"type": "private"}, {"a": {"b": {"c": []}}},
)  # fmt: skip


def real(chat: int, number: int) -> list[dict[str, Any]]:
    """Return one update's content of each kind that the bot asks for."""
    place = {"latitude": 48.1, "longitude": 2.2}
    person = {"id": chat, "is_bot": False, "first_name": "P", "language_code": "fr"}
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Passerelle"}
    where = {"id": chat, "type": "private"}

    def message(**content: Any) -> dict[str, Any]:
        return {"message_id": number, "date": 1, "chat": where, "from": person, **content}

    shown = message(
        text="?",
        reply_markup={"inline_keyboard": [[{"text": "oui", "callback_data": "/affirmer"}]]},
    )
    file = {"file_id": "f", "file_unique_id": "u", "file_size": 9, "mime_type": "audio/ogg"}
    group = {**message(text="@passerelle_bot bonjour"), "chat": {"id": -5, "type": "supergroup"}}
    contents = (
        {"text": "bonjour"},
        {"text": "/start aap"},
        {"text": "réponse", "reply_to_message": message(text="avant")},
        {"location": {**place, "live_period": 60}},
        {"venue": {"location": place, "title": "t", "address": "a"}, "location": place},
        {"photo": [{**file, "width": 1, "height": 1}], "caption": "c", "media_group_id": "7"},
        {"voice": {**file, "duration": 1}},
        {"video": {**file, "duration": 1, "width": 1, "height": 1}},
        {"document": {**file, "file_name": "n.pdf"}},
        {"sticker": {**file, "width": 1, "height": 1, "type": "regular"}},
        {"contact": {"phone_number": "+331", "first_name": "C", "user_id": chat}},
        {"poll": {"id": "1"}},
        {"new_chat_members": [person]},
    )
    member = {"user": bot, "status": "member"}
    return [
        *({"message": message(**content)} for content in contents),
        {"edited_message": message(text="corrigé", edit_date=2)},
        {"edited_message": message(location=place, edit_date=2)},
        {"callback_query": {"id": "1", "from": person, "message": shown, "data": "/affirmer"}},
        {"callback_query": {"id": "1", "from": person, "inline_message_id": "i", "data": "x"}},
        {"inline_query": {"id": "1", "from": person, "query": "metz", "offset": ""}},
        {"my_chat_member": {**message(), "old_chat_member": member, "new_chat_member": member}},
        {"message": group},
        {"message": {**group, "migrate_to_chat_id": -1005}},
    ]


def malformed(seed: int, chats: range) -> Iterator[bytes]:
    """Yield bodies without end: each real but for one to three of its parts."""
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        update = copy.deepcopy(chance.choice(real(chance.choice(chats), number)))
        update["update_id"] = number
        for _ in range(chance.choice((1, 1, 2, 3))):
            _spoil(update, chance)
        yield json.dumps(update).encode()


def _spoil(update: dict[str, Any], chance: random.Random) -> None:
    """Take something away at a random depth, or put junk in its place."""
    holder: Any = update
    while True:
        keys: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = chance.choice(keys)
        inner = holder[key]
        if isinstance(inner, dict | list) and inner and chance.random() < 0.85:
            holder = inner
            continue
        if chance.random() < 0.2:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(JUNK))
        return
