"""A database that is full, locked, read-only or damaged: in words, and nothing half written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from bot.store import Store, conversation_records, open_engine, persons
from bot.store.database_trouble import damaged, trouble

KEY = b"k" * 32
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def write(store: Store, words: str = "bonjour") -> None:
    with store.begin() as connection:
        person = persons.see(connection, KEY, "telegram", "42", at=NOW)
        conversation_records.note_exchange(connection, person.id, "person", words, NOW)


def raised(work: Callable[[], object]) -> str:
    with pytest.raises(SQLAlchemyError) as caught:
        work()
    return trouble(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "store.sqlite"
    store = Store.open(f"sqlite:///{path}")
    write(store)
    store.close()
    return path


def test_a_full_disk(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    event.listen(store.engine, "connect", lambda c, _: c.execute("PRAGMA max_page_count = 1"))
    store.engine.dispose()
    assert "disque est plein" in raised(lambda: write(store, "x" * 100_000))
    with store.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM exchanges")).scalar() == 1
    store.close()


def test_a_lock_that_another_program_holds(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    event.listen(store.engine, "connect", lambda c, _: c.execute("PRAGMA busy_timeout = 1"))
    store.engine.dispose()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "verrouillée" in raised(lambda: write(store))
    other.close()
    write(store)
    store.close()


def test_a_database_in_read_only(file: Path) -> None:
    store = Store(open_engine(f"sqlite:///file:{file}?mode=ro&uri=true"))
    assert not Path("file:").exists(), "an address is no path"
    assert "lecture seule" in raised(lambda: write(store))
    store.close()


@pytest.mark.parametrize(
    "content", [b"ceci n'est pas une base" * 9, b"SQLite format 3\0" + b"x" * 99]
)
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(content)
    assert "n'est pas une base" in raised(lambda: Store.open(f"sqlite:///{path}"))
    assert path.read_bytes() == content


def test_a_damaged_page_is_found(file: Path) -> None:
    engine = open_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert not damaged(connection)
    engine.dispose()
    content = bytearray(file.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 60] = b"\xff" * 60
    file.write_bytes(content)
    engine = open_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            assert damaged(connection)
    except SQLAlchemyError as error:
        assert "abîmé" in trouble(error)
    engine.dispose()


def test_a_path_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "ne s'ouvre pas" in raised(lambda: Store.open(f"sqlite:///{tmp_path / 'folder'}"))


def test_addresses_are_not_repeated() -> None:
    with pytest.raises(SQLAlchemyError) as caught:
        open_engine("n'importe:quoi@secret")
    assert "secret" not in trouble(caught.value)
    assert trouble(caught.value) == "ce n'est pas une adresse de base de données"


@pytest.mark.postgres
def test_postgresql_s_refusals(postgres_url: str) -> None:
    nowhere = postgres_url.split("?", maxsplit=1)[0] + "?host=/nulle/part"
    assert "ne répond pas" in raised(lambda: Store.open(nowhere))
    store = Store.open(postgres_url)

    def write_in_a_reading() -> None:
        with store.begin() as connection:
            connection.execute(sa.text("SET TRANSACTION READ ONLY"))
            persons.see(connection, KEY, "telegram", "42", at=NOW)

    assert "que la lecture" in raised(write_in_a_reading)
    store.close()


def test_a_fault_of_ours_is_not_dressed_up(file: Path) -> None:
    store = Store.open(f"sqlite:///{file}")
    with pytest.raises(SQLAlchemyError) as caught, store.begin() as connection:
        connection.execute(sa.text("SELECT nothing FROM nowhere"))
    assert trouble(caught.value) == ""
    store.close()
