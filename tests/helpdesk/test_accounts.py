"""Accounts: who may come in, what each owner does alone, what a supervisor may do."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pyotp
import pytest
import sqlalchemy as sa
from playwright.async_api import Browser, expect

from bot.helpdesk import accounts, second_factor
from bot.helpdesk.console.sessions import FAILURES, label_of
from bot.helpdesk.tables import agents, audit_log, ticket_messages
from bot.settings import SettingsError, load_settings
from bot.store import Store
from tests.clock import now
from tests.helpdesk.browser import PASSWORD, hire, signed_in
from tests.helpdesk.conftest import Run
from tests.helpdesk.test_console import has_no_barrier
from tests.helpdesk.test_doors import Ahead as Clock
from tests.helpdesk.test_doors import Visitor
from tests.helpdesk.world import ANNE, BILAL, World

PERSON = 42
NEW = "une autre phrase de passe"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def world(run: Run, clock: Clock) -> AsyncIterator[World]:
    async with run(with_console=True, clock=clock) as world:
        hire(world, "Claire", "Denis")
        hire(world, "Solène", role="supervisor")
        yield world


async def inside(world: World, http: aiohttp.ClientSession, name: str) -> Visitor:
    visitor = Visitor(world, http)
    assert await visitor.signs_in(name) == 303
    return visitor


async def does(visitor: Visitor, path: str, **form: str) -> tuple[int, str]:
    _, page, _ = await visitor.asks("GET", "/compte")
    found = re.search(r'name="csrf" value="([\w-]+)"', page)
    assert found
    status, body, _ = await visitor.asks("POST", path, {"csrf": found[1], **form})
    return status, body


async def comes_in(visitor: Visitor, name: str, password: str, code: str = "") -> int:
    form = {"nom": name, "mot_de_passe": password, "code": code}
    return (await visitor.asks("POST", "/connexion", form))[0]


def done_to(store: Store) -> list[tuple[str, str]]:
    with store.reading() as connection:
        rows = connection.execute(sa.select(audit_log).order_by(audit_log.c.id))
        return [(row.action, row.subject) for row in rows]


# The figures for Prometheus.


async def test_metrics_are_for_this_machine_or_for_who_has_the_token(
    run: Run, http: aiohttp.ClientSession
) -> None:
    async def asks(world: World, **headers: str) -> int:
        async with http.get(f"{world.console}/metrics", headers=headers) as response:
            text = await response.text()
            assert ("passerelle_tickets_now" in text) == (response.status == 200)
            return response.status

    async with run(with_console=True) as world:
        assert await asks(world) == 200
        assert await asks(world, **{"X-Forwarded-For": "203.0.113.9"}) == 403
    async with run(with_console=True, metrics_token="un jeton") as world:
        assert await asks(world) == 403
        assert await asks(world, Authorization="Bearer un autre") == 403
        assert await asks(world, Authorization="un jeton") == 403
        outside = {"X-Forwarded-For": "203.0.113.9", "Authorization": "Bearer un jeton"}
        assert await asks(world, **outside) == 200


# The agents' group.


async def test_in_a_group_of_linked_accounts_a_member_is_no_agent(
    run: Run, http: aiohttp.ClientSession, clock: Clock
) -> None:
    async with run(with_console=True, helpdesk_linked=True, clock=clock) as world:
        hire(world, "Claire")
        await world.opens(PERSON)
        thread = await world.thread_of()
        world.agent_says(ANNE, thread, "Bonjour, je suis dans le groupe.")
        await world.forum_shows(thread, "réservé aux comptes liés")
        assert world.ticket().state == "waiting"
        claire = await inside(world, http, "Claire")
        _, page = await does(claire, "/compte/lier")
        code = re.search(r"/lier ([A-Z2-9]{4}-[A-Z2-9]{4})", page)[1]
        world.agent_says(ANNE, None, "/lier ABCD-EFGH")
        await world.forum_shows(None, "Ce code n'est pas le bon")
        world.agent_says(ANNE, None, f"/lier {code.lower()}")
        await world.forum_shows(None, "vous répondez ici sous le nom de Claire")
        world.agent_says(BILAL, None, f"/lier {code}")
        await world.api.until(
            lambda: sum("pas le bon" in text for text in world.forum_texts(None)) == 2
        )
        world.agent_says(ANNE, thread, "Bonjour, c'est Claire.")
        await world.reads(PERSON, "Bonjour, c'est Claire.")
        with world.store.reading() as connection:
            names = connection.execute(sa.select(agents.c.name)).scalars().all()
        assert names == ["Claire"], "nobody became an agent by being there"
        assert "je suis dans le groupe" not in " ".join(world.api.texts(PERSON))
        # A code that is too old.
        _, page = await does(claire, "/compte/delier")
        _, page = await does(claire, "/compte/lier")
        code = re.search(r"/lier ([A-Z2-9-]{9})", page)[1]
        clock.ahead = accounts.LINKED_WITHIN + timedelta(seconds=1)
        world.agent_says(ANNE, None, f"/lier {code}")
        await world.api.until(
            lambda: sum("pas le bon" in text for text in world.forum_texts(None)) == 3
        )


async def test_what_a_member_had_in_hand_follows_them_to_their_account(
    world: World, http: aiohttp.ClientSession
) -> None:
    await world.opens(PERSON)
    thread = await world.thread_of()
    world.agent_says(ANNE, thread, "Bonjour")
    await world.reads(PERSON, "Bonjour")
    claire = await inside(world, http, "Claire")
    _, page = await does(claire, "/compte/lier")
    code = re.search(r"/lier ([A-Z2-9-]{9})", page)[1]
    world.agent_says(ANNE, thread, f"/lier {code}")
    await world.forum_shows(thread, "sous le nom de Claire")
    world.agent_says(ANNE, thread, "Et voici la suite")
    await world.reads(PERSON, "Et voici la suite")
    with world.store.reading() as connection:
        ids = dict(connection.execute(sa.select(agents.c.name, agents.c.id)).all())
        by = sa.select(ticket_messages.c.agent_id).where(ticket_messages.c.author == "agent")
        assert list(connection.execute(by).scalars()) == [ids["Anne"], ids["Claire"]]
    assert world.ticket().agent_id == ids["Claire"]


# One's own account.


async def test_an_agent_changes_their_password_alone(
    world: World, http: aiohttp.ClientSession
) -> None:
    claire, elsewhere = await inside(world, http, "Claire"), await inside(world, http, "Claire")
    good = {"actuel": PASSWORD, "nouveau": NEW, "encore": NEW}
    for wrong, words in [
        ({"actuel": "pas le bon du tout"}, "actuel n’est pas le bon"),
        ({"encore": "autre chose encore"}, "diffèrent"),
        ({"nouveau": "court", "encore": "court"}, "de 12 à 200"),
    ]:
        status, page = await does(claire, "/compte/motdepasse", **{**good, **wrong})
        assert (status, words in page) == (409, True), wrong
    assert (await elsewhere.asks("GET", "/demandes"))[0] == 200
    assert (await does(claire, "/compte/motdepasse", **good))[0] == 303
    assert (await claire.asks("GET", "/demandes"))[0] == 200
    assert (await elsewhere.asks("GET", "/demandes"))[0] == 303, "the others are over"
    assert await comes_in(Visitor(world, http), "Claire", PASSWORD) == 403
    assert await comes_in(Visitor(world, http), "Claire", NEW) == 303
    assert ("password", "") in done_to(world.store)


async def test_a_stolen_session_cannot_guess_the_password(
    world: World, http: aiohttp.ClientSession
) -> None:
    claire = await inside(world, http, "Claire")
    for _ in range(FAILURES):
        await does(claire, "/compte/motdepasse", actuel="au hasard", nouveau=NEW, encore=NEW)
    _, page = await does(claire, "/compte/motdepasse", actuel=PASSWORD, nouveau=NEW, encore=NEW)
    assert "Trop d’essais" in page
    assert (await claire.asks("GET", "/demandes"))[0] == 200


async def test_sessions_are_listed_and_ended_by_their_owner(
    world: World, http: aiohttp.ClientSession
) -> None:
    claire, other = await inside(world, http, "Claire"), Visitor(world, http)
    other.agent = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
    await other.signs_in("Claire")
    denis = await inside(world, http, "Denis")
    _, page, _ = await claire.asks("GET", "/compte")
    assert "Firefox · Windows" in page
    (number,) = re.findall(r'name="session" value="(\w+)"', page)
    assert other.cookie not in page and len(number) == 16
    assert (await does(denis, "/compte/session", session=number))[0] == 303
    assert (await other.asks("GET", "/demandes"))[0] == 200, "another's session"
    assert (await does(claire, "/compte/session", session=number))[0] == 303
    assert (await other.asks("GET", "/demandes"))[0] == 303
    await other.signs_in("Claire")
    await does(claire, "/compte/session")
    assert (await other.asks("GET", "/demandes"))[0] == 303
    assert (await claire.asks("GET", "/demandes"))[0] == 200


@pytest.mark.parametrize(
    ("browser", "label"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140.0", "Edge · Windows"),
        ("", "Navigateur"),
    ],
)  # fmt: skip
def test_a_browser_is_recognised(browser: str, label: str) -> None:
    assert label_of(browser) == label


# Invitations.


async def test_who_is_invited_chooses_their_password(
    world: World, http: aiohttp.ClientSession, clock: Clock
) -> None:
    solene, claire = await inside(world, http, "Solène"), await inside(world, http, "Claire")
    for path, form in [("/equipe/inviter", {"nom": "Intrus"}), ("/equipe/2/fermer", {}),
                       ("/equipe/3/lien", {}), ("/equipe/3/facteur", {})]:  # fmt: skip
        assert (await does(claire, path, **form))[0] == 403, path
    assert (await claire.asks("GET", "/equipe"))[0] == 403
    assert (await does(solene, "/equipe/inviter", nom="<b>"))[0] == 409
    _, page = await does(solene, "/equipe/inviter", nom="Farid", role="agent")
    path = "/invitation/" + re.search(r"/helpdesk/invitation/([\w-]{40,})", page)[1]
    guest = Visitor(world, http)
    assert await comes_in(guest, "Farid", "") == 403
    assert await comes_in(guest, "Farid", NEW) == 403
    status, page, _ = await guest.asks("GET", path)
    assert (status, "Bienvenue, Farid" in page) == (200, True)
    for form in ({"nouveau": NEW, "encore": "autre"}, {"nouveau": "court", "encore": "court"}):
        assert (await guest.asks("POST", path, form))[0] == 409
    forged = {"Sec-Fetch-Site": "cross-site"}
    chosen = {"nouveau": NEW, "encore": NEW}
    assert (await guest.asks("POST", path, chosen, forged))[0] == 403
    assert (await guest.asks("POST", path, chosen))[0] == 303
    assert await comes_in(guest, "Farid", NEW) == 303
    assert (await guest.asks("POST", path, chosen))[0] == 404, "it is used once"
    with world.store.reading() as connection:
        assert path.rsplit("/", 1)[1] not in str(connection.execute(sa.text(
            "SELECT * FROM agent_codes")).all())  # fmt: skip
    # A new link for someone who forgot; it does not hold for ever.
    ids = {row.name: row.id for row in _agents(world)}
    _, page = await does(solene, f"/equipe/{ids['Farid']}/lien")
    again = "/invitation/" + re.search(r"/helpdesk/invitation/([\w-]{40,})", page)[1]
    clock.ahead = accounts.INVITED_FOR + timedelta(seconds=1)
    assert (await guest.asks("GET", again))[0] == 404
    assert (await guest.asks("POST", again, chosen))[0] == 404
    assert [d for d in done_to(world.store) if d[0] == "invite"] == [("invite", "Farid")] * 2


async def test_a_closed_account_cannot_be_invited_into_by_an_old_link(
    world: World, http: aiohttp.ClientSession
) -> None:
    solene = await inside(world, http, "Solène")
    ids = {row.name: row.id for row in _agents(world)}
    _, page = await does(solene, f"/equipe/{ids['Denis']}/lien")
    path = "/invitation/" + re.search(r"/helpdesk/invitation/([\w-]{40,})", page)[1]
    assert (await does(solene, f"/equipe/{ids['Denis']}/fermer"))[0] == 303
    assert (await does(solene, f"/equipe/{ids['Solène']}/fermer"))[0] == 404, "never oneself"
    status, _, _ = await solene.asks("POST", path, {"nouveau": NEW, "encore": NEW})
    assert status == 404
    assert await comes_in(Visitor(world, http), "Denis", PASSWORD) == 403
    assert ("close", "Denis") in done_to(world.store)


def _agents(world: World) -> list[Any]:
    with world.store.reading() as connection:
        return list(connection.execute(sa.select(agents)).all())


# The second factor.


async def enrols(visitor: Visitor, clock: Clock) -> pyotp.TOTP:
    _, page = await does(visitor, "/compte/preparer")
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)[1]
    totp = pyotp.TOTP(secret)
    status, _ = await does(visitor, "/compte/activer", secret=secret, code=totp.at(clock()))
    assert status == 303
    return totp


async def test_a_code_is_asked_for_and_none_is_used_twice(
    world: World, http: aiohttp.ClientSession, clock: Clock
) -> None:
    claire = await inside(world, http, "Claire")
    _, page = await does(claire, "/compte/preparer")
    secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)[1]
    assert (await does(claire, "/compte/activer", secret=secret, code="12345"))[0] == 409
    assert (await does(claire, "/compte/activer", secret="AAAA", code="123456"))[0] == 409
    totp = await enrols(claire, clock)
    stored = next(row.second_factor for row in _agents(world) if row.name == "Claire")
    assert totp.secret not in stored
    other = Visitor(world, http)
    assert await comes_in(other, "Claire", PASSWORD) == 403
    assert await comes_in(other, "Claire", PASSWORD, totp.at(clock())) == 403, "used to enrol"
    clock.ahead += timedelta(seconds=90)
    code = totp.at(clock())
    assert await comes_in(other, "Claire", "pas le bon du tout", code) == 403
    assert await comes_in(other, "Claire", PASSWORD, f"{code[:3]} {code[3:]}") == 303
    assert await comes_in(other, "Claire", PASSWORD, code) == 403, "replayed"
    clock.ahead += timedelta(minutes=5)
    assert await comes_in(other, "Claire", PASSWORD, code) == 403, "too old"
    assert await comes_in(other, "Claire", PASSWORD, "٠١٢٣٤٥") == 403
    assert await comes_in(other, "Denis", PASSWORD, "rien") == 303, "nothing is asked of others"
    # Taken away with a code, or by a supervisor when the telephone is lost.
    assert (await does(claire, "/compte/retirer", code="000000"))[0] == 409
    assert (await does(claire, "/compte/retirer", code=totp.at(clock())))[0] == 303
    assert await comes_in(other, "Claire", PASSWORD) == 303
    clock.ahead += timedelta(minutes=5)
    await enrols(claire, clock)
    solene = await inside(world, http, "Solène")
    ids = {row.name: row.id for row in _agents(world)}
    assert (await does(solene, f"/equipe/{ids['Claire']}/facteur"))[0] == 303
    assert await comes_in(other, "Claire", PASSWORD) == 303
    assert done_to(world.store)[-1] == ("factor_off", "Claire")


async def test_wrong_codes_are_slowed_like_wrong_passwords(
    world: World, http: aiohttp.ClientSession, clock: Clock
) -> None:
    totp = await enrols(await inside(world, http, "Claire"), clock)
    clock.ahead += timedelta(minutes=2)
    other = Visitor(world, http)
    wrong = f"{(int(totp.at(clock())) + 500_000) % 1_000_000:06d}"
    for _ in range(FAILURES):
        assert await comes_in(other, "Claire", PASSWORD, wrong) == 403
    assert await comes_in(other, "Claire", PASSWORD, totp.at(clock())) == 429


async def test_a_supervisor_who_must_have_one_does_nothing_before(
    run: Run, http: aiohttp.ClientSession, clock: Clock
) -> None:
    async with run(with_console=True, clock=clock, second_factor="supervisor") as world:
        hire(world, "Claire")
        hire(world, "Solène", role="supervisor")
        await world.opens(PERSON)
        claire, solene = await inside(world, http, "Claire"), await inside(world, http, "Solène")
        assert (await claire.asks("GET", "/demandes"))[0] == 200
        status, _, headers = await solene.asks("GET", "/demandes/1")
        assert (status, headers["Location"]) == (303, "/helpdesk/compte")
        assert (await solene.asks("GET", "/flux", headers={"X-Live": "1"}))[0] == 403
        assert (await does(solene, "/demandes/1/prendre"))[0] == 403
        assert (await does(solene, "/equipe/inviter", nom="Farid"))[0] == 403
        assert world.ticket().state == "waiting"
        _, page, _ = await solene.asks("GET", "/compte")
        secret = re.search(r'name="secret" value="([A-Z2-7]{32})"', page)[1]
        code = pyotp.TOTP(secret).at(clock())
        assert (await does(solene, "/compte/activer", secret=secret, code=code))[0] == 303
        assert (await solene.asks("GET", "/demandes/1"))[0] == 200


def test_a_code_of_a_slow_telephone_is_right_and_none_goes_back() -> None:
    secret, moment = second_factor.new_secret(), now()
    totp = pyotp.TOTP(secret)
    period = totp.timecode(moment)
    for drift in (-1, 0, 1):
        code = totp.generate_otp(period + drift)
        assert second_factor.matching(secret, code, moment) == period + drift
        assert second_factor.matching(secret, code, moment, period + drift) is None
    assert second_factor.matching(secret, totp.generate_otp(period - 3), moment) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("PASSERELLE_HELPDESK_LINKED", "peut-être"), ("PASSERELLE_HELPDESK_SECOND_FACTOR", "tous")],
)
def test_settings_that_cannot_be_read(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({name: value}, None)
    assert name in str(error.value)


def test_settings_of_accounts() -> None:
    settings = load_settings(
        {
            "PASSERELLE_HELPDESK_LINKED": "oui",
            "PASSERELLE_HELPDESK_SECOND_FACTOR": "Supervisor",
            "PASSERELLE_METRICS_TOKEN": " un jeton ",
        },
        None,
    )
    assert settings.helpdesk_linked
    assert (settings.helpdesk_second_factor, settings.metrics_token) == ("supervisor", "un jeton")
    assert "un jeton" not in repr(settings)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
async def test_everyone_can_use_these_pages(world: World, browser: Browser, width: int) -> None:
    context, solene = await signed_in(browser, world, "Solène", width=width)
    await signed_in(browser, world, "Solène", width=width)
    solene.on("dialog", lambda dialog: dialog.accept())
    await solene.goto("/helpdesk/compte")
    await has_no_barrier(solene)
    await solene.get_by_role("button", name="Lier mon compte Telegram").click()
    await expect(solene.get_by_text("/lier ")).to_be_visible()
    await has_no_barrier(solene)
    await solene.get_by_role("button", name="Activer un second facteur").click()
    await expect(solene.locator(".qr svg")).to_be_visible()
    await has_no_barrier(solene)
    await solene.get_by_label("Écrivez le code").fill("000")
    await solene.get_by_role("button", name="Activer", exact=True).click()
    await expect(solene.get_by_role("alert")).to_contain_text("Ce code n’est pas le bon")
    await has_no_barrier(solene)
    await solene.goto("/helpdesk/equipe")
    await solene.get_by_label("Nom").fill("Farid")
    await solene.get_by_role("button", name="Faire un lien").click()
    link = await solene.locator("code.lien").text_content()
    await has_no_barrier(solene)
    await solene.get_by_role("button", name="Fermer le compte de Denis").click()
    await expect(solene.get_by_text("Le compte est fermé")).to_be_visible()
    await context.close()
    context = await browser.new_context(viewport={"width": width, "height": 700})
    guest = await context.new_page()
    await guest.goto(link or "")
    await has_no_barrier(guest)
    await guest.get_by_label("Mot de passe").fill(NEW)
    await guest.get_by_label("Encore une fois").fill(NEW)
    await guest.get_by_role("button", name="Ouvrir mon compte").click()
    await expect(guest.get_by_text("Votre mot de passe est choisi")).to_be_visible()
    await has_no_barrier(guest)
    await guest.goto(link or "")
    await expect(guest.get_by_text("Invitation terminée")).to_be_visible()
    await has_no_barrier(guest)
