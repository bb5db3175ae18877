"""The database fails while people write: nothing lost, nothing doubled, and they are told."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import sqlalchemy as sa

from actions.messages import Text
from bot.conversation import Turn
from bot.store import Store
from tests.conversation.conftest import WORDING, StubAssistant
from tests.databases import full_disk
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import Bot

LONG = "une longue question " * 150
"""What needs pages that a full disk does not have."""


async def test_a_full_disk_loses_nothing_and_is_told(
    api: BotApi, bot: Bot, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with bot.running():
        api.says(42, "bonjour")
        await api.until(lambda: len(api.texts(42)) == 1)
        with full_disk(store):
            for _ in range(3):
                api.says(42, LONG)
            await api.until(lambda: WORDING("base_en_panne").strip() in api.texts(42))
            assert api.updates, "not acknowledged: Telegram keeps them"
        await api.until(lambda: sum("Réponse à" in text for text in api.texts(42)) == 4)
    assert api.texts(42).count(WORDING("base_en_panne").strip()) == 1
    assert "le disque est plein" in caplog.text
    assert "longue question" not in caplog.text


async def test_an_update_is_not_blamed_for_a_full_disk(
    api: BotApi, bot: Bot, store: Store, assistant: StubAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """More failures than an update is tried: it is answered in the end, and once."""
    assistant.answers["court"] = Turn((Text(LONG * 20),), "aide", 0.9, "answer")
    async with bot.running():
        api.says(42, "bonjour")
        await api.until(lambda: len(api.texts(42)) == 1)
        with full_disk(store):
            api.says(42, "court")
            await api.until(lambda: [text for _, text, _ in assistant.heard].count("court") > 4)
        api.says(42, "fin")
        await api.until(lambda: "Réponse à : fin" in api.texts(42))
    answer = " ".join(" ".join(api.texts(42)[1:-1]).split())
    assert answer == " ".join((LONG * 20).split()), "whole, once, and nothing else"


async def test_what_telegram_has_is_not_sent_again_while_it_cannot_be_noted(
    api: BotApi, bot: Bot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, refused = True, 0
    write = Store.write

    async def not_once_sent(self: Store, work: Any, *arguments: Any, **named: Any) -> Any:
        nonlocal refused
        if failing and work.__name__ == "sent":
            refused += 1
            raise sa.exc.OperationalError("statement", {}, Exception("the disk is full"))
        return await write(self, work, *arguments, **named)

    monkeypatch.setattr(Store, "write", not_once_sent)
    logging.getLogger("bot.lanes").setLevel(logging.CRITICAL)
    async with bot.running():
        api.says(42, "bonjour")
        await api.until(lambda: refused == 3)
        assert len(api.texts(42)) == 1
        failing = False
        api.says(42, "encore là ?")
        await api.until(lambda: len(api.texts(42)) == 2)
    assert len(api.texts(42)) == 2
