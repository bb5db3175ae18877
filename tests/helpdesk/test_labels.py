"""What the team writes: ready answers, tags, quality; merged requests; the journal; figures."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, expect

from actions.answers.loader import load_answers
from actions.programme.facts import load_facts
from bot.helpdesk import inbox, prepared_answers
from bot.helpdesk.assembly import HelpdeskParts
from bot.helpdesk.figures.summary import summarise
from bot.helpdesk.prepared_answers import PreparedAnswerError
from bot.helpdesk.tables import forum_posts, tickets
from bot.helpdesk.tickets import labels, ticket_rows
from bot.helpdesk.tickets.states import RefusedError, State, Why
from bot.helpdesk.tickets.ticket_rows import UnknownTicketError
from bot.settings import PROJECT_ROOT
from bot.store import Store, counts
from bot.store.counts import DailyCount, Measure
from tests.clock import now
from tests.helpdesk.browser import hire, signed_in
from tests.helpdesk.conftest import Run
from tests.helpdesk.test_accounts import does, inside
from tests.helpdesk.test_console import has_no_barrier
from tests.helpdesk.test_never_muted import MONDAY, Life

PERSON = 42
SECRET = "mon secret à moi"
DATA = PROJECT_ROOT / "data"


def fact(name: str, _day: date | None = None) -> str | None:
    return {"pass.valeur_grand": "10 euros"}.get(name)


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


# Ready answers.


def test_variables_are_filled_and_what_is_unknown_is_to_be_completed() -> None:
    text = "À {commune}, le {jour} : {fait pass.valeur_grand} ; { ouverture } ; {fait rien}."
    filled = prepared_answers.fill(text, {"commune": "Metz", "jour": "1er mai"}, fact)
    assert filled == "À Metz, le 1er mai : 10 euros ; [ouverture\u00a0?] ; [rien\u00a0?]."
    braces = {"commune": "{fait pass.valeur_grand}"}
    assert prepared_answers.fill("{commune}", braces, fact) == "{fait pass.valeur_grand}", (
        "filled once"
    )


@pytest.mark.parametrize(
    ("title", "text", "words"),
    [
        (" ", "Bonjour", "Titre"),
        ("T", "  ", "Texte"),
        ("T" * 61, "Bonjour", "Titre"),
        ("T", "x" * 2001, "Texte"),
        ("T", "{commmune}", "n’existe pas"),
        ("T", "{fait pass.inconnu}", "n’existe pas"),
    ],
)
def test_a_ready_answer_that_cannot_be_kept(title: str, text: str, words: str) -> None:
    with pytest.raises(PreparedAnswerError, match=words):
        prepared_answers.check(title, text, fact)


def test_every_ready_answer_of_the_data_can_be_filled(parts: HelpdeskParts) -> None:
    answers = load_answers(DATA / "answers", load_facts(DATA / "programme"), retention_days=30)
    for one in parts.desk.words.ready:
        prepared_answers.check(
            one.title, one.text, lambda name: answers.fact(name, date(2026, 11, 24))
        )
    assert answers.fact("rien.du.tout", date(2026, 11, 24)) is None
    assert any("{fait " in one.text for one in parts.desk.words.ready)


async def test_supervisors_write_them_and_agents_use_them(
    run: Run, http: aiohttp.ClientSession
) -> None:
    async with run(with_console=True, fact=fact) as world:
        hire(world, "Claire")
        hire(world, "Solène", role="supervisor")
        await world.opens(PERSON)
        claire, solene = await inside(world, http, "Claire"), await inside(world, http, "Solène")
        form = {"titre": "La valeur", "texte": "Elle est de {fait pass.valeur_grand}. {commune}"}
        assert (await does(claire, "/reponses/0", **form))[0] == 403
        assert (await claire.asks("GET", "/reponses"))[0] == 403
        assert (await does(solene, "/reponses/0", **form))[0] == 303
        status, page = await does(solene, "/reponses/0", **form)
        assert (status, "a déjà ce titre" in page) == (409, True)
        _, page, _ = await claire.asks("GET", "/demandes/1")
        assert "Elle est de 10 euros. [commune\u00a0?]" in page
        assert (await does(solene, "/reponses/1", **{**form, "texte": "Autre"}))[0] == 303
        _, page, _ = await claire.asks("GET", "/demandes/1")
        assert 'data-inserer="Autre"' in page
        assert (await does(solene, "/reponses/1", faire="retirer"))[0] == 303
        _, page, _ = await claire.asks("GET", "/demandes/1")
        assert "La valeur</button>" not in page


# Tags, quality, merging.


def closed(life: Life) -> None:
    life.parts.desk.close(life.connection, life.agent, 1, life.now)


def test_quality_is_for_finished_conversations_is_counted_once_and_teaches(
    store: Store, parts: HelpdeskParts
) -> None:
    with store.begin() as connection:
        life = Life(parts, connection, MONDAY)
        connection.execute(
            sa.text(
                "INSERT INTO exchanges (person_id, author, text, intent, at) VALUES "
                "(1, 'person', 'mon pass au 06 12 34 56 78 ?', 'pass_valeur', :at)"
            ).bindparams(sa.bindparam("at", MONDAY, type_=tickets.c.opened_at.type))
        )
        life.comes_to(State.ANSWERED)
        with pytest.raises(RefusedError) as refused:
            labels.qualify(connection, parts.desk, life.agent, 1, "faux", at=MONDAY)
        assert refused.value.why is Why.NOT_CLOSED
        closed(life)
        for label in ("inventé", "faux", "incomplet"):
            labels.qualify(connection, parts.desk, life.agent, 1, label, at=MONDAY)
        assert labels.quality_of(connection, 1) == "incomplet"
        (question,) = inbox.waiting(connection)
        assert "06" not in question.text and question.suggestions == ("pass_valeur",)
        day = MONDAY.date()
        said = [(c.measure, c.outcome, c.count) for c in counts.read(connection, day, day)]
        assert ("quality", "faux", 1) in said
        assert not [s for s in said if s[:2] == ("quality", "incomplet")]


def test_a_persons_finished_request_is_joined_to_the_open_one(
    store: Store, parts: HelpdeskParts
) -> None:
    desk = parts.desk
    with store.begin() as connection:
        life = Life(parts, connection, MONDAY)
        life.comes_to(State.ANSWERED)
        closed(life)
        labels.tag(connection, 1, " Pass  Perdu ", life.now)
        ticket_rows.set_thread(connection, 1, 77)
        life.now += timedelta(days=9)  # too late to reopen: another one is opened
        ticket = ticket_rows.open_ticket(
            connection, life.person.id, desk.decision(connection, life.now), life.now,
            reason="demande", topic="",
        ).id  # fmt: skip
        life.writes("Encore une question")
        with pytest.raises(RefusedError):
            labels.merge(connection, desk, life.agent, ticket, ticket, at=life.now)
        with pytest.raises(RefusedError) as refused:
            labels.merge(connection, desk, life.agent, 1, ticket, at=life.now)
        assert refused.value.why is Why.NOT_CLOSED
        labels.merge(connection, desk, life.agent, ticket, 1, at=life.now)
        assert ticket_rows.find(connection, 1) is None
        said = sa.text("SELECT text FROM ticket_messages WHERE ticket_id = :n ORDER BY id")
        assert list(connection.execute(said, {"n": ticket}).scalars()) == [
            "Mon pass est perdu.", "Bonjour", "Encore une question",
        ]  # fmt: skip
        assert labels.tags_of(connection, ticket) == ("pass perdu",)
        deleted = sa.select(forum_posts.c.thread_id).where(forum_posts.c.kind == "delete")
        assert list(connection.execute(deleted).scalars()) == [77]
        with pytest.raises(UnknownTicketError):
            labels.merge(connection, desk, life.agent, ticket, 1, at=life.now)


def test_another_persons_request_is_never_joined(store: Store, parts: HelpdeskParts) -> None:
    with store.begin() as connection:
        life = Life(parts, connection, MONDAY)
        life.comes_to(State.CLOSED)
        person = connection.execute(
            sa.text(
                "INSERT INTO persons (channel, external_id, pseudonym, state_data, created_at, "
                "seen_at) SELECT channel, '43', 'autre', state_data, created_at, seen_at "
                "FROM persons RETURNING id"
            )
        ).scalar_one()
        decision = parts.desk.decision(connection, MONDAY)
        other = ticket_rows.open_ticket(
            connection, person, decision, MONDAY, reason="", topic=""
        ).id
        with pytest.raises(RefusedError) as refused:
            labels.merge(connection, parts.desk, life.agent, other, 1, at=MONDAY)
        assert refused.value.why is Why.NOT_THE_PERSON
        assert ticket_rows.find(connection, 1) is not None


def test_tags_are_few_short_and_said_once(store: Store, parts: HelpdeskParts) -> None:
    with store.begin() as connection:
        life = Life(parts, connection, MONDAY)
        life.comes_to(State.WAITING)
        for text in ("CCAS", "ccas", "  ", *(f"t{n}" for n in range(20)), "x" * 90):
            labels.tag(connection, 1, text, MONDAY)
        assert len(labels.tags_of(connection, 1)) == labels.MOST_TAGS
        labels.untag(connection, 1, "ccas", MONDAY)
        labels.tag(connection, 1, "x" * 90, MONDAY)
        assert "x" * labels.LONGEST_TAG in labels.tags_of(connection, 1)


# The journal and the figures.


async def test_the_journal_says_who_did_what_to_supervisors_alone(
    run: Run, http: aiohttp.ClientSession
) -> None:
    async with run(with_console=True) as world:
        hire(world, "Claire")
        hire(world, "Solène", role="supervisor")
        await world.opens(PERSON, SECRET)
        claire, solene = await inside(world, http, "Claire"), await inside(world, http, "Solène")
        await does(claire, "/demandes/1/repondre", texte="Réponse privée")
        await does(solene, "/equipe/inviter", nom="Farid")
        assert (await claire.asks("GET", "/journal"))[0] == 403
        status, page, _ = await solene.asks("GET", "/journal")
        assert status == 200
        assert page.index("a invité") < page.index("a répondu à la demande")
        for private in (SECRET, "Réponse privée"):
            assert private not in page
        _, page, _ = await solene.asks("GET", "/journal?avant=2020-01-01T00:00:00")
        assert "Rien ici" in page
        assert (await solene.asks("GET", "/journal?avant=n'importe"))[0] == 200


async def test_figures_are_exported_and_a_month_is_a_page(
    run: Run, http: aiohttp.ClientSession
) -> None:
    async with run(with_console=True) as world:
        hire(world, "Claire")
        await world.opens(PERSON, SECRET)
        claire = await inside(world, http, "Claire")
        await does(claire, "/demandes/1/repondre", texte="Bonjour")
        await does(claire, "/demandes/1/clore")
        status, text, headers = await claire.asks("GET", "/chiffres.csv?jours=7")
        assert status == 200 and "attachment" in headers["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
        kept = {(row["mesure"], row["issue"]): row["nombre"] for row in rows}
        assert kept["first_answer", "5 min"] == kept["resolution", "5 min"] == "1"
        assert kept["answer_hour", "5 min"] == "1"
        assert SECRET not in text
        month = f"{now():%Y-%m}"
        status, page, _ = await claire.asks("GET", f"/chiffres/mois/{month}")
        assert (status, "5 min au plus" in page) == (200, True)
        for wrong in ("2026-13", "0000-00"):
            assert (await claire.asks("GET", f"/chiffres/mois/{wrong}"))[0] == 404


def test_answers_and_ends_by_hour_and_week() -> None:
    first = date(2026, 11, 23)

    def one(measure: Measure, outcome: str, topic: str = "", day: date = first) -> DailyCount:
        return DailyCount(day, measure.value, topic, outcome, 2)

    summary = summarise(
        [
            one(Measure.ANSWER_HOUR, "5 min", "09"),
            one(Measure.ANSWER_HOUR, "4 h", "14"),
            one(Measure.ANSWER_HOUR, "plus", "14"),
            one(Measure.FIRST_ANSWER, "5 min"),
            one(Measure.FIRST_ANSWER, "1 h", day=first + timedelta(days=7)),
            one(Measure.RESOLUTION, "1 jour"),
            one(Measure.RESOLUTION, "4 h", "10", first + timedelta(days=8)),
            one(Measure.TURN, "refuse", "hors_sujet"),
            one(Measure.TURN, "refuse", "pass_valeur"),
            one(Measure.TURN, "clarify", "pass_valeur"),
            one(Measure.TURN, "answer", "pass_valeur"),
            one(Measure.TURN, "handoff", "parler_humain"),
        ],
        first,
        first + timedelta(days=10),
    )
    assert [(s.name, s.count, s.median) for s in summary.hours] == [
        ("09", 2, "5 min"), ("14", 4, "4 h"),
    ]  # fmt: skip
    assert [(s.name, s.median) for s in summary.weeks] == [("2026-48", "5 min"), ("2026-49", "1 h")]
    assert [(s.name, s.count, s.median) for s in summary.ended_hours] == [("10", 2, "4 h")]
    assert [(s.name, s.median) for s in summary.ended_weeks] == [
        ("2026-48", "1 jour"), ("2026-49", "4 h"),
    ]  # fmt: skip
    assert summary.unanswered == [("pass_valeur", 4), ("hors_sujet", 2)]
    assert (summary.median_resolution, summary.alone) == ("4 h", 0.2)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
async def test_everyone_can_use_these_pages(
    run: Run, browser: Browser, tmp_path: Path, width: int
) -> None:
    async with run(with_console=True, fact=fact) as world:
        hire(world, "Solène", role="supervisor")
        await world.opens(PERSON)
        _, page = await signed_in(browser, world, "Solène", width=width)
        page.on("dialog", lambda dialog: dialog.accept())
        await page.goto("/helpdesk/reponses")
        await page.get_by_label("Titre").first.fill("La valeur")
        await page.get_by_label("Texte").first.fill("{fait rien}")
        await page.get_by_role("button", name="Ajouter").click()
        await expect(page.get_by_role("alert")).to_contain_text("n’existe pas")
        await has_no_barrier(page)
        await page.get_by_label("Texte").first.fill("Un pass : {fait pass.valeur_grand}.")
        await page.get_by_role("button", name="Ajouter").click()
        await expect(page.get_by_text("Aujourd’hui : Un pass : 10 euros.")).to_be_visible()
        await has_no_barrier(page)
        await page.goto("/helpdesk/demandes/1")
        await page.get_by_label("Étiquette", exact=True).fill("Pass perdu")
        await page.get_by_role("button", name="Ajouter").click()
        await expect(
            page.get_by_role("button", name="Retirer l’étiquette pass perdu")
        ).to_be_visible()
        await page.get_by_text("Réponses prêtes", exact=True).click()
        await page.get_by_role("button", name="La valeur", exact=True).click()
        await expect(page.get_by_label("Votre réponse")).to_have_value("Un pass : 10 euros.")
        await page.get_by_role("button", name="Envoyer").click()
        await world.state_is("answered")
        await page.get_by_role("button", name="Clore").click()
        await world.state_is("closed")
        await page.goto("/helpdesk/demandes/1")
        await page.get_by_role("button", name="Incomplet").click()
        await expect(page.get_by_role("button", name="Incomplet", pressed=True)).to_be_visible()
        await has_no_barrier(page)
        await page.goto("/helpdesk/demandes?q=Pass perdu")
        await expect(page.locator(".carte")).to_have_count(1)
        for path in ("journal", "chiffres", f"chiffres/mois/{now():%Y-%m}", "equipe"):
            await page.goto(f"/helpdesk/{path}")
            await has_no_barrier(page)
