"""People of the page at the helpdesk's two doors: where they write from, files of the group."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.command_line.telegram import Telegram
from bot.store import Store
from tests.helpdesk.browser import hire
from tests.helpdesk.test_accounts import inside
from tests.helpdesk.world import ANNE, World, plain, running, settings_for
from tests.telegram.bot_api import BotApi, bad_request
from tests.telegram.conftest import api
from tests.web import world as page_world
from tests.web.test_talking import PNG, address_of_file
from tests.web.world import HUMAN, Script

__all__ = ["api"]

METZ = "https://www.metz.fr"
PDF = b"%PDF-1.7 une notice"


@dataclass
class Both:
    """The helpdesk, its group and its console; the page beside them, on the same database."""

    desk: World
    page: page_world.World


@pytest.fixture
async def both(api: BotApi, store: Store, database_url: str, tmp_path: Path) -> AsyncIterator[Both]:
    settings = settings_for(api, tmp_path, database_url)
    async with running(api, store, settings, with_console=True) as desk:
        assert desk.front is not None
        parts, fetch = desk.parts, Telegram(desk.front).fetch
        async with page_world.running(
            store, database_url, tmp_path, parts=parts, fetch=fetch
        ) as page:
            page.add_site("metz", METZ, title="Besoin d’aide ?")
            await page.looks()
            hire(desk, "Claire")
            await desk.has_agent()
            yield Both(desk, page)


async def asks(world: page_world.World, site: str = "") -> Script:
    script = Script(world, site=site, origin=METZ if site else "")
    await script.opens()
    await script.says(HUMAN)
    await script.reads("va vous répondre ici")
    await script.says("Mon pass est perdu.")
    await script.reads("C'est transmis")
    return script


async def test_agents_read_which_site_a_request_comes_from(
    both: Both,
) -> None:
    await asks(both.page, "metz")
    await asks(both.page)
    await both.desk.opens(42)
    for number, said in ((1, "Vient de : site metz"), (2, "Vient de : page web")):
        thread = await both.desk.thread_of(number)
        await both.desk.forum_shows(thread, said)
    thread = await both.desk.thread_of(3)
    await both.desk.forum_shows(thread, "Motif")
    assert "Vient de" not in "".join(both.desk.forum_texts(thread))
    claire = await inside(both.desk, both.page.http, "Claire")
    _, page, _ = await claire.asks("GET", "/demandes")
    cards = re.findall(r"<b>n° (\d+)</b>.*?<span class=\"discret\">([^<]+)</span>", page, re.S)
    shown = {number: plain(said) for number, said in cards}
    assert "site metz" in shown["1"] and "page web" in shown["2"]
    assert "site" not in shown["3"] and "page" not in shown["3"]
    _, page, _ = await claire.asks("GET", "/demandes/1")
    assert "<dt>Vient de</dt><dd>site metz</dd>" in page
    _, page, _ = await claire.asks("GET", "/demandes?q=metz")
    assert re.findall(r"<b>n° (\d+)</b>", page) == ["1"], "a site is searched for by its name"


async def test_files_of_the_group_reach_the_page(both: Both) -> None:
    script = await asks(both.page, "metz")
    thread = await both.desk.thread_of()
    both.desk.api.files |= {"g1": PNG, "g2": PDF}
    photo = [{"file_id": "g1", "file_unique_id": "u1", "width": 1, "height": 1}]
    both.desk.agent_sends(ANNE, thread, photo=photo, caption="Voici le plan")
    picture = await address_of_file(both.page, script, "Voici le plan")
    assert "Le service d'aide : Voici le plan" in script.text
    async with both.page.http.get(both.page.root + picture) as answer:
        assert (await answer.read(), answer.headers["Content-Type"]) == (PNG, "image/png")
    paper = {"file_id": "g2", "file_unique_id": "u2", "file_name": "notice.pdf"}
    both.desk.agent_sends(ANNE, thread, document=paper | {"mime_type": "application/pdf"})
    path = await address_of_file(both.page, script, "notice.pdf")
    async with both.page.http.get(both.page.root + path) as answer:
        assert await answer.read() == PDF
        assert answer.headers["Content-Type"] == "application/octet-stream"
    # Telegram gives it no more: the page says so, and nothing breaks.
    both.desk.api.fail("getFile", bad_request("file is temporarily unavailable"))
    async with both.page.http.get(both.page.root + path) as answer:
        assert answer.status == 404
    # Another person of the same site has no part in it.
    other = Script(both.page, site="metz", origin=METZ)
    await other.opens()
    async with asyncio.timeout(20):
        assert await other.says("bonjour") == 200
    assert "notice" not in await other.reads("Réponse à : bonjour")
