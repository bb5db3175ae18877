"""The page and the button in a real Chromium: every meaning, everyone's ways of using them."""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Page, expect

from actions.messages import (
    AskPosition,
    Button,
    Choices,
    Document,
    Line,
    Message,
    PlaceCard,
    Places,
    Reminder,
    Sheet,
    Simulation,
    Source,
    Text,
    Venues,
)
from bot.conversation import Turn
from bot.store import channels
from tests import clock
from tests.dialogue import as_seen
from tests.web.conftest import Run
from tests.web.test_talking import PNG
from tests.web.world import HUMAN, World, another_site, assistant_of_tests

pytestmark = pytest.mark.browser

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PLACE = PlaceCard(
    "1", "Médiathèque <du> Saulcy", "1 rue de l’Exemple, 57000 Metz", 49.12, 6.17, 800, "800 m",
    hours="ouvert jusqu’à 18 h", phone="03 87 00 00 00", website="https://exemple.fr/",
    directions_url="https://www.openstreetmap.org/directions?to=49.12%2C6.17",
)  # fmt: skip
SOURCE = Source("Sénat, 2024", "https://www.senat.fr/questions")
MEANINGS: dict[str, Message] = {
    "texte": Text(
        "Un pass vaut 5 € ou 10 €.\n\nDeux façons :\n• ici\n• là\nVoir https://exemple.fr/a.",
        sources=(SOURCE, Source("Sans adresse")),
        buttons=(Button("Oui", "/affirmer"), Button("La carte", url="https://exemple.fr/")),
    ),
    "choix": Choices("Quelle commune ?", buttons=(Button("Metz (57)", "metz"),)),
    "position": AskPosition("Où êtes-vous ?"),
    "lieux": Places(
        "Voici 1 lieu.", places=(PLACE,), notice="Appelez avant d’y aller.", sources=(SOURCE,),
        buttons=(Button("Horaires", "/lieu_horaires"),),
    ),
    "carte": Venues("Voici la carte.", places=(PLACE,)),
    "calcul": Simulation(
        "L’État pouvait payer jusqu’à 10 257 €.", eligible="oui", max_aid_eur=10257,
        lines=(Line("Achat", "20 515 €"), Line("Aide", "10 257 €", "50 % au plus")),
        reasons=("L’appel est fermé.",), sources=(SOURCE,),
        buttons=(Button("Fiche", "/recevoir_fiche"),),
    ),
    "fiche": Sheet("Voici la fiche.", request="{}", on="2020-09-01"),
    "document": Document("Voici vos données.", filename="mes-donnees.json", content="{}"),
    "oubli": Reminder("Le rappel est annulé.", subject="s"),
}  # fmt: skip
HOST = """<!doctype html><html lang="fr"><head><title>Mairie</title><style>
* {{ color: #600060 !important; font-size: 12px; }} p {{ display: none }}</style></head>
<body><main><h1>Mairie de Metz</h1><a href="/autre">Autre page</a></main>
<script src="{root}/passerelle.js" {attributes} defer></script></body></html>"""
SHOTS = os.environ.get("PASSERELLE_SHOTS", "")
"""Where pictures of every state go, for whoever wants to look at them."""


@pytest.fixture
async def world(run: Run) -> AsyncIterator[World]:
    assistant = assistant_of_tests()
    for name, said in MEANINGS.items():
        assistant.answers[name] = Turn((said,), "aide", 0.9, "answer")

    async def hear(sound: bytes) -> str:
        return f"entendu {len(sound) > 100}"

    async with run(assistant=assistant, hear=hear) as world:
        yield world


async def opens(browser: Browser, world: World, path: str = "/", **options: Any) -> Page:
    size = options.pop("size", (900, 800))
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="fr-FR", **options
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the script failed: {error}"))
    await page.goto(world.root + path)
    return page


async def says(page: Page, text: str) -> None:
    """Write a message, and wait for the whole of its answer."""
    answers = page.locator(".message.assistant:not([data-id='0'])")
    before = await answers.count()
    await page.get_by_label("Votre question").fill(text)
    await page.keyboard.press("Enter")
    await expect(answers).not_to_have_count(before)
    await expect(page.locator(".attente")).to_be_hidden()


async def has_axe(page: Page) -> None:
    """Put axe into a page that was just opened."""
    if await page.evaluate("typeof axe") == "undefined":
        await page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))


def barriers(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (violation["id"], [node["html"][:160] for node in violation["nodes"]])
        for violation in found["violations"]
    ]


async def last_message_has_no_barrier(page: Page, name: str) -> None:
    """Check what was just said; the whole page is checked before and after."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png")
    await has_axe(page)
    message = page.locator(".message.assistant").last
    found = await message.evaluate("async (element, options) => axe.run(element, options)", WCAG)
    assert found["passes"], "something was looked at"
    assert barriers(found) == []


async def has_no_barrier(page: Page, name: str = "") -> None:
    if SHOTS and name:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png")
    await has_axe(page)
    found = await page.evaluate("async (options) => await axe.run(document, options)", WCAG)
    assert barriers(found) == []
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], "the page is wider than the screen"  # type: ignore[index]


async def test_every_meaning_is_shown(world: World, browser: Browser) -> None:
    page = await opens(browser, world)
    for name in MEANINGS:
        await says(page, name)
    log = page.get_by_role("log")
    for words in ("Un pass vaut 5 €", "Médiathèque <du> Saulcy", "800 m · 1 rue", "10 257 €"):
        await expect(log.get_by_text(words).first).to_be_visible()
    await expect(log.get_by_role("listitem").filter(has_text="ici")).to_be_visible()
    await expect(log.get_by_role("link", name="Sénat, 2024").first).to_be_visible()
    await expect(log.get_by_role("row", name="Aide 50 % au plus 10 257 €")).to_be_visible()
    place = log.get_by_role("listitem").filter(has_text="Saulcy").first
    link = place.get_by_role("link", name="Voir sur la carte (Médiathèque <du> Saulcy)")
    await expect(link).to_have_attribute(
        "href", "https://www.openstreetmap.org/?mlat=49.12000&mlon=6.17000#map=17/49.12000/6.17000"
    )
    await expect(place.get_by_role("link", name="03 87 00 00 00")).to_have_attribute(
        "href", "tel:0387000000"
    )
    async with page.expect_download() as sheet:
        await log.get_by_role("link", name="Télécharger la fiche (PDF)").click()
    assert (await sheet.value).suggested_filename == "pass-numerique.pdf"
    await log.get_by_role("button", name="Horaires").click()
    await expect(log.get_by_text("Réponse à : /lieu_horaires")).to_be_visible()


async def test_without_a_script_every_meaning_is_shown_too(world: World, browser: Browser) -> None:
    page = await opens(browser, world, java_script_enabled=False)
    for name in MEANINGS:
        await page.get_by_label("Votre question").fill(name)
        await page.get_by_role("button", name="Envoyer").click()
        assert "#m" in page.url, "the page comes back at the answer"
    await expect(page.get_by_text("Médiathèque <du> Saulcy").first).to_be_visible()
    for hidden in ("Écouter", "Utiliser ma position", "Parler"):
        await expect(page.get_by_role("button", name=hidden, exact=True)).to_have_count(0)
    await page.get_by_role("button", name="Metz (57)").click()
    await expect(page.get_by_text("Réponse à : metz")).to_be_visible()
    await page.get_by_role("button", name="Plus gros").click()
    await expect(page.get_by_role("button", name="Taille normale")).to_be_visible()
    await expect(page.locator(".passerelle.gros")).to_have_count(1)
    await page.get_by_role("button", name="Effacer", exact=True).click()
    await page.get_by_role("button", name="Oui, tout effacer").click()
    await expect(page.get_by_text("J’ai effacé")).to_be_visible()
    await expect(page.get_by_text("Saulcy")).to_have_count(0)


WAYS: dict[str, dict[str, Any]] = {
    "clair": {},
    "sombre": {"color_scheme": "dark"},
    "etroit": {"size": (320, 640)},
    "contraste": {"forced_colors": "active"},
    "calme": {"reduced_motion": "reduce", "size": (1280, 720)},
    "zoom": {"size": (450, 400), "device_scale_factor": 2},
}


@pytest.mark.parametrize("way", WAYS)
async def test_the_page_can_be_used_by_everyone(world: World, browser: Browser, way: str) -> None:
    page = await opens(browser, world, **WAYS[way])
    await has_no_barrier(page, f"page-{way}-debut")
    for name in MEANINGS:
        await says(page, name)
        await last_message_has_no_barrier(page, f"page-{way}-{name}")
    await has_no_barrier(page, f"page-{way}-fin")
    await page.get_by_role("button", name="Plus gros").click()
    await has_no_barrier(page, f"page-{way}-gros")
    await page.reload()
    await has_no_barrier(page, f"page-{way}-revenu")
    assert await page.locator(".passerelle.gros").count() == 1, "the size is remembered"
    with world.store.begin() as connection:
        channels.close(connection, "web", clock.now())
    await expect(page.get_by_role("status")).to_contain_text("fermé pour le moment")
    await page.reload()
    await has_no_barrier(page, f"page-{way}-ferme")


@pytest.mark.parametrize("way", WAYS)
async def test_the_button_can_be_used_by_everyone(world: World, browser: Browser, way: str) -> None:
    attributes = 'data-site="metz" data-couleur="#ffd400" data-titre="Besoin d’aide ?"'
    async with another_site(HOST.format(root=world.root, attributes=attributes)) as origin:
        world.add_site("metz", origin)
        await world.looks()
        world.root, root = origin, world.root
        page = await opens(browser, world, **WAYS[way])
        await has_no_barrier(page, f"bouton-{way}-ferme")
        await page.get_by_role("button", name="Besoin d’aide ?").click()
        for name in ("texte", "lieux", "calcul", "position"):
            await says(page, name)
            await has_no_barrier(page, f"bouton-{way}-{name}")
        world.root = root


async def test_the_button_on_a_sites_pages(world: World, browser: Browser) -> None:
    attributes = 'data-site="metz" data-question="Où utiliser mon pass ?" data-position="gauche"'
    strict = (
        f"default-src 'none'; script-src {world.root}; connect-src {world.root}; "
        "style-src 'unsafe-inline'"
    )
    page_text = HOST.format(root=world.root, attributes=attributes)
    async with another_site(page_text, **{"Content-Security-Policy": strict}) as origin:
        world.add_site("metz", origin)
        await world.looks()
        root, world.root = world.root, origin
        page = await opens(browser, world)
        assert await page.evaluate("document.querySelectorAll('passerelle-aide').length") == 1
        await page.get_by_role("button", name="Une question ?").click()
        panel = page.get_by_role("dialog", name="Assistant du Pass numérique")
        await expect(panel.get_by_label("Votre question")).to_be_focused()
        await expect(panel.get_by_role("heading", name="Metz")).to_be_visible()
        await panel.get_by_role("button", name="Où utiliser mon pass ?").click()
        await expect(panel.get_by_text("Réponse à : Où utiliser mon pass ?")).to_be_visible()
        await says(page, "fiche")
        async with page.expect_download() as sheet:
            await panel.get_by_role("link", name="Télécharger la fiche").click()
        assert (await sheet.value).suggested_filename == "pass-numerique.pdf"
        # The host's style does not reach it, nor the other way.
        colour = "element => getComputedStyle(element).color"
        assert await panel.get_by_text("Voici la fiche").evaluate(colour) != "rgb(96, 0, 96)"
        await expect(page.get_by_role("heading", name="Mairie de Metz")).to_be_visible()
        # On another page of the site the conversation is still there, open, focus untouched.
        await page.get_by_role("link", name="Autre page").click()
        await page.wait_for_url("**/autre")
        await expect(page.get_by_text("Réponse à : Où utiliser mon pass ?")).to_be_visible()
        assert await page.evaluate("document.activeElement.tagName") == "BODY"
        # Escape closes it and gives the focus back.
        await page.get_by_label("Votre question").focus()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(page.get_by_role("button", name="Une question ?")).to_be_focused()
        assert await page.context.cookies() == [], "no cookie of ours on their pages"
        world.root = root


async def test_a_page_that_is_not_allowed_gets_nothing(world: World, browser: Browser) -> None:
    attributes = 'data-site="metz"'
    async with (
        another_site("rien") as allowed,
        another_site(HOST.format(root=world.root, attributes=attributes)) as hostile,
    ):
        world.add_site("metz", allowed)
        await world.looks()
        root, world.root = world.root, hostile
        page = await opens(browser, world)
        await page.get_by_role("button", name="Une question ?").click()
        await expect(page.get_by_role("status")).to_contain_text("connexion")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        # Nor can it frame the page, nor send its forms with the person's cookie.
        blocked = await page.evaluate(
            """async (root) => {
                const frame = document.createElement("iframe");
                frame.src = root;
                document.body.append(frame);
                await new Promise((done) => { frame.onload = done; frame.onerror = done; });
                return frame.contentDocument === null ? "closed" : "open";
            }""",
            root,
        )
        assert blocked == "closed"
        frames = [frame for frame in page.frames if frame != page.main_frame]
        for frame in frames:
            assert "Je suis une machine" not in await frame.content()
        world.root = root


async def test_by_keyboard_alone(world: World, browser: Browser) -> None:
    page = await opens(browser, world)
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Aller à la question")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Votre question")).to_be_focused()
    await page.keyboard.type("choix")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.press("Backspace")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Quelle commune ?")).to_be_visible()
    await expect(page.get_by_label("Votre question")).to_be_focused()
    await page.get_by_role("button", name="Metz (57)").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Réponse à : metz")).to_be_visible()
    order = []
    await page.get_by_label("Votre question").focus()
    for _ in range(4):
        await page.keyboard.press("Tab")
        order.append(await page.evaluate("document.activeElement.textContent.trim()"))
    assert order == ["Envoyer", "Parler", "Plus simple", "Plus gros"]


async def test_what_a_screen_reader_hears(world: World, browser: Browser) -> None:
    page = await opens(browser, world)
    # A live region announces what is added to it: counted as a screen reader would.
    await page.evaluate(
        """() => {
            window.heard = [];
            new MutationObserver((changes) => {
                for (const node of changes.flatMap((change) => [...change.addedNodes]))
                    if (node.nodeType === 1 && node.getAttribute("aria-live") !== "off")
                        window.heard.push(node.innerText);
            }).observe(document.querySelector("[role=log]"), { childList: true });
        }"""
    )
    await says(page, "lieux")
    heard = [as_seen(text) for text in await page.evaluate("window.heard")]
    assert heard == [
        "L'assistant : Voici 1 lieu. Médiathèque <du> Saulcy 800 m · 1 rue de l'Exemple, 57000 "
        "Metz ouvert jusqu'à 18 h Tél. 03 87 00 00 00 Voir sur la carte (Médiathèque <du> Saulcy) "
        "Itinéraire (Médiathèque <du> Saulcy) Site web (Médiathèque <du> Saulcy) "
        "Appelez avant d'y aller. Source : Sénat, 2024 Horaires Écouter"
    ], "once, and nothing of what the person wrote"
    await page.reload()
    tree = await page.locator("body").aria_snapshot()
    assert as_seen(tree) == as_seen(Path(__file__).with_name("heard.yaml").read_text("utf-8"))


async def test_listening_is_asked_for(world: World, browser: Browser) -> None:
    page = await opens(browser, world)
    await page.evaluate(
        """() => {
            window.spoken = [];
            speechSynthesis.speak = (voice) => window.spoken.push([voice.lang, voice.text]);
        }"""
    )
    await says(page, "lieux")
    assert await page.evaluate("window.spoken") == []
    await page.get_by_role("button", name="Écouter").last.click()
    [[language, text]] = await page.evaluate("window.spoken")
    assert language == "fr-FR"
    assert as_seen(text).startswith("Voici 1 lieu. Médiathèque <du> Saulcy. 800 m")
    await page.get_by_role("button", name="Arrêter").click()
    await expect(page.get_by_role("button", name="Arrêter")).to_have_count(0)


async def test_a_position_is_asked_on_a_tap_only(world: World, browser: Browser) -> None:
    context = {"geolocation": {"latitude": 49.1193, "longitude": 6.1757}}
    page = await opens(browser, world, permissions=["geolocation"], **context)
    await says(page, "position")
    assert len(world.assistant.heard) == 1
    await page.get_by_role("button", name="Utiliser ma position").click()
    await expect(page.get_by_text("Réponse à : /partager_position")).to_be_visible()
    assert world.assistant.heard[1][2]["position"] == {"lat": 49.119, "lon": 6.176}
    refused = await opens(browser, world)
    await says(refused, "position")
    await refused.get_by_role("button", name="Utiliser ma position").click()
    await expect(refused.get_by_role("status")).to_contain_text("code postal")


async def test_speaking_to_the_page(world: World, browser: Browser) -> None:
    page = await opens(browser, world, permissions=["microphone"])
    await page.get_by_role("button", name="Parler", exact=True).click()
    await expect(page.get_by_role("status")).to_contain_text("Je vous écoute")
    await has_no_barrier(page, "page-parler")
    await page.wait_for_timeout(300)  # a sound lasts: it is what is recorded
    await page.get_by_role("button", name="J’ai fini de parler").click()
    await expect(page.get_by_text("J’ai entendu : « entendu True »")).to_be_visible()
    await expect(page.get_by_text("Réponse à : entendu True")).to_be_visible()
    await page.get_by_role("button", name="Ce n’est pas ça").click()
    await expect(page.get_by_text("j’ai mal entendu")).to_be_visible()
    refused = await opens(browser, world)
    await refused.get_by_role("button", name="Parler", exact=True).click()
    await expect(refused.get_by_role("status")).to_contain_text("micro")


async def test_an_answer_of_the_helpdesk_when_the_panel_is_closed(
    world: World, browser: Browser
) -> None:
    world.has_agent()
    async with another_site(HOST.format(root=world.root, attributes='data-site="metz"')) as origin:
        world.add_site("metz", origin)
        await world.looks()
        root, world.root = world.root, origin
        page = await opens(browser, world)
        await page.get_by_role("button", name="Une question ?").click()
        await says(page, HUMAN)
        await says(page, "Mon pass est perdu.")
        await expect(page.get_by_role("status")).to_contain_text("Revenez avant")
        await page.get_by_role("button", name="Fermer").click()
        world.agent_answers(1, "Bonjour, appelez votre mairie.")
        await page.get_by_role("button", name="Une réponse est arrivée").click()
        await expect(page.get_by_text("Bonjour, appelez votre mairie.")).to_be_visible()
        # The page is closed, another answer comes, the person is back within the day.
        await page.get_by_role("button", name="Fermer").click()
        await page.goto("about:blank")
        world.agent_answers(1, "Autre chose ?")
        await page.goto(origin)
        await (
            page.get_by_role("button", name="Une réponse est arrivée")
            .or_(page.get_by_role("button", name="Une question ?"))
            .click()
        )
        await expect(page.get_by_text("Autre chose ?")).to_be_visible()
        world.root = root


async def test_a_picture_of_the_helpdesk_is_shown_on_a_sites_page(
    world: World, browser: Browser
) -> None:
    world.has_agent()
    async with another_site(HOST.format(root=world.root, attributes='data-site="metz"')) as origin:
        world.add_site("metz", origin)
        await world.looks()
        root, world.root = world.root, origin
        page = await opens(browser, world)
        await page.get_by_role("button", name="Une question ?").click()
        await says(page, HUMAN)
        await says(page, "Mon pass est perdu.")
        world.agent_sends(1, "plan.png", PNG, "Voici le plan")
        picture = page.get_by_alt_text("Photo envoyée par le service d’aide")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("async (image) => { await image.decode(); return true; }")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Télécharger le fichier").click()
        assert (await download.value).suggested_filename == "plan.png"
        await has_no_barrier(page, "bouton-photo")
        world.root = root


async def test_the_script_is_small(world: World) -> None:
    url = f"{world.root}/passerelle.js"
    async with world.http.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        text = await answer.text()
        etag = answer.headers["ETag"]
    assert len(gzip.compress(text.encode(), 6)) <= 25_000
    assert "BAKED" not in text.split("const { style, mots }")[1][:40]
    async with world.http.get(url, headers={"If-None-Match": etag}) as again:
        assert again.status == 304
