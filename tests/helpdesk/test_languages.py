"""Each person reads the helpdesk in the language that they write; agents read and write French."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest
import yaml

from actions.reading.language import LANGUAGES, written_language
from actions.words import WordsError
from bot.conversation import Incoming, Kind
from bot.conversation.ports import HelpRequest
from bot.helpdesk import delayed_replies, housekeeping, prepared_answers, staff
from bot.helpdesk.assembly import HelpdeskParts, assemble
from bot.helpdesk.decision.availability import Availability, DeskState
from bot.helpdesk.decision.queue import Wait
from bot.helpdesk.desk_words import load_desk_words
from bot.helpdesk.tickets import message_rows
from bot.helpdesk.tickets.message_rows import TicketMessage
from bot.helpdesk.translation import Phrase, translated
from bot.settings import PROJECT_ROOT
from bot.store import Store, persons
from bot.store.tables import outbox
from tests.conversation.conftest import KEY
from tests.helpdesk.browser import hire
from tests.helpdesk.conftest import Run
from tests.helpdesk.test_accounts import does, inside
from tests.helpdesk.test_never_muted import EVERY, IDLE, MONDAY
from tests.helpdesk.world import ANNE, plain, settings_for
from tests.telegram.bot_api import BotApi

ANSWERS = PROJECT_ROOT / "data" / "answers"
PARIS = ZoneInfo("Europe/Paris")
WORDS = load_desk_words(ANSWERS, PARIS)
OTHERS = LANGUAGES[1:]
ENGLISH = "I have lost my pass, what can I do?"
ARABIC = "لقد فقدت البطاقة، ماذا أفعل؟"


def fact(name: str, _day: date | None = None) -> str | None:
    return {"pass.valeur_petit": "10\u00a0€", "pass.valeur_grand": "20\u00a0€"}.get(name)


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


# The translations.


def test_the_seven_languages_are_there() -> None:
    assert set(WORDS.tongues) == {"fr", "en", "ar", "tr", "pt", "es", "ru"}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_says_all_that_french_says_with_the_same_values(language: str) -> None:
    french, other = WORDS.tongues["fr"], WORDS.tongues[language]
    assert other.say.keys() == french.say.keys()
    assert len(french.say) > 60
    for key, sentence in french.say.items():
        assert other.say[key].needs == sentence.needs, key
        # Words, and no other than this language's: nothing was left in French.
        values = dict.fromkeys(sentence.needs, "0")
        said = other.say(key, **values)
        assert said.strip()
        assert said != french.say(key, **values) or key.startswith(("kind_", "copy_")), key
        assert written_language(said) in ("", language), (key, said)
        assert len(said) <= 600
    for one in WORDS.ready:
        assert prepared_answers.variables(other.ready[one.title]) == prepared_answers.variables(
            one.text
        )
        prose = re.sub(r"\{.*?\}", "", other.ready[one.title])
        assert written_language(prose) in ("", language)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data["textes"].pop("late"), "en trop ou en moins"),
        (lambda data: data["textes"].update(inconnu="x"), "rien ne dit cela"),
        (lambda data: data["textes"].update(late="Late."), "late : les valeurs"),
        (lambda data: data["textes"].update(late="{{ number }} {{ wait }}"), "late : les valeurs"),
        (lambda data: data["textes"].update(cancelled="In 4 days"), "un chiffre"),
        (lambda data: data["reponses"].popitem(), "à traduire"),
        (lambda data: data["reponses"].update(Autre="x"), "Autre"),
        (lambda data: data["reponses"].update({"Combien vaut un pass": "Ten."}), "Combien"),
        (lambda data: data["moments"].pop("hier"), "un moment"),
        (lambda data: data.pop("jours"), "jours"),
        (lambda data: data["jours"].pop(), "un jour"),
    ],
)
def test_what_a_translation_lacks_is_found_when_it_is_loaded(
    tmp_path: Path, change: object, words: str
) -> None:
    shutil.copytree(ANSWERS, tmp_path / "answers")
    path = tmp_path / "answers" / "helpdesk" / "tr.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(data)  # type: ignore[operator]
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(WordsError, match=words):
        load_desk_words(tmp_path / "answers", PARIS)


def test_moments_and_waits_in_english() -> None:
    english, now = WORDS.tongues["en"], MONDAY.astimezone(PARIS)
    opens = now.replace(hour=9, minute=0) + timedelta(days=1)
    closed = english.ask(Availability(DeskState.CLOSED, answers_from=opens), None, now)
    assert "A person will answer from tomorrow at 09:00." in closed
    later = english.later(
        Availability(DeskState.CLOSED, answers_from=opens + timedelta(days=3)), now
    )
    assert later == "A person will answer you from Friday 27/11 at 09:00."
    assert english.moment(now - timedelta(days=1), now) == "yesterday at 10:00"
    assert english.moment(now, now) == "today at 10:00"
    assert "Friday 01/01/2027" in english.moment(now.replace(2027, 1, 1), now)
    assert english.queue(4, Wait(5, 90)) == (
        "There are 3 people before you. Allow between 5 min and 1 h 30 min."
    )
    assert english.queue(1, Wait(60, 60)) == "You are next. Allow about 1 h."


# What an agent writes.


def test_ready_answers_are_translated_and_the_rest_is_said_not_to_be() -> None:
    phrases = [
        Phrase("Je regarde près de {commune} aujourd’hui.", "I look near {commune} today."),
        Phrase("Je regarde.", "I am looking."),
    ]

    def sent(text: str, longest: int = 100) -> str:
        return translated(text, phrases, "en", "(French)", longest=longest)

    assert sent("Je regarde.") == "I am looking."
    assert sent("Je\u00a0regarde. 👍") == "I am looking. 👍"
    assert sent("Je regarde près de Saint-Dié aujourd'hui.") == "I look near Saint-Dié today."
    assert sent("Je regarde. Bon courage !") == "I am looking. Bon courage !\n\n(French)"
    assert sent("Je regarde tout.") == "Je regarde tout.\n\n(French)"
    assert sent("Je regarde.\nJe regarde.") == "I am looking.\nI am looking."
    assert sent("I will look for you.") == "I will look for you.", "the agent wrote English"
    assert sent("Bonjour", longest=10) == "Bonjour", "no room for the mark"
    assert sent("06 12 34") == "06 12 34"


class Case:
    """A request whose person writes in a language, and an agent."""

    def __init__(self, store: Store, parts: HelpdeskParts, said: str, channel: str) -> None:
        self.store, self.parts, self.now = store, parts, MONDAY
        with store.begin() as connection:
            self.person = persons.see(
                connection, KEY, channel, "42", at=MONDAY, written=written_language(said)
            )
            agent = staff.from_telegram(connection, ANNE, "Anne", MONDAY)
            assert agent is not None
            self.agent = agent
            request = HelpRequest("demande", MONDAY)
            self.told = list(parts.reception.open(connection, self.person, request))
            incoming = Incoming(channel, "42", "1", Kind.TEXT, MONDAY, text=said)
            self.told += parts.reception.add(connection, self.person, incoming) or []

    def sent(self) -> list[str]:
        with self.store.reading() as connection:
            rows = connection.execute(outbox.select().order_by(outbox.c.id))
            return [plain(str(row.body["text"])) for row in rows]


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_from_the_request_to_its_end_in_english(store: Store, tmp_path: Path, channel: str) -> None:
    parts = assemble(settings_for(BotApi(), tmp_path, ""), store, fact=fact)
    case = Case(store, parts, ENGLISH, channel)
    assert case.told[0].text.startswith("The helpdesk is open, but nobody is available")
    assert "request no. 1" in case.told[1].text
    assert case.told[1].buttons[0].title == "Be called back"
    price = next(one for one in WORDS.ready if one.title == "Combien vaut un pass")
    with store.begin() as connection:
        desk = parts.desk
        said = prepared_answers.fill(price.text, {}, fact)
        desk.answer(connection, case.agent, 1, TicketMessage(said, origin="a"), case.now)
        desk.answer(connection, case.agent, 1, TicketMessage("Bon courage.", origin="b"), case.now)
        desk.correct(connection, case.agent, "b", "Bon courage !", case.now)
        desk.release(connection, case.agent, 1, case.now)
        desk.escalate(connection, 1, case.now)
        desk.claim(connection, case.agent, 1, case.now)
        desk.close(connection, case.agent, 1, case.now)
        kept = [row.text for row in message_rows.of_ticket(connection, 1) if row.author == "agent"]
        copy = parts.reception.add(
            connection,
            case.person,
            Incoming(channel, "42", "2", Kind.BUTTON, case.now,
                     payload='/helpdesk_copie{"ticket": 1}'),
        )  # fmt: skip
    assert kept == [said, "Bon courage !"], "agents read French"
    mark = "\n\n(This message is in French. It is not translated.)"
    told = case.sent()
    edit = f"Bon courage !{mark}"
    beginnings = [
        "A person from the helpdesk has taken your request.",
        "Hello, a pass is worth 10 € or 20 €. The value is written on it.",
        f"Bon courage.{mark}",
        edit if channel == "telegram" else f"Correction: {edit}",
        "The person who was helping you had to stop.",
        "Your request no. 1 is taking longer than expected.",
        "A person from the helpdesk has taken your request.",
        "Your request no. 1 is finished.",
    ]
    assert len(told) == len(beginnings)
    assert all(text.startswith(first) for text, first in zip(told, beginnings, strict=True)), told
    assert copy is not None
    shown = plain(copy[0].text)
    assert "Copy of your request no. 1" in shown
    assert "Helpdesk : Hello, a pass is worth 10 €" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_reads_another_language(store: Store, tmp_path: Path, language: str) -> None:
    hours = {"helpdesk_hours": "Mo-Fr 09:00-12:30"}
    parts = assemble(settings_for(BotApi(), tmp_path, "", **hours), store, fact=fact)
    case = Case(store, parts, "", "telegram")
    with store.begin() as connection:
        connection.execute(persons.persons.update().values(written=language))
        evening = MONDAY + timedelta(hours=10)
        ready_words = WORDS.ready[3].text
        delayed_replies.hold(
            connection, parts.desk, case.agent, 1, TicketMessage(ready_words), at=evening
        )
        moment = evening
        for _ in range(int(timedelta(days=1) / EVERY)):
            moment += EVERY
            housekeeping.keep(connection, parts.desk, moment, IDLE)
    told = case.sent()
    assert len(told) >= 3, told
    assert {written_language(text) for text in told} <= {"", language}
    expected = WORDS.tongues[language].ready.get(WORDS.ready[3].title, ready_words)
    assert plain(expected) in told, "what was promised for the opening"


# Behind both doors.


async def test_agents_see_the_language_behind_both_doors(run: Run) -> None:
    async with (
        run(with_console=True, fact=fact) as world,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        hire(world, "Claire")
        await world.opens(42, ARABIC)
        await world.opens(43, "Mon pass est perdu.")
        thread = await world.thread_of(1)
        await world.forum_shows(thread, "Langue : arabe. Vos mots partent en français")
        assert "Langue" not in " ".join(world.forum_texts(await world.thread_of(2)))
        claire = await inside(world, http, "Claire")
        _, page, _ = await claire.asks("GET", "/demandes/1")
        assert "Cette personne écrit en arabe" in page
        assert "Cette personne écrit" not in (await claire.asks("GET", "/demandes/2"))[1]
        text = "Je dois vérifier avant de vous répondre. Je reviens vers vous ici même."
        assert (await does(claire, "/demandes/1/repondre", texte=text))[0] == 303
        arabic = WORDS.tongues["ar"]
        await world.reads(42, arabic.ready["Je cherche"])
        _, page, _ = await claire.asks("GET", "/demandes/1")
        assert text in plain(page)
        assert arabic.ready["Je cherche"] in page
        # In the forum as well; and French is said to be French.
        world.agent_says(ANNE, await world.thread_of(2), "Bonjour")
        await world.reads(43, "Bonjour")
        assert "traduit" not in " ".join(world.api.texts(43))


async def test_the_language_follows_what_is_written(run: Run) -> None:
    async with run() as world:
        await world.opens(42, ENGLISH)
        await world.reads(42, "request no. 1")
        world.says(42, "ok")
        world.says(42, "Merci, je parle aussi français, je vous écris en français")
        await world.api.until(lambda: len(world.said_on()) == 3)
        world.says(42, "où en est ma demande")
        await world.reads(42, "Votre demande n° 1")


def test_a_language_is_kept_until_another_is_written(store: Store) -> None:
    with store.begin() as connection:
        see = persons.see(connection, KEY, "telegram", "1", at=MONDAY, written="en")
        assert see.written == "en"
        assert persons.see(connection, KEY, "telegram", "1", at=MONDAY).written == "en"
        assert persons.see(connection, KEY, "web", "1", at=MONDAY).written == ""
