"""A real Chromium, driven by Playwright's package; the machine's own browser."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.helpdesk.staff import add_agent
from tests import clock
from tests.helpdesk.world import World

PASSWORD = "une phrase de passe longue"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium() -> str:
    """Return the browser's program, or skip the test."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    return str(Path(found))


@asynccontextmanager
async def browser(*flags: str) -> AsyncIterator[Browser]:
    program = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            await browser.close()


async def signed_in(
    browser: Browser, world: World, name: str, *, width: int = 1280, height: int = 800
) -> tuple[BrowserContext, Page]:
    """Open the console as an agent whose account exists."""
    context = await browser.new_context(
        viewport={"width": width, "height": height}, locale="fr-FR", base_url=world.console
    )
    page = await context.new_page()
    await page.goto("/helpdesk/")
    await page.get_by_label("Nom").fill(name)
    await page.get_by_label("Mot de passe").fill(PASSWORD)
    await page.get_by_role("button", name="Se connecter").click()
    await page.wait_for_url("**/helpdesk/demandes")
    return context, page


def hire(world: World, *names: str, role: str = "agent") -> None:
    for name in names:
        add_agent(world.store, name, PASSWORD, role, at=clock.now())  # type: ignore[arg-type]


async def press(page: Page, key: str) -> None:
    """Press a key once the page listens: its script runs after its text is there to read."""
    await page.wait_for_load_state("domcontentloaded")
    await page.keyboard.press(key)
