"""Places shared in other chats: what is typed, what can be picked, and that nothing is kept."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from actions.answers.loader import load_answers
from actions.messages import PlaceCard, Places
from actions.programme.facts import load_facts
from actions.reference import open_directory
from bot.bootstrap import Workshop
from bot.conversation import Turn
from bot.settings import PROJECT_ROOT, load_settings
from bot.store import Store, blocked, channels
from bot.store.persons import pseudonym
from bot.store.tables import incoming
from bot.telegram.links import LONGEST_QUERY, by_ids, ids_of
from bot.telegram.ports import Nearby
from bot.telegram.updates import InlineQuery, inline_query
from tests import clock
from tests.conversation.conftest import KEY, WORDING, StubAssistant
from tests.telegram.bot_api import BotApi, Call, bad_request
from tests.telegram.conftest import Bot
from tests.telegram.test_talking import rows

CARD = PlaceCard("p1", "Cyber <A>", "1 rue B, 57000 Metz", 49.0, 6.0, phone="03 00 00 00 00")


def finds(_query: str) -> Nearby:
    return Nearby("found", (CARD,), "Appelez avant.")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The real places, those of the demonstration."""
    home = tmp_path_factory.mktemp("home")
    settings = load_settings({"PASSERELLE_HOME": str(home)}, dotenv=None)
    open_directory(settings.reference_url, settings.data_dir / "places").engine.dispose()
    folder = PROJECT_ROOT / "data"
    answers = load_answers(folder / "answers", load_facts(folder / "programme"), retention_days=30)
    return Workshop(settings, answers, clock.now)


def answers_of(api: BotApi) -> list[Call]:
    return api.of("answerInlineQuery")


async def shown(api: BotApi, bot: Bot, find: Any, *typed: str) -> list[dict[str, Any]]:
    """Return what Telegram is given for each text typed, one after the other."""
    async with bot.running(find=find):
        for number, text in enumerate(typed, 1):
            api.types(42, text)
            await api.until(lambda number=number: len(answers_of(api)) == number)
    return [call.data for call in answers_of(api)]


async def test_a_commune_typed_elsewhere_offers_its_places(
    api: BotApi, bot: Bot, workshop: Workshop
) -> None:
    [given_] = await shown(api, bot, workshop.nearby, "metz")
    assert 3 <= len(given_["results"]) <= 50
    for result in given_["results"]:
        words = result["input_message_content"]["message_text"]
        assert result["title"] in words
        assert "Itinéraire" in words
        assert "inventés" in words, "a demonstration says so wherever it is read"
        [[key]] = result["reply_markup"]["inline_keyboard"]
        assert key["url"] == "https://t.me/passerelle_bot?start=lieux"
    assert "Metz" in given_["results"][0]["description"]
    assert "button" not in given_


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "partage_ou"),
        ("xqzwk", "partage_ou"),
        ("sainte-colombe", "partage_plusieurs"),
        (by_ids(["un lieu qui a disparu"]), "partage_aucun"),
    ],
)
async def test_nothing_to_pick_says_what_to_type(
    api: BotApi, bot: Bot, workshop: Workshop, typed: str, words: str
) -> None:
    [given_] = await shown(api, bot, workshop.nearby, typed)
    assert given_["results"] == []
    assert given_["button"] == {"text": WORDING(words), "start_parameter": "lieux"}


async def test_the_button_under_a_list_shares_its_very_places(
    api: BotApi, bot: Bot, workshop: Workshop, assistant: StubAssistant
) -> None:
    api.inline = True
    near = workshop.nearby("metz").places
    assistant.answers["trois"] = Turn((Places("Trois lieux :", places=near[1:4]),))
    assistant.answers["un"] = Turn((Places("Un lieu :", places=near[2:3]),))
    async with bot.running(find=workshop.nearby):
        api.says(42, "trois")
        api.says(42, "un")
        await api.until(lambda: len(api.texts(42)) == 2)
        three, one = (call.buttons for call in api.of("sendMessage", 42))
        for number, query in enumerate((three["Partager ces lieux"], one["Partager ce lieu"]), 1):
            api.types(42, query)
            await api.until(lambda number=number: len(answers_of(api)) == number)
    titles = [[result["title"] for result in call.data["results"]] for call in answers_of(api)]
    assert titles == [[card.name for card in near[1:4]], [near[2].name]]


async def test_no_button_where_sharing_was_not_turned_on(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    assistant.answers["un"] = Turn((Places("Un lieu :", places=(CARD,)),))
    async with bot.running(find=finds):
        api.says(42, "un")
        await api.until(lambda: api.texts(42))
    assert api.of("sendMessage", 42)[0].buttons == {}


async def test_nothing_typed_elsewhere_is_kept_nor_logged(
    api: BotApi, bot: Bot, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    def fails(query: str) -> Nearby:
        raise ValueError(query)

    api.fail("answerInlineQuery", bad_request("query is too old"))
    async with bot.running(find=finds):
        api.types(42, "mon secret")
        await api.until(lambda: "answerInlineQuery" in api.attempts)
        api.types(43, "mon secret")
        await api.until(lambda: answers_of(api))
    async with bot.running(find=fails):
        api.types(44, "mon secret")
        await api.until(lambda: "an inline query failed" in caplog.text)
        api.says(45, "bonjour")
        await api.until(lambda: api.texts(45))
    assert [row.lane for row in rows(store, incoming)] == ["telegram:45"]
    assert "secret" not in caplog.text


async def test_what_is_shared_is_nobody_s_markup(api: BotApi, bot: Bot) -> None:
    [given_] = await shown(api, bot, finds, "metz")
    [result] = given_["results"]
    assert "<b>Cyber &lt;A&gt;</b>" in result["input_message_content"]["message_text"]
    assert result["input_message_content"]["parse_mode"] == "HTML"


async def test_only_the_last_letters_are_answered(api: BotApi, bot: Bot) -> None:
    """A person types on while the first letters are looked up: those are left."""
    looking, go_on = threading.Event(), threading.Event()
    looked_up: list[str] = []

    def slow(query: str) -> Nearby:
        looked_up.append(query)
        looking.set()
        go_on.wait(60)
        return Nearby("found", (replace(CARD, name=query),))

    try:
        async with bot.running(find=slow):
            api.types(42, "m")
            assert await asyncio.to_thread(looking.wait, 60)
            for typed in ("me", "met", "metz"):
                api.types(42, typed)
            await api.until(lambda: not api.updates)
            go_on.set()
            await api.until(lambda: answers_of(api))
            api.types(43, "nancy")
            await api.until(lambda: len(answers_of(api)) == 2)
    finally:
        go_on.set()
    titles = [call.data["results"][0]["title"] for call in answers_of(api)]
    assert titles == ["metz", "nancy"]
    assert looked_up == ["m", "metz", "nancy"]


async def test_who_is_blocked_finds_nothing_and_others_are_not_told_so(
    api: BotApi, bot: Bot, store: Store
) -> None:
    with store.begin() as connection:
        blocked.block(connection, pseudonym(KEY, "telegram", "42"), clock.now())
    async with bot.running(find=finds):
        api.types(42, "metz")
        await api.until(lambda: len(answers_of(api)) == 1)
        api.types(43, "metz")
        await api.until(lambda: len(answers_of(api)) == 2)
        with store.begin() as connection:
            channels.close(connection, "telegram", clock.now())
        api.types(44, "metz")
        await api.until(lambda: len(answers_of(api)) == 3)
    refused, given_, closed = (call.data for call in answers_of(api))
    assert [len(one["results"]) for one in (refused, given_, closed)] == [0, 1, 0]
    assert str(refused["is_personal"]).lower() == "true", "Telegram shows it to nobody else"
    assert str(given_.get("is_personal", False)).lower() == "false"


async def test_by_the_webhook_too(api: BotApi, bot: Bot, store: Store) -> None:
    app = web.Application()
    url = "http://127.0.0.1/hook"
    async with bot.running(webhook_url=url, webhook_secret="s3cret", find=finds) as front:
        app.add_routes(front.routes())
        async with TestServer(app) as server:
            await api.until(lambda: api.webhook == url)
            api.webhook = str(server.make_url("/hook"))
            query = api.types(42, "metz")
            assert await api.post(query, secret="autre") == 403
            assert await api.post(query) == 200
            await api.until(lambda: answers_of(api))
    assert rows(store, incoming) == []


async def test_telegram_is_asked_for_these_queries(api: BotApi, bot: Bot) -> None:
    asked: list[Any] = []
    give = api._get_updates

    async def noting(data: dict[str, Any]) -> list[dict[str, Any]]:
        asked.append(data["allowed_updates"])
        return await give(data)

    api._get_updates = noting  # type: ignore[method-assign]
    async with bot.running(find=finds):
        await api.until(lambda: asked)
    assert "inline_query" in asked[0]


ids = st.lists(
    st.text(st.characters(categories=("Ll", "Nd")), min_size=1, max_size=300), max_size=20
)


@given(ids)
def test_ids_are_read_back_as_far_as_they_fit(wanted: list[str]) -> None:
    query = by_ids(wanted)
    assert len(query) <= LONGEST_QUERY
    found = list(ids_of(query))
    left = iter(wanted)
    assert all(one in left for one in found), "in their order"
    if sum(map(len, wanted)) + len(wanted) < 240:
        assert found == wanted


@pytest.mark.parametrize("typed", ["", "metz", "partage", "partagez 1", "lieu partage: 1"])
def test_other_words_are_no_ids(typed: str) -> None:
    assert ids_of(typed) == ()


@pytest.mark.parametrize(
    "query",
    [None, [], {}, {"id": "1"}, {"id": 1, "from": {"id": 1}, "query": ""},
     {"id": "1", "from": {"id": "x"}, "query": ""}, {"id": "1", "from": {"id": 1}, "query": None}],
)  # fmt: skip
def test_what_is_not_of_a_query_s_shape_is_none(query: Any) -> None:
    assert inline_query({"update_id": 1, "inline_query": query}) is None


def test_a_query_s_text_is_not_shown_by_accident() -> None:
    raw = {"update_id": 1, "inline_query": {"id": "1", "from": {"id": 42}, "query": "se\0cret"}}
    query = inline_query(raw)
    assert query == InlineQuery("1", 42, "secret")
    assert "secret" not in repr(query)


def test_words_fit_where_telegram_shows_them() -> None:
    for key in ("partage_ou", "partage_plusieurs", "partage_aucun"):
        assert len(WORDING(key)) <= 64, key
