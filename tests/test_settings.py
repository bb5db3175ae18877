"""Configuration: what is read, and what is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import SettingsError, debugging, load_settings


def test_defaults_live_in_the_home(tmp_path: Path) -> None:
    settings = load_settings({"PASSERELLE_HOME": str(tmp_path)}, dotenv=None)
    assert settings.database_url == f"sqlite:///{tmp_path}/passerelle.sqlite"
    assert (settings.retention_days, settings.today, settings.telegram_token) == (30, None, "")


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        "# commentaire\nexport PASSERELLE_RETENTION_DAYS=7\nPASSERELLE_HTTP='[::1]:9'\n"
    )
    settings = load_settings({"PASSERELLE_RETENTION_DAYS": "8"}, dotenv=dotenv)
    assert (settings.retention_days, settings.http_host, settings.http_port) == (8, "[::1]", 9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PASSERELLE_RETENTION_DAYS", "-1"),  # would erase everything
        ("PASSERELLE_RETENTION_DAYS", "0"),
        ("PASSERELLE_RETENTION_DAYS", "un mois"),
        ("PASSERELLE_HELPDESK_CAPACITY", "0"),
        ("PASSERELLE_HELPDESK_CHAT", "@agents"),
        ("PASSERELLE_DATE", "2020-13-01"),
        ("PASSERELLE_HTTP", "8080"),
        ("PASSERELLE_TELEGRAM_PER_SECOND", "-1"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({name: value}, dotenv=None)
    assert "\n" not in str(refused.value)


def test_secrets_are_not_in_what_a_log_could_print() -> None:
    secrets = {
        "TELEGRAM_BOT_TOKEN": "jeton-secret",
        "PASSERELLE_WEBHOOK_SECRET": "webhook-secret",
        "PASSERELLE_DATABASE_URL": "postgresql://u:base-secret@h/d",
        "PASSERELLE_REFERENCE_URL": "postgresql://u:lieux-secret@h/d",
        "PASSERELLE_PLACES_SOURCES": "https://h/lieux.csv?cle=source-secret",
    }
    assert "secret" not in repr(load_settings(secrets, dotenv=None))


def test_no_pace_over_all_chats_is_asked_for_with_zero() -> None:
    asked = {"PASSERELLE_TELEGRAM_PER_SECOND": "0"}
    assert load_settings({}, dotenv=None).telegram_per_second == 30
    assert load_settings(asked, dotenv=None).telegram_per_second == 0


def test_debugging_is_asked_for() -> None:
    assert debugging({"PASSERELLE_DEBUG": "1"})
    assert not debugging({})
