"""A reply for opening time, and calls that people ask for: never lost, never too early."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, expect

from bot.helpdesk import delayed_replies, housekeeping, staff
from bot.helpdesk.assembly import HelpdeskParts, assemble
from bot.helpdesk.staff import Agent
from bot.helpdesk.tables import forum_posts, held_replies, ticket_messages
from bot.helpdesk.tickets.message_rows import TicketMessage
from bot.helpdesk.tickets.states import RefusedError, State, Why
from bot.store import Store
from bot.store.tables import outbox
from tests.helpdesk.browser import hire, signed_in
from tests.helpdesk.conftest import Run
from tests.helpdesk.test_console import has_no_barrier
from tests.helpdesk.test_never_muted import FRIDAY_EVENING, IDLE, Life
from tests.helpdesk.world import ANNE, BILAL, HUMAN, World, settings_for
from tests.telegram.bot_api import BotApi

PERSON = 42
HOURS = "Mo-Fr 09:00-12:30"
OPENING = datetime(2026, 11, 30, 8, tzinfo=UTC)
"""Monday at nine, in Paris."""


class Clock:
    def __init__(self) -> None:
        self.now = FRIDAY_EVENING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


@pytest.fixture
def parts(store: Store, tmp_path: Path) -> HelpdeskParts:
    return assemble(settings_for(BotApi(), tmp_path, "", helpdesk_hours=HOURS), store)


def hold(parts: HelpdeskParts, life: Life, text: str, agent: Agent | None = None) -> None:
    delayed_replies.hold(
        life.connection, parts.desk, agent or life.agent, 1, TicketMessage(text), at=life.now
    )


def keep(parts: HelpdeskParts, connection: sa.Connection, now: datetime) -> None:
    housekeeping.keep(connection, parts.desk, now, IDLE)


def answers(connection: sa.Connection) -> list[str]:
    bodies = connection.execute(sa.select(outbox.c.body)).scalars()
    return [body["text"] for body in bodies if body.get("kind") == "helpdesk_answer"]


def notes(connection: sa.Connection) -> list[str]:
    query = sa.select(ticket_messages.c.text).where(ticket_messages.c.author == "note")
    return list(connection.execute(query).scalars())


def test_a_reply_leaves_at_the_opening_once_whatever_restarts(
    store: Store, parts: HelpdeskParts, database_url: str
) -> None:
    with store.begin() as connection:
        life = Life(parts, connection, FRIDAY_EVENING)
        life.comes_to(State.WAITING)
        hold(parts, life, "Bonjour, voici la réponse.")
        assert life.state is State.WAITING
        assert life.writes("Et en attendant ?") == "assistant"
        for hours in (1, 20, 40, 60):
            keep(parts, connection, FRIDAY_EVENING + timedelta(hours=hours))
        keep(parts, connection, OPENING - timedelta(seconds=1))
        assert answers(connection) == []
    again = Store.open(database_url)
    with again.begin() as connection:
        for _ in range(2):
            keep(parts, connection, OPENING)
        assert answers(connection) == ["Bonjour, voici la réponse."]
        assert connection.execute(sa.select(held_replies)).all() == []
        assert not staff.get(connection, 1).is_present(OPENING), "nobody is there for all that"
    again.close()


def test_a_reply_missed_at_the_opening_waits_for_the_next_one(
    store: Store, parts: HelpdeskParts
) -> None:
    with store.begin() as connection:
        life = Life(parts, connection, FRIDAY_EVENING)
        life.comes_to(State.WAITING)
        hold(parts, life, "Bonjour")
        keep(parts, connection, OPENING + timedelta(hours=8))  # the machine was off all morning
        assert answers(connection) == []
        keep(parts, connection, OPENING + timedelta(days=1))
        assert answers(connection) == ["Bonjour"]


def test_only_its_author_or_a_supervisor_cancels_it(store: Store, parts: HelpdeskParts) -> None:
    with store.begin() as connection:
        life = Life(parts, connection, FRIDAY_EVENING)
        life.comes_to(State.WAITING)
        other = staff.from_telegram(connection, 502, "Bilal", life.now)
        for text in ("Une", "Deux", "Trois"):
            hold(parts, life, text)
        first, second, _ = delayed_replies.of_ticket(connection, 1)
        with pytest.raises(RefusedError) as refused:
            delayed_replies.cancel(connection, parts.desk, other, first.id, life.now)
        assert refused.value.why is Why.NOT_YOUR_REPLY
        assert "Anne" in parts.desk.refusal(connection, refused.value)
        assert delayed_replies.cancel(connection, parts.desk, life.agent, first.id, life.now)
        assert (
            delayed_replies.cancel(connection, parts.desk, life.agent, first.id, life.now) is None
        )
        chief = Agent(other.id, "Bilal", "supervisor", 502, None, False)
        assert delayed_replies.cancel(connection, parts.desk, chief, second.id, life.now)
        keep(parts, connection, OPENING)
        assert answers(connection) == ["Trois"]


@pytest.mark.parametrize("meanwhile", ["taken", "closed", "left"])
def test_what_may_not_leave_any_more_is_kept_as_a_note(
    store: Store, parts: HelpdeskParts, meanwhile: str
) -> None:
    with store.begin() as connection:
        life = Life(parts, connection, FRIDAY_EVENING)
        life.comes_to(State.WAITING)
        hold(parts, life, "Bonjour, voici.")
        other = staff.from_telegram(connection, 502, "Bilal", life.now)
        if meanwhile == "taken":
            parts.desk.claim(connection, other, 1, life.now)
        elif meanwhile == "closed":
            parts.desk.close(connection, other, 1, life.now)
        else:
            connection.execute(sa.text("UPDATE agents SET disabled = true WHERE name = 'Anne'"))
        keep(parts, connection, OPENING)
        assert answers(connection) == []
        (note,) = notes(connection)
        assert note.endswith("Bonjour, voici.")
        shown = connection.execute(sa.select(forum_posts.c.text)).scalars().all()
        assert any("pas envoyée" in text and "Bonjour, voici." in text for text in shown)


def test_it_is_refused_where_an_answer_would_be_or_when_no_opening_is_known(
    store: Store, tmp_path: Path
) -> None:
    never = assemble(settings_for(BotApi(), tmp_path, "", helpdesk_hours="off"), store)
    with store.begin() as connection:
        life = Life(never, connection, FRIDAY_EVENING)
        life.comes_to(State.WAITING)
        with pytest.raises(RefusedError) as refused:
            hold(never, life, "Bonjour")
        assert refused.value.why is Why.NO_OPENING
        never.desk.claim(connection, life.agent, 1, life.now)
        other = staff.from_telegram(connection, 502, "Bilal", life.now)
        with pytest.raises(RefusedError) as refused:
            hold(never, life, "Bonjour", other)
        assert refused.value.why is Why.TAKEN


async def test_the_forum_holds_and_cancels(run: Run) -> None:
    clock = Clock()
    async with run(clock=clock, helpdesk_hours=HOURS) as world:
        await world.opens(PERSON)
        thread = await world.thread_of()
        world.agent_says(ANNE, thread, "/ouverture")
        await world.forum_shows(thread, "Écrivez la réponse après la commande")
        world.agent_says(ANNE, thread, "/annuler_envoi")
        await world.forum_shows(thread, "Aucune réponse n'est prévue")
        world.agent_says(ANNE, thread, "/ouverture Trop vite")
        await world.forum_shows(thread, "prévue lundi 30 novembre à 9 h")
        world.agent_says(BILAL, thread, "/annuler_envoi")
        await world.forum_shows(thread, "C'est la réponse de Anne")
        world.agent_says(ANNE, thread, "/annuler_envoi")
        await world.forum_shows(thread, "Réponse prévue annulée par Anne")
        world.agent_says(ANNE, thread, "/ouverture Bonjour, venez lundi.")
        await world.forum_shows(thread, "Bonjour, venez lundi.")
        assert world.ticket().state == "waiting"
        clock.now = OPENING
        with world.store.begin() as connection:
            keep(world.parts, connection, OPENING)
        world.front.wake()
        await world.reads(PERSON, "Bonjour, venez lundi.")
        await world.forum_shows(thread, "envoyée à l'ouverture : Bonjour, venez lundi.")
        assert world.ticket().state == "answered"
        assert "Trop vite" not in " ".join(world.api.texts(PERSON))
        world.agent_says(ANNE, thread, "/ouverture Et maintenant c'est ouvert.")
        await world.reads(PERSON, "Et maintenant c'est ouvert.")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
async def test_the_console_holds_shows_and_cancels(run: Run, browser: Browser, width: int) -> None:
    async with run(clock=Clock(), helpdesk_hours=HOURS, with_console=True) as world:
        hire(world, "Claire", "Denis")
        await world.opens(PERSON)
        _, claire = await signed_in(browser, world, "Claire", width=width)
        await claire.goto("/helpdesk/demandes/1")
        await claire.get_by_label("Votre réponse").fill("Bonjour, venez lundi.")
        await claire.get_by_role("button", name="Envoyer à l’ouverture").click()
        waits = claire.locator(".prevue")
        await expect(waits).to_contain_text("partira lundi 30 novembre à 9")
        await has_no_barrier(claire)
        await claire.goto("/helpdesk/demandes")
        await expect(claire.locator(".carte")).to_contain_text("réponse prévue")
        await has_no_barrier(claire)
        _, denis = await signed_in(browser, world, "Denis", width=width)
        await denis.goto("/helpdesk/demandes/1")
        await expect(denis.locator(".prevue")).to_contain_text("Claire")
        await expect(denis.get_by_role("button", name="Annuler cet envoi")).to_have_count(0)
        await claire.goto("/helpdesk/demandes/1")
        await claire.get_by_role("button", name="Annuler cet envoi").click()
        await expect(waits).to_have_count(0)
        with world.store.reading() as connection:
            assert connection.execute(sa.select(held_replies)).all() == []


# Calls.


async def test_ticking_off_a_call_that_nobody_asked_for_is_said(world: World) -> None:
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/rappele")
    await world.forum_shows(thread, "Personne n'a demandé à être rappelé pour cette demande")
    assert world.said_on() == [("person", "Mon pass est perdu.")]


async def test_a_shared_contact_is_the_number_to_call(world: World) -> None:
    contact = {"phone_number": "+33612345678", "first_name": "Nour", "user_id": PERSON}
    world.api.sends(PERSON, contact=contact)
    await world.reads(PERSON, "je ne les garde pas")
    world.says(PERSON, HUMAN)
    await world.reads(PERSON, "personne n'est disponible")
    world.api.sends(PERSON, contact=contact)
    await world.reads(PERSON, "pourra vous rappeler (+33612345678)")
    await world.reads(PERSON, "Écrivez votre message : il sera transmis")
    world.says(PERSON, "Mon pass est perdu.")
    await world.reads(PERSON, "C'est gardé (demande n° 1)")
    thread = await world.thread_of()
    await world.forum_shows(thread, "Rappel souhaité : +33612345678")
    assert world.ticket().callback == "+33612345678"
    world.agent_says(ANNE, thread, "/rappele")
    await world.forum_shows(thread, "Rappel fait")
    world.api.sends(PERSON, contact={**contact, "phone_number": "+33698765432"})
    await world.forum_shows(thread, "📞 Rappel souhaité : +33698765432")
    assert world.ticket().state == "waiting"


async def test_a_call_can_be_asked_for_whatever_the_state(world: World) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    world.taps(PERSON, "Être rappelé")  # the desk is open, and it is offered all the same
    await world.reads(PERSON, "partager votre contact")
    world.says(PERSON, "plutôt le matin")
    await world.reads(PERSON, "Je ne trouve pas de numéro")
    world.taps(PERSON, "Répondez-moi ici")
    await world.reads(PERSON, "la réponse arrivera ici")
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "/prendre")
    await world.reads(PERSON, "a pris votre demande")
    asked = len(world.api.texts(PERSON))
    world.says(PERSON, "rappelez-moi svp")
    await world.reads(PERSON, "Écrivez votre numéro de téléphone", after=asked)
    world.says(PERSON, "vous avez bien mon dossier ?")
    await world.forum_shows(thread, "vous avez bien mon dossier ?")
    asked = len(world.api.texts(PERSON))
    world.says(PERSON, "je voudrais être rappelée")
    await world.reads(PERSON, "Écrivez votre numéro de téléphone", after=asked)
    world.says(PERSON, "06 12 34 56 78 demain")
    await world.forum_shows(thread, "📞 Rappel souhaité : 06 12 34 56 78 demain")
    assert world.ticket().callback == "06 12 34 56 78 demain"
    assert world.ticket().step == ""
