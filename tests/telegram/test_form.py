"""What a call of the Bot API says arrives as it was said."""

from __future__ import annotations

import pytest

from bot.telegram.client import make_bot
from tests.telegram.bot_api import BotApi

EVERY = "".join(map(chr, range(1, 0x180)))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (f"<b>Médiathèque</b> & co = 100 % + «œuvre» 🙂\n{EVERY}", None),
        ("oui \ud83d", "oui ?"),  # half a character does not stop a message
    ],
)
async def test_a_text_is_read_as_it_was_said(api: BotApi, said: str, read: str | None) -> None:
    async with make_bot(api.token, api.url, 5.0) as bot:
        await bot.send_message(42, said)
    assert api.texts(42) == [read or said]
