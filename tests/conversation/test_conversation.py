from __future__ import annotations

import asyncio
import json
from datetime import date

import pytest
import sqlalchemy as sa

from actions.messages import Choices, Document, Handoff, Reminder, Text
from bot.conversation import Conversation, HelpRequest, Kind, Position, Turn
from bot.helpdesk import inbox
from bot.store import Store, persons
from bot.store.tables import exchanges, misunderstood, outbox
from bot.store.tables import persons as persons_table
from bot.store.tables import reminders as reminders_table
from tests.conversation.conftest import NOW, WORDING, Chat, StubAssistant
from tests.conversation.desk import StubDesk


def rows(store: Store, table: sa.Table) -> list[sa.Row]:
    with store.reading() as connection:
        return list(connection.execute(sa.select(table)))


async def test_a_question_goes_to_the_assistant_under_a_pseudonym(
    chat: Chat, assistant: StubAssistant
) -> None:
    assert await chat.says("c'est quoi le pass ?") == "Réponse à : c'est quoi le pass ?"
    who, text, metadata = assistant.heard[0]
    assert who != "42" and len(who) == 64
    assert text == "c'est quoi le pass ?"
    assert metadata["now"].startswith("2026-03-02T09:30:01")
    assert "date" not in metadata


async def test_the_day_to_live_in_is_told(chat: Chat, assistant: StubAssistant) -> None:
    await chat.says("l'appel est ouvert ?", on=date(2020, 9, 1))
    assert assistant.heard[0][2]["date"] == "2020-09-01"


async def test_a_position_is_rounded_and_never_kept(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    await chat.sends(Kind.POSITION, position=Position(49.119309, 6.175715))
    _, text, metadata = assistant.heard[0]
    assert text == "/partager_position"
    assert metadata["position"] == {"lat": 49.119, "lon": 6.176}
    for table in (exchanges, persons_table):
        assert "49.1" not in str(rows(store, table))


@pytest.mark.parametrize("failure", ["down", "handler"])
async def test_when_nothing_answers_the_person_is_told_and_offered_someone(
    chat: Chat, assistant: StubAssistant, desk: StubDesk, failure: str
) -> None:
    if failure == "down":
        assistant.down = True
    else:
        assistant.answers["un pass ?"] = Turn((Handoff("Désolé, panne.", reason="panne"),))
    said = await chat.sends(Kind.TEXT, text="un pass ?")
    assert isinstance(said[0], Choices)
    assert [button.payload for button in said[0].buttons] == ["/parler_humain"]
    assistant.down = True
    assert "Écrivez votre message" in await chat.taps("/parler_humain")
    assert "est pris" in await chat.says("Rappelez-moi au sujet de mon pass")
    assert desk.taken == [("Rappelez-moi au sujet de mon pass", "panne", "")]


async def test_a_question_after_a_failure_is_not_taken_for_a_message(
    chat: Chat, assistant: StubAssistant, desk: StubDesk
) -> None:
    assistant.answers["a"] = Turn((Handoff("Désolé.", reason="incompris"),))
    await chat.says("a")
    assert await chat.says("où utiliser mon pass ?") == "Réponse à : où utiliser mon pass ?"
    assert desk.taken == []
    assert await chat.says("oui") == "Réponse à : oui", "the offer was left behind"


async def test_yes_accepts_the_offer(chat: Chat, assistant: StubAssistant, desk: StubDesk) -> None:
    assistant.answers["a"] = Turn((Handoff("Désolé.", reason="plainte", topic="pass_cout"),))
    await chat.says("a")
    assert "Écrivez votre message" in await chat.says("Oui, merci")
    await chat.says("ça ne marche pas")
    assert desk.taken == [("ça ne marche pas", "plainte", "pass_cout")]


async def test_asking_for_someone_works_when_rasa_is_down(
    chat: Chat, assistant: StubAssistant, desk: StubDesk
) -> None:
    assistant.down = True
    assert "Écrivez votre message" in await chat.says("je veux parler à quelqu'un")
    assert "Rien n'est envoyé" in await chat.says("annuler")
    assert desk.taken == []


async def test_another_button_leaves_the_request(
    chat: Chat, assistant: StubAssistant, desk: StubDesk
) -> None:
    assistant.answers["quelqu'un ?"] = Turn((Handoff("D'accord.", reason="demande"),))
    assert "Écrivez votre message" in await chat.says("quelqu'un ?")
    assert await chat.taps("/pass_cout") == "Réponse à : /pass_cout"
    assert await chat.says("merci") == "Réponse à : merci"
    assert desk.taken == []


async def test_a_human_who_takes_over_while_the_assistant_thinks_is_not_interrupted(
    conversation: Conversation, chat: Chat, assistant: StubAssistant, store: Store, desk: StubDesk
) -> None:
    assistant.gate = asyncio.Event()
    waiting = asyncio.create_task(chat.says("ma question"))
    await assistant.entered.wait()
    with store.begin() as connection:
        person = persons.find(connection, "telegram", "42")
        assert person
        conversation._helpdesk.open(connection, person, HelpRequest("demande", NOW))
    assistant.gate.set()
    assert "est pris" in await waiting
    assert [text for text, _, _ in desk.taken] == ["ma question"]


async def test_follow_up_of_a_request(chat: Chat, assistant: StubAssistant) -> None:
    assistant.answers["et ma demande ?"] = Turn((Handoff("", reason="suivi"),))
    assert "Pas de demande" in await chat.says("et ma demande ?")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.VOICE, "écouter"),
        (Kind.PHOTO, "photos"),
        (Kind.DOCUMENT, "documents"),
        (Kind.STICKER, "écrits"),
        (Kind.CONTACT, "contacts"),
        (Kind.OTHER, "boutons"),
    ],
)
async def test_what_cannot_be_read_gets_kind_words(
    chat: Chat, assistant: StubAssistant, kind: Kind, words: str
) -> None:
    [said] = await chat.sends(kind)
    assert isinstance(said, Text)
    assert words in said.text
    assert said.buttons
    assert assistant.heard == []


async def test_a_caption_is_a_question(chat: Chat, assistant: StubAssistant) -> None:
    await chat.sends(Kind.PHOTO, text="où utiliser ce chèque ?")
    assert assistant.heard[0][1] == "où utiliser ce chèque ?"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "vide"),
        ("  \n ", "vide"),
        ("x" * 4097, "trop long"),
        ("/restart", "commande"),
        ('/trouver_lieu{"lieu": "Metz"}', "commande"),
        ("/start bonjour", "Je suis une machine"),
        ("/AIDE", "vos mots"),
    ],
)
async def test_words_that_are_no_question(
    chat: Chat, assistant: StubAssistant, text: str, words: str
) -> None:
    assert words in await chat.says(text)
    assert assistant.heard == []


@pytest.mark.parametrize("payload", ["", "/restart", "/session_start", '/back{"a": 1}', "/é"])
async def test_a_forged_button_does_not_command_rasa(
    chat: Chat, assistant: StubAssistant, payload: str
) -> None:
    assert "trop ancien" in await chat.taps(payload)
    assert assistant.heard == []


async def test_buttons_speak_rasa(chat: Chat, assistant: StubAssistant) -> None:
    await chat.taps('/trouver_lieu{"lieu": "Metz"}')
    assert assistant.heard[0][1] == '/trouver_lieu{"lieu": "Metz"}'


async def test_a_question_not_understood_is_kept_masked(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    text = "appelez le 06 12 34 56 78 svp pour le chèque"
    assistant.answers[text] = Turn(
        (Text("?"),), "pass_cout", 0.4, "clarify", ({"intent": "pass_cout", "confidence": 0.4},)
    )
    await chat.says(text)
    [kept] = rows(store, misunderstood)
    assert kept.text == "appelez le [téléphone] svp pour le chèque"
    assert kept.ranking == [{"intent": "pass_cout", "confidence": 0.4}]


async def test_what_a_person_chose_when_asked_back_is_the_first_suggestion(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    readings = ("pass_cout", "pass_valeur", "pass_obtenir")
    ranking = tuple({"intent": name, "confidence": 0.3} for name in readings)
    assistant.answers["combien"] = Turn((Text("?"),), "pass_cout", 0.3, "clarify", ranking)
    await chat.says("combien")
    await chat.taps("/aap_laureats")
    await chat.taps("/pass_valeur")
    await chat.taps("/pass_obtenir")
    with store.reading() as connection:
        [question] = inbox.waiting(connection)
    assert question.suggestions == ("pass_valeur", "pass_cout", "pass_obtenir")


async def test_a_reminder_is_kept_sent_once_and_can_be_cancelled(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    from bot.conversation.reminders import send_due_reminders

    day = date(2026, 5, 1)
    assistant.answers["rappel"] = Turn(
        (Reminder("D'accord.", subject="la clôture", on="2026-05-01"),)
    )
    assistant.answers["stop"] = Turn((Reminder("Annulé.", subject="la clôture"),))
    assert await chat.says("rappel") == "D'accord."
    await chat.says("stop")
    await chat.says("rappel")
    await chat.says("rappel")
    states = sorted(row.status for row in rows(store, reminders_table))
    assert states == ["cancelled", "cancelled", "waiting"]
    with store.begin() as connection:
        assert send_due_reminders(connection, WORDING, date(2026, 4, 30), NOW) == 0
        assert send_due_reminders(connection, WORDING, day, NOW.replace(hour=7)) == 0
        assert send_due_reminders(connection, WORDING, day, NOW) == 1
        assert send_due_reminders(connection, WORDING, day, NOW) == 0
    [parcel] = rows(store, outbox)
    assert parcel.body["text"] == "Vous m’avez demandé un rappel\u00a0: la clôture."


async def test_my_data_are_shown(chat: Chat) -> None:
    await chat.says("une question à moi")
    [said] = await chat.sends(Kind.TEXT, text="/mesdonnees")
    assert isinstance(said, Document)
    kept = json.loads(said.content)
    assert kept["exchanges"][0]["text"] == "une question à moi"
    assert kept["assistant"] == [{"text": "ce que Rasa garde"}]
    assert kept["persons"][0]["external_id"] == "42"


async def test_my_data_are_shown_in_part_when_rasa_is_down(
    chat: Chat, assistant: StubAssistant
) -> None:
    assistant.down = True
    [said] = await chat.sends(Kind.TEXT, text="/mesdonnees")
    assert "Une partie" in said.text


async def test_forgetting_takes_a_confirmation_and_reaches_everything(
    chat: Chat, assistant: StubAssistant, store: Store, desk: StubDesk
) -> None:
    await chat.says("une question à moi")
    assert "Voulez-vous tout effacer" in await chat.says("/oublier")
    assert "je n’efface rien" in await chat.taps("/oublier_non")
    await chat.says("/oublier")
    assert "C’est fait" in await chat.taps("/oublier_oui")
    assert rows(store, exchanges) == rows(store, persons_table) == []
    assert assistant.forgotten == [assistant.heard[0][0]]
    assert len(desk.forgotten) == 1


async def test_a_typed_yes_confirms_and_anything_else_does_not(
    chat: Chat, assistant: StubAssistant, store: Store
) -> None:
    await chat.says("/oublier")
    assert await chat.says("où est Metz ?") == "Réponse à : où est Metz ?"
    assert await chat.says("oui") == "Réponse à : oui"
    await chat.says("/oublier")
    assert "C’est fait" in await chat.says("Oui !")
    assert rows(store, persons_table) == []
    assert assistant.forgotten


async def test_a_forged_confirmation_only_asks(chat: Chat, store: Store) -> None:
    assert "Voulez-vous tout effacer" in await chat.taps("/oublier_oui")
    assert len(rows(store, persons_table)) == 1


async def test_forgetting_reaches_rasa_later_when_it_is_down(
    chat: Chat, assistant: StubAssistant, conversation: Conversation
) -> None:
    await chat.says("a")
    await chat.says("/oublier")
    assistant.down = True
    assert "C’est fait" in await chat.taps("/oublier_oui")
    assert assistant.forgotten == []
    assistant.down = False
    await conversation.forget_erased()
    await conversation.forget_erased()
    assert assistant.forgotten == [assistant.heard[0][0]]


async def test_an_answer_is_delivered_in_the_transaction_that_decides_it(
    conversation: Conversation, chat: Chat, store: Store
) -> None:
    def refuse(*_arguments: object) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        await conversation.receive((await _incoming(chat, "je ne suis pas gardé")), deliver=refuse)
    assert rows(store, exchanges) == []


async def _incoming(chat: Chat, text: str):
    from bot.conversation import Incoming

    return Incoming("telegram", chat.external_id, "9", Kind.TEXT, NOW, text)


async def test_danger_comes_before_the_assistant(chat: Chat, assistant: StubAssistant) -> None:
    await chat.says("mon mari me frappe")
    assert assistant.heard[-1][1] == '/urgence{"danger": "violence"}'


async def test_danger_is_answered_though_the_assistant_is_down(
    chat: Chat, assistant: StubAssistant, desk: StubDesk
) -> None:
    assistant.down = True
    assert "urgence : violence" in await chat.says("mon mari me frappe")
    await chat.says("oui")
    await chat.says("je suis dans la salle de bain")
    assert desk.taken[-1][1] == "urgence"
