"""What makes a good bot: its page, links that ask, groups, and what holds no words."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from bot.settings import PROJECT_ROOT
from bot.telegram.links import LONGEST_PARAMETER, link, start_parameter
from bot.telegram.profile import ProfileError, load_profiles
from tests.conversation.conftest import WORDING, StubAssistant
from tests.telegram.bot_api import BOT_ID, BotApi, bad_request
from tests.telegram.conftest import Bot

ANSWERS = PROJECT_ROOT / "data" / "answers"
GROUP = -1009


async def test_the_page_is_written_in_each_language_read(api: BotApi, bot: Bot) -> None:
    languages = {None, "en", "ar", "tr", "pt", "es", "ru"}
    methods = ("setMyCommands", "setMyDescription", "setMyShortDescription")
    async with bot.running():
        await api.until(lambda: all(len(api.of(method)) >= 7 for method in methods))
    for method in methods:
        assert {call.data.get("language_code") for call in api.of(method)} == languages
    [french] = [c for c in api.of("setMyDescription") if "language_code" not in c.data]
    assert "Pass numérique" in french.data["description"]
    for call in api.of("setMyDescription"):
        assert len(call.data["description"]) <= 512
    for call in api.of("setMyShortDescription"):
        assert len(call.data["short_description"]) <= 120


async def test_a_page_that_is_refused_does_not_prevent_answering(api: BotApi, bot: Bot) -> None:
    api.fail("setMyDescription", bad_request("no"), times=99)
    async with bot.running():
        api.says(42, "bonjour")
        await api.until(lambda: api.texts(42))


def test_the_languages_are_those_that_are_read() -> None:
    read = yaml.safe_load((ANSWERS / "langues.yaml").read_text(encoding="utf-8"))
    written = {profile.language for profile in load_profiles(ANSWERS)}
    assert written == {"", *read}


@pytest.mark.parametrize(
    ("change", "words"),
    [({"short": "x" * 121}, "120"), ({"description": ""}, "512"), ({"commands": None}, "manque")],
)
def test_a_text_that_telegram_would_refuse_is_said(
    tmp_path: Any, change: dict[str, Any], words: str
) -> None:
    data = yaml.safe_load((ANSWERS / "profil.yaml").read_text(encoding="utf-8"))
    data["en"] |= change
    (tmp_path / "profil.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(ProfileError, match=words):
        load_profiles(tmp_path)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("/start aap", "/aap_presentation"),
        ("/start lieux-57000", "où utiliser mon pass à 57000 ?"),
        ("/start lieux-le_mans", "où utiliser mon pass à le mans ?"),
        ("/start lieux", "/trouver_lieu"),
        ("/START AAP", "/aap_presentation"),
    ],
)
async def test_a_link_asks_in_the_person_s_place(
    api: BotApi, bot: Bot, assistant: StubAssistant, said: str, asked: str
) -> None:
    async with bot.running():
        api.says(42, said)
        await api.until(lambda: len(api.texts(42)) == 2)
    assert [text for _, text, _ in assistant.heard] == [asked]
    assert "Je suis une machine" in api.texts(42)[0]
    assert api.texts(42)[1] == f"Réponse à : {asked}"


@pytest.mark.parametrize("said", ["/start", "/start inconnu", "/start lieux-57'000", "/start a b"])
async def test_another_link_is_a_plain_start(api: BotApi, bot: Bot, said: str) -> None:
    async with bot.running():
        api.says(42, said)
        await api.until(lambda: api.texts(42))
    assert "Que voulez-vous faire" in api.texts(42)[0]


def test_what_a_poster_s_link_carries_is_what_telegram_takes() -> None:
    assert (
        link("a_bot", start_parameter("lieux", "57000")) == "https://t.me/a_bot?start=lieux-57000"
    )
    assert start_parameter("lieux", "Saint-Étienne-d'Orthe") == "lieux-saint_etienne_d_orthe"
    assert len(start_parameter("lieux", "x" * 99)) == LONGEST_PARAMETER
    assert link("a_bot") == "https://t.me/a_bot"


async def test_privacy_is_said_even_while_the_assistant_is_down(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    assistant.down = True
    async with bot.running():
        api.says(42, "/confidentialite")
        await api.until(lambda: api.texts(42))
    [text] = api.texts(42)
    assert all(words in text for words in ("30\u00a0jours", "/mesdonnees", "/oublier", "position"))


async def test_in_a_group_it_answers_only_when_spoken_to(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    replied = {"message_id": 5, "from": {"id": BOT_ID, "is_bot": True, "first_name": "P"}}
    other = {"message_id": 6, "from": {"id": 7, "is_bot": False, "first_name": "Q"}}
    async with bot.running():
        await api.until(lambda: "getUpdates" in api.attempts)
        api.says(GROUP, "où utiliser mon pass ?")
        api.says(GROUP, "/start")
        api.says(GROUP, "bonjour @passerelle_bot2")
        api.sends(GROUP, text="d'accord", reply_to_message=other)
        api.says(GROUP, "bonjour @Passerelle_Bot !")
        api.says(GROUP, "/aide@passerelle_bot")
        api.sends(GROUP, text="merci", reply_to_message=replied)
        await api.until(lambda: len(api.texts(GROUP)) == 3)
        api.says(42, "fin")
        await api.until(lambda: api.texts(42))
    assert len(api.texts(GROUP)) == 3
    link_to = api.of("sendMessage", GROUP)[0].buttons
    assert list(link_to.values()) == ["https://t.me/passerelle_bot"]
    assert [text for _, text, _ in assistant.heard] == ["fin"], "nothing said there is read"


PLACE = {"latitude": 49.1, "longitude": 6.2}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"contact": {"phone_number": "0639981234", "first_name": "A"}}, WORDING("contact")),
        ({"sticker": {"file_id": "s"}}, WORDING("autocollant")),
        ({"voice": {"file_id": "v"}}, WORDING("voix")),
        ({"video_note": {"file_id": "v"}}, WORDING("image")),
        ({"poll": {"id": "1", "question": "?"}}, WORDING("autre_contenu")),
    ],
)
async def test_what_holds_no_words_gets_one_right_sentence(
    api: BotApi, bot: Bot, content: dict[str, Any], words: str
) -> None:
    async with bot.running():
        api.sends(42, **content)
        api.says(42, "fin")
        await api.until(lambda: len(api.texts(42)) == 2)
    assert api.texts(42)[0][:60] == words[:60]


async def test_a_venue_is_a_position_and_a_live_one_is_taken_once(
    api: BotApi, bot: Bot, assistant: StubAssistant
) -> None:
    async with bot.running():
        api.sends(42, location=PLACE, venue={"title": "Gare", "address": "", "location": PLACE})
        await api.until(lambda: len(api.texts(42)) == 1)
        shared = api.sends(42, location={**PLACE, "live_period": 900})["message"]
        await api.until(lambda: len(api.texts(42)) == 3)
        api.update(edited_message={**shared, "edit_date": shared["date"] + 9})
        api.says(42, "fin")
        await api.until(lambda: len(api.texts(42)) == 4)
    assert [text for _, text, _ in assistant.heard] == ["/partager_position"] * 2 + ["fin"]
    assert api.texts(42)[1] == WORDING("position_directe").strip()
