"""Files both ways in the console: seen, played, described; sent by agents, erased with the rest."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, expect

from bot.helpdesk import attachments
from bot.helpdesk.attachments import FileError
from bot.helpdesk.tables import desk_files
from bot.store import persons, privacy
from tests.clock import now
from tests.helpdesk.browser import hire, signed_in
from tests.helpdesk.conftest import Run
from tests.helpdesk.test_accounts import inside
from tests.helpdesk.test_console import has_no_barrier
from tests.helpdesk.world import GROUP, World

PERSON = 42
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cf5000000301010018dd8db0"
    "0000000049454e44ae426082"
)
PDF = b"%PDF-1.7 une notice"


@pytest.fixture
async def world(run: Run) -> AsyncIterator[World]:
    async def fetch(reference: str) -> bytes:
        return {"p1": PNG, "v1": b"OggS"}[reference]

    async with run(with_console=True, fetch_file=fetch) as world:
        hire(world, "Claire", "Denis")
        await world.opens(PERSON)
        yield world


def upload(csrf: str, content: bytes, name: str = "notice.pdf", **more: str) -> aiohttp.FormData:
    form = aiohttp.FormData({"csrf": csrf, **more})
    form.add_field("fichier", content, filename=name)
    return form


async def test_an_agent_sends_a_document_once_and_it_can_be_read_again(
    world: World, http: aiohttp.ClientSession
) -> None:
    claire = await inside(world, http, "Claire")
    csrf = await claire.csrf()
    for _ in range(2):
        form = upload(csrf, PDF, once="fabcdefgh", texte="La notice")
        assert (await claire.asks("POST", "/demandes/1/fichier", form))[0] == 303
    await world.api.until(lambda: world.api.of("sendDocument", PERSON))
    (call,) = world.api.of("sendDocument", PERSON)
    assert call.data["document"]["content"] == PDF
    assert call.text == "La notice"
    thread = await world.thread_of()
    await world.forum_shows(thread, "notice.pdf] La notice")
    assert world.said_on()[1:] == [("agent", "La notice")]
    status, body, headers = await claire.asks("GET", "/fichiers/2")
    assert (status, body, headers["Content-Disposition"]) == (200, PDF.decode(), "attachment")
    with world.store.begin() as connection:
        person = persons.find(connection, "telegram", str(PERSON))
        assert PDF.decode() not in str(privacy.export(connection, person))
        privacy.erase(connection, person, now())
        assert connection.execute(sa.select(desk_files)).all() == []


async def test_what_may_not_be_sent_is_refused_and_said(
    world: World, http: aiohttp.ClientSession
) -> None:
    claire, denis = await inside(world, http, "Claire"), await inside(world, http, "Denis")
    csrf = await claire.csrf()
    path = "/demandes/1/fichier"
    status, page, _ = await claire.asks("POST", path, upload(csrf, b""))
    assert (status, "pas vide" in page) == (409, True)
    assert (await claire.asks("POST", path, {"csrf": csrf}))[0] == 409
    big = b"x" * (attachments.MAX_BYTES + 1)
    status, page, _ = await claire.asks("POST", path, upload(csrf, big))
    assert (status, "trop lourd" in page) == (409, True)
    huge = b"x" * (attachments.MAX_BYTES + 100_000)
    assert (await claire.asks("POST", path, upload(csrf, huge)))[0] == 413
    assert (await claire.asks("POST", path, upload("forgé", PDF)))[0] == 403
    claire_took = {"csrf": csrf}
    assert (await claire.asks("POST", "/demandes/1/prendre", claire_took))[0] == 303
    late = upload(await denis.csrf(), PDF)
    assert (await denis.asks("POST", path, late))[0] == 409
    with world.store.reading() as connection:
        assert connection.execute(sa.select(desk_files)).all() == []
    assert world.api.of("sendDocument", PERSON) == []


async def test_a_large_file_goes_through(world: World, http: aiohttp.ClientSession) -> None:
    claire = await inside(world, http, "Claire")
    form = upload(await claire.csrf(), PDF + b"x" * (3 * 1024**2))
    assert (await claire.asks("POST", "/demandes/1/fichier", form))[0] == 303
    await world.api.until(lambda: world.api.of("sendDocument", PERSON))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\moi\\Été 2026.pdf", "Été 2026.pdf"),
        ('a"\r\nX: y.pdf', "a-X- y.pdf"),
        ("...", "fichier"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
    ],
)
def test_names_are_only_names(name: str, kept: str) -> None:
    assert attachments.safe_name(name) == kept


def test_a_picture_is_known_by_its_bytes() -> None:
    assert attachments.said_of("a.txt", PNG, "", None).kind == "photo"
    assert attachments.said_of("a.png", b"<svg>", "", None).kind == "document"
    heavy = PNG + b"x" * attachments.MAX_PICTURE_BYTES
    assert attachments.said_of("a.png", heavy, "", None).kind == "document"
    with pytest.raises(FileError):
        attachments.said_of("a.png", b"", "", None)


async def test_every_picture_of_an_album_is_seen(world: World, http: aiohttp.ClientSession) -> None:
    for number in (1, 2, 3):
        photo = [{"file_id": "p1", "file_unique_id": f"u{number}", "width": 1, "height": 1}]
        words = {"caption": "Mon carnet"} if number == 1 else {}
        world.api.sends(PERSON, photo=photo, media_group_id="a", **words)
    await world.api.until(lambda: len(world.said_on()) == 4)
    claire = await inside(world, http, "Claire")
    _, page, _ = await claire.asks("GET", "/demandes/1")
    shown = re.findall(r'<img src="/helpdesk(/fichiers/\d+)" alt="Photo envoyée"', page)
    assert len(set(shown)) == 3 and page.count(">Mon carnet</p>") == 1
    await world.api.until(lambda: len(world.api.of("copyMessage", GROUP)) == 3)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
async def test_files_are_seen_heard_described_and_sent(
    world: World, browser: Browser, tmp_path: Path, width: int
) -> None:
    photo = [{"file_id": "p1", "file_unique_id": "u", "width": 1, "height": 1}]
    world.api.sends(PERSON, photo=photo)
    world.api.sends(PERSON, voice={"file_id": "v1", "file_unique_id": "w", "duration": 2})
    await world.api.until(lambda: len(world.said_on()) == 3)
    _, claire = await signed_in(browser, world, "Claire", width=width)
    await claire.goto("/helpdesk/demandes/1")
    await expect(claire.get_by_alt_text("Photo envoyée")).to_be_visible()
    await expect(claire.get_by_label("Message vocal")).to_be_visible()
    await claire.get_by_text("Décrire cette image").click()
    await claire.get_by_label("Ce que montre l’image").fill("Un carnet déchiré")
    await claire.get_by_role("button", name="Garder", exact=True).click()
    await expect(claire.get_by_alt_text("Un carnet déchiré")).to_be_visible()
    await has_no_barrier(claire)
    picture = tmp_path / "plan.png"
    picture.write_bytes(PNG)
    await claire.get_by_text("Envoyer un fichier").click()
    await claire.get_by_label("Fichier (").set_input_files(picture)
    await claire.get_by_label("Ce que vous en dites").fill("Voici le plan")
    await has_no_barrier(claire)
    await claire.get_by_role("button", name="Envoyer le fichier").click()
    await world.api.until(lambda: world.api.of("sendPhoto", PERSON))
    await expect(claire.locator("#messages").get_by_text("Voici le plan")).to_be_visible()
    await has_no_barrier(claire)
