"""The console's door over plain HTTP: who may not come in learns nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa
from aiohttp import web
from argon2 import PasswordHasher, extract_parameters

from bot.helpdesk import staff
from bot.helpdesk.console import live
from bot.helpdesk.console.app import add_console
from bot.helpdesk.console.sessions import FAILURES, FAILURES_WITHIN, IDLE, LONGEST
from bot.helpdesk.console.site import COOKIE
from bot.helpdesk.staff import StaffError, add_agent, disable_agent
from bot.helpdesk.tables import agents, console_sessions, sign_in_failures, ticket_messages
from tests.clock import now
from tests.conversation.conftest import KEY
from tests.helpdesk.browser import PASSWORD, hire
from tests.helpdesk.conftest import Run
from tests.helpdesk.world import World

PERSON = 42
SECRET = "mon secret à moi"
PAGES = (
    "/demandes",
    "/demandes/1",
    "/demandes?q=secret",
    "/boite",
    "/chiffres",
    "/fichiers/1",
    "/flux",
)
ACTIONS = ("prendre", "rendre", "transferer", "repondre", "noter", "clore", "rouvrir")


class Ahead:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


class Visitor:
    """A program that speaks HTTP, without a browser's manners."""

    def __init__(self, world: World, session: aiohttp.ClientSession) -> None:
        self.root = f"{world.console}/helpdesk"
        self.http = session
        self.cookie = ""
        self.agent = "Navigateur/1.0"

    async def asks(
        self, method: str, path: str, data: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, Mapping[str, str]]:
        sent = {"User-Agent": self.agent, **(headers or {})}
        if self.cookie:
            sent["Cookie"] = f"{COOKIE}={self.cookie}"
        async with self.http.request(
            method, self.root + path, data=data, headers=sent, allow_redirects=False
        ) as response:
            body = "" if path == "/flux" and response.status == 200 else await response.text()
            return response.status, body, response.headers

    async def signs_in(self, name: str, password: str = PASSWORD, **headers: str) -> int:
        form = {"nom": name, "mot_de_passe": password}
        status, _, got = await self.asks("POST", "/connexion", form, headers)
        found = re.search(rf"{COOKIE}=([\w-]+)", got.get("Set-Cookie", ""))
        if status == 303 and found:
            self.cookie = found[1]
        return status

    async def csrf(self) -> str:
        _, page, _ = await self.asks("GET", "/demandes")
        found = re.search(r'name="csrf" value="([\w-]+)"', page)
        assert found, "not signed in"
        return found[1]


@pytest.fixture
def clock() -> Ahead:
    return Ahead()


@pytest.fixture
async def world(run: Run, clock: Ahead) -> AsyncIterator[World]:
    async with run(with_console=True, clock=clock) as world:
        hire(world, "Claire", "Denis")
        await world.opens(PERSON, SECRET)
        yield world


@pytest.fixture
async def visitor(world: World) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Visitor(world, session)


async def is_shut_out(visitor: Visitor) -> None:
    for path in PAGES:
        status, body, headers = await visitor.asks("GET", path)
        assert status == 303, path
        assert headers["Location"] == "/helpdesk/connexion"
        assert body == ""
    for action in ACTIONS:
        status, body, _ = await visitor.asks("POST", f"/demandes/1/{action}", {"texte": "x"})
        assert status == 401, action
        assert SECRET not in body


async def test_nobody_comes_in_without_signing_in(world: World, visitor: Visitor) -> None:
    await is_shut_out(visitor)
    assert world.ticket().state == "waiting"


async def test_a_name_and_a_password_open_the_door(world: World, visitor: Visitor) -> None:
    assert await visitor.signs_in("Claire", "pas le bon mot de passe") == 403
    assert await visitor.signs_in("Personne") == 403
    assert await visitor.signs_in("Claire", "") == 403
    await is_shut_out(visitor)
    assert await visitor.signs_in("Claire") == 303
    status, page, headers = await visitor.asks("GET", "/demandes")
    assert status == 200
    assert SECRET in page
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "<script>" not in page and " style=" not in page and " onclick" not in page


async def test_the_cookie_is_for_this_site_alone(world: World, visitor: Visitor) -> None:
    form = {"nom": "Claire", "mot_de_passe": PASSWORD}
    _, _, headers = await visitor.asks("POST", "/connexion", form)
    cookie = headers["Set-Cookie"]
    for part in ("__Host-", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    token = re.search(rf"{COOKIE}=([\w-]+)", cookie)[1]
    with world.store.reading() as connection:
        kept = connection.execute(sa.select(console_sessions)).one()
        hashed = connection.execute(sa.select(agents.c.password_hash)).scalars().all()
    assert token not in str(kept)
    assert all(h.startswith("$argon2id$") for h in hashed)


def test_passwords_are_hashed_at_the_library_s_full_strength(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(staff, "PasswordHasher", PasswordHasher)  # tests hash lightly elsewhere
    strength = extract_parameters(staff.hashed(PASSWORD))
    assert not PasswordHasher().check_needs_rehash(staff.hashed(PASSWORD))
    assert strength.memory_cost >= 19 * 1024, "OWASP's least for argon2id"


async def test_a_stolen_session_ends(world: World, visitor: Visitor) -> None:
    await visitor.signs_in("Claire")
    visitor.agent = "Un autre navigateur"
    await is_shut_out(visitor)
    visitor.agent = "Navigateur/1.0"
    await is_shut_out(visitor)  # the theft ended it for everyone


async def test_sessions_expire(world: World, visitor: Visitor, clock: Ahead) -> None:
    await visitor.signs_in("Claire")
    clock.ahead = IDLE - timedelta(minutes=1)
    assert (await visitor.asks("GET", "/demandes"))[0] == 200
    # A page that updates itself does not keep the session alive.
    clock.ahead += IDLE - timedelta(minutes=1)
    assert (await visitor.asks("GET", "/demandes", headers={"X-Live": "1"}))[0] == 200
    clock.ahead += timedelta(minutes=2)
    status, body, _ = await visitor.asks("GET", "/demandes", headers={"X-Live": "1"})
    assert (status, SECRET in body) == (401, False)
    await is_shut_out(visitor)


async def test_no_session_outlives_a_working_day(visitor: Visitor, clock: Ahead) -> None:
    await visitor.signs_in("Claire")
    while clock.ahead < LONGEST - timedelta(minutes=50):
        clock.ahead += timedelta(minutes=50)
        assert (await visitor.asks("GET", "/demandes"))[0] == 200
    clock.ahead = LONGEST
    await is_shut_out(visitor)


async def test_an_open_page_is_told_when_its_session_ends(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CHECK_S", 0.05)
    await visitor.signs_in("Claire")
    headers = {"Cookie": f"{COOKIE}={visitor.cookie}", "User-Agent": visitor.agent}
    async with visitor.http.get(f"{visitor.root}/flux", headers=headers) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert await stream.content.readuntil(b"\n\n") == b"retry: 2000\n\n"
        assert await stream.content.readuntil(b"\n\n") == b"event: change\ndata: 1\n\n"
        disable_agent(world.store, "Claire")
        rest = await asyncio.wait_for(stream.read(), 20)
    assert rest.endswith(b"event: over\ndata: 1\n\n")
    assert SECRET.encode() not in rest


async def test_signing_out_and_a_closed_account_end_sessions(
    world: World, visitor: Visitor
) -> None:
    await visitor.signs_in("Claire")
    csrf = await visitor.csrf()
    assert (await visitor.asks("POST", "/deconnexion", {"csrf": csrf}))[0] == 303
    await is_shut_out(visitor)
    await visitor.signs_in("Claire")
    assert disable_agent(world.store, "Claire")
    await is_shut_out(visitor)
    assert await visitor.signs_in("Claire") == 403
    assert not disable_agent(world.store, "Personne")


async def test_a_new_password_ends_open_sessions(world: World, visitor: Visitor) -> None:
    await visitor.signs_in("Claire")
    add_agent(world.store, "Claire", "une autre phrase secrète", "supervisor", at=now())
    await is_shut_out(visitor)
    assert await visitor.signs_in("Claire") == 403
    assert await visitor.signs_in("Claire", "une autre phrase secrète") == 303


async def test_a_forged_form_is_refused(world: World, visitor: Visitor) -> None:
    await visitor.signs_in("Claire")
    csrf = await visitor.csrf()
    other = Visitor(world, visitor.http)
    await other.signs_in("Denis")
    forgeries: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": await other.csrf()}, {}),
        ({"csrf": csrf}, {"Sec-Fetch-Site": "cross-site"}),
        ({"csrf": csrf}, {"Origin": "https://ailleurs.example"}),
    ]
    for action in ACTIONS:
        for form, headers in forgeries:
            status, body, _ = await visitor.asks(
                "POST", f"/demandes/1/{action}", {"texte": "x", "a": "Denis", **form}, headers
            )
            assert (status, SECRET in body) == (403, False), (action, form, headers)
    assert await visitor.signs_in("Claire", **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert world.ticket().state == "waiting"
    assert world.said_on() == [("person", SECRET)]
    own = {"csrf": csrf}
    assert (await visitor.asks("POST", "/demandes/1/prendre", own))[0] == 303
    assert world.ticket().state == "claimed"


async def test_no_form_of_the_console_is_taken_without_its_mark(
    world: World, visitor: Visitor
) -> None:
    app = web.Application()
    add_console(app, world.parts, key=KEY)
    # The subapplication's own routes, as they are: one that is added later is tried as well.
    forms = {
        re.sub(r"\{[^}]*\}", "1", resource.canonical.removeprefix("/helpdesk"))
        for sub in app.router.resources()
        for route in sub
        if route.method == "POST" and (resource := route.resource) is not None
    }
    public = {path for path in forms if path.startswith(("/connexion", "/invitation/"))}
    assert len(public) == 2
    known = {"/deconnexion", "/presence", "/demandes/1/1", "/compte/1", "/equipe/1/1", "/boite/1"}
    assert known <= forms
    for path in sorted(forms - public):
        assert (await visitor.asks("POST", path, {"csrf": "x"}))[0] == 401, path
    hire(world, "Solène", role="supervisor")
    await visitor.signs_in("Solène")
    for path in sorted(forms - public):
        for form in ({}, {"csrf": "x" * 43}):
            status, body, _ = await visitor.asks("POST", path, {"nom": "Intrus", **form})
            assert (status, SECRET in body) == (403, False), (path, form)
    for path in sorted(public):
        forged = {"Sec-Fetch-Site": "cross-site"}
        assert (await visitor.asks("POST", path, {"nom": "x"}, forged))[0] == 403, path
    assert await visitor.csrf(), "the session is still there"


@pytest.mark.parametrize("how", ["closed", "ended", "stolen"])
async def test_an_open_stream_ends_with_its_session(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(live, "CHECK_S", 0.05)
    hire(world, "Solène", role="supervisor")
    await visitor.signs_in("Claire")
    headers = {"Cookie": f"{COOKIE}={visitor.cookie}", "User-Agent": visitor.agent}
    other = Visitor(world, visitor.http)
    if how == "stolen":  # from another browser, nothing is streamed at all
        thief = {**headers, "User-Agent": "Un autre navigateur"}
        async with visitor.http.get(
            f"{visitor.root}/flux", headers=thief, allow_redirects=False
        ) as refused:
            assert (refused.status, refused.headers["Location"]) == (303, "/helpdesk/connexion")
        await is_shut_out(visitor)
        return
    async with visitor.http.get(f"{visitor.root}/flux", headers=headers) as stream:
        await stream.content.readuntil(b"event: change\ndata: 1\n\n")
        if how == "closed":
            await other.signs_in("Solène")
            with world.store.reading() as connection:
                ids = dict(connection.execute(sa.select(agents.c.name, agents.c.id)).all())
            path, form = f"/equipe/{ids['Claire']}/fermer", {"csrf": await other.csrf()}
        else:
            await other.signs_in("Claire")
            path, form = "/compte/session", {"csrf": await other.csrf()}
        assert (await other.asks("POST", path, form))[0] == 303
        rest = await asyncio.wait_for(stream.read(), 20)
    assert rest.endswith(b"event: over\ndata: 1\n\n")
    assert SECRET.encode() not in rest
    await is_shut_out(visitor)


async def test_a_picture_of_another_request_is_not_described(
    world: World, visitor: Visitor
) -> None:
    photo = [{"file_id": "p1", "file_unique_id": "u", "width": 1, "height": 1}]
    world.api.sends(PERSON, photo=photo)
    await world.api.until(lambda: len(world.said_on()) == 2)
    await world.opens(43)
    await visitor.signs_in("Claire")
    form = {"csrf": await visitor.csrf(), "message": "2", "texte": "Un carnet"}

    def alt() -> str:
        with world.store.reading() as connection:
            media = sa.select(ticket_messages.c.media).where(ticket_messages.c.id == 2)
            return str(connection.execute(media).scalar_one().get("alt", ""))

    await visitor.asks("POST", "/demandes/2/decrire", form)
    assert alt() == ""
    await visitor.asks("POST", "/demandes/1/decrire", form)
    assert alt() == "Un carnet"


async def test_guessing_passwords_is_slowed(world: World, visitor: Visitor, clock: Ahead) -> None:
    for _ in range(FAILURES):
        assert await visitor.signs_in("Claire", "au hasard encore") == 403
    assert await visitor.signs_in("Claire") == 429
    assert await visitor.signs_in("claire") == 429
    assert await visitor.signs_in("Denis") == 303
    with world.store.reading() as connection:
        kept = str(connection.execute(sa.select(sign_in_failures)).all())
    assert "laire" not in kept and "127.0.0.1" not in kept
    clock.ahead = FAILURES_WITHIN + timedelta(seconds=1)
    assert await visitor.signs_in("Claire") == 303


async def test_an_address_that_tries_every_name_is_slowed(visitor: Visitor) -> None:
    statuses = [await visitor.signs_in(f"Nom {number}", "au hasard encore") for number in range(32)]
    assert statuses[:30] == [403] * 30
    assert statuses[30:] == [429, 429]


async def test_the_same_form_twice_is_one_message(world: World, visitor: Visitor) -> None:
    await visitor.signs_in("Claire")
    form = {"csrf": await visitor.csrf(), "once": "abcdefghij", "texte": "Une seule fois"}
    for _ in range(2):
        assert (await visitor.asks("POST", "/demandes/1/repondre", form))[0] == 303
    await world.reads(PERSON, "Une seule fois")
    assert world.said_on()[1:] == [("agent", "Une seule fois")]


async def test_what_cannot_be_done_is_said(world: World, visitor: Visitor) -> None:
    await visitor.signs_in("Claire")
    own = {"csrf": await visitor.csrf()}
    for path, status in [
        ("/demandes/1/rendre", 409),
        ("/demandes/1/transferer", 409),
        ("/demandes/1/rouvrir", 409),
        ("/demandes/77/prendre", 404),
        ("/demandes/1/detruire", 404),
        ("/demandes/1/repondre", 409),
    ]:
        form = {**own, "texte": "x" * 5000} if "repondre" in path else own
        assert (await visitor.asks("POST", path, form))[0] == status, path
    assert (await visitor.asks("POST", "/boite/1", {**own, "sujet": "inventé"}))[0] == 400
    assert (await visitor.asks("GET", "/demandes/99999999999999999999"))[0] == 404
    assert (await visitor.asks("GET", "/static/../app.py"))[0] in (403, 404)
    huge = {**own, "texte": "x" * 200_000}
    assert (await visitor.asks("POST", "/demandes/1/repondre", huge))[0] == 413
    assert world.said_on() == [("person", SECRET)]


async def test_metrics_say_nothing_of_anyone(world: World, visitor: Visitor) -> None:
    async with visitor.http.get(f"{world.console}/metrics") as response:
        text = await response.text()
        assert response.status == 200
    assert 'passerelle_tickets_now{state="waiting"} 1.0' in text
    assert 'passerelle_tickets_total{outcome="absent",topic=""} 1.0' in text
    for private in (SECRET, "secret", str(PERSON) + "\n", "Claire"):
        assert private not in text


@pytest.mark.parametrize(
    ("name", "password", "role"),
    [("", PASSWORD, "agent"), ("a" * 70, PASSWORD, "agent"), ("<b>", PASSWORD, "agent"),
     ("Claire", "court", "agent"), ("Claire", "x" * 300, "agent"), ("Claire", PASSWORD, "chef")],
)  # fmt: skip
def test_accounts_that_cannot_be_made(store, name, password, role) -> None:
    with pytest.raises(StaffError) as error:
        add_agent(store, name, password, role, at=now())
    assert "\n" not in str(error.value)
