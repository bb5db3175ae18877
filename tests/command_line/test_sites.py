"""The commands of the page's operator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.command_line import run
from bot.settings import load_settings
from bot.store import Store, channels


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PASSERELLE_HOME", str(tmp_path))
    monkeypatch.setenv("PASSERELLE_WEB_URL", "https://aide.exemple.fr/")
    monkeypatch.delenv("PASSERELLE_DATABASE_URL", raising=False)
    return tmp_path


ADD = ["site", "add", "metz", "--origin", "https://www.metz.fr", "--title", 'Besoin d"aide ?']


def test_a_site_gives_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ADD, "--departement", "57", "--helpdesk-hours", "Mo-Fr 09:00-12:00"]) == 0
    assert capsys.readouterr().out == (
        '<script src="https://aide.exemple.fr/passerelle.js" data-site="metz" '
        'data-titre="Besoin d&quot;aide ?" defer></script>\n'
    )
    assert run([*ADD, "--departement", "57", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["territory"] == "Moselle"
    assert run(["site", "list", "--json"]) == 0
    [site] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (site["name"], site["origins"]) == ("metz", ["https://www.metz.fr"])
    assert run(["site", "remove", "metz"]) == 0
    assert run(["site", "remove", "metz"]) == 1
    assert "aucun site" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--departement", "99"], "département"),
        (["--helpdesk-hours", "quand on veut"], "horaires"),
        (["--origin", "http://www.metz.fr"], "https://"),
    ],
)
def test_a_site_that_cannot_be_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert run([*ADD, *options]) == 1
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1


def test_a_channel_is_closed_and_opened() -> None:
    store = Store.open(load_settings(dotenv=None).database_url)
    for order, closed in (("off", True), ("off", True), ("on", False)):
        assert run(["channel", "web", order]) == 0
        with store.reading() as connection:
            assert channels.is_closed(connection, "web") is closed
    store.close()
