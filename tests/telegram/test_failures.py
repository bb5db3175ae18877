"""Telegram fails in every way that it has, and nothing is lost nor said twice."""

from __future__ import annotations

import asyncio
import logging

import pytest
import sqlalchemy as sa
from telegram.error import TelegramError

from actions.messages import Text, Venues
from bot.store import Store, outbox
from bot.store.incoming_queue import begin, keep
from bot.store.outbox import Parcel
from bot.store.tables import incoming, persons
from bot.store.tables import outbox as outbox_table
from bot.telegram.frontend import (
    TelegramFrontend,
    TokenRefusedError,
    WebhookRefusedError,
)
from bot.telegram.reception import MAX_DEATHS
from bot.telegram.updates import arrival
from tests import clock
from tests.conversation.conftest import KEY, WORDING, StubAssistant
from tests.telegram.bot_api import (
    BotApi,
    answer_lost,
    bad_request,
    blocked,
    broken,
    hangs,
    too_many,
    unauthorized,
)
from tests.telegram.conftest import QUICK, Bot
from tests.telegram.test_talking import rows, settled


@pytest.mark.parametrize("failure", [broken, hangs, lambda: too_many(1)])
async def test_sending_is_tried_again_and_order_is_kept(
    api: BotApi, bot: Bot, store: Store, failure
) -> None:
    api.fail("sendMessage", failure(), times=2, chat=42)
    async with bot.running():
        for number in range(3):
            api.says(42, f"q{number}")
        api.says(43, "une autre personne")
        await api.until(lambda: api.texts(43))
        assert api.texts(42) == [], "the other person does not wait"
        await api.until(lambda: len(api.texts(42)) == 3)
        await api.until(lambda: settled(store))
    assert api.texts(42) == [f"Réponse à : q{number}" for number in range(3)]


async def test_telegram_unreachable_at_the_start_is_waited_out(api: BotApi, bot: Bot) -> None:
    api.fail("getMe", broken(), times=3)
    api.fail("getUpdates", broken(), times=3)
    api.fail("getUpdates", bad_request("strange"), times=1)
    api.says(42, "bonjour")
    async with bot.running():
        await api.until(lambda: api.texts(42))


async def test_a_refused_token_is_one_clear_error(
    api: BotApi, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(TokenRefusedError, match="TELEGRAM_BOT_TOKEN") as caught:
        async with bot.front(telegram_token="700:another-secret") as front:
            await front.run()
    chain: BaseException | None = caught.value
    while chain:
        assert "another-secret" not in str(chain)
        chain = chain.__cause__
    assert "another-secret" not in caplog.text
    assert api.calls == []


async def test_without_a_token_there_is_no_front_end(bot: Bot, store: Store) -> None:
    from dataclasses import replace

    settings = replace(bot.settings, telegram_token="")
    with pytest.raises(TokenRefusedError):
        TelegramFrontend(settings, store, None, WORDING, key=KEY)  # type: ignore[arg-type]


@pytest.mark.parametrize("token", ["nonsense", "abc:def", "12:", "é"])
async def test_what_telegram_does_not_know_is_refused(bot: Bot, token: str) -> None:
    with pytest.raises(TokenRefusedError):
        async with bot.front(telegram_token=token) as front:
            await front.run()


@pytest.mark.parametrize("method", ["getUpdates", "sendMessage"])
async def test_a_token_revoked_meanwhile_stops_everything(
    api: BotApi, bot: Bot, store: Store, method: str
) -> None:
    with pytest.raises(TokenRefusedError):
        async with bot.front() as front:
            running = asyncio.create_task(front.run())
            await api.until(lambda: "getUpdates" in api.attempts)
            api.fail(method, unauthorized(), times=99)
            api.says(42, "bonjour")
            await running
    api.heal(method)
    async with bot.running():
        await api.until(lambda: api.texts(42))


async def test_who_blocked_the_bot_is_marked_and_comes_back(
    api: BotApi, bot: Bot, store: Store
) -> None:
    api.fail("sendMessage", blocked(), chat=42)
    async with bot.running():
        api.says(42, "bonjour")
        await api.until(lambda: rows(store, persons) and not rows(store, persons)[0].reachable)
        await api.until(lambda: settled(store))
        assert rows(store, outbox_table)[0].status == "dropped"
        api.says(42, "me revoilà")
        await api.until(lambda: api.texts(42) == ["Réponse à : me revoilà"])
        assert rows(store, persons)[0].reachable


async def test_blocking_drops_what_waits(api: BotApi, bot: Bot, store: Store) -> None:
    async with bot.running():
        api.says(42, "bonjour")
        await api.until(lambda: api.texts(42) and settled(store))
        api.fail("sendMessage", too_many(600), chat=42)
        api.says(42, "encore")
        await api.until(lambda: api.attempts.count("sendMessage") == 2)
        await api.until(lambda: [p.error for p in rows(store, outbox_table)][-1] == "RetryAfter")
        api.membership(42, "kicked")
        await api.until(lambda: settled(store))
        assert rows(store, outbox_table)[-1].status == "dropped"
        assert not rows(store, persons)[0].reachable
        api.membership(42, "member")
        await api.until(lambda: rows(store, persons)[0].reachable)


async def test_a_layout_that_is_refused_falls_back_to_plain_text(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    api.fail("sendMessage", bad_request("can't parse entities"))
    async with bot.running():
        api.says(42, "a < b & c")
        await api.until(lambda: api.texts(42))
    [call] = api.of("sendMessage", 42)
    assert call.text == "Réponse à : a < b & c"
    assert "parse_mode" not in call.data


async def test_a_message_refused_for_good_does_not_hold_the_next(
    api: BotApi, bot: Bot, assistant: StubAssistant, store: Store
) -> None:
    async with bot.running():
        api.fail("sendMessage", bad_request("message is too odd"), times=2)
        api.says(42, "premier")
        api.says(42, "second")
        await api.until(lambda: api.texts(42) == ["Réponse à : second"])
        await api.until(lambda: settled(store))
    assert [row.status for row in rows(store, outbox_table)] == ["failed", "sent"]


async def test_a_chat_that_does_not_exist_is_given_up(api: BotApi, bot: Bot, store: Store) -> None:
    api.fail("sendMessage", bad_request("chat not found"))
    async with bot.running():
        api.says(42, "bonjour")
        await api.until(lambda: rows(store, outbox_table) and settled(store))
    assert rows(store, outbox_table)[0].status == "dropped"


async def test_parts_already_sent_are_not_sent_again(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    from bot.conversation import Turn

    long = "\n\n".join(f"Partie {n} " + "x" * 3000 for n in range(3))
    assistant.answers["long"] = Turn((Text(long),))
    async with bot.running():
        api.says(42, "avant")
        await api.until(lambda: api.texts(42))
        api.says(42, "long")
        await api.until(lambda: len(api.texts(42)) == 2)
        api.fail("sendMessage", broken(), times=2)
        await api.until(lambda: len(api.texts(42)) == 4)
    assert [text[:8] for text in api.texts(42)[1:]] == ["Partie 0", "Partie 1", "Partie 2"]


async def test_an_answer_lost_on_its_way_back_is_sent_again(api: BotApi, bot: Bot) -> None:
    """Telegram cannot say whether it had it: better twice than never."""
    api.fail("sendMessage", answer_lost())
    async with bot.running():
        api.says(42, "bonjour")
        await api.until(lambda: len(api.texts(42)) == 2)


async def test_the_same_update_twice_is_answered_once(
    api: BotApi, bot: Bot, assistant: StubAssistant, store: Store
) -> None:
    async with bot.running():
        update = api.says(42, "bonjour")
        await api.until(lambda: api.texts(42) and not api.updates)
        api.updates.append(update)
        api.says(43, "après")
        await api.until(lambda: api.texts(43) and settled(store))
    assert len(api.texts(42)) == len(rows(store, incoming)) - 1 == 1


async def test_an_update_that_cannot_be_handled_is_told_and_does_not_block(
    api: BotApi,
    bot: Bot,
    assistant: StubAssistant,
    store: Store,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assistant.answers["poison"] = ValueError("what the person wrote")
    async with bot.running():
        api.says(42, "poison")
        api.says(42, "la suite")
        await api.until(lambda: len(api.texts(42)) == 2 and settled(store))
    assert "je n’arrive pas à répondre" in api.texts(42)[0]
    assert "conftest.py" in caplog.text, "where it failed is told"
    assert "what the person wrote" not in caplog.text
    assert api.texts(42)[1] == "Réponse à : la suite"
    assert [row.status for row in rows(store, incoming)] == ["failed", "done"]
    assert [text for _, text, _ in assistant.heard].count("poison") == 3


async def test_a_parcel_that_makes_no_sense_does_not_hold_the_next(
    api: BotApi, bot: Bot, store: Store
) -> None:
    with store.begin() as connection:
        for body in ({"kind": "inconnu"}, Text("la suite").to_json()):
            outbox.put(connection, channel="telegram", address="42", body=body, at=clock.now())
    async with bot.running():
        await api.until(lambda: api.texts(42) == ["la suite"])


async def test_couriers_send_what_is_theirs_and_learn_what_is_lost(
    api: BotApi, bot: Bot, store: Store
) -> None:
    class Copies:
        lost_parcels: list[int] = []  # noqa: RUF012

        async def send(self, bot, parcel: Parcel) -> str:
            copy = await bot.copy_message(
                chat_id=int(parcel.address),
                from_chat_id=parcel.body["from_chat"],
                message_id=parcel.body["message"],
            )
            return str(copy.message_id)

        def lost(self, connection: sa.Connection, parcel: Parcel, error: str) -> None:
            self.lost_parcels.append(parcel.body["message"])

    copies = Copies()
    api.fail("copyMessage", broken())
    with store.begin() as connection:
        for number in range(2):
            body = {"kind": "copie", "from_chat": -100, "message": number}
            outbox.put(connection, channel="telegram", address="42", body=body, at=clock.now())
    async with bot.running(couriers={"copie": copies}) as front:
        await api.until(lambda: len(api.of("copyMessage", 42)) == 2)
        api.fail("copyMessage", blocked())
        with store.begin() as connection:
            body = {"kind": "copie", "from_chat": -100, "message": 9}
            outbox.put(connection, channel="telegram", address="42", body=body, at=clock.now())
        front.wake()
        await api.until(lambda: copies.lost_parcels == [9])


async def test_webhook(api: BotApi, bot: Bot, store: Store) -> None:
    from aiohttp import web
    from aiohttp.test_utils import TestServer

    app = web.Application()
    url = "http://127.0.0.1/telegram/hook"
    async with bot.running(webhook_url=url, webhook_secret="s3cret") as front:
        app.add_routes(front.routes())
        async with TestServer(app) as server:
            await api.until(lambda: api.webhook == url)
            assert api.webhook_secret == "s3cret"
            api.webhook = str(server.make_url("/telegram/hook"))
            assert await api.post(api.says(42, "bonjour")) == 200
            await api.until(lambda: api.texts(42))
            update = api.says(42, "intrus")
            assert await api.post(update, secret="autre") == 403
            assert await api.post({"rien": 1}) == 400
            assert await api.post([1]) == 400  # type: ignore[arg-type]
    assert len(rows(store, incoming)) == 1
    assert "getUpdates" not in api.attempts


async def test_a_webhook_without_a_configured_secret_has_one(api: BotApi, bot: Bot) -> None:
    async with bot.running(webhook_url="http://127.0.0.1/hook"):
        await api.until(lambda: api.webhook_secret)
    assert len(api.webhook_secret) == 64


async def test_logs_hold_nothing_of_people_nor_the_token(
    api: BotApi, bot: Bot, assistant: StubAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("tests").setLevel(logging.DEBUG)
    api.fail("sendMessage", broken())
    api.fail("sendMessage", bad_request("can't parse"))
    async with bot.running():
        api.says(42, "mon secret à moi")
        api.sends(42, text="et ça", entities="pas une liste")
        await api.until(lambda: len(api.texts(42)) == 2)
    ours = [r for r in caplog.records if r.name.split(".")[0] in ("bot", "telegram", "httpx")]
    assert ours
    for record in ours:
        text = logging.Formatter().format(record)
        assert "secret" not in text and "et ça" not in text
    assert api.token not in caplog.text


async def test_an_answer_cut_off_is_not_logged_with_what_was_said(
    api: BotApi, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    """The library logs whole what it cannot read."""
    caplog.set_level(logging.INFO)
    async with bot.running() as front:
        await api.until(lambda: "getUpdates" in api.attempts)
        with pytest.raises(TelegramError):
            front.bot.request.parse_json_payload(b'{"ok": true, "result": {"text": "un secret')
    assert "secret" not in caplog.text


async def test_venues_survive_a_failure_between_two(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    from actions.messages import PlaceCard
    from bot.conversation import Turn

    places = tuple(PlaceCard(str(n), f"Lieu {n}", "rue", 49.0, 6.0) for n in range(3))
    assistant.answers["carte"] = Turn((Venues("Carte :", places=places),))
    api.fail("sendVenue", broken())
    async with bot.running(pauses=QUICK):
        api.says(42, "carte")
        await api.until(lambda: len(api.of("sendVenue", 42)) == 3)
    assert [c.data["title"] for c in api.of("sendVenue", 42)] == ["Lieu 0", "Lieu 1", "Lieu 2"]
    assert len(api.texts(42)) == 1


async def test_an_update_that_kills_the_process_is_left_in_the_end(
    api: BotApi, bot: Bot, assistant: StubAssistant, store: Store
) -> None:
    update = api.says(42, "fatal")
    api.updates.clear()  # acknowledged by the process that died
    with store.begin() as connection:
        keep(connection, [arrival(update, "a bot")], clock.now())
        for _ in range(MAX_DEATHS):  # begun, never finished
            begin(connection, "telegram:42", clock.now())
    async with bot.running():
        await api.until(lambda: api.texts(42) and settled(store))
    assert "je n’arrive pas à répondre" in api.texts(42)[0]
    assert assistant.heard == []


async def test_a_webhook_that_telegram_refuses_is_one_clear_error(api: BotApi, bot: Bot) -> None:
    api.fail("setWebhook", bad_request("bad webhook: HTTPS url must be provided"), times=9)
    with pytest.raises(WebhookRefusedError, match="PASSERELLE_WEBHOOK_URL"):
        async with bot.front(webhook_url="http://exemple.fr/hook") as front:
            await front.run()


async def test_a_menu_that_is_refused_does_not_prevent_answering(api: BotApi, bot: Bot) -> None:
    api.fail("setMyCommands", bad_request("no"), times=9)
    api.says(42, "bonjour")
    async with bot.running():
        await api.until(lambda: api.texts(42))


async def test_a_database_that_fails_for_a_while_loses_nothing(
    api: BotApi, bot: Bot, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = True
    write = Store.write

    async def fails_at_first(self: Store, work, *arguments, **named):
        if failing:
            raise sa.exc.OperationalError("statement", {}, Exception("the disk is full"))
        return await write(self, work, *arguments, **named)

    monkeypatch.setattr(Store, "write", fails_at_first)
    api.says(42, "bonjour")
    async with bot.running():
        await api.until(lambda: api.attempts.count("getUpdates") >= 1)
        assert api.updates, "not acknowledged: Telegram keeps it"
        failing = False
        await api.until(lambda: api.texts(42))
