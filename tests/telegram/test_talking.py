"""A person talks with the assistant on Telegram, over real HTTP."""

from __future__ import annotations

import asyncio
import json
from datetime import date

import pytest
import sqlalchemy as sa

from actions.messages import (
    AskPosition,
    Button,
    Choices,
    PlaceCard,
    Places,
    Reminder,
    Sheet,
    Text,
    Venues,
)
from bot.conversation import Turn
from bot.conversation.reminders import send_due_reminders
from bot.store import Store
from bot.store.tables import button_payloads, incoming, outbox, persons
from bot.voice import NotHeardError
from tests.conversation.conftest import NOW, WORDING, StubAssistant
from tests.telegram.bot_api import BotApi
from tests.telegram.conftest import Bot


def rows(store: Store, table: sa.Table) -> list[sa.Row]:
    with store.reading() as connection:
        return list(connection.execute(sa.select(table).order_by(*table.primary_key)))


def settled(store: Store) -> bool:
    return not any(row.status == "pending" for t in (incoming, outbox) for row in rows(store, t))


async def test_a_question_and_its_answer(api: BotApi, bot: Bot, store: Store) -> None:
    async with bot.running():
        api.says(42, "c'est quoi le pass ?")
        await api.until(lambda: api.texts(42))
        assert api.texts(42) == ["Réponse à : c'est quoi le pass ?"]
        await api.until(lambda: settled(store))
        await api.until(lambda: not api.updates)
    [update] = rows(store, incoming)
    [parcel] = rows(store, outbox)
    assert (update.status, update.body) == ("done", {})
    assert (parcel.status, parcel.body) == ("sent", {})
    assert parcel.provider_id == str(api.of("sendMessage")[0].result["message_id"])


async def test_the_start_says_who_it_is_and_commands_are_declared(api: BotApi, bot: Bot) -> None:
    async with bot.running():
        api.says(42, "/start")
        await api.until(lambda: api.texts(42))
        call = api.of("sendMessage")[0]
        assert "Je suis une machine" in call.text and "30\u00a0jours" in call.text
        assert "Parler à quelqu’un" in call.buttons
        commands = json.loads(json.dumps(api.of("setMyCommands")[0].data["commands"]))
        assert [c["command"] for c in commands] == [
            "start",
            "aide",
            "confidentialite",
            "mesdonnees",
            "oublier",
        ]
        api.taps(42, "Trouver un lieu")
        await api.until(lambda: len(api.texts(42)) == 2)
        assert api.texts(42)[1].startswith("Réponse à : trouver un lieu")
        assert api.of("answerCallbackQuery")


async def test_each_person_in_order_and_persons_in_parallel(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    assistant.gate = asyncio.Event()
    for number in range(10):
        for person in range(1, 6):
            api.says(person, f"{person}-{number}")
    async with bot.running():
        await api.until(lambda: len(assistant.heard) == 5)
        assert {text for _, text, _ in assistant.heard} == {f"{person}-0" for person in range(1, 6)}
        assistant.gate.set()
        await api.until(lambda: len(api.of("sendMessage")) == 50)
    for person in range(1, 6):
        assert api.texts(person) == [f"Réponse à : {person}-{number}" for number in range(10)]


@pytest.mark.parametrize("how", ["stop", "cancel"])
async def test_a_stop_finishes_what_is_in_hand(
    api: BotApi, bot: Bot, assistant: StubAssistant, store: Store, how: str
) -> None:
    assistant.gate = asyncio.Event()
    assistant.answers["en cours"] = Turn((Text("un"), Text("deux")))
    async with bot.front() as front:
        running = asyncio.create_task(front.run())
        api.says(42, "en cours")
        api.says(42, "la suivante")
        await assistant.entered.wait()
        await api.until(lambda: not api.updates)
        if how == "stop":
            front.stop()
        else:
            running.cancel()
        await asyncio.sleep(0)
        assistant.gate.set()
        await asyncio.wait([running])
    assert api.texts(42) == ["un", "deux"], "what was in hand is said"
    assert [row.status for row in rows(store, incoming)] == ["done", "pending"], "the rest is kept"
    async with bot.running():
        await api.until(lambda: len(api.texts(42)) == 3)


async def test_typing_is_shown_while_the_assistant_thinks(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    assistant.gate = asyncio.Event()
    async with bot.running():
        api.says(42, "réfléchis")
        await api.until(lambda: api.of("sendChatAction", 42))
        assistant.gate.set()
        await api.until(lambda: api.texts(42))


async def test_a_long_payload_still_works_after_a_restart(
    api: BotApi, bot: Bot, assistant: StubAssistant, store: Store
) -> None:
    payload = '/trouver_lieu{"lieu": "' + "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson" * 2 + '"}'
    buttons = (Button("Court", "/aide_courte"), Button("Long", payload))
    assistant.answers["où ?"] = Turn((Choices("Lequel ?", buttons=buttons),))
    async with bot.running():
        api.says(42, "où ?")
        await api.until(lambda: api.texts(42))
    shown = api.of("sendMessage", 42)[0].buttons
    assert shown["Court"] == "/aide_courte"
    assert len(shown["Long"].encode()) <= 64
    async with bot.running():
        api.taps(42, "Long")
        await api.until(lambda: len(api.texts(42)) == 2)
    assert assistant.heard[-1][1] == payload
    with store.begin() as connection:
        connection.execute(sa.delete(button_payloads))
    async with bot.running():
        api.taps(42, "Long")
        await api.until(lambda: len(api.texts(42)) == 3)
    assert "trop ancien" in api.texts(42)[2]


async def test_sharing_a_position(
    api: BotApi, bot: Bot, assistant: StubAssistant, store: Store
) -> None:
    place = PlaceCard("1", "Médiathèque <Verlaine>", "1 rue A, Metz", 49.1, 6.1, 800, "800 m")
    found = Places("Voici :", places=(place,), buttons=(Button("Plus", "/plus_de_lieux"),))
    assistant.answers["un lieu"] = Turn((AskPosition("Où êtes-vous ?"),))
    assistant.answers["/partager_position"] = Turn((found,))
    async with bot.running():
        api.says(42, "un lieu")
        await api.until(lambda: api.texts(42))
        [[share]] = api.of("sendMessage", 42)[0].data["reply_markup"]["keyboard"]
        assert share == {"text": "Partager ma position", "request_location": True}
        api.sends(42, location={"latitude": 49.119309, "longitude": 6.175715})
        await api.until(lambda: len(api.texts(42)) == 3)
        _, merci, answer = api.of("sendMessage", 42)
        assert merci.data["reply_markup"]["remove_keyboard"] is True
        assert "<b>Médiathèque &lt;Verlaine&gt;</b>" in answer.text
        assert answer.buttons == {"Plus": "/plus_de_lieux"}
        await api.until(lambda: settled(store))
        api.says(42, "merci")
        await api.until(lambda: len(api.texts(42)) == 4)
        assert "reply_markup" not in api.of("sendMessage", 42)[3].data
    assert not rows(store, persons)[0].position_asked


async def test_the_keyboard_goes_away_with_a_plain_answer(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    assistant.answers["un lieu"] = Turn((AskPosition("Où ?", buttons=(Button("Metz", "Metz"),)),))
    async with bot.running():
        api.says(42, "un lieu")
        await api.until(lambda: len(api.texts(42)) == 2)
        assert api.of("sendMessage", 42)[1].buttons == {"Metz": "Metz"}
        api.says(42, "rien")
        await api.until(lambda: len(api.texts(42)) == 3)
    assert api.of("sendMessage", 42)[2].data["reply_markup"] == {"remove_keyboard": True}


async def test_venues_and_sheets(api: BotApi, bot: Bot, assistant: StubAssistant) -> None:
    place = PlaceCard("1", "Cyber", "1 rue A", 49.1, 6.1)
    assistant.answers["carte"] = Turn((Venues("Sur la carte :", places=(place, place)),))
    assistant.answers["fiche"] = Turn((Sheet("Voici.", request="20 000 €", on="2020-09-01"),))

    def render_sheet(request: str, on: date) -> bytes:
        if request != "20 000 €" or on != date(2020, 9, 1):
            raise ValueError(request)
        return b"%PDF-1.7 fiche"

    async with bot.running(render_sheet=render_sheet):
        api.says(42, "carte")
        await api.until(lambda: len(api.of("sendVenue", 42)) == 2)
        assert api.of("sendVenue", 42)[0].data["title"] == "Cyber"
        api.says(42, "fiche")
        [call] = await api.until(lambda: api.of("sendDocument", 42))
        assert call.data["caption"] == "Voici."
        assert call.data["document"]["content"] == b"%PDF-1.7 fiche"
    async with bot.running():
        api.says(42, "fiche")
        await api.until(lambda: "fiche" in api.texts(42)[-1])


async def test_my_data_come_as_a_file_and_can_be_erased(
    api: BotApi, bot: Bot, store: Store, assistant: StubAssistant
) -> None:
    async with bot.running():
        api.says(42, "ma question à moi")
        api.says(42, "/mesdonnees")
        [call] = await api.until(lambda: api.of("sendDocument", 42))
        kept = json.loads(call.data["document"]["content"])
        assert kept["exchanges"][0]["text"] == "ma question à moi"
        api.says(42, "/oublier")
        await api.until(lambda: len(api.texts(42)) == 2)
        api.taps(42, "Oui, tout effacer")
        await api.until(lambda: "C’est fait" in api.texts(42)[-1])
        await api.until(lambda: settled(store))
    assert rows(store, persons) == []
    assert [row.body for row in rows(store, outbox)] == [{}]
    assert len(rows(store, incoming)) == 1, "only the trace of the request itself"
    assert len(assistant.forgotten) == 1


async def test_what_is_not_a_private_chat_is_not_answered(
    api: BotApi, bot: Bot, store: Store
) -> None:
    async with bot.running():
        api.says(-100, "bonjour le groupe")
        api.sends(42, pinned_message={"message_id": 1})
        message = api.message(42, location={"latitude": 1.0, "longitude": 2.0})
        api.update(edited_message={**message, "edit_date": message["date"]})
        api.says(42, "et moi ?")
        await api.until(lambda: api.texts(42) and settled(store))
        await api.until(lambda: len(rows(store, incoming)) == 4 and settled(store))
    assert len(api.of("sendMessage")) == 1


async def test_the_agents_group_goes_to_the_forum(api: BotApi, bot: Bot) -> None:
    class Agents:
        def __init__(self) -> None:
            self.taken: list[str] = []
            self.failures = 1

        def take(self, connection: sa.Connection, update: dict, at: object) -> None:
            if self.failures:
                self.failures -= 1
                raise RuntimeError("not now")
            self.taken.append(update["message"]["text"])

    agents = Agents()
    async with bot.running(forum=agents, helpdesk_chat=-100):
        api.says(-100, "/prendre")
        api.says(-100, "bonjour")
        api.says(-200, "un autre groupe")
        await api.until(lambda: agents.taken == ["/prendre", "bonjour"])


async def test_an_edited_question_is_answered_again(api: BotApi, bot: Bot) -> None:
    async with bot.running():
        message = api.message(42, text="où a metz")
        api.update(message=message)
        api.update(edited_message={**message, "text": "où à Metz ?", "edit_date": message["date"]})
        await api.until(lambda: len(api.texts(42)) == 2)
    assert api.texts(42)[1] == "Réponse à : où à Metz ?"


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {"file_id": "v", "file_unique_id": "u", "duration": 2}},
        {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"contact": {"phone_number": "0612345678", "first_name": "A"}},
    ],
)
async def test_never_silence(api: BotApi, bot: Bot, content: dict) -> None:
    async with bot.running():
        api.sends(42, **content)
        await api.until(lambda: api.texts(42))
        assert api.of("sendMessage", 42)[0].buttons


async def test_a_voice_is_turned_into_words_where_there_are_ears(
    api: BotApi, bot: Bot, store: Store
) -> None:
    async def hear(sound: bytes) -> str:
        if sound == b"bruit":
            raise NotHeardError
        return f"entendu {sound.decode()}"

    async with bot.running(hear=hear):
        for number, (name, size) in enumerate([("mots", 9), ("bruit", 9), ("long", 10**8)], 1):
            voice = {"file_id": name, "file_unique_id": "u", "duration": 2, "file_size": size}
            api.sends(42, voice=voice)
            await api.until(lambda wanted=number + 1: len(api.texts(42)) == wanted)
        heard = api.of("sendMessage", 42)[0]
        assert "entendu mots" in heard.text
        assert list(heard.buttons) == ["Ce n’est pas ça"]
        assert api.texts(42)[1] == "Réponse à : entendu mots"
        assert all("j’ai mal entendu" in text for text in api.texts(42)[2:])
        await api.until(lambda: settled(store))


async def test_a_reminder_that_another_task_puts_in_the_outbox_leaves(
    api: BotApi, bot: Bot, assistant: StubAssistant, store: Store
) -> None:
    asked = Reminder("D'accord.", subject="la clôture", on="2026-05-01")
    assistant.answers["rappel"] = Turn((asked,))
    async with bot.running() as front:
        api.says(42, "rappel")
        await api.until(lambda: api.texts(42) == ["D'accord."] and settled(store))
        sent = await store.write(send_due_reminders, WORDING, date(2026, 5, 1), NOW)
        assert sent == 1
        front.wake()
        await api.until(lambda: len(api.texts(42)) == 2)
    assert api.texts(42)[1].endswith("la clôture.")


async def test_long_answers_are_split_with_their_buttons_last(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    long = "\n\n".join(f"Paragraphe {n}. " + "😀 mot " * 60 for n in range(30))
    assistant.answers["long"] = Turn((Text(long, buttons=(Button("Suite", "suite"),)),))
    async with bot.running():
        api.says(42, "long")
        await api.until(lambda: any(call.buttons for call in api.of("sendMessage", 42)))
    calls = api.of("sendMessage", 42)
    assert len(calls) > 1
    assert all(len(call.text.encode("utf-16-le")) // 2 <= 4096 for call in calls)
    assert [bool(call.buttons) for call in calls] == [False] * (len(calls) - 1) + [True]
    assert "".join("".join(c.text.split()) for c in calls) == "".join(long.split())
