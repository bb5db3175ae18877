"""What gets one answer, or none: edits that change nothing, albums, old buttons, migrations."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.conversation import StaleButtonError
from bot.doctor import examine
from bot.store import Store, chats
from bot.store.tables import seen_messages
from tests.conversation.conftest import NOW, WORDING, StubAssistant
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import Bot

GROUP, SUPERGROUP = -700, -1_007_000_700


def edit(api: BotApi, message: dict[str, Any], **content: Any) -> None:
    changed = {**message, **content, "edit_date": message["date"] + 5}
    api.update(edited_message=changed)


async def test_an_edit_is_answered_only_when_the_words_changed(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    async with bot.running():
        first = api.says(42, "un pass à Mets")["message"]
        await api.until(lambda: len(api.texts(42)) == 1)
        edit(api, first)  # a link's preview, a reaction
        edit(api, first, text="un pass à Metz")
        await api.until(lambda: len(api.texts(42)) == 2)
        edit(api, first, text="un pass à Metz")
        edit(api, first, text="un pass à Mets")  # back to what it was: changed all the same
        api.says(42, "fin")
        await api.until(lambda: len(api.texts(42)) == 4)
    assert [text for _, text, _ in assistant.heard] == [
        "un pass à Mets",
        "un pass à Metz",
        "un pass à Mets",
        "fin",
    ]


async def test_an_edit_that_changes_nothing_after_a_restart(api: BotApi, bot: Bot) -> None:
    async with bot.running():
        first = api.says(42, "bonjour")["message"]
        await api.until(lambda: api.texts(42))
    async with bot.running():
        edit(api, first)
        api.says(42, "fin")
        await api.until(lambda: len(api.texts(42)) == 2)


async def test_what_was_said_is_kept_as_a_digest(api: BotApi, bot: Bot, store: Store) -> None:
    async with bot.running():
        api.says(42, "0612345678")
        await api.until(lambda: api.texts(42))
    with store.reading() as connection:
        [row] = connection.execute(sa.select(seen_messages))
    assert "0612345678" not in str(row)
    assert len(row.digest) == 32


def picture(number: int, **content: Any) -> dict[str, Any]:
    return {"photo": [{"file_id": f"p{number}", "file_size": 1}], "media_group_id": "77", **content}


async def test_an_album_is_one_message_to_the_person(api: BotApi, bot: Bot) -> None:
    async with bot.running():
        for number in range(3):
            api.sends(42, **picture(number))
        api.sends(42, **(picture(4) | {"media_group_id": "78"}))
        api.says(42, "fin")
        await api.until(lambda: len(api.texts(42)) == 3)
    assert [text.startswith(WORDING("image")[:20]) for text in api.texts(42)] == [True, True, False]


async def test_the_question_in_an_album_is_answered(api: BotApi, bot: Bot) -> None:
    async with bot.running():
        api.sends(42, **picture(1, caption="c'est quoi ce courrier ?"))
        api.sends(42, **picture(2))
        api.says(42, "fin")
        await api.until(lambda: len(api.texts(42)) == 2)
    assert "ce courrier" in api.texts(42)[0]


async def test_a_button_of_an_earlier_version_has_a_way_on(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    assistant.answers["/ancien_sujet"] = StaleButtonError("HTTP 410")  # type: ignore[assignment]
    async with bot.running():
        api.tap(42, "/ancien_sujet")
        await api.until(lambda: api.texts(42))
    [call] = api.of("sendMessage", 42)
    assert "trop ancien" in call.text
    assert "minute" not in call.text
    assert {button.title for button in WORDING.buttons("menu")} == set(call.buttons)


@pytest.mark.parametrize("said", ["/mesdonnees@passerelle_bot", "/MesDonnees@Passerelle_Bot"])
async def test_a_command_may_carry_the_bot_s_name(api: BotApi, bot: Bot, said: str) -> None:
    async with bot.running():
        api.says(42, said)
        await api.until(lambda: api.of("sendDocument", 42))


class Heard:
    def __init__(self) -> None:
        self.chats: list[int] = []

    def take(self, connection: sa.Connection, update: dict[str, Any], at: object) -> None:
        self.chats.append(update["message"]["chat"]["id"])


@pytest.mark.parametrize("told_by", ["old", "new"])
async def test_a_group_that_becomes_a_supergroup_is_followed(
    api: BotApi, bot: Bot, store: Store, caplog: pytest.LogCaptureFixture, told_by: str
) -> None:
    forum = Heard()
    caplog.set_level(logging.WARNING)
    moves = {
        "old": (GROUP, {"migrate_to_chat_id": SUPERGROUP}),
        "new": (SUPERGROUP, {"migrate_from_chat_id": GROUP}),
    }
    async with bot.running(forum=forum, helpdesk_chat=GROUP):
        api.says(GROUP, "avant")
        await api.until(lambda: forum.chats == [GROUP])
        chat, content = moves[told_by]
        api.sends(chat, **content)

        def followed() -> bool:
            with store.reading() as connection:
                return chats.current(connection, GROUP) == SUPERGROUP

        await api.until(followed)
        api.says(SUPERGROUP, "après")
        api.says(GROUP, "plus personne ici")
        await api.until(lambda: forum.chats == [GROUP, SUPERGROUP])
    assert str(SUPERGROUP) in caplog.text
    reference = f"sqlite:///{bot.settings.home / 'reference.sqlite'}"
    settings = replace(bot.settings, helpdesk_chat=GROUP, reference_url=reference)
    findings = await examine(settings, NOW.date())
    assert any(str(SUPERGROUP) in finding.text for finding in findings)


async def test_another_group_that_moves_is_nothing_to_us(
    api: BotApi, bot: Bot, store: Store
) -> None:
    async with bot.running(forum=Heard(), helpdesk_chat=GROUP):
        api.sends(-5, migrate_to_chat_id=-1_000_005)
        api.says(42, "fin")
        await api.until(lambda: api.texts(42))
    with store.reading() as connection:
        assert chats.current(connection, -5) == -5
