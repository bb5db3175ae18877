"""Other sites, forged keys, floods and noise: refused, nothing told, no fault of the server."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections import Counter
from contextlib import AsyncExitStack

import aiohttp
import pytest

from bot.store.tables import persons
from bot.web import sites
from bot.web.keys import Keyring, Visitor
from bot.web.limits import PageLimits, RequestRate
from bot.web.sites import SiteError
from tests import clock
from tests.conversation.conftest import KEY
from tests.web.conftest import Run
from tests.web.test_talking import begins
from tests.web.world import COOKIE, Script, World, plain

METZ, NANCY = "https://www.metz.fr", "https://www.nancy.fr"


@pytest.fixture
async def two(world: World) -> World:
    world.add_site("metz", METZ)
    world.add_site("nancy", NANCY, "https://nancy.fr")
    await world.looks()
    return world


async def test_only_a_sites_own_pages_may_speak_for_it(two: World) -> None:
    for site, origin, status in [
        ("metz", METZ, 200),
        ("metz", NANCY, 403),
        ("metz", "https://metz.fr", 403),
        ("metz", "https://www.metz.fr.evil.example", 403),
        ("metz", "null", 403),
        ("metz", "http://[", 403),
        ("nancy", "https://nancy.fr", 200),
        ("", METZ, 403),
        ("", "", 200),
        ("inconnu", METZ, 404),
    ]:
        script = Script(two, site=site, origin=origin)
        got, said = await script.opens()
        assert (got, bool(script.key)) == (status, status == 200), (site, origin)
        if status != 200:
            assert "html" not in said


async def test_a_browser_is_told_which_pages_may_read(two: World) -> None:
    for origin, allowed in [(METZ, METZ), ("https://evil.example", None), ("", None)]:
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"} if origin else {}
        for path in ("/web/ouvrir", "/web/message", "/web/flux", "/web/voix"):
            async with two.http.options(two.root + path, headers=headers) as answer:
                assert answer.status == 204
                assert answer.headers.get("Access-Control-Allow-Origin") == allowed
                assert "Access-Control-Allow-Credentials" not in answer.headers
        async with two.http.post(
            f"{two.root}/web/ouvrir", json={"site": "metz"}, headers=headers
        ) as answer:
            assert answer.headers.get("Access-Control-Allow-Origin") == allowed
            assert answer.headers["Vary"] == "Origin"


async def test_no_site_reads_another(two: World) -> None:
    metz = await begins(two, site="metz", origin=METZ)
    await metz.says("un secret de Metz")
    await metz.reads("Réponse à : un secret de Metz")
    mine = two.front._shared.keys.read(metz.key, clock.now())
    assert mine
    thief = Script(two, site="nancy", origin=NANCY)
    # The key of Metz, stolen by a page of Nancy; the same with the name changed; the same
    # person signed by someone who has another secret; the same under the own page's name.
    stolen = metz.key
    renamed = metz.key.replace("metz.", "nancy.", 1)
    forged = Keyring(b"x" * 32).write(Visitor("nancy", mine.person, clock.now()))
    own = metz.key.removeprefix("metz")
    for key, refused in ((stolen, 403), (renamed, 401), (forged, 401), (own, 401), ("", 401)):
        thief.key = key
        assert await thief.says("bonjour") == refused, key
        async with thief.listening() as answer:
            assert answer.status == refused
            assert "secret" not in await answer.text()
        _, said = await Script(two, site="nancy", origin=NANCY).posts(
            "/web/ouvrir", {"site": "nancy", "cle": key}
        )
        assert "secret" not in json.dumps(said)
        assert said["cle"].startswith("nancy.") and mine.person not in said["cle"]
    # Even the same random person, duly signed for Nancy, is another person.
    thief.key = Keyring(KEY).write(Visitor("nancy", mine.person, clock.now()))
    await thief.says("bonjour")
    assert "secret" not in await thief.reads("Réponse à : bonjour")
    assert len({row.pseudonym for row in two.rows(persons)}) == 2


async def test_a_cookie_opens_its_own_sites_page_only(two: World) -> None:
    ring = Keyring(KEY)
    key = ring.write(ring.newcomer("metz", clock.now()))
    script = Script(two, site="metz", origin=METZ)
    script.key = key
    await script.says("un secret")
    await script.reads("Réponse à : un secret")
    for path, name, seen in [
        ("/site/metz", f"{COOKIE}-metz", True),
        ("/site/nancy", f"{COOKIE}-nancy", False),
        ("/", COOKIE, False),
    ]:
        async with two.http.get(two.root + path, headers={"Cookie": f"{name}={key}"}) as page:
            assert page.status == 200
            assert ("un secret" in plain(await page.text())) == seen, path


async def test_pages_say_who_may_frame_them_and_load_nothing(two: World) -> None:
    for path, framing in [
        ("/", "frame-ancestors 'self'"),
        ("/site/metz", f"frame-ancestors 'self' {METZ}"),
    ]:
        async with two.http.get(two.root + path) as page:
            policy = page.headers["Content-Security-Policy"]
            assert policy.endswith(framing)
            assert "default-src 'none'" in policy and "unsafe" not in policy
            text = await page.text()
            assert "http://" not in text.replace("http://www.w3.org", "") and "<style" not in text
            assert "onclick" not in text
    async with two.http.get(f"{two.root}/site/rien") as page:
        assert page.status == 404
        assert "Content-Security-Policy" in page.headers


async def test_a_form_of_another_site_is_refused(two: World) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
    ):
        async with two.http.post(
            f"{two.root}/web/dire", data={"site": "", "texte": "x"}, headers=headers
        ) as answer:
            assert answer.status == 403
    assert two.rows(persons) == []


async def test_too_much_is_refused_in_words(run: Run) -> None:
    now = [0.0]
    limits = PageLimits(person=RequestRate(3, 60), address=RequestRate(20, 60))
    async with run(limits=limits, clock_s=lambda: now[0]) as world:
        script = await begins(world, address="192.0.2.1")
        statuses = [await script.says(f"q{n}") for n in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        _, said = await script.posts("/web/message", {"texte": "encore"})
        assert "très vite" in said["mot"]
        other = await begins(world, address="192.0.2.2")
        assert await other.says("bonjour") == 200, "others are not slowed"
        for _ in range(30):
            status, _ = await Script(world, address="192.0.2.1").opens()
        assert status == 429
        now[0] += 60
        assert await script.says("plus tard") == 200
        await script.reads("Réponse à : plus tard")


async def test_what_is_too_big_is_refused(world: World) -> None:
    script = await begins(world)
    assert await script.says("a" * 20_000) == 413

    async def pieces() -> object:  # no length said beforehand
        for _ in range(100):
            yield b"a" * 1000

    headers = {"Authorization": f"Bearer {script.key}"}
    async with world.http.post(
        f"{world.root}/web/message", data=pieces(), headers=headers
    ) as answer:
        assert answer.status == 413
    assert await script.says("a" * 4500) == 200
    await script.reads("trop long pour moi")


async def test_a_person_has_so_many_open_pages(run: Run) -> None:
    async with run(limits=PageLimits(streams=5, streams_per_person=2)) as world:
        script = await begins(world)
        await script.says("bonjour")
        async with AsyncExitStack() as stack:
            tabs = [await stack.enter_async_context(script.listening()) for _ in range(4)]
            assert [tab.status for tab in tabs] == [200] * 4
            async with asyncio.timeout(20):
                await tabs[0].read()
                await tabs[1].read()
            assert world.front._hub.count == 2, "the oldest were sent away"
            others = [await begins(world) for _ in range(3)]
            for other in others:
                await stack.enter_async_context(other.listening())
            async with script.listening() as refused:
                assert refused.status == 503


async def test_noise_is_refused_without_a_fault(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Five thousand requests of every shape: none is a fault of the server, none is told more."""
    caplog.set_level(logging.DEBUG)
    script = await begins(world)
    chance = random.Random(16)
    secret = "un-secret-de-quelqu-un"
    paths = [
        "/", "/site/metz", "/site/%00", "/web/dire", "/web/ouvrir", "/web/message", "/web/flux",
        "/web/voix", "/web/fichier/1/x/y", "/web/fichier/99999999999999/é/y", "/passerelle.js",
        "/web/passerelle.css", "/web/../etc/passwd", "/web/flux?depuis=-1", "/web/flux?depuis=²",
    ]  # fmt: skip
    bodies = [
        b"", b"{}", b"[]", b"null", b"\xff\xfe", b"{" * 3000, b'{"site": {"a": 1}}',
        b'{"texte": 1}',
        b'{"texte": "\\u0000\\ud800"}', b'{"position": [1e999, 2]}', b'{"bouton": "/restart"}',
        b'{"bouton": "/x{\\"a\\": \\"<script>\\"}"}', b"site=&texte=%FF%00&une=%E9",
        b"a=1&" * 200, json.dumps({"site": "metz" * 99}).encode(),
        b'{"une": "' + b"z" * 9000 + b'", "texte": "x"}', b'{"cle": "..", "site": null}',
        json.dumps({"texte": secret, "une": [1]}).encode(),
    ]  # fmt: skip
    keys = ["", "Bearer", f"Bearer {script.key}", f"Bearer {script.key}x", "Basic eDp5", "Bearer é"]
    types = [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "x",
    ]
    statuses: Counter[int] = Counter()
    waiting = asyncio.Semaphore(16)

    async def one(number: int) -> None:
        headers = {
            "X-Forwarded-For": f"198.51.{number % 250}.{number % 199}",
            "Authorization": chance.choice(keys).encode().decode("latin-1"),
            "Content-Type": chance.choice(types),
            "Origin": chance.choice(["null", METZ, world.root, "http://[", "x" * 300]),
            "Cookie": f"{COOKIE}={chance.choice([script.key, 'x', 'é'])}; {chance.random()}",
            "Accept-Language": chance.choice(["fr", "é;q", "x" * 200, ",,,"]),
        }
        method = chance.choice(["GET", "POST", "POST", "POST", "OPTIONS", "PUT", "HEAD"])
        async with waiting:
            try:
                async with asyncio.timeout(20), world.http.request(
                    method, world.root + chance.choice(paths), headers=headers,
                    data=chance.choice(bodies), allow_redirects=False,
                ) as answer:  # fmt: skip
                    statuses[answer.status] += 1
                    if "event-stream" not in answer.headers.get("Content-Type", ""):
                        assert "Traceback" not in await answer.text()
            except aiohttp.ClientError as error:
                statuses[type(error).__name__] += 1  # type: ignore[index]

    await asyncio.gather(*(one(number) for number in range(5000)))
    assert sum(statuses.values()) == 5000
    assert not [status for status in statuses if isinstance(status, int) and status >= 500], (
        statuses
    )
    assert secret not in caplog.text
    await script.says("et maintenant ?")
    await script.reads("Réponse à : et maintenant ?", timeout_s=120)


async def test_nothing_of_people_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    words = "un secret"

    async def breaks(*_: object) -> None:
        raise RuntimeError(words)

    world.front.reception._conversation.receive = breaks  # type: ignore[assignment,method-assign]
    script = await begins(world)
    await script.posts("/web/message", {"position": [49.119309, 6.175715], "une": "p"})
    await script.says("un secret")
    await script.reads("je n'arrive pas à répondre")
    ours = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("bot")
    )
    assert ours
    for words in ("secret", "49.1", script.key.split(".")[1]):
        assert words not in ours


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("Metz", METZ), ("a b", METZ), ("-a", METZ), ("", METZ), ("a" * 31, METZ), ("é", METZ),
        ("metz", "http://www.metz.fr"), ("metz", "https://www.metz.fr/page"), ("metz", "metz.fr"),
        ("metz", "https://"), ("metz", "*"), ("metz", "https://*.metz.fr"), ("metz", "https://a b"),
        ("metz", "javascript:alert(1)"), ("metz", "https://u:p@metz.fr"),
    ],
)  # fmt: skip
def test_a_site_that_cannot_be(name: str, origin: str) -> None:
    with pytest.raises(SiteError):
        sites.checked(name, "Titre", [origin])


def test_an_origin_is_written_as_browsers_do() -> None:
    site = sites.checked(
        "metz", " Besoin  d'aide ", ["HTTPS://www.Metz.fr:443/", "http://127.0.0.1:80"]
    )
    assert site.origins == ("https://www.metz.fr", "http://127.0.0.1:80")
    assert site.title == "Besoin d'aide"
