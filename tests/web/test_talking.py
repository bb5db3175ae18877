"""The page over HTTP: with a script, without one, while someone helps, after erasure."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import aiohttp
import pytest

from actions.messages import AskPosition, Button, Reminder, Sheet, Text
from bot.conversation import Turn
from bot.helpdesk.mail import Mail
from bot.helpdesk.tables import desk_files
from bot.store import channels
from bot.store.tables import erasures, incoming, outbox, persons
from bot.voice import BusyError, NotHeardError
from bot.web import sites
from bot.web.keys import Keyring
from bot.web.tables import web_messages
from tests import clock
from tests.conversation.conftest import KEY
from tests.databases import full_disk
from tests.dialogue import as_seen
from tests.helpdesk.test_together import smtp_server
from tests.web.conftest import Run
from tests.web.world import HUMAN, Script, World, assistant_of_tests, events, plain


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


async def begins(world: World, **options: Any) -> Script:
    script = Script(world, **options)
    status, _ = await script.opens()
    assert status == 200
    return script


async def test_a_question_and_its_answer(world: World) -> None:
    script = await begins(world)
    assert await script.says("un pass ?") == 200
    await script.reads("Réponse à : un pass ?")
    assert [de for _, de, _ in script.messages] == ["person", "assistant"]
    # Both queues are empty of words, and Rasa saw a pseudonym.
    assert {(row.status, json.dumps(row.body)) for row in world.rows(incoming)} == {("done", "{}")}
    assert {(row.status, json.dumps(row.body)) for row in world.rows(outbox)} == {("sent", "{}")}
    [heard] = world.assistant.heard
    assert script.key.split(".")[1] not in heard[0]


async def test_an_answer_that_comes_at_once_ends_the_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = await begins(world)
    shared, look, sees = world.front._shared, world.front._shared.look, asyncio.Event()

    async def looks_late(*asked: Any) -> Any:
        await sees.wait()
        return await look(*asked)

    monkeypatch.setattr(type(shared), "look", lambda _self, *asked: looks_late(*asked))
    sees.set()
    async with asyncio.timeout(30), script.listening() as answer:
        sent = False
        async for name, data, _ in events(answer):
            if name == "repos" and sent:
                assert data is True
                break
            if name == "repos":
                # The page shows that it waits; the stream sees nothing until all is answered.
                sees.clear()
                assert await script.says("un pass ?") == 200
                while [row.status for row in world.rows(outbox)] != ["sent"]:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                sent = True
                sees.set()


async def test_answers_come_in_order_and_once(world: World) -> None:
    script = await begins(world)
    for number in range(6):
        assert await script.says(f"q{number}") == 200
    await script.reads("Réponse à : q5")
    said = [text for _, de, text in script.messages if de == "assistant"]
    assert said == [f"L'assistant : Réponse à : q{number} Écouter" for number in range(6)]
    # A page that comes back is sent nothing twice, and a new tab everything.
    other = Script(world)
    other.key = script.key
    await other.reads("Réponse à : q5")
    assert [text for *_, text in other.messages] == [text for *_, text in script.messages]


async def test_a_message_sent_twice_is_one(world: World) -> None:
    script = await begins(world)
    for _ in range(3):
        await script.posts("/web/message", {"texte": "un pass ?", "une": "abc"})
    await script.says("fin")
    await script.reads("Réponse à : fin")
    assert [heard[1] for heard in world.assistant.heard] == ["un pass ?", "fin"]


async def test_the_same_conversation_on_another_page_of_the_site(world: World) -> None:
    script = await begins(world)
    await script.says("un pass ?")
    await script.reads("Réponse à : un pass ?")
    status, said = await script.opens()
    assert status == 200
    assert "Réponse à : un pass ?" in plain(said["html"])
    assert f'data-dernier="{script.last}"' in said["html"]


async def test_a_position_is_used_and_never_kept(world: World) -> None:
    script = await begins(world)
    await script.posts("/web/message", {"position": [49.119309, 6.175715], "une": "p"})
    await script.reads("Ma position", "Réponse à")
    assert world.assistant.heard[0][2]["position"] == {"lat": 49.119, "lon": 6.176}
    for table in (incoming, outbox, web_messages, persons):
        assert "49.1" not in str(world.rows(table))
    # What is none is told so, and breaks nothing.
    for bad in ([91, 0], ["a", 1], [1], {}, [True, False], [float("nan"), 0]):
        await script.posts("/web/message", {"position": bad, "une": str(bad)})
    await script.reads("Je comprends seulement")


async def test_what_a_button_says_and_its_title(world: World) -> None:
    offers = Text("Que voulez-vous ?", buttons=(Button("Ses <b>horaires</b>", "/lieu_horaires"),))
    world.assistant.answers["un lieu"] = Turn((offers,), "trouver_lieu", 0.9, "answer")
    script = await begins(world)
    await script.says("un lieu")
    await script.reads("Que voulez-vous ?")
    await script.taps("/lieu_horaires")
    await script.reads("Réponse à : /lieu_horaires")
    assert script.messages[-2][2] == "Vous : Ses <b>horaires</b>"


async def test_a_sheet_is_downloaded_by_its_own_page_only(world: World) -> None:
    sheet = Sheet("Voici la fiche.", request='{"a": 1}', on="2020-09-01")
    world.assistant.answers["fiche"] = Turn((sheet,), "recevoir_fiche", 0.9, "answer")
    script = await begins(world)
    await script.says("fiche")
    async with asyncio.timeout(20), script.listening() as answer:
        async for name, data, number in events(answer):
            if name == "message" and "Voici la fiche" in data["html"]:
                path = data["html"].split('href="')[1].split('"')[0]
                script.take(name, data, number)
                break
    async with world.http.get(world.root + path) as answer:
        assert await answer.read() == b'%PDF {"a": 1} 2020-09-01'
        assert answer.headers["Content-Disposition"] == 'attachment; filename="pass-numerique.pdf"'
    number = path.split("/")[3]
    for wrong in (
        path.replace(f"/{number}/", "/1/"),
        path.replace("/web/fichier/", "/web/fichier/9"),
    ):
        async with world.http.get(world.root + wrong) as answer:
            assert answer.status == 404


async def test_erasing_clears_the_page_and_forgets(world: World) -> None:
    script = await begins(world)
    await script.says("un secret")
    await script.reads("Réponse à : un secret")
    await script.taps("/oublier")
    await script.reads("Voulez-vous tout effacer")
    await script.taps("/oublier_oui")
    await script.reads("C'est fait. J'ai effacé")
    assert "secret" not in script.text, "the page was told to drop what was erased"
    assert "secret" not in str(world.rows(web_messages))
    assert world.rows(persons) == []
    await script.says("et après")
    await script.reads("Réponse à : et après")


async def test_someone_of_the_helpdesk_answers_into_the_page(world: World) -> None:
    world.has_agent()
    script = await begins(world)
    await script.says(HUMAN)
    await script.reads("va vous répondre ici")
    await script.says("Mon pass est perdu.")
    await script.reads("C'est transmis (demande n° 1)")
    note = await script.is_told("etat")
    assert "fermer cette page" in note and "avant un jour" in as_seen(note)
    # They leave; the answer waits for them.
    world.agent_answers(1, "Bonjour, appelez votre <mairie>.")
    await script.reads("Bonjour, appelez votre <mairie>.")
    said = next(text for _, de, text in script.messages if "mairie" in text)
    assert said.startswith("Le service d'aide :"), "who speaks is said"
    await script.says("Merci")
    world.agent_closes(1)
    await script.reads("est terminée")
    assert "Réponse à : Merci" not in script.text, "the assistant stays silent meanwhile"
    assert await script.is_told("etat") == ""


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cf5000000301010018dd8db0"
    "0000000049454e44ae426082"
)


async def asks_for_someone(world: World) -> Script:
    world.has_agent()
    script = await begins(world)
    await script.says(HUMAN)
    await script.reads("va vous répondre ici")
    await script.says("Mon pass est perdu.")
    await script.reads("C'est transmis")
    return script


async def address_of_file(world: World, script: Script, words: str) -> str:
    async with asyncio.timeout(20), script.listening() as answer:
        async for name, data, number in events(answer):
            if name == "message":
                script.take(name, data, number)
            if name == "message" and words in data["html"]:
                return str(re.findall(r'class="fichier" href="([^"]+)"', data["html"])[0])
    raise AssertionError("no file")


async def test_an_agents_file_is_read_on_its_own_page_only(world: World) -> None:
    script = await asks_for_someone(world)
    world.agent_sends(1, "Été <2026>.html", b"<script>alert(1)</script>", "La notice")
    path = await address_of_file(world, script, "La notice")
    assert "Le service d'aide : La notice" in script.text
    async with world.http.get(world.root + path) as answer:
        assert await answer.read() == b"<script>alert(1)</script>"
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="t-')
    world.agent_sends(1, "plan.png", PNG)
    picture = await address_of_file(world, script, "plan.png")
    async with world.http.get(world.root + picture) as answer:
        assert (await answer.read(), answer.headers["Content-Type"]) == (PNG, "image/png")
    # Another's seal, another number, a forged one: nothing.
    seal, number = path.split("/")[4], path.split("/")[3]
    for wrong in (
        picture.replace(picture.split("/")[4], seal),
        path.replace(f"/{number}/", "/1/"),
        path.replace(seal, "x" * len(seal)),
    ):
        async with world.http.get(world.root + wrong) as answer:
            assert answer.status == 404, wrong
    # Erased with the rest.
    await script.says("/oublier")
    await script.says("oui")
    await script.reads("C'est fait")
    for gone in (path, picture):
        async with world.http.get(world.root + gone) as answer:
            assert answer.status == 404
    assert world.rows(desk_files) == []


async def test_the_page_without_a_script(world: World) -> None:
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(treat_as_secure_origin=[world.root], unsafe=True)
    ) as browser:

        async def sends(**fields: str) -> str:
            async with browser.post(world.root + "/web/dire", data={"site": "", **fields}) as page:
                assert page.status == 200
                return plain(await page.text())

        async with browser.get(world.root) as page:
            text = await page.text()
            assert "Je suis une machine" in plain(text)
        assert "Réponse à : un pass ?" in await sends(texte="un pass ?", une="a")
        again = await sends(texte="un pass ?", une="a")
        assert again.count("Réponse à : un pass ?") == 1, "sent twice, said once"
        assert "Écrivez votre question avec vos mots" in await sends(bouton="/aide", une="b")
        assert "Taille normale" in await sends(taille="gros")
        assert "Plus gros" in await sends(taille="normale")
        assert "Voulez-vous tout effacer" in await sends(bouton="/oublier", une="c")
        erased = await sends(bouton="/oublier_oui", une="d")
        assert "C'est fait" in erased and "un pass ?" not in erased


async def test_a_closed_channel_says_so_kindly_and_ends_streams(world: World) -> None:
    script = await begins(world)
    async with asyncio.timeout(20), script.listening() as answer:
        with world.store.begin() as connection:
            channels.close(connection, "web", clock.now())
        names = []
        async for name, data, _ in events(answer):
            names.append(name)
            if name == "ferme":
                assert "fermé pour le moment" in as_seen(data)
    assert names[-1] == "ferme", "the stream ended, within the two seconds of a look"
    assert await script.says("un pass ?") == 503
    async with world.http.get(world.root) as page:
        assert page.status == 503
        assert "fermé pour le moment" in plain(await page.text())
    with world.store.begin() as connection:
        channels.reopen(connection, "web")
    await world.looks()
    assert await script.says("un pass ?") == 200


async def test_after_a_day_a_page_is_forgotten(run: Run) -> None:
    days = [0]
    async with run(clock=lambda: clock.now() + timedelta(days=days[0])) as world:
        script = await begins(world)
        await script.says("un secret")
        await script.reads("Réponse à : un secret")
        waiting = await begins(world)
        await waiting.says(HUMAN)
        await waiting.reads("Écrivez votre message")
        days[0] = 2
        await world.front._forget()
        assert "secret" not in str(world.rows(web_messages))
        assert len(world.rows(persons)) == 1, "who waits for someone is kept for them"
        assert len(world.rows(erasures)) == 1, "Rasa is told to forget"
        assert await script.says("un pass ?") == 401, "the key is over too"


async def test_a_reminder_is_mailed_though_the_page_is_forgotten(run: Run) -> None:
    got: list[bytes] = []
    days = [0]
    wished = Reminder(
        "Entendu.", subject="la date limite", on=str(clock.now().date() + timedelta(5))
    )
    offers = Text("Le 15.", buttons=(Button("Me rappeler", "/rappeler_echeance"),))
    assistant = assistant_of_tests()
    assistant.answers |= {"date ?": Turn((offers,)), "/rappeler_echeance": Turn((wished,))}

    def moment() -> datetime:
        return clock.now() + timedelta(days=days[0])

    async with run(assistant=assistant) as world:
        script = await begins(world)
        await script.says("date ?")
        assert "Me rappeler" not in await script.reads("Le 15."), "no server for mail: not offered"
    async with (
        smtp_server(got, []) as port,
        run(assistant=assistant, by_mail=True, clock=moment) as world,
    ):
        script, other = await begins(world), await begins(world)
        await script.says("date ?")
        await script.reads("Le 15.", "Me rappeler")
        for one, address in ((script, "a@exemple.fr"), (other, "b@exemple.fr")):
            await one.taps("/rappeler_echeance")
            await one.reads("Quelle est votre adresse e-mail")
            await one.says(address)
            await one.reads(f"J'écrirai à {address}")
        await other.taps("/oublier")
        await other.taps("/oublier_oui")
        await other.reads("C'est fait")
        mail = Mail(f"smtp://127.0.0.1:{port}", "aide@exemple.fr", ())
        for later, sent in ((2, 0), (4, 0), (6, 1), (7, 0)):
            days[0] = later
            await world.front._forget()
            assert await mail.send_due(world.store, moment) == sent, later
        assert world.rows(persons) == [], "the page was forgotten long before"
    [raw] = got
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["To"] == "a@exemple.fr"
    assert as_seen(str(letter["Subject"])) == "Rappel : la date limite"
    assert "Vous m'avez demandé un rappel" in as_seen(letter.get_content())


async def test_keys_of_the_past_open_a_new_conversation(world: World) -> None:
    script = Script(world)
    ring = Keyring(KEY)
    script.key = ring.write(ring.newcomer("", clock.now() - timedelta(days=3)))
    old = script.key
    status, _ = await script.opens()
    assert status == 200
    assert script.key.split(".")[1] != old.split(".")[1]


async def test_what_fails_again_and_again_is_told(run: Run) -> None:
    async with run() as world:

        async def breaks(*_: Any) -> None:
            raise RuntimeError("un secret")

        world.front.reception._conversation.receive = breaks  # type: ignore[method-assign]
        script = await begins(world)
        await script.says("un pass ?")
        await script.reads("je n'arrive pas à répondre")


async def test_a_sites_figures_are_its_own(world: World) -> None:
    world.add_site("metz", "https://www.metz.fr", territory="Moselle")
    world.add_site("nancy", "https://www.nancy.fr")
    await world.looks()
    metz = await begins(world, site="metz", origin="https://www.metz.fr")
    for text in ("a", "b"):
        await metz.says(text)
    await metz.reads("Réponse à : b")
    with world.store.reading() as connection:
        since = clock.now().date() - timedelta(days=1)
        assert sites.figures(connection, "metz", since) == {"conversation": 1, "message": 2}
        assert sites.figures(connection, "nancy", since) == {}
    assert world.assistant.heard[0][2]["around"] == "Moselle"


async def test_where_one_is_can_be_typed_or_shared(world: World) -> None:
    world.assistant.answers["un lieu"] = Turn((AskPosition("Où êtes-vous ?"),), "x", 0.9, "answer")
    script = await begins(world)
    await script.says("un lieu")
    await script.reads("Où êtes-vous ?", "Utiliser ma position")


async def test_a_sites_own_helpdesk_hours(world: World) -> None:
    world.add_site("metz", "https://www.metz.fr", helpdesk_hours="off")
    world.has_agent()
    await world.looks()
    for site, words in (("metz", "fermé en ce moment"), ("", "va vous répondre ici")):
        origin = "https://www.metz.fr" if site else ""
        script = await begins(world, site=site, origin=origin)
        await script.says(HUMAN)
        await script.reads(words)


async def test_a_voice_is_turned_into_words_and_forgotten(run: Run) -> None:
    async def hear(sound: bytes) -> str:
        match sound:
            case b"silence":
                raise NotHeardError
            case b"foule":
                raise BusyError
        return "où utiliser mon pass ?"

    async with run(hear=hear) as world:
        script = await begins(world)
        assert (await script.posts("/web/voix?une=v1", b"un son secret"))[0] == 200
        await script.reads("J'ai entendu : « où utiliser mon pass ? »", "Réponse à : où utiliser")
        assert "Ce n'est pas ça" in script.text
        await script.taps("/mal_entendu")
        await script.reads("j'ai mal entendu")
        for sound, status, words in ((b"silence", 422, "pas bien"), (b"foule", 503, "Beaucoup")):
            got, said = await script.posts("/web/voix", sound)
            assert (got, words in said["mot"]) == (status, True)
        assert (await script.posts("/web/voix", b"x" * 2_000_000))[0] == 413
        for table in (incoming, outbox, web_messages):
            assert "son secret" not in str(world.rows(table))
    async with run() as deaf:
        script = await begins(deaf)
        got, said = await script.posts("/web/voix", b"un son")
        assert got == 404 and "messages vocaux" in said["mot"]


async def test_a_message_is_not_blamed_for_a_full_disk(run: Run) -> None:
    """More failures than a message is tried: it is answered in the end, and once."""
    async with run() as world:
        if world.store.engine.dialect.name != "sqlite":
            pytest.skip("a full disk is imitated by SQLite")
        world.assistant.answers["court"] = Turn((Text("longue réponse " * 5000),), "aide", 0.9)
        script = await begins(world)
        assert await script.says("avant") == 200
        await script.reads("Réponse à : avant")
        with full_disk(world.store):
            assert await script.says("court") == 200
            await heard(world, "court", times=6)
        assert await script.says("fin") == 200
        await script.reads("Réponse à : fin")
        said = [text for _, de, text in script.messages if de == "assistant"]
        assert len(said) == 3
        assert "longue réponse" in said[1]


async def heard(world: World, words: str, times: int) -> None:
    while [text for _, text, _ in world.assistant.heard].count(words) < times:
        world.assistant.entered.clear()
        await world.assistant.entered.wait()
