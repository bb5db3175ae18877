"""Requests and their life through Telegram, over HTTP: each transition, each refusal."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.helpdesk import forum_queue, housekeeping
from bot.helpdesk.agents import deletions
from bot.helpdesk.decision import desk_hours
from bot.helpdesk.desk_words import load_desk_words
from bot.helpdesk.tables import forum_posts, tickets
from bot.helpdesk.tickets import ticket_rows
from bot.helpdesk.tickets.states import PERSON as THE_PERSON
from bot.helpdesk.tickets.states import Move
from bot.settings import PROJECT_ROOT
from bot.store import Store
from bot.store.tables import daily_figures, feedback, outbox
from tests import clock
from tests.helpdesk.conftest import Run
from tests.helpdesk.world import ANNE, BILAL, GROUP, HUMAN, World, plain
from tests.telegram.bot_api import bad_request, blocked

PERSON = 42


async def test_from_the_question_to_the_copy(world: World) -> None:
    await world.has_agent()
    world.says(PERSON, "j'ai perdu mon pass")
    await world.reads(PERSON, "Réponse sur le pass perdu")
    world.says(PERSON, HUMAN)
    said = await world.reads(PERSON, "Une personne du service d'aide va vous répondre")
    assert "Vous êtes la prochaine personne" in said
    world.says(PERSON, "On me l'a volé hier, que faire ?")
    await world.reads(PERSON, "C'est transmis (demande n° 1)")

    thread = await world.thread_of(1)
    head = plain((await world.forum_shows(thread, "Demande n° 1")).text)
    assert "Pass perdu, volé ou refusé" in head
    assert "j'ai perdu mon pass" in head
    assert "Réponse sur le pass perdu" in head
    assert "Prénom" not in head and str(PERSON) not in head.replace("n° 1", "")
    await world.forum_shows(thread, "On me l'a volé hier")

    world.agent_says(ANNE, thread, "/prendre")
    await world.reads(PERSON, "je ne réponds plus jusqu'à la fin")
    await world.forum_shows(thread, "Prise par Anne")
    heard = len(world.assistant.heard)
    world.says(PERSON, "Il était dans mon sac")
    await world.forum_shows(thread, "Il était dans mon sac")
    world.agent_says(ANNE, thread, "Bonjour, demandez à votre CCAS.")
    await world.reads(PERSON, "Bonjour, demandez à votre CCAS.")
    await world.state_is("answered")
    world.says(PERSON, "Merci, où est-il ?")
    await world.forum_shows(thread, "Merci, où est-il ?")
    assert world.ticket().state == "claimed"
    assert len(world.assistant.heard) == heard, "the assistant spoke while a human had the floor"

    world.agent_says(ANNE, thread, "/clore")
    await world.reads(PERSON, "Votre demande n° 1 est terminée")
    await world.api.until(lambda: world.api.of("closeForumTopic", GROUP))
    world.says(PERSON, "j'ai perdu mon pass")
    await world.api.until(lambda: len(world.assistant.heard) > heard)

    world.taps(PERSON, "Recevoir une copie")
    copy = await world.reads(PERSON, "Copie de votre demande n° 1")
    assert "Vous : On me l'a volé hier" in copy
    assert "Service d'aide : Bonjour, demandez à votre CCAS." in copy
    world.taps(PERSON, "👎 Pas vraiment")
    await world.reads(PERSON, "Qu'est-ce qui a manqué")
    world.taps(PERSON, "C'était trop long")
    await world.reads(PERSON, "c'est noté. Cela nous aide")
    with world.store.reading() as connection:
        opinion = connection.execute(sa.select(feedback)).one()
        assert (opinion.about, opinion.subject, opinion.useful, opinion.reason) == (
            "help", "1", False, "tard",
        )  # fmt: skip
        counted = {
            (row.measure, row.outcome): row._mapping["count"]
            for row in connection.execute(sa.select(daily_figures))
        }
    assert counted["ticket", "open"] == 1
    assert counted["first_answer", "5 min"] == 1
    assert counted["useful", "no"] == 1
    assert world.moves() == [
        "open", "write", "submit", "claim", "write", "answer", "write", "close",
    ]  # fmt: skip


async def test_asking_twice_makes_no_second_ticket(world: World) -> None:
    await world.has_agent()
    world.says(PERSON, HUMAN)
    await world.reads(PERSON, "va vous répondre ici")
    world.says(PERSON, "Premier message")
    await world.reads(PERSON, "C'est transmis")
    world.says(PERSON, HUMAN)
    await world.reads(PERSON, "Votre demande n° 1 est déjà transmise")
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/prendre")
    await world.reads(PERSON, "a pris votre demande")
    world.says(PERSON, HUMAN)
    await world.forum_shows(thread, HUMAN)
    with world.store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tickets)).scalar() == 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"helpdesk_hours": "off"}, "fermé en ce moment"),
        ({"helpdesk_hours": "24/7"}, "personne n'est disponible"),
    ],
)
async def test_each_no_takes_a_message_and_a_way_to_be_called(run: Run, settings, words) -> None:
    async with run(**settings) as world:
        world.says(PERSON, HUMAN)
        await world.reads(PERSON, words)
        world.says(PERSON, "Je n'arrive pas à lire la date")
        await world.reads(PERSON, "C'est gardé (demande n° 1)")
        world.taps(PERSON, "Être rappelé")
        await world.reads(PERSON, "Écrivez votre numéro de téléphone")
        world.says(PERSON, "demain")
        await world.reads(PERSON, "Je ne trouve pas de numéro")
        world.says(PERSON, "06 12 34 56 78 le matin")
        await world.reads(PERSON, "06 12 34 56 78 le matin")
        assert world.ticket().callback == "06 12 34 56 78 le matin"
        thread = await world.thread_of()
        await world.forum_shows(thread, "06 12 34 56 78")
        assert world.said_on() == [("person", "Je n'arrive pas à lire la date")]


async def test_a_public_holiday_has_its_own_words(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    class EveryDay(dict):
        def get(self, _day, _default=""):
            return "Fête nationale"

    monkeypatch.setattr(desk_hours, "_holidays", lambda *_: EveryDay())
    async with run(helpdesk_hours="24/7; PH off") as world:
        world.says(PERSON, HUMAN)
        assert "Fête nationale" in await world.reads(PERSON, "c'est férié")


async def test_a_full_helpdesk_says_so(run: Run) -> None:
    async with run(helpdesk_capacity=1) as world:
        await world.has_agent()
        await world.opens(PERSON)
        world.says(43, HUMAN)
        await world.reads(43, "Beaucoup de gens attendent")
        world.says(43, "Mon message")
        await world.reads(43, "C'est gardé (demande n° 2)")


async def test_the_rank_in_the_queue(world: World) -> None:
    await world.has_agent()
    for chat, words in [(41, "la prochaine personne"), (42, "une personne avant vous"),
                        (43, "Il y a 2 personnes avant vous")]:  # fmt: skip
        world.says(chat, HUMAN)
        await world.reads(chat, words)
        world.says(chat, "Ma question")
        await world.reads(chat, "C'est transmis")
    thread = await world.thread_of(1)
    world.agent_says(ANNE, thread, "/prendre")
    await world.state_is("claimed", 1)
    world.says(43, "où en est ma demande")
    await world.reads(43, "Personne ne l'a encore prise. Il y a une personne avant vous.")


async def test_following_a_request(world: World) -> None:
    await world.has_agent()
    world.says(PERSON, "où en est ma demande")
    await world.reads(PERSON, "Vous n'avez pas de demande")
    await world.opens(PERSON)
    world.says(PERSON, "où en est ma demande")
    await world.reads(PERSON, "Personne ne l'a encore prise")
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "Bonjour")
    await world.reads(PERSON, "Bonjour")
    world.agent_says(ANNE, thread, "/clore")
    await world.reads(PERSON, "est terminée")
    world.says(PERSON, "où en est ma demande")
    await world.reads(PERSON, "Votre demande n° 1 est terminée (aujourd'hui")


async def test_changing_ones_mind_before_the_message(world: World) -> None:
    await world.has_agent()
    world.says(PERSON, HUMAN)
    await world.reads(PERSON, "va vous répondre ici")
    world.taps(PERSON, "Annuler ma demande")
    await world.reads(PERSON, "Votre demande est annulée")
    assert world.ticket().state == "closed"
    world.says(PERSON, HUMAN)
    await world.state_is("new", 2)
    world.says(PERSON, "annuler")
    await world.state_is("closed", 2)
    world.says(PERSON, HUMAN)
    await world.state_is("new", 3)
    world.api.tap(PERSON, "/annuler")
    await world.state_is("closed", 3)
    assert world.said_on(2) == []
    assert not world.api.of("createForumTopic")


async def test_withdrawing_a_request_that_waits(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    await world.thread_of()
    world.says(PERSON, "annuler ma demande")
    await world.reads(PERSON, "Votre demande est annulée")
    await world.state_is("closed", 1)
    await world.api.until(lambda: world.api.of("closeForumTopic"))


@pytest.mark.parametrize("answered", [False, True])
async def test_who_is_being_answered_can_always_stop(world: World, answered: bool) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "Bonjour." if answered else "/prendre")
    await world.state_is("answered" if answered else "claimed")
    world.says(PERSON, "stop")
    await world.reads(PERSON, "suit déjà votre demande")
    world.taps(PERSON, "Annuler ma demande")
    await world.reads(PERSON, "Votre demande est annulée")
    await world.state_is("closed")
    await world.forum_shows(thread, "Retirée par la personne")


async def test_annuler_ma_demande_works_while_an_agent_has_it(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/prendre")
    await world.state_is("claimed")
    world.says(PERSON, HUMAN)
    await world.reads(PERSON, "suit déjà votre demande")
    world.says(PERSON, "annuler ma demande")
    await world.reads(PERSON, "Votre demande est annulée")
    await world.state_is("closed")


async def test_what_is_written_long_after_an_answer_is_not_late_at_once(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "Bonjour.")
    await world.state_is("answered")
    desk, idle = world.parts.desk, timedelta(minutes=30)
    tomorrow = clock.now() + timedelta(days=1)
    with world.store.begin() as connection:
        assert housekeeping.give_back_left(connection, desk, tomorrow, idle) == 0, "nobody waits"
        ticket_rows.move(connection, 1, Move.WRITE, THE_PERSON, tomorrow)
        assert housekeeping.give_back_left(connection, desk, tomorrow + idle / 2, idle) == 0
        again = tomorrow + idle * 3 / 4
        ticket_rows.move(connection, 1, Move.WRITE, THE_PERSON, again)
        assert housekeeping.give_back_left(connection, desk, tomorrow + idle, idle) == 1, (
            "writing again does not make the wait begin again"
        )


async def test_a_topic_closed_with_telegrams_button_ends_the_request(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "Bonjour, demandez à votre CCAS.")
    await world.reads(PERSON, "Bonjour, demandez à votre CCAS.")
    world.agent_sends(ANNE, thread, forum_topic_closed={})
    await world.reads(PERSON, "est terminée")
    await world.state_is("closed")
    heard = len(world.assistant.heard)
    world.says(PERSON, "j'ai perdu mon pass")
    await world.api.until(lambda: len(world.assistant.heard) > heard)
    world.agent_sends(ANNE, thread, forum_topic_reopened={})
    await world.state_is("waiting")


async def test_a_topic_closed_by_another_agent_is_opened_again(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/prendre")
    await world.state_is("claimed")
    world.agent_sends(BILAL, thread, forum_topic_closed={})
    await world.api.until(lambda: world.api.of("reopenForumTopic", GROUP))
    assert world.ticket().state == "claimed"


async def test_a_request_that_its_agent_left_goes_back_to_the_queue(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/prendre")
    await world.state_is("claimed")
    desk, now = world.parts.desk, clock.now()
    with world.store.begin() as connection:
        assert housekeeping.give_back_left(connection, desk, now, timedelta(minutes=30)) == 0
        assert housekeeping.give_back_left(connection, desk, now, timedelta()) == 1
    await world.state_is("waiting")
    await world.reads(PERSON, "En attendant, je peux répondre à vos questions")
    await world.forum_shows(thread, "personne n'a répondu")


async def test_reopening_within_seven_days_and_no_later(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/prendre")
    await world.state_is("claimed")
    world.agent_says(ANNE, thread, "/clore")
    await world.reads(PERSON, "est terminée")
    world.taps(PERSON, "Rouvrir ma demande")
    await world.reads(PERSON, "Votre demande n° 1 est rouverte")
    await world.forum_shows(thread, "Rouverte par la personne")
    assert world.api.of("reopenForumTopic", GROUP)
    world.agent_says(ANNE, thread, "/clore")
    await world.state_is("closed")
    with world.store.begin() as connection:
        row = connection.execute(sa.select(tickets)).one()
        connection.execute(sa.update(tickets).values(closed_at=row.closed_at - timedelta(days=8)))
    world.taps(PERSON, "Rouvrir ma demande")
    await world.reads(PERSON, "terminée depuis plus de sept jours")
    assert world.ticket().state == "closed"
    world.says(PERSON, HUMAN)
    await world.state_is("new", 2)


async def test_another_agent_is_refused_and_a_transfer_lets_them(world: World) -> None:
    await world.has_agent(ANNE)
    await world.has_agent(BILAL)
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/prendre")
    await world.reads(PERSON, "a pris votre demande")
    said = len(world.api.texts(PERSON))
    world.agent_says(BILAL, thread, "Je réponds aussi")
    await world.forum_shows(
        thread, "Ce message n'est pas parti : cette demande est suivie par Anne"
    )
    world.agent_says(BILAL, thread, "/clore")
    await world.forum_shows(thread, "Cette demande est suivie par Anne.")
    world.agent_says(BILAL, thread, "/rendre")
    world.agent_says(ANNE, thread, "/transferer")
    await world.forum_shows(thread, "À qui transférer")
    await world.forum_shows(thread, "Personnes connues : Anne, Bilal")
    assert len(world.api.texts(PERSON)) == said
    world.agent_says(ANNE, thread, "/transferer bilal")
    await world.forum_shows(thread, "Transférée à Bilal par Anne")
    world.agent_says(BILAL, thread, "Me voici")
    await world.reads(PERSON, "Me voici")
    assert "Je réponds aussi" not in " ".join(world.api.texts(PERSON))


async def test_giving_back_brings_the_assistant_back(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    since = world.ticket().waiting_since
    world.agent_says(ANNE, thread, "/prendre")
    await world.state_is("claimed")
    world.agent_says(ANNE, thread, "/rendre")
    await world.reads(PERSON, "a dû s'arrêter")
    assert world.ticket().waiting_since == since
    world.says(PERSON, "j'ai perdu mon pass")
    await world.reads(PERSON, "Réponse sur le pass perdu")
    await world.forum_shows(thread, "j'ai perdu mon pass")


async def test_notes_stay_among_agents(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/note Déjà appelée lundi")
    await world.forum_shows(thread, "Note gardée")
    world.agent_says(ANNE, thread, "/note")
    await world.forum_shows(thread, "Écrivez la note après la commande")
    world.agent_says(ANNE, thread, "/clore")
    await world.reads(PERSON, "est terminée")
    world.taps(PERSON, "Recevoir une copie")
    await world.reads(PERSON, "Copie de votre demande")
    assert "lundi" not in " ".join(world.api.texts(PERSON))
    assert ("note", "Déjà appelée lundi") in world.said_on()


async def test_who_is_no_agent_gets_nothing(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    stranger = 666
    # In private, the command is one that the assistant does not know.
    world.says(stranger, "/prendre")
    await world.api.until(lambda: world.api.texts(stranger))
    # In a group of their own, with the topic's number guessed.
    other = world.api.message(-2002, text="/prendre", message_thread_id=thread,
                              is_topic_message=True)  # fmt: skip
    world.api.update(message=other)
    # As an anonymous administrator, and as a bot.
    for sender in (
        {"sender_chat": {"id": GROUP, "type": "supergroup", "title": "Aide"},
         "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"}},
        {"from": {"id": 777, "is_bot": True, "first_name": "Autre bot"}},
    ):  # fmt: skip
        message = world.api.message(GROUP, text="Voici une réponse", message_thread_id=thread,
                                    is_topic_message=True)  # fmt: skip
        world.api.update(message=message | sender)
    await world.forum_shows(thread, "pas en administrateur anonyme")
    # An agent whose account was closed.
    with world.store.begin() as connection:
        connection.execute(sa.text("UPDATE agents SET disabled = true"))
    world.agent_says(ANNE, thread, "Encore moi")
    await world.forum_shows(thread, "réservée au service d'aide")
    # Someone else's button.
    world.api.tap(stranger, '/helpdesk_copie{"ticket": 1}')
    await world.api.until(lambda: len(world.api.texts(stranger)) > 1)
    assert world.ticket().state == "waiting"
    assert not [text for text in world.api.texts(stranger) if "perdu" in text]
    assert not world.api.of("sendMessage", -2002)


async def test_files_replies_and_edits_go_both_ways(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    await world.forum_shows(thread, "Mon pass est perdu.")
    photo = world.api.sends(
        PERSON,
        photo=[{"file_id": "p1", "file_unique_id": "u1", "width": 9, "height": 9}],
        caption="le voici",
    )["message"]
    copied = await world.api.until(lambda: world.api.of("copyMessage", GROUP))
    assert int(copied[0].data["from_chat_id"]) == PERSON
    assert int(copied[0].data["message_id"]) == photo["message_id"]
    assert int(copied[0].data["message_thread_id"]) == thread
    in_group = int(copied[0].result["message_id"])

    root = world.api.message(GROUP, text="")
    replied = {**root, "message_id": in_group, "text": "…"}
    answer_id = world.agent_says(ANNE, thread, "Belle photo", reply_to_message=replied)
    await world.reads(PERSON, "Belle photo")
    answer = next(c for c in world.api.of("sendMessage", PERSON) if c.text == "Belle photo")
    assert answer.data["reply_parameters"]["message_id"] == photo["message_id"]

    world.agent_sends(ANNE, thread, edits=answer_id, text="Bonne photo")
    edited = await world.api.until(lambda: world.api.of("editMessageText", PERSON))
    assert edited[0].text == "Bonne photo"
    assert int(edited[0].data["message_id"]) == int(answer.result["message_id"])

    voice = world.agent_sends(
        ANNE, thread, voice={"file_id": "v1", "file_unique_id": "w1", "duration": 3}
    )["message"]
    sent = await world.api.until(lambda: world.api.of("copyMessage", PERSON))
    assert int(sent[0].data["message_id"]) == voice["message_id"]

    mine = world.says(
        PERSON, "Merci", reply_to_message={**root, "message_id": int(answer.result["message_id"])}
    )["message"]
    shown = await world.forum_shows(thread, "Merci")
    assert shown.data["reply_parameters"]["message_id"] == answer_id
    world.api.update(edited_message={**mine, "text": "Merci beaucoup", "edit_date": mine["date"]})
    await world.forum_shows(thread, "✏️ Merci beaucoup")
    assert ("person", "Merci beaucoup") in world.said_on()


async def test_a_deleted_topic_is_made_again(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    await world.forum_shows(thread, "Mon pass est perdu.")
    world.agent_says(ANNE, thread, "/prendre")
    await world.forum_shows(thread, "Prise par Anne")
    world.api.fail("sendMessage", bad_request("Bad Request: message thread not found"), chat=GROUP)
    world.says(PERSON, "Vous êtes là ?")
    again = await world.api.until(
        lambda: world.ticket().thread_id if world.ticket().thread_id not in (None, thread) else 0
    )
    await world.forum_shows(again, "avait été supprimé")
    history = await world.forum_shows(again, "Demande n° 1")
    assert "Mon pass est perdu." in history.text
    await world.forum_shows(again, "Vous êtes là ?")
    assert world.forum_texts(again)[-1] == "👤 Vous êtes là ?"
    world.agent_says(ANNE, again, "Oui")
    await world.reads(PERSON, "Oui")


async def test_a_copy_that_telegram_refuses_is_said(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.api.fail("copyMessage", bad_request("Bad Request: message can't be copied"), times=9)
    world.api.sends(PERSON, voice={"file_id": "v", "file_unique_id": "u", "duration": 1})
    await world.forum_shows(thread, "Un message de la personne (message vocal) n'a pas pu")
    world.says(PERSON, "et ceci ?")
    await world.forum_shows(thread, "et ceci ?")


async def test_a_blocked_bot_and_a_person_who_left_are_said(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/prendre")
    await world.reads(PERSON, "a pris votre demande")
    world.api.fail("sendMessage", blocked(), chat=PERSON)
    world.agent_says(ANNE, thread, "Bonjour")
    await world.forum_shows(thread, "Non remis : cette personne a bloqué l'assistant")
    world.api.membership(PERSON, "member")
    world.api.fail("sendMessage", bad_request("Bad Request: user is deactivated"), chat=PERSON)
    world.agent_says(ANNE, thread, "Toujours là ?")
    await world.forum_shows(thread, "Non remis : Telegram a refusé")
    world.agent_says(ANNE, thread, "Dernier essai")
    await world.reads(PERSON, "Dernier essai")


async def test_the_group_is_told_how_to_use_commands(world: World) -> None:
    world.agent_says(ANNE, None, "/prendre")
    await world.forum_shows(None, "se donne dans le sujet d'une demande")
    world.agent_says(ANNE, 999, "bonjour ?")
    await world.forum_shows(999, "n'est plus celui d'une demande")
    world.agent_says(ANNE, None, "/absent")
    await world.forum_shows(None, "noté absent")
    world.agent_says(ANNE, None, "bonjour tout le monde")
    world.says(PERSON, HUMAN)
    # Whoever writes is there again for a quarter of an hour only when acting on a ticket.
    await world.reads(PERSON, "personne n'est disponible")


async def test_forgetting_a_person_deletes_their_topic(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.says(PERSON, "/oublier")
    world.api.tap(PERSON, "/oublier_oui")
    deleted = await world.api.until(lambda: world.api.of("deleteForumTopic", GROUP))
    assert int(deleted[0].data["message_thread_id"]) == thread
    with world.store.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tickets)).scalar() == 0
    await world.reads(PERSON, "Il reste vos messages dans le groupe")
    await world.reads(PERSON, "effacés aussi du groupe")


def put_off(store: Store) -> int:
    """How often the deletion that waits was refused."""
    with store.reading() as connection:
        query = sa.select(forum_posts.c.attempts).where(forum_posts.c.kind == "delete")
        return connection.execute(query).scalar() or 0


async def test_a_topic_that_telegram_keeps_is_never_said_to_be_erased(run: Run) -> None:
    now = [clock.now()]
    refused = bad_request("not enough rights to manage forum topics")
    async with run(clock=lambda: now[0]) as world:
        await world.has_agent()
        await world.opens(PERSON)
        thread = await world.thread_of()
        world.api.fail("deleteForumTopic", refused, times=2)
        world.says(PERSON, "/oublier")
        world.api.tap(PERSON, "/oublier_oui")
        await world.reads(PERSON, "Telegram refuse pour l'instant")
        await world.forum_shows(None, f"https://t.me/c/{str(GROUP)[4:]}/{thread}")
        for number, pause in enumerate(deletions.PAUSES[:2], 1):
            await world.api.until(lambda number=number: put_off(world.store) == number)
            assert not any("Je ne garde plus rien" in text for text in world.api.texts(PERSON))
            now[0] += pause
        await world.reads(PERSON, "effacés aussi du groupe")
        said = [plain(text) for text in world.api.texts(PERSON)]
        assert sum("Telegram refuse" in text for text in said) == 1, "told once"
        with world.store.reading() as connection:
            assert not list(connection.execute(sa.select(forum_posts)))


def test_a_topic_never_deleted_is_left_to_the_agents_and_told(store: Store) -> None:
    words = load_desk_words(PROJECT_ROOT / "data" / "answers", ZoneInfo("UTC"))
    desk, now = SimpleNamespace(words=words), clock.now()
    with store.begin() as connection:
        forum_queue.put_deletion(connection, 77, now, tell="telegram:42")
        for attempt in range(len(deletions.PAUSES) + 1):
            [post] = [p for p in forum_queue.heads(connection, now) if p.kind == "delete"]
            assert post.attempts == attempt
            deletions.refused(connection, desk, post, now, GROUP)
            assert not [p for p in forum_queue.heads(connection, now) if p.kind == "delete"]
            now += timedelta(days=1)
        said = [row.body["text"] for row in connection.execute(sa.select(outbox))]
    assert ["refuse pour l" in said[0], "pas réussi" in said[1], len(said)] == [True, True, 2]


async def test_someone_is_asked_for_while_the_assistant_is_down(world: World) -> None:
    await world.has_agent()
    world.assistant.down = True
    world.says(PERSON, HUMAN)
    await world.reads(PERSON, "va vous répondre ici")
    world.says(PERSON, "Rien ne marche")
    await world.reads(PERSON, "C'est transmis")


async def test_a_name_is_shown_only_when_it_is_given(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    before = (await world.forum_shows(thread, "Demande n° 1")).text
    assert "personne " in before
    world.taps(PERSON, "Donner mon prénom")
    await world.reads(PERSON, "Comment le service d'aide peut-il vous appeler")
    world.says(PERSON, "Fatou")
    await world.reads(PERSON, "verra ce nom : Fatou")
    world.api.fail("sendMessage", bad_request("Bad Request: message thread not found"), chat=GROUP)
    world.says(PERSON, "et voilà")
    await world.api.until(lambda: world.ticket().thread_id not in (None, thread))
    again = await world.forum_shows(world.ticket().thread_id, "Demande n° 1")
    assert "Fatou" in again.text
    assert ("person", "Fatou") not in world.said_on()


async def test_the_wait_is_estimated_from_what_was_waited(world: World) -> None:
    await world.has_agent()
    for chat in range(51, 56):
        await world.opens(chat)
        thread = await world.thread_of(chat - 50)
        world.agent_says(ANNE, thread, "Bonjour")
        await world.state_is("answered", chat - 50)
    world.says(PERSON, HUMAN)
    await world.reads(PERSON, "Vous êtes la prochaine personne. Comptez environ 5 minutes.")


async def test_the_group_is_offered_its_commands(world: World) -> None:
    def offered() -> bool:
        scopes = [call.data.get("scope") for call in world.api.of("setMyCommands")]
        return any(scope.get("chat_id") == GROUP for scope in scopes if scope)

    await world.api.until(offered)
