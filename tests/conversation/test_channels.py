"""What depends on the channel: closed, with ears, able to remind or not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from actions.messages import Button, Document, Reminder, Text
from bot.conversation import Conversation, Kind, Turn
from bot.conversation import reminders as by_mail
from bot.store import Store, channels, persons, privacy
from bot.store import outbox as parcels
from bot.store.tables import outbox, reminders
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


MAILS = {"can_remind": True, "by_mail": True}


def asked_to_remind(assistant: StubAssistant, on: str = "2026-04-01") -> None:
    cancel = (Button("Annuler", "/non"),)
    wished = Reminder("Entendu.", subject="la date limite", on=on, buttons=cancel)
    assistant.answers["rappelez"] = Turn((wished,))
    assistant.answers["/rappeler_echeance"] = Turn((Reminder("Annulé.", subject="la date limite"),))


async def test_a_reminder_by_mail_asks_where_to_write_and_waits_for_its_day(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    asked_to_remind(assistant)
    offers = (Button("Me rappeler", "/rappeler_echeance"),)
    assistant.answers["date ?"] = Turn((Text("Le 15.", buttons=offers),))
    [said] = await chat.sends(Kind.TEXT, text="date ?", **MAILS)
    assert [button.title for button in said.buttons] == ["Me rappeler"]
    said_now = await chat.says("rappelez", **MAILS)
    assert "Quelle est votre adresse e-mail" in said_now and "Entendu" not in said_now
    assert "Je ne lis pas bien" in await chat.says("jean@", **MAILS)
    noted = await chat.says("C'est Jean.Petit+a@mairie-metz.fr, merci", **MAILS)
    assert "J’écrirai à Jean.Petit+a@mairie-metz.fr le 1er" in noted
    assert rows(store, reminders) == []
    [mail] = rows(store, outbox)
    assert (mail.channel, mail.address) == ("mail", "Jean.Petit+a@mairie-metz.fr")
    assert mail.next_try_at == datetime(2026, 4, 1, 7, tzinfo=UTC), "at nine o'clock in Paris"
    assert as_seen(mail.body["subject"]) == "Rappel : la date limite"
    assert "Ce message est le seul" in mail.body["text"]
    # Asked again, by the same or by another: one mail for an address, a subject and a day.
    other = Chat(chat.conversation, "43")
    for one in (chat, other):
        await one.says("rappelez", **MAILS)
        await one.says("jean.petit+a@mairie-metz.fr", **MAILS)
    assert len(rows(store, outbox)) == 1
    # It is theirs to see, to cancel and to erase.
    with store.begin() as connection:
        person = persons.find(connection, "telegram", "42")
        assert person
        assert "mairie-metz" in json.dumps(privacy.export(connection, person), default=str)
    await chat.taps("/rappeler_echeance")
    assert rows(store, outbox) == []
    await chat.says("rappelez", **MAILS)
    await chat.says("a@b.fr", **MAILS)
    await chat.says("/oublier")
    await chat.says("oui")
    assert rows(store, outbox) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("non", "je ne vous écrirai pas"),
        ("annuler", "je ne vous écrirai pas"),
        ("où utiliser mon pass ?", "Réponse à : où utiliser mon pass ?"),
        ("je veux mourir, mon adresse est a@b.fr", "suicide"),
    ],
)
async def test_who_gives_no_address_is_answered_as_ever(
    chat: Chat, assistant: StubAssistant, store: Store, answer: str, said: str
) -> None:
    asked_to_remind(assistant)
    await chat.says("rappelez", **MAILS)
    assert said in (await chat.says(answer, **MAILS)).replace("’", "'")
    assert rows(store, outbox) == []
    assert await chat.says("a@b.fr", **MAILS) == "Réponse à : a@b.fr", "it was asked for once"


async def test_a_replayed_day_is_as_far_from_the_reminder(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    asked_to_remind(assistant, "2020-10-08")
    for text in ("rappelez", "a@b.fr"):
        await chat.says(text, on=date(2020, 10, 1), **MAILS)
    [mail] = rows(store, outbox)
    assert mail.next_try_at == datetime(2026, 3, 9, 8, tzinfo=UTC), "seven days after the question"


async def test_a_mail_that_waits_holds_no_other_to_the_same_address(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    asked_to_remind(assistant)
    await chat.says("rappelez", **MAILS)
    await chat.says("un@exemple.fr", **MAILS)
    with store.begin() as connection:
        parcels.put(connection, channel="mail", address="un@exemple.fr", body={"a": 1}, at=NOW)
        due = [
            parcels.due(connection, head.lane, NOW) for head in parcels.heads(connection, "mail")
        ]
    assert [parcel.body for parcel in due if parcel] == [{"a": 1}]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("a@b.fr", "a@b.fr"), ("mon adresse : a@b.fr.", "a@b.fr"), ("<A.B@d-e.fr>", "A.B@d-e.fr"),
        ("a@b.fr ou c@d.fr", ""), ("a@b", ""), ("@b.fr", ""), ("a@@b.fr", ""), ("a b.fr", ""),
        ("a@b.fr\r\nBcc: c@d.fr", ""), ("é@b.fr", ""), ("a@-b.fr", ""), ("", ""),
        ("a@" + "b" * 250 + ".fr", ""),
    ],
)  # fmt: skip
def test_an_address_is_read(text: str, address: str) -> None:
    assert by_mail.address_in(text) == address


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
