"""``backup``, ``restore`` and ``move``: tried, with what goes wrong."""

from __future__ import annotations

import sqlite3
import tarfile
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.helpdesk.tables import tickets
from bot.settings import load_settings
from bot.stack.home import exclusive
from bot.store import Store, conversation_records, outbox, persons, privacy
from tests.command_line.commands import objects, passerelle

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def opened(home: Path) -> Store:
    return Store.open(load_settings({"PASSERELLE_HOME": str(home)}, dotenv=None).database_url)


def talk(home: Path, external_id: str, words: str) -> persons.Person:
    store = opened(home)
    with store.begin() as connection:
        person = persons.see(connection, persons.load_key(home), "telegram", external_id, at=NOW)
        conversation_records.note_exchange(connection, person.id, "person", words, NOW)
        outbox.put_for(connection, person, {"kind": "text", "text": words}, NOW)
        connection.execute(
            sa.insert(tickets).values(
                person_id=person.id, state="waiting", desk="open", opened_at=NOW, changed_at=NOW
            )
        )
    store.close()
    return person


def dialogues(home: Path, count: int) -> None:
    """Write a file such as Rasa's."""
    with sqlite3.connect(home / "rasa.sqlite") as rasa:
        rasa.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, "
            "type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255), "
            "action_name VARCHAR(255), data TEXT)"
        )
        rasa.executemany(
            "INSERT INTO events VALUES (?, 'p', 'user', 1.5, NULL, NULL, '{}')",
            [(number,) for number in range(1, count + 1)],
        )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "maison"
    folder.mkdir()
    for number in range(3):
        talk(folder, str(number), f"mot {number}")
    dialogues(folder, 700)
    return folder


def exported(home: Path, external_id: str) -> dict[str, object]:
    store = opened(home)
    with store.reading() as connection:
        person = persons.find(connection, "telegram", external_id)
        assert person, external_id
        kept = privacy.export(connection, person)
    store.close()
    return kept


def test_a_backup_made_while_people_write_is_restored_elsewhere(home: Path, tmp_path: Path) -> None:
    archive, elsewhere = tmp_path / "copie.tar.gz", tmp_path / "ailleurs"
    before = exported(home, "1")
    stop = threading.Event()

    def write() -> None:
        number = 100
        while not stop.is_set():
            talk(home, str(number), "pendant la sauvegarde")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        done = passerelle(home, "backup", str(archive))
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    assert archive.stat().st_mode & 0o777 == 0o600
    assert not list(home.glob(".backup-*"))
    put_back = passerelle(elsewhere, "restore", str(archive))
    assert put_back.returncode == 0, put_back.stderr
    assert exported(elsewhere, "1") == before
    assert persons.load_key(elsewhere) == persons.load_key(home), "people are known again"
    assert {path.stat().st_mode & 0o777 for path in elsewhere.glob("*.sqlite")} == {0o600}
    with sqlite3.connect(elsewhere / "rasa.sqlite") as rasa:
        assert rasa.execute("SELECT count(*) FROM events").fetchone() == (700,)


def test_what_is_there_is_replaced_only_when_asked(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "copie.tar.gz"
    passerelle(home, "backup", str(archive))
    talk(home, "9", "après la sauvegarde")
    refused = passerelle(home, "restore", str(archive))
    assert refused.returncode == 1
    assert "existe déjà" in refused.stderr
    assert exported(home, "9")
    assert passerelle(home, "restore", "--replace", str(archive)).returncode == 0
    store = opened(home)
    with store.reading() as connection:
        assert persons.find(connection, "telegram", "9") is None
    store.close()


def test_an_archive_that_is_not_whole_changes_nothing(home: Path, tmp_path: Path) -> None:
    archive, elsewhere = tmp_path / "copie.tar.gz", tmp_path / "ailleurs"
    passerelle(home, "backup", str(archive))
    whole = archive.read_bytes()
    other = tmp_path / "autre.tar.gz"
    with tarfile.open(other, "w:gz") as tar:
        tar.add(home / "pseudonym.key", "../../intrus")
    for content in (whole[: len(whole) // 2], whole[:-300], b"rien", b"", other.read_bytes()):
        archive.write_bytes(content)
        done = passerelle(elsewhere, "restore", str(archive))
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert "sauvegarde" in done.stderr or "abîmée" in done.stderr
        assert not (elsewhere / "passerelle.sqlite").exists()
    assert not list(tmp_path.rglob("intrus"))


def test_nothing_is_put_back_nor_moved_under_who_runs(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "copie.tar.gz"
    passerelle(home, "backup", str(archive))
    with exclusive(home / "stack.lock", wait=False):
        done = passerelle(home, "restore", "--replace", str(archive))
        assert "arrêtez-le" in done.stderr
        done = passerelle(home, "move", "postgresql://a@/b?host=/nulle/part")
        assert "arrêtez-le" in done.stderr


@pytest.mark.postgres
def test_everything_moves_to_postgresql_and_is_counted(home: Path, postgres_url: str) -> None:
    store = opened(home)
    with store.begin() as connection:  # the last number was given, then its person erased
        gone = persons.see(connection, persons.load_key(home), "telegram", "gone", at=NOW)
        privacy.erase(connection, gone, NOW)
        conversation_records.note_exchange(connection, 1, "person", "un zéro \0 dedans", NOW)
    store.close()
    before = exported(home, "1")
    moved = {
        row["table"]: row["rows"]
        for row in objects(passerelle(home, "move", "--json", postgres_url))
    }
    assert (moved["persons"], moved["tickets"], moved["outbox"]) == (3, 3, 3)
    assert (moved["exchanges"], moved["erasures"], moved["events"]) == (4, 1, 700)
    target = Store.open(postgres_url)
    with target.begin() as connection:
        person = persons.find(connection, "telegram", "1")
        assert person
        assert privacy.export(connection, person) == before
        new = persons.see(connection, persons.load_key(home), "telegram", "new", at=NOW)
        assert new.id > gone.id, "a number is never given twice"
        insert = sa.text("INSERT INTO events (sender_id, type_name) VALUES ('p', 'u') RETURNING id")
        assert connection.execute(insert).scalar() == 701
    target.close()
    again = passerelle(home, "move", postgres_url)
    assert again.returncode == 1
    assert "n'est pas vide" in again.stderr
    assert exported(home, "1") == before, "the source is as it was"


@pytest.mark.parametrize(
    ("url", "words"),
    [("pas une adresse", "arrivée"), ("sqlite:///x.sqlite", "PostgreSQL")],
)
def test_where_nothing_can_go(home: Path, url: str, words: str) -> None:
    done = passerelle(home, "move", url)
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (Path.cwd() / "x.sqlite").exists()


def test_there_is_nothing_to_keep_yet(tmp_path: Path) -> None:
    done = passerelle(tmp_path, "backup", str(tmp_path / "a.tar.gz"))
    assert done.returncode == 1
    assert "rien à sauvegarder" in done.stderr
