"""Two agents on one request; supervisors told by mail."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, expect

from bot.helpdesk import drafts, housekeeping
from bot.helpdesk.assembly import assemble
from bot.helpdesk.tables import drafts as drafts_table
from bot.helpdesk.tickets.states import State
from bot.settings import SettingsError, load_settings
from bot.store import Store
from bot.store.tables import outbox
from tests.helpdesk.browser import hire, signed_in
from tests.helpdesk.conftest import Run
from tests.helpdesk.test_console import has_no_barrier
from tests.helpdesk.test_never_muted import IDLE, MONDAY, Life
from tests.helpdesk.world import ANNE, BILAL, World, settings_for
from tests.telegram.bot_api import BotApi

PERSON = 42


def kept(world: World) -> list[str]:
    with world.store.reading() as connection:
        return list(connection.execute(sa.select(drafts_table.c.text)).scalars())


@pytest.mark.browser
async def test_who_answers_is_seen_by_the_others_and_nothing_typed_is_lost(
    run: Run, browser: Browser
) -> None:
    async with run(with_console=True) as world:
        hire(world, "Claire", "Denis")
        await world.opens(PERSON)
        thread = await world.thread_of()
        context, claire = await signed_in(browser, world, "Claire")
        _, denis = await signed_in(browser, world, "Denis", width=320)
        _, list_of_denis = await signed_in(browser, world, "Denis")
        for page in (claire, denis):
            await page.goto("/helpdesk/demandes/1")
        await claire.get_by_label("Votre réponse").press_sequentially("Bonjour, ici Claire")
        await expect(denis.get_by_text("Claire répond…")).to_be_visible()
        await expect(list_of_denis.get_by_text("Claire répond…")).to_be_visible()
        await expect(claire.get_by_text("Claire répond…")).to_have_count(0)
        await world.forum_shows(thread, "Claire répond depuis la console")
        await has_no_barrier(denis)
        await has_no_barrier(list_of_denis)
        # Her session ends: another one finds the draft.
        await world.api.until(lambda: kept(world) == ["Bonjour, ici Claire"])
        await context.close()
        _, claire = await signed_in(browser, world, "Claire")
        await claire.goto("/helpdesk/demandes/1")
        await expect(claire.get_by_label("Votre réponse")).to_have_value("Bonjour, ici Claire")
        await claire.get_by_role("button", name="Envoyer").click()
        await world.reads(PERSON, "Bonjour, ici Claire")
        await expect(claire.get_by_label("Votre réponse")).to_have_value("")
        assert kept(world) == []
        await denis.get_by_label("Votre réponse").fill("Moi aussi")
        await denis.get_by_role("button", name="Envoyer").click()
        await expect(denis.get_by_role("alert")).to_contain_text(
            "Sa réponse : « Bonjour, ici Claire »"
        )
        await expect(denis.get_by_label("Votre réponse")).to_have_value("Moi aussi")
        await has_no_barrier(denis)
        assert [text for _, text in world.said_on()][1:] == ["Bonjour, ici Claire"]
        assert sum("répond depuis" in text for text in world.forum_texts(thread)) <= 2


async def test_a_late_answer_in_the_forum_reads_the_others(world: World) -> None:
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "Allez au CCAS.")
    world.agent_says(BILAL, thread, "Allez à la mairie.")
    await world.forum_shows(thread, "suivie par Anne")
    await world.forum_shows(thread, "Sa réponse : « Allez au CCAS. »")
    assert "mairie" not in " ".join(world.api.texts(PERSON))


def test_an_agent_writes_for_as_long_as_they_type(store: Store, tmp_path: Path) -> None:
    parts = assemble(settings_for(BotApi(), tmp_path, ""), store)
    with store.begin() as connection:
        life = Life(parts, connection, MONDAY)
        life.comes_to(State.WAITING)
        drafts.keep(connection, parts.desk, life.agent, 1, "Bonj", at=MONDAY)
        soon, late = MONDAY + timedelta(seconds=30), MONDAY + timedelta(seconds=80)
        drafts.keep(connection, parts.desk, life.agent, 1, "Bonjour", at=soon)
        assert drafts.writing(connection, 1, soon, but=0) == ("Anne",)
        assert drafts.writing(connection, 1, soon, but=life.agent.id) == ()
        assert drafts.writing(connection, 1, late, but=0) == ()
        assert drafts.text_of(connection, life.agent.id, 1) == "Bonjour"
        told = sa.text("SELECT count(*) FROM forum_posts WHERE text LIKE '%répond depuis%'")
        assert connection.execute(told).scalar() == 1
        drafts.keep(connection, parts.desk, life.agent, 1, "  ", at=late)
        assert drafts.text_of(connection, life.agent.id, 1) == ""


# Mail.


@asynccontextmanager
async def smtp_server(got: list[bytes], refusals: list[str]) -> AsyncIterator[int]:
    """A server that speaks just enough SMTP, and refuses a mail for each of ``refusals``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ici\r\n")
        while line := await reader.readline():
            match line.split()[0].upper():
                case b"MAIL" if refusals:
                    writer.write(f"451 {refusals.pop()}\r\n".encode())
                case b"DATA":
                    writer.write(b"354 va\r\n")
                    got.append(await reader.readuntil(b"\r\n.\r\n"))
                    writer.write(b"250 ok\r\n")
                case b"QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                case _:
                    writer.write(b"250 ok\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_supervisors_are_told_by_mail_once_whatever_the_server_refuses(
    store: Store, tmp_path: Path
) -> None:
    got: list[bytes] = []
    async with smtp_server(got, ["plus tard"]) as port:
        settings = settings_for(
            BotApi(),
            tmp_path,
            "",
            smtp_url=f"smtp://127.0.0.1:{port}",
            mail_from="aide@exemple.fr",
            mail_to=("un@exemple.fr", "deux@exemple.fr"),
        )
        desk = assemble(settings, store).desk
        assert desk.mail is not None
        with store.begin() as connection:
            life = Life(assemble(settings, store), connection, MONDAY)
            life.comes_to(State.WAITING)
            for hours in (2, 3):
                housekeeping.keep(connection, desk, MONDAY + timedelta(hours=hours), IDLE)
        now = MONDAY + timedelta(hours=3)
        assert await desk.mail.send_due(store, lambda: now) == 1, "the other waits"
        assert await desk.mail.send_due(store, lambda: now) == 0
        now += timedelta(minutes=2)
        assert await desk.mail.send_due(store, lambda: now) == 1
    mails = [message_from_bytes(raw, policy=policy.default) for raw in got]
    assert sorted(str(mail["To"]) for mail in mails) == ["deux@exemple.fr", "un@exemple.fr"]
    assert all("n° 1" in str(mail["Subject"]) for mail in mails)
    words = "".join(mail.get_content() for mail in mails)
    assert "attend une réponse depuis trop longtemps" in words
    assert "Mon pass" not in words, "nothing of what people wrote"
    with store.reading() as connection:
        rows = connection.execute(sa.select(outbox).where(outbox.c.channel == "mail")).all()
    assert [(row.status, row.body) for row in rows] == [("sent", {})] * 2


async def test_a_server_that_is_away_loses_nothing(store: Store, tmp_path: Path) -> None:
    away = {"smtp_url": "smtp://127.0.0.1:9", "mail_from": "a@b.fr", "mail_to": ("c@d.fr",)}
    settings = settings_for(BotApi(), tmp_path, "", **away)
    mail = assemble(settings, store).desk.mail
    assert mail is not None
    with store.begin() as connection:
        mail.put(connection, "x", "Sujet\nTexte", MONDAY)
    assert await mail.send_due(store, lambda: MONDAY) == 0
    with store.reading() as connection:
        row = connection.execute(sa.select(outbox)).one()
    assert (row.status, row.attempts) == ("pending", 1)
    assert row.next_try_at > datetime(2026, 1, 1, tzinfo=UTC)


def test_mail_settings_that_cannot_be_used() -> None:
    good = {
        "PASSERELLE_SMTP_URL": "smtps://nom:mot@hote.fr:465",
        "PASSERELLE_MAIL_FROM": "aide@exemple.fr",
        "PASSERELLE_HELPDESK_MAIL": "un@exemple.fr, deux@exemple.fr",
    }
    settings = load_settings(good, None)
    assert settings.mail_to == ("un@exemple.fr", "deux@exemple.fr")
    assert "mot" not in repr(settings).replace("mot_de_passe", "")
    for name, value in [("PASSERELLE_SMTP_URL", "hote"), ("PASSERELLE_MAIL_FROM", ""),
                        ("PASSERELLE_HELPDESK_MAIL", "personne")]:  # fmt: skip
        with pytest.raises(SettingsError) as error:
            load_settings({**good, name: value}, None)
        assert name in str(error.value)
