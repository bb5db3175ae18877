"""The console in a real browser: each transition, each refusal, beside Telegram's door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Page, expect

from actions.messages import Source, Text
from bot.helpdesk import housekeeping, inbox
from bot.helpdesk.tables import tickets
from bot.store import counts
from bot.store.conversation_records import note_misunderstood
from tests import clock
from tests.helpdesk.browser import hire, press, signed_in
from tests.helpdesk.conftest import Run
from tests.helpdesk.world import ANNE, World, plain

pytestmark = pytest.mark.browser

PERSON = 42
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
TITLES = {"pass_probleme": "Pass perdu, volé ou refusé", "pass_validite": "Validité d’un pass"}


def facts(topic: str, _day: date) -> Text | None:
    if topic != "pass_probleme":
        return None
    return Text(
        "Demandez à l’organisme qui vous l’a remis.",
        sources=(Source("Sénat, 2024", "https://www.senat.fr/"), Source("Sans adresse")),
    )


@pytest.fixture
async def world(run: Run) -> AsyncIterator[World]:
    async with run(with_console=True, answer_for=facts, titles=TITLES) as world:
        hire(world, "Claire", "Denis")
        hire(world, "Solène", role="supervisor")
        yield world


LIGHT, DARK = 650, 200
"""Sums of red, green and blue above which a colour is light, and below which it is dark."""

WAYS: dict[str, dict[str, Any]] = {
    "forced": {"color_scheme": "dark", "forced_colors": "active"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "light": {"color_scheme": "light", "forced_colors": "none"},
}
"""How a page may be shown; the last one stays."""


async def has_no_barrier(page: Page) -> None:
    """Check a page against WCAG 2.2 A and AA with axe, in light, dark and forced colours.

    The strict CSP keeps axe out: it runs through the browser's own debugger, not as a script of
    the page.
    """
    if await page.evaluate("typeof axe") == "undefined":
        await page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    for way, media in WAYS.items():
        await page.emulate_media(**media)
        found: dict[str, Any] = await page.evaluate(
            "async (options) => await axe.run(document, options)", WCAG
        )
        problems = [
            (violation["id"], [node["html"][:120] for node in violation["nodes"]])
            for violation in found["violations"]
        ]
        assert problems == [], (way, problems)
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], "the page is wider than the screen"


async def test_who_waits_too_long_is_first_and_marked(world: World, browser: Browser) -> None:
    await world.opens(PERSON)
    await world.opens(PERSON + 1, "Une autre question")
    long_ago = clock.now() - timedelta(hours=2)
    with world.store.begin() as connection:
        second = sa.update(tickets).where(tickets.c.id == 2)
        connection.execute(second.values(waiting_since=long_ago))
    _, claire = await signed_in(browser, world, "Claire")
    cards = claire.locator(".carte")
    await expect(cards).to_have_count(2)
    await expect(cards.nth(0)).to_contain_text("n° 2")
    await expect(cards.nth(0)).to_contain_text("en retard")
    await expect(cards.nth(1)).not_to_contain_text("en retard")
    await has_no_barrier(claire)
    with world.store.begin() as connection:
        housekeeping.keep(connection, world.parts.desk, clock.now(), timedelta(minutes=30))
    assert world.front is not None
    world.front.wake()
    await world.reads(PERSON + 1, "attend plus longtemps que prévu")
    await claire.goto("/helpdesk/demandes/2")
    await expect(claire.get_by_text("Attend depuis trop longtemps")).to_be_visible()
    await has_no_barrier(claire)


async def test_calls_to_make_are_listed_and_ticked_off(run: Run, browser: Browser) -> None:
    async with run(with_console=True, helpdesk_hours="off") as world:
        hire(world, "Claire")
        for person, number in ((PERSON, "06 12 34 56 78 le matin"), (PERSON + 1, "0698765432")):
            await world.opens(person)
            world.taps(person, "Être rappelé")
            await world.reads(person, "Écrivez votre numéro de téléphone")
            world.says(person, number)
            await world.reads(person, "pourra vous rappeler")
        _, claire = await signed_in(browser, world, "Claire", width=320)
        await claire.get_by_role("link", name="Rappels 2").click()
        cards = claire.locator(".carte")
        await expect(cards).to_have_count(2)
        await expect(cards.nth(0)).to_contain_text("06 12 34 56 78 le matin")
        await has_no_barrier(claire)
        await cards.nth(0).click()
        await has_no_barrier(claire)
        await claire.get_by_role("button", name="Rappel fait").click()
        await expect(claire.get_by_text("📞 Rappel fait.")).to_be_visible()
        await expect(claire.get_by_role("button", name="Rappel fait")).to_have_count(0)
        assert world.ticket().callback == ""
        thread = await world.thread_of(2)
        world.agent_says(ANNE, thread, "/rappele")
        await world.forum_shows(thread, "📝 Anne : 📞 Rappel fait.")
        await claire.goto("/helpdesk/demandes?vue=rappels")
        await expect(claire.get_by_text("Personne n’a demandé à être rappelé")).to_be_visible()
        await has_no_barrier(claire)


async def test_from_the_queue_to_the_end(world: World, browser: Browser) -> None:
    _, claire = await signed_in(browser, world, "Claire")
    _, denis = await signed_in(browser, world, "Denis")
    await expect(claire.get_by_text("Personne n’attend")).to_be_visible()
    world.says(PERSON, "j'ai perdu mon pass")
    await world.reads(PERSON, "Réponse sur le pass perdu")
    await world.opens(PERSON, "<b>On me l'a volé</b> & que faire ?")
    # Both doors show it, without anyone reloading.
    for page in (claire, denis):
        await expect(page.get_by_text("<b>On me l'a volé</b> & que faire ?")).to_be_visible()
    thread = await world.thread_of()

    await claire.get_by_role("link", name="n° 1").click()
    await denis.get_by_role("link", name="n° 1").click()
    await expect(
        claire.get_by_label("Contexte").get_by_text("Demandez à l’organisme")
    ).to_be_visible()
    await expect(claire.get_by_role("link", name="Sénat, 2024")).to_be_visible()
    await claire.get_by_text("Avant la demande").click()
    await expect(claire.get_by_text("Réponse sur le pass perdu.")).to_be_visible()

    await claire.get_by_role("button", name="Prendre", exact=True).click()
    await world.reads(PERSON, "je ne réponds plus jusqu'à la fin")
    await world.forum_shows(thread, "Prise par Claire")
    await expect(denis.get_by_text("suivie par Claire").first).to_be_visible()
    # The page that Denis had before still holds a form: the rules refuse it, and say why.
    await denis.get_by_label("Votre réponse").fill("Moi aussi je réponds")
    await denis.get_by_role("button", name="Envoyer").click()
    await expect(denis.get_by_role("alert")).to_contain_text("suivie par Claire")
    await expect(denis.get_by_label("Votre réponse")).to_have_value("Moi aussi je réponds")

    await claire.get_by_text("Réponses prêtes").click()
    await claire.get_by_role("button", name="Je cherche").click()
    await expect(claire.get_by_label("Votre réponse")).to_have_value(
        "Je dois vérifier avant de vous répondre. Je reviens vers vous ici même."
    )
    await claire.keyboard.press("Control+Enter")
    await world.reads(PERSON, "Je dois vérifier avant de vous répondre")
    await world.forum_shows(thread, "Claire (console) : Je dois vérifier")
    await world.state_is("answered")
    world.says(PERSON, "D'accord, j'attends")
    await expect(claire.get_by_text("D'accord, j'attends")).to_be_visible()
    await expect(claire.get_by_text("à répondre")).to_be_visible()

    note = claire.locator("#note")
    await note.fill("Voir avec le CCAS")
    await claire.get_by_role("button", name="Garder la note").click()
    await world.forum_shows(thread, "📝 Claire : Voir avec le CCAS")

    claire.on("dialog", lambda dialog: dialog.accept())
    await claire.get_by_role("button", name="Clore").click()
    await world.reads(PERSON, "Votre demande n° 1 est terminée")
    await expect(claire.get_by_text("Demande close")).to_be_visible()
    await claire.get_by_role("link", name="Closes").click()
    await claire.get_by_role("link", name="n° 1").click()
    await claire.get_by_role("button", name="Rouvrir").click()
    await world.state_is("waiting")
    said = " ".join(plain(text) for text in world.api.texts(PERSON))
    assert "Moi aussi je réponds" not in said
    assert "Voir avec le CCAS" not in said


async def test_transfer_release_and_the_supervisor(world: World, browser: Browser) -> None:
    await world.opens(PERSON)
    _, claire = await signed_in(browser, world, "Claire")
    await claire.goto("/helpdesk/demandes/1")
    await claire.get_by_role("button", name="Prendre", exact=True).click()
    await claire.get_by_label("Transférer à").select_option("Denis")
    await claire.get_by_role("button", name="Transférer").click()
    await expect(claire.get_by_text("Demande transférée")).to_be_visible()
    _, denis = await signed_in(browser, world, "Denis")
    await denis.get_by_role("link", name="Mes demandes").click()
    await expect(denis.get_by_role("link", name="n° 1")).to_be_visible()
    await claire.goto("/helpdesk/demandes/1")
    await expect(claire.get_by_role("button", name="Rendre", exact=True)).to_have_count(0)
    _, solene = await signed_in(browser, world, "Solène")
    await solene.goto("/helpdesk/demandes/1")
    await solene.get_by_role("button", name="Rendre", exact=True).click()
    await world.state_is("waiting")
    await world.reads(PERSON, "a dû s'arrêter")


async def test_what_an_agent_does_in_telegram_shows_in_the_console(
    world: World, browser: Browser
) -> None:
    await world.has_agent()
    await world.opens(PERSON)
    thread = await world.thread_of()
    _, claire = await signed_in(browser, world, "Claire")
    await claire.goto("/helpdesk/demandes/1")
    world.agent_says(ANNE, thread, "Bonjour, ici Anne")
    await expect(claire.get_by_text("Bonjour, ici Anne")).to_be_visible()
    await expect(claire.get_by_text("suivie par Anne").first).to_be_visible()
    await expect(claire.get_by_role("button", name="Prendre", exact=True)).to_have_count(0)


async def test_the_keyboard_alone(world: World, browser: Browser) -> None:
    await world.opens(41, "Première question")
    await world.opens(42, "Deuxième question")
    _, page = await signed_in(browser, world, "Claire")
    await expect(page.locator(".carte")).to_have_count(2)
    await press(page, "j")
    await press(page, "j")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/demandes/2")
    async with page.expect_navigation():
        await press(page, "p")
    await world.state_is("claimed", 2)
    await press(page, "r")
    await page.keyboard.type("Bonjour r j p")
    await page.keyboard.press("Control+Enter")
    await world.reads(42, "Bonjour r j p")
    # They can be turned off.
    await page.goto("/helpdesk/demandes/1")
    await page.get_by_text("Claire", exact=True).click()
    await page.get_by_label("Raccourcis à une touche").uncheck()
    await page.locator("h1").click()
    await press(page, "p")
    await page.goto("/helpdesk/demandes/1")
    assert world.ticket(1).state == "waiting"


async def test_search(world: World, browser: Browser) -> None:
    await world.opens(41, "On a volé mon chéquier à 100 %")
    await world.opens(42, "Une autre question")
    _, page = await signed_in(browser, world, "Claire")
    for words, found in [("chéquier", ["n° 1"]), ("100 %", ["n° 1"]), ("2", ["n° 2"]),
                         ("question", ["n° 2"]), ("_", []), ("' OR 1=1 --", [])]:  # fmt: skip
        await page.get_by_label("Chercher une demande").fill(words)
        await page.get_by_role("button", name="Chercher").click()
        await page.wait_for_url("**q=*")
        assert await page.locator(".carte b").all_text_contents() == found, words


async def test_presence_follows_the_switch(world: World, browser: Browser) -> None:
    context, page = await signed_in(browser, world, "Claire")
    await page.get_by_role("button", name="Présent").click()
    await expect(page.get_by_role("button", name="Absent")).to_be_visible()
    world.says(PERSON, "je veux parler à quelqu'un")
    await world.reads(PERSON, "personne n'est disponible")
    await page.get_by_role("button", name="Absent").click()
    await expect(page.get_by_role("button", name="Présent")).to_be_visible()
    world.says(43, "je veux parler à quelqu'un")
    await world.reads(43, "va vous répondre ici")
    await context.close()


async def test_the_inbox_takes_one_key(world: World, browser: Browser) -> None:
    world.says(PERSON, "bonjour")
    await world.api.until(lambda: world.api.texts(PERSON))
    with world.store.begin() as connection:
        for text in ("il est perdu mon bout de papier", "la meteo a metz", "jean dupont", "hop"):
            note_misunderstood(
                connection, 1, text, clock.now(), tier="refuse", intent="pass_validite",
                ranking=[{"intent": "pass_probleme", "confidence": 0.3}],
            )  # fmt: skip
    _, page = await signed_in(browser, world, "Claire")
    await page.get_by_role("link", name="Boîte").click()
    await expect(page.get_by_text("il est perdu mon bout de papier")).to_be_visible()
    await has_no_barrier(page)
    for key, following in [("2", "la meteo a metz"), ("h", "jean dupont"), ("x", "hop")]:
        await press(page, key)
        await expect(page.locator(".question blockquote")).to_have_text(following)
    await press(page, "z")
    await expect(page.locator(".question blockquote")).to_have_text("jean dupont")
    await press(page, "x")
    await expect(page.locator(".question blockquote")).to_have_text("hop")
    await page.get_by_label("Un autre sujet").select_option("pass_validite")
    await page.get_by_role("button", name="C’est ce sujet").click()
    await expect(page.get_by_text("La boîte est vide")).to_be_visible()
    with world.store.reading() as connection:
        assert inbox.candidates(connection) == [
            ("hors_sujet", "la meteo a metz"),
            ("pass_probleme", "il est perdu mon bout de papier"),
            ("pass_validite", "hop"),
        ]


async def test_the_console_is_dark_where_that_is_wanted_and_light_on_paper(
    world: World, browser: Browser
) -> None:
    await world.opens(PERSON)
    _, page = await signed_in(browser, world, "Claire")
    for path in ("/helpdesk/demandes", "/helpdesk/demandes/1", "/helpdesk/chiffres"):
        await page.goto(path)
        seen = {}
        for name, media in {
            "light": {"color_scheme": "light"},
            "dark": {"color_scheme": "dark"},
            "paper": {"color_scheme": "dark", "media": "print"},
        }.items():
            await page.emulate_media(**{"media": "screen", **media})  # type: ignore[arg-type]
            seen[name] = await page.evaluate(
                """() => ["body", "main .fiche, main .carte"].map((one) => {
                    const style = getComputedStyle(document.querySelector(one));
                    return [style.backgroundColor, style.color].map((colour) =>
                        colour.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b));
                })"""
            )
        for (paper_light, ink_light), (paper_dark, ink_dark), (_, ink_paper) in zip(
            *seen.values(), strict=True
        ):
            assert (paper_light > LIGHT, ink_light < DARK) == (True, True), path
            assert (ink_dark > LIGHT, paper_dark < DARK) == (True, True), path
            assert ink_paper == ink_light, "what is printed is dark on white"


async def test_a_photo_is_shown_and_a_document_downloaded(run: Run, browser: Browser) -> None:
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489".replace(" ", "")
        + "0000000d49444154789c6360f8cf50000003010100 18dd8db00000000049454e44ae426082".replace(
            " ", ""
        )
    )

    async def fetch(reference: str) -> bytes:
        return {"p1": png, "d1": b"<script>alert(1)</script>"}[reference]

    async with run(with_console=True, fetch_file=fetch) as world:
        hire(world, "Claire")
        await world.opens(PERSON)
        world.api.sends(
            PERSON, photo=[{"file_id": "p1", "file_unique_id": "u", "width": 1, "height": 1}]
        )
        page_file = {"file_id": "d1", "file_unique_id": "v", "file_name": "a.html"}
        world.api.sends(PERSON, document={**page_file, "mime_type": "text/html"})
        await world.api.until(lambda: len(world.said_on()) == 3)
        _, page = await signed_in(browser, world, "Claire")
        await page.goto("/helpdesk/demandes/1")
        await expect(page.get_by_alt_text("Photo envoyée")).to_be_visible()
        async with page.expect_download() as download:
            await page.get_by_role("link", name="a.html").click()
        assert (await download.value).suggested_filename == "a.html"


@pytest.mark.parametrize("width", [1280, 320])
async def test_every_page_can_be_used_by_everyone(
    world: World, browser: Browser, width: int
) -> None:
    await world.opens(
        PERSON, "Une question assez longue pour tenir sur plusieurs lignes d'un petit écran"
    )
    with world.store.begin() as connection:
        for outcome in ("answer", "answer", "refuse", "handoff"):
            counts.add_turn(connection, clock.now().date(), "pass_probleme", outcome)
    context = await browser.new_context(
        viewport={"width": width, "height": 700}, base_url=world.console
    )
    page = await context.new_page()
    await page.goto("/helpdesk/connexion")
    await has_no_barrier(page)
    await page.get_by_label("Nom").fill("Claire")
    await page.get_by_label("Mot de passe").fill("faux")
    await page.get_by_role("button", name="Se connecter").click()
    await expect(page.get_by_role("alert")).to_be_focused()
    await has_no_barrier(page)
    await context.close()
    _, page = await signed_in(browser, world, "Claire", width=width, height=700)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    await has_no_barrier(page)
    await page.goto("/helpdesk/demandes/1")
    await has_no_barrier(page)
    await page.get_by_role("button", name="Prendre", exact=True).click()
    await expect(page.get_by_role("button", name="Rendre", exact=True)).to_be_visible()
    await page.get_by_label("Votre réponse").fill("Bonjour")
    await page.get_by_role("button", name="Envoyer").click()
    await expect(page.locator("#messages").get_by_text("Bonjour")).to_be_visible()
    await page.locator("#note").fill("Une note")
    await page.get_by_role("button", name="Garder la note").click()
    await expect(page.locator("#messages").get_by_text("Une note")).to_be_visible()
    await has_no_barrier(page)
    await page.goto("/helpdesk/demandes/999")
    await has_no_barrier(page)
    await page.goto("/helpdesk/demandes?vue=closes")
    await has_no_barrier(page)
    await page.goto("/helpdesk/chiffres")
    await page.get_by_text("Voir le tableau").click()
    await has_no_barrier(page)
    await page.get_by_text("Claire", exact=True).click()
    await has_no_barrier(page)
    assert [e for e in errors if "404" not in e] == []
