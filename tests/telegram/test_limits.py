"""Whatever is said, what is sent is within Telegram's limits: by construction, not by luck."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from actions.messages import (
    AskPosition,
    Button,
    Choices,
    Document,
    Line,
    Message,
    PlaceCard,
    Places,
    Sheet,
    Simulation,
    Source,
    Text,
    Venues,
)
from bot.store import conversation_records
from bot.telegram.delivery import _inline
from bot.telegram.rendering import Call, SendFile, SendText, render
from tests.conversation.conftest import WORDING
from tests.telegram.bot_api import BotApi, beyond_limits
from tests.telegram.conftest import Bot

words = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
long_words = st.builds(
    lambda word, times: word * times,
    st.text(st.sampled_from("mot é😀<&\n "), min_size=1, max_size=12),
    st.integers(1, 900),
)
texts = words | long_words
buttons = st.lists(
    st.builds(Button, texts.map(lambda text: text[:60]), texts)
    | st.builds(Button, words, url=st.sampled_from(["https://a.fr", "tel:03", ""])),
    max_size=130,
).map(tuple)
sources = st.lists(st.builds(Source, words), max_size=3).map(tuple)
places = st.lists(
    st.builds(PlaceCard, words, texts, texts, st.just(48.0), st.just(2.0), hours=texts), max_size=5
).map(tuple)
messages = st.one_of(
    st.builds(Text, texts, sources=sources, buttons=buttons),
    st.builds(Choices, texts, buttons=buttons),
    st.builds(AskPosition, texts, buttons=buttons),
    st.builds(Places, texts, places=places, notice=texts, sources=sources, buttons=buttons),
    st.builds(Venues, texts, places=places, buttons=buttons),
    st.builds(
        Simulation,
        texts,
        lines=st.lists(st.builds(Line, words, texts), max_size=4).map(tuple),
        reasons=st.lists(texts, max_size=4).map(tuple),
        buttons=buttons,
    ),
    st.builds(Sheet, texts, buttons=buttons),
    st.builds(Document, texts, filename=st.just("a.json"), content=texts, buttons=buttons),
)


def as_sent(call: Call) -> tuple[str, dict[str, Any]]:
    """Return a call as the Bot API receives it."""
    markup = _inline(call.keys)
    data: dict[str, Any] = {"reply_markup": json.loads(markup.to_json())} if markup else {}
    match call:
        case SendText():
            return "sendMessage", {**data, "text": call.html, "parse_mode": "HTML"}
        case SendFile():
            return "sendDocument", {**data, "caption": call.caption}
        case _:
            return "sendVenue", data


@given(messages, st.booleans(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_every_call_is_one_that_telegram_takes(
    message: Message, remove: bool, shares: bool
) -> None:
    for call in render(message, conversation_records.short_id, WORDING, remove, shares):
        method, data = as_sent(call)
        refused = beyond_limits(method, data)
        assert refused is None, f"{refused.description}: {call}"
        if isinstance(call, SendText):
            assert beyond_limits("sendMessage", {"text": call.plain}) is None, "as plain text too"


async def test_a_flood_in_one_chat_delays_no_other(api: BotApi, bot: Bot) -> None:
    from tests.telegram.bot_api import too_many

    api.fail("sendMessage", too_many(seconds=3600), times=99, chat=42)
    async with bot.running():
        for number in range(20):
            api.says(42, f"encore {number}")
        api.says(43, "et moi ?")
        await api.until(lambda: api.texts(43))
    assert api.texts(42) == []
