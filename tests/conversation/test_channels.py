"""What depends on the channel: closed, with ears, able to remind or not."""

from __future__ import annotations

from actions.messages import Button, Document, Reminder, Text
from bot.conversation import Conversation, Kind, Turn
from bot.store import Store, channels
from bot.store.tables import reminders
from tests.conversation.conftest import KEY, NOW, WORDING, Chat, StubAssistant
from tests.conversation.desk import StubDesk, say_urgent
from tests.conversation.test_conversation import rows
from tests.dialogue import as_seen


async def test_a_closed_channel_says_so_and_opens_again(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    with store.begin() as connection:
        channels.close(connection, "telegram", NOW)
        channels.close(connection, "telegram", NOW)
        channels.close(connection, "web", NOW)
    assert "fermé pour le moment" in await chat.says("un pass ?")
    assert assistant.heard == []
    assert "Voulez-vous tout effacer" in await chat.says("/oublier"), "their data stays theirs"
    assert "C’est fait" in await chat.says("oui")
    with store.begin() as connection:
        channels.reopen(connection, "telegram")
    assert await chat.says("un pass ?") == "Réponse à : un pass ?"


async def test_what_was_heard_is_shown_before_the_answer(
    chat: Chat, assistant: StubAssistant
) -> None:
    said = await chat.sends(Kind.VOICE, text=" où utiliser  mon pass ?")
    heard, answer = said
    assert as_seen(heard.text) == "J'ai entendu : « où utiliser mon pass ? »"
    assert answer.text == "Réponse à : où utiliser  mon pass ?"
    assert [button.title for button in heard.buttons] == ["Ce n’est pas ça"]
    assert assistant.heard[0][1] == "où utiliser  mon pass ?"
    assert "j’ai mal entendu" in await chat.taps(heard.buttons[0].payload)


async def test_a_voice_without_ears_is_answered_as_ever(chat: Chat) -> None:
    [said] = await chat.sends(Kind.VOICE)
    assert "Je ne peux pas écouter" in said.text


async def test_no_reminder_is_promised_where_none_can_arrive(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    offers = (Button("Me rappeler", "/rappeler_echeance"), Button("Autre", "/aide"))
    assistant.answers["date ?"] = Turn((Text("Le 15.", buttons=offers),))
    assistant.answers["rappelez"] = Turn((Reminder("Entendu.", subject="s", on="2026-04-01"),))
    [said] = await chat.sends(Kind.TEXT, text="date ?", can_remind=False)
    assert [button.title for button in said.buttons] == ["Autre"]
    assert "ne peux pas vous envoyer" in await chat.says("rappelez", can_remind=False)
    assert rows(store, reminders) == []
    assert "Entendu" in await chat.says("rappelez")
    assert len(rows(store, reminders)) == 1


async def test_a_sites_territory_reaches_the_assistant(
    chat: Chat, assistant: StubAssistant
) -> None:
    await chat.says("où utiliser mon pass ?", around="Moselle")
    await chat.says("où utiliser mon pass ?")
    assert [heard[2].get("around") for heard in assistant.heard] == ["Moselle", None]


async def test_each_channel_says_how_long_it_keeps(store: Store, assistant: StubAssistant) -> None:
    conversation = Conversation(
        store, assistant, StubDesk(), WORDING, key=KEY, retention_days=30, urgent=say_urgent,
        kept_days={"telegram": 1},
    )  # fmt: skip
    chat = Chat(conversation)
    assert "messages 1\u00a0jour," in await chat.says("/start")
    [kept] = await chat.sends(Kind.TEXT, text="/mesdonnees")
    assert isinstance(kept, Document)
    assert "après 1\u00a0jour." in kept.text
