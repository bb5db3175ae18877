"""A new agent's first request, as a person would: from the invitation's link to the answer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.helpdesk import accounts
from tests import clock
from tests.helpdesk.browser import PASSWORD
from tests.helpdesk.browser import browser as open_browser
from tests.helpdesk.conftest import Run
from tests.helpdesk.test_console import TITLES, facts, has_no_barrier

pytestmark = pytest.mark.browser

STEPS = 12
"""Things done with the mouse or the keyboard until the person reads an answer, at most."""


class Newcomer:
    """Someone who was given a link, and nothing else: only what the page shows is used."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0

    async def fills(self, label: str, text: str) -> None:
        self.steps += 1
        await self.page.get_by_label(label).fill(text)

    async def taps(self, name: str, role: str = "button") -> None:
        self.steps += 1
        await self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    async def shows(self, name: str) -> None:
        """Keep a picture, where ``SCREENSHOTS`` names a folder."""
        if folder := os.environ.get("SCREENSHOTS"):
            await self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("width", [1280, 320])
async def test_from_the_invitation_to_a_first_answer(run: Run, width: int) -> None:
    async with (
        run(with_console=True, answer_for=facts, titles=TITLES) as world,
        open_browser() as chrome,
    ):
        with world.store.begin() as connection:
            token = accounts.invite(connection, "Farid", "agent", clock.now(), by=None)
        await world.opens(42, "Bonjour, j'ai perdu mon pass numérique. Que dois-je faire ?")
        page = await opened(chrome, world.console, width)
        farid = Newcomer(page)
        await page.goto(f"/helpdesk/invitation/{token}")
        await expect(page.get_by_role("heading", name="Bienvenue, Farid")).to_be_visible()
        await has_no_barrier(page)
        await farid.shows("arrivee-1-invitation")
        await farid.fills("Mot de passe", PASSWORD)
        await farid.fills("Encore une fois", PASSWORD)
        await farid.taps("Ouvrir mon compte")
        await farid.fills("Nom", "Farid")
        await farid.fills("Mot de passe", PASSWORD)
        await farid.taps("Se connecter")
        await expect(page.get_by_role("heading", name="File d’attente")).to_be_visible()
        await has_no_barrier(page)
        await farid.shows("arrivee-2-file")
        await farid.taps("n° 1", "link")
        await farid.taps("Prendre")
        await world.reads(42, "a pris votre demande")
        await farid.fills("Votre réponse", "Bonjour, demandez à l’organisme qui vous l’a remis.")
        await has_no_barrier(page)
        await farid.shows("arrivee-3-demande")
        await farid.taps("Envoyer")
        await world.reads(42, "Bonjour, demandez à l'organisme qui vous l'a remis.")
        await world.state_is("answered")
        assert farid.steps <= STEPS
        await farid.shows("arrivee-4-repondu")


async def opened(chrome: Browser, root: str, width: int) -> Page:
    size = {"width": width, "height": 760 if width > 400 else 700}
    context = await chrome.new_context(viewport=size, locale="fr-FR", base_url=root)  # type: ignore[arg-type]
    return await context.new_page()
