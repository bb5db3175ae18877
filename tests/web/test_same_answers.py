"""Forty conversations through the page, over real HTTP, say what every other channel says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from actions.messages import Message, from_json
from bot.bootstrap import Front, open_front
from bot.command_line.web import make_web
from bot.conversation.mechanics import without_reminder
from bot.settings import Settings
from bot.stack.endpoint import Endpoint
from bot.web.tables import web_messages
from tests import clock
from tests.dialogue import Chat
from tests.web.world import Script, World

pytestmark = pytest.mark.stack

CONVERSATIONS = [
    ["où utiliser mon pass à Metz ?", "quels sont les horaires du deuxième ?", "et le téléphone ?"],
    ["notre PETR veut acheter 20 515 € de pass, quelle aide ?", "oui"],
    ["c'est quoi le pass numérique ?", "je ne comprends pas"],
    ["je cherche un endroit qui prend le pass", "Verdun", "plus de lieux"],
    ["bonjour"], ["merci"], ["au revoir"], ["qui es-tu ?"], ["tu es un robot ?"], ["aide"],
    ["combien vaut un pass ?", "et un carnet ?"], ["comment obtenir un carnet ?"],
    ["ma mère retraitée a droit au pass ?"], ["comment utiliser mon chèque APTIC ?"],
    ["est-ce que ça paie une formation Excel ?"], ["c'est gratuit ?"],
    ["mon pass est encore valable ?"], ["j'ai perdu mon pass"], ["ils refusent mon pass"],
    ["apprendre à me servir d'une souris", "à Nancy"], ["imprimer un document à Lyon 3e"],
    ["une commune seule peut candidater ?"], ["jusqu'à quand peut-on déposer un dossier ?"],
    ["quel est le taux de l'aide ?"], ["quels publics faut-il toucher ?"],
    ["quelles pièces pour le dossier ?"], ["qui a gagné l'appel à projets ?"],
    ["comment devenir un lieu labellisé ?"], ["quand suis-je remboursé des pass ?"],
    ["le dispositif existe encore ?"], ["qui gère le pass numérique ?"],
    ["commander des pass"], ["mes données personnelles ?"], ["quelle heure est-il à Tokyo ?"],
    ["hello, where can I use my pass?"], ["azerty qsdf"], ["57000"], ["/aide"],
    ["notre commune a 100 000 €", "combien d'aide ?", "annuler"], ["un lieu près de chez moi"],
]  # fmt: skip


@pytest.fixture
async def front(stack: Endpoint, stack_settings: Settings) -> AsyncIterator[Front]:
    async with open_front(stack_settings, stack, listening=True) as front:
        yield front


def shown(messages: list[Message]) -> list[dict[str, Any]]:
    return [without_reminder(message).to_json() for message in messages]


async def test_the_page_says_what_every_channel_says(
    front: Front, stack_settings: Settings
) -> None:
    assert len(CONVERSATIONS) == 40
    page = make_web(stack_settings, front, None, lambda: None, clock=clock.now)
    app = web.Application()
    async with (
        page,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        app.add_routes(page.routes())
        app.on_shutdown.append(page.say_goodbye)
        runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            host, port = runner.addresses[0][:2]
            world = World(front.store, None, front.helpdesk, page, f"http://{host}:{port}", http)  # type: ignore[arg-type]
            for number, lines in enumerate(CONVERSATIONS):
                chat, script = Chat(front), Script(world, address=f"192.0.2.{number}")
                await script.opens()
                expected: list[dict[str, Any]] = []
                for line in lines:
                    await chat.says(line)
                    expected += shown(chat.messages)
                    await script.says(line)
                    wanted = len(expected)
                    await script.follows(lambda s=script, n=wanted: answers(s) >= n)
                address = page._shared.keys.read(script.key, page._clock())
                assert address
                said = [
                    from_json(dict(row.body))
                    for row in await asyncio.to_thread(world.rows, web_messages)
                    if row.address == address.address and row.author == "assistant"
                ]
                assert shown(said) == expected, lines
        finally:
            await runner.cleanup()


def answers(script: Script) -> int:
    return sum(de == "assistant" for _, de, _ in script.messages)
