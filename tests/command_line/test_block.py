"""``block``, ``unblock`` and ``blocked``: by a Telegram id, or the code that the helpdesk shows."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.settings import load_settings
from bot.store import Store, persons
from tests.command_line.commands import objects, passerelle


def known(home: Path, external_id: str) -> str:
    """Make a person known to a home, and return their pseudonym."""
    settings = load_settings({"PASSERELLE_HOME": str(home)}, dotenv=None)
    store = Store.open(settings.database_url)
    key = persons.load_key(home)
    with store.begin() as connection:
        at = datetime(2026, 3, 2, tzinfo=UTC)
        person = persons.see(connection, key, "telegram", external_id, at=at)
    store.close()
    return person.pseudonym


def test_a_person_is_blocked_and_unblocked(tmp_path: Path) -> None:
    who = known(tmp_path, "42")
    for said in ("telegram:42", "42", who[:6], f"personne {who[:8]}", who):
        done = passerelle(tmp_path, "block", said)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"{who[:6]} : bloquée")
        assert "déjà" in passerelle(tmp_path, "block", said).stdout
        [shown] = objects(passerelle(tmp_path, "blocked", "--json"))
        assert shown["pseudonym"] == who
        assert passerelle(tmp_path, "unblock", said).returncode == 0
        assert passerelle(tmp_path, "blocked").stdout == ""


def test_a_code_of_digits_alone_is_no_telegram_id(tmp_path: Path) -> None:
    key = persons.load_key(tmp_path)
    ids = (str(n) for n in range(1_000_000, 2_000_000))
    who = known(
        tmp_path, next(n for n in ids if persons.pseudonym(key, "telegram", n)[:6].isdigit())
    )
    assert passerelle(tmp_path, "block", who[:6]).stdout.startswith(f"{who[:6]} : bloquée")
    known(tmp_path, who[:6])  # now it may be either: the wrong one must not be refused
    assert "telegram:NUMÉRO" in passerelle(tmp_path, "unblock", who[:6]).stderr
    assert passerelle(tmp_path, "unblock", f"telegram:{who[:6]}").returncode == 1
    [shown] = objects(passerelle(tmp_path, "blocked", "--json"))
    assert shown["pseudonym"] == who


def test_who_is_not_known_is_said_in_one_line(tmp_path: Path) -> None:
    for said, words in (("Jean", "telegram:NUMÉRO"), ("abcdef", "telegram:NUMÉRO")):
        done = passerelle(tmp_path, "block", said)
        assert done.returncode == 1
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert "n'est pas bloquée" in passerelle(tmp_path, "unblock", "telegram:42").stderr
