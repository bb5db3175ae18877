"""After ``/oublier``, a search of every file of the home: nothing of the person is in any."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store import (
    Store,
    conversation_records,
    incoming_queue,
    open_engine,
    outbox,
    persons,
    privacy,
)
from bot.store.incoming_queue import Arrival
from bot.store.persons import Person
from tests.conftest import PASSERELLE, ROOT, clean_environment
from tests.telegram.bot_api import BotApi

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = b"k" * 32

WHO = 5_553_331_117
NAME = {"first_name": "Zéphyrine", "last_name": "Quatrelivres"}
WORDS = (
    "mon chat Zébulon a mangé mon pass",
    "je m'appelle Zéphyrine Quatrelivres, mon numéro est le 06 39 98 12 34",
    "écrivez-moi à zephyrine.quatrelivres@exemple.fr",
)
POSITION = (49.047_666, 6.437_905)
TRACES = re.compile(
    "|".join(
        (str(WHO), "Z(?:é|\\\\u00e9)phyrine", "Quatrelivres", "Z(?:é|\\\\u00e9)bulon", 
         "39 98 12 34",
         "0639981234", "zephyrine", re.escape("49.047"), re.escape("6.437"))
    ),
    re.IGNORECASE,
)  # fmt: skip
"""The id, names, numbers, words and coordinates, as UTF-8 or as JSON writes them."""


def found_in(home: Path) -> dict[str, set[str]]:
    """What is found of the person, by file; the trained model, which nobody wrote to, aside."""
    found = {}
    for file in home.rglob("*"):
        if file.is_file() and "models" not in file.parts:
            text = file.read_bytes().decode("utf-8", "replace")
            if traces := set(TRACES.findall(text)):
                found[str(file.relative_to(home))] = traces
    return found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path / 'home' / 'passerelle.sqlite'}")
    yield store
    store.close()


def talk(store: Store, external_id: str, words: str, number: int) -> Person:
    """Leave the traces of a turn, as a front-end does."""
    at = NOW + timedelta(seconds=number)
    with store.begin() as connection:
        person = persons.see(connection, KEY, "telegram", external_id, at=at)
        arrival = Arrival(f"telegram:bot:{number}", person.lane, {"text": words})
        incoming_queue.keep(connection, [arrival], at)
    with store.begin() as connection:
        update = incoming_queue.begin(connection, person.lane, at)
        assert update
        conversation_records.note_exchange(connection, person.id, "person", words, at)
        conversation_records.note_misunderstood(connection, person.id, words, at, tier="refuse")
        persons.set_agreed_name(connection, person.id, words[:60])
        outbox.put_for(connection, person, {"text": f"Vous dites : {words}"}, at)
        incoming_queue.finish(connection, update.id)
    return person


def test_nothing_is_left_among_the_pages_of_a_busy_database(store: Store) -> None:
    """Hundreds of turns: pages that split, cells that move, a journal that grows."""
    home = Path(str(store.engine.url.database)).parent
    for number in range(300):
        talk(store, str(number % 40), "une question ordinaire " * (number % 30), number)
        if number % 5 == 0:
            person = talk(store, str(WHO), WORDS[number % 3] * (1 + number % 90), 1000 + number)
    assert {"passerelle.sqlite", "passerelle.sqlite-wal"} & found_in(home).keys()
    with store.begin() as connection:
        privacy.erase(connection, person, NOW)
        privacy.erasure_done(connection, person.pseudonym)
    assert store.drain_journal()
    assert found_in(home) == {}
    with store.begin() as connection:
        assert persons.find(connection, "telegram", "3"), "the others stay"


def test_the_journal_is_not_said_empty_while_someone_reads_what_was(store: Store) -> None:
    talk(store, str(WHO), WORDS[0], 1)
    with store.reading() as reader:
        persons.find(reader, "telegram", str(WHO))
        talk(store, "other", "autre chose", 2)
        assert not store.drain_journal()
    assert store.drain_journal()


def test_the_last_words_to_an_erased_person_do_not_keep_their_address(store: Store) -> None:
    with store.begin() as connection:
        for _ in range(3):
            outbox.put(
                connection, channel="telegram", address=str(WHO), body={"text": "Fini."}, at=NOW
            )
        for parcel in range(1, 4):
            assert outbox.due(connection, f"telegram:{WHO}", NOW)
            if parcel == 1:
                outbox.sent(connection, parcel, NOW)
            elif parcel == 2:
                outbox.give_up(connection, parcel, "BadRequest")
            else:
                assert outbox.drop_lane(connection, f"telegram:{WHO}", "blocked") == 1
    store.drain_journal()
    assert found_in(Path(str(store.engine.url.database)).parent) == {}


def test_a_file_of_an_earlier_version_is_rewritten_once(tmp_path: Path) -> None:
    """What was deleted before deletions were overwritten is still among its pages."""
    home = tmp_path / "home"
    store = Store.open(f"sqlite:///{home / 'passerelle.sqlite'}")
    talk(store, "other", "autre chose", 1)
    store.close()
    with closing(sqlite3.connect(home / "passerelle.sqlite")) as earlier:
        earlier.execute("PRAGMA secure_delete = OFF")
        earlier.execute("PRAGMA user_version = 0")
        for words in WORDS:
            earlier.execute("INSERT INTO erasures VALUES (?, '2026-01-01')", (words,))
        earlier.commit()
        earlier.execute("DELETE FROM erasures")
        earlier.commit()
        earlier.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found_in(home), "left behind by the earlier version"
    store = Store.open(f"sqlite:///{home / 'passerelle.sqlite'}")
    assert found_in(home) == {}
    store.close()


def test_databases_are_their_owner_s_alone(tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    old.touch()
    old.chmod(0o644)
    for path in (old, tmp_path / "new.sqlite"):
        store = Store.open(f"sqlite:///{path}")
        with store.begin() as connection:
            persons.see(connection, KEY, "telegram", "1", at=NOW)
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob(f"{path.name}*")}
        assert set(modes.values()) == {0o600}, modes
        assert len(modes) == 3, "the file and its two journals"
        store.close()


def test_opening_a_database_does_not_free_the_locks_of_others(tmp_path: Path) -> None:
    """Closing a file that SQLite has open would free its locks (POSIX): it is never opened."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    store = Store.open(url)
    probe = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)\n"
        "try: c.execute('BEGIN IMMEDIATE')\nexcept sqlite3.OperationalError: print('locked')"
    )
    with store.begin() as connection:
        persons.see(connection, KEY, "telegram", "1", at=NOW)
        open_engine(url).dispose()
        said = subprocess.run(
            [sys.executable, "-c", probe, str(tmp_path / "a.sqlite")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert said.stdout.strip() == "locked"
    store.close()


@pytest.mark.stack
async def test_a_running_assistant_forgets_to_the_last_byte(tmp_path: Path) -> None:
    """Everything real but Telegram: a person talks, shares a position, and is forgotten."""
    home = tmp_path / "maison"
    train = await asyncio.create_subprocess_exec(
        PASSERELLE, "train", cwd=ROOT, env=clean_environment(ROOT / ".passerelle")
    )
    assert await train.wait() == 0
    async with BotApi() as api:
        process = await asyncio.create_subprocess_exec(
            PASSERELLE,
            "run",
            cwd=ROOT,
            env=clean_environment(home)
            | {
                "TELEGRAM_BOT_TOKEN": api.token,
                "PASSERELLE_TELEGRAM_API_URL": api.url,
                "PASSERELLE_HELPDESK_HOURS": "24/7",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            await api.until(lambda: "getUpdates" in api.attempts, 240)
            await _converse(api)
            kept = json.loads(api.of("sendDocument", WHO)[0].data["document"]["content"])
            assert WORDS[0] in json.dumps(kept["assistant"], ensure_ascii=False)
            assert WORDS[1] in json.dumps(kept["ticket_messages"], ensure_ascii=False)
            assert kept["exchanges"]
            assert kept["ticket_events"]
            assert not re.search(r"49\.047|6\.437", json.dumps(kept)), "used and forgotten"
            assert "passerelle.sqlite-wal" in found_in(home), "the search finds what is there"
            api.says(WHO, "/oublier")
            await api.until(lambda: "Oui, tout effacer" in api.of("sendMessage", WHO)[-1].buttons)
            api.taps(WHO, "Oui, tout effacer")
            await api.until(lambda: "C’est fait" in api.texts(WHO)[-1])
            await api.until(lambda: not found_in(home))
            assert process.returncode is None
            modes = {file.name: file.stat().st_mode & 0o777 for file in home.glob("*.sqlite*")}
            assert set(modes.values()) == {0o600}, modes
        except AssertionError as error:
            raise AssertionError(f"{error}; found: {found_in(home)}") from error
        finally:
            process.terminate()
            await process.wait()


async def _converse(api: BotApi) -> None:
    async def answered(before: int) -> None:
        await api.until(lambda: len([c for c in api.calls if c.chat == WHO and c.text]) > before)

    latitude, longitude = POSITION
    said: list[dict[str, object]] = [
        {"text": WORDS[0]},
        {"text": "où utiliser mon pass ?"},
        {"location": {"latitude": latitude, "longitude": longitude}},
        {"text": "je veux parler à quelqu'un"},
        {"text": WORDS[1]},
        {"text": WORDS[2]},
        {"text": "/mesdonnees"},
    ]
    for content in said:
        before = len([c for c in api.calls if c.chat == WHO and c.text])
        message = api.message(WHO, **content)
        message["from"] |= NAME
        api.update(message=message)
        await answered(before)
