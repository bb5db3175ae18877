"""The one place where configuration is read: ``PASSERELLE_*`` variables and ``.env``.

Every process reads it once, at its composition root, and hands values down.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from actions.errors import ToldError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class SettingsError(ToldError):
    """A variable that cannot be used. The message is one line fit for a person."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation is configured. Secrets are kept out of ``repr``."""

    home: Path
    """Databases, models, logs and keys; another home is another assistant."""
    reference_url: str = field(repr=False)
    """SQLAlchemy URL of places and communes: rebuilt from files, read-only while serving."""
    database_url: str = field(repr=False)
    """SQLAlchemy URL of conversations and tickets: precious, migrated, backed up."""
    today: date | None = None
    """A fixed day to live in (to replay 2020); ``None`` is the real one."""
    telegram_token: str = field(default="", repr=False)
    telegram_api_url: str = "https://api.telegram.org"
    telegram_per_second: int = 30
    """Messages a second over all chats; 0: no limit until Telegram says that it is too much."""
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    voice_model: Path | None = None
    """Folder of a CTranslate2 whisper model; ``None``: the one that ``make voice`` puts in the
    home, if any."""
    web_url: str = ""
    """Public address of the page, behind a proxy: ``https://aide.exemple.fr``; empty: the
    address of the HTTP server."""
    http_configured: bool = False
    """The address was asked for: if it is taken, no other will do."""
    helpdesk_chat: int | None = None
    """Telegram id of the agents' forum group."""
    helpdesk_hours: str = "Mo-Fr 09:00-12:30,14:00-17:30; PH off"
    """OSM opening hours of the helpdesk, in ``helpdesk_timezone``."""
    helpdesk_timezone: str = "Europe/Paris"
    helpdesk_holidays: str = "FR"
    """Territory of the public holidays: ``FR`` or ``FR-`` and an ISO 3166-2 subdivision."""
    helpdesk_idle_minutes: int = 30
    """Opening time, in minutes, after which a claimed request without an answer is given back."""
    helpdesk_late_minutes: int = 60
    """Opening time, in minutes, after which a request in the queue is told to supervisors."""
    helpdesk_capacity: int = 20
    """Tickets waiting beyond which the helpdesk says that it is full."""
    helpdesk_linked: bool = False
    """In the agents' group, only those whose console account is linked (``/lier``) are agents."""
    helpdesk_second_factor: str = ""
    """Who must sign in with a code as well: ``supervisor``, ``all``, or nobody (empty)."""
    smtp_url: str = field(default="", repr=False)
    """The server that sends mail: ``smtps://nom:mot@hote:465``; empty: no mail."""
    mail_from: str = ""
    mail_to: tuple[str, ...] = ()
    """Who is told by mail that a request waits for too long."""
    metrics_token: str = field(default="", repr=False)
    """Opens ``/metrics``; empty: only this machine reads them."""
    retention_days: int = 30
    """Days after which conversations are erased."""
    places_sources: tuple[str, ...] = field(default=(), repr=False)
    """Files or URLs that ``places refresh`` loads."""
    address_api_url: str = ""
    """Root of a national address API (BAN); empty: communes only, no network."""

    @property
    def page_url(self) -> str:
        """Where people find the page."""
        return self.web_url or f"http://{self.http_host}:{self.http_port}"

    @property
    def data_dir(self) -> Path:
        """Facts, answers, examples and communes, as committed."""
        return PROJECT_ROOT / "data"

    @property
    def models_dir(self) -> Path:
        """Trained Rasa models."""
        return self.home / "models"

    @property
    def cache_dir(self) -> Path:
        """What can be made again at any time."""
        return self.home / "cache"

    @property
    def logs_dir(self) -> Path:
        """One log a process; never what people wrote, nor a token."""
        return self.home / "logs"


def load_settings(
    environ: Mapping[str, str] | None = None, dotenv: Path | None = PROJECT_ROOT / ".env"
) -> Settings:
    """Read the configuration; the environment wins over ``.env``.

    Raises:
        SettingsError: A value that cannot be read, named in one line.
    """
    values = _read_dotenv(dotenv) if dotenv else {}
    values.update(os.environ if environ is None else environ)
    home = (
        Path(values.get("PASSERELLE_HOME") or PROJECT_ROOT / ".passerelle").expanduser().resolve()
    )
    host, port = _address(values.get("PASSERELLE_HTTP") or "127.0.0.1:8080")
    sources = values.get("PASSERELLE_PLACES_SOURCES", "")
    per_second = _integer(values, "PASSERELLE_TELEGRAM_PER_SECOND", least=0)
    return Settings(
        home=home,
        reference_url=values.get("PASSERELLE_REFERENCE_URL")
        or f"sqlite:///{home / 'reference.sqlite'}",
        database_url=values.get("PASSERELLE_DATABASE_URL")
        or f"sqlite:///{home / 'passerelle.sqlite'}",
        today=parse_day(values["PASSERELLE_DATE"]) if values.get("PASSERELLE_DATE") else None,
        telegram_token=values.get("TELEGRAM_BOT_TOKEN", ""),
        telegram_api_url=(
            values.get("PASSERELLE_TELEGRAM_API_URL") or "https://api.telegram.org"
        ).rstrip("/"),
        telegram_per_second=30 if per_second is None else per_second,
        webhook_url=values.get("PASSERELLE_WEBHOOK_URL", ""),
        webhook_secret=_webhook_secret(values.get("PASSERELLE_WEBHOOK_SECRET", "")),
        voice_model=(
            Path(values["PASSERELLE_VOICE_MODEL"]).expanduser().resolve()
            if values.get("PASSERELLE_VOICE_MODEL")
            else None
        ),
        web_url=values.get("PASSERELLE_WEB_URL", "").rstrip("/"),
        http_host=host,
        http_port=port,
        http_configured=bool(values.get("PASSERELLE_HTTP")),
        helpdesk_chat=_integer(values, "PASSERELLE_HELPDESK_CHAT"),
        helpdesk_hours=values.get("PASSERELLE_HELPDESK_HOURS")
        or "Mo-Fr 09:00-12:30,14:00-17:30; PH off",
        helpdesk_timezone=values.get("PASSERELLE_HELPDESK_TIMEZONE") or "Europe/Paris",
        helpdesk_holidays=values.get("PASSERELLE_HELPDESK_HOLIDAYS") or "FR",
        helpdesk_idle_minutes=_integer(values, "PASSERELLE_HELPDESK_IDLE_MINUTES", least=1) or 30,
        helpdesk_late_minutes=_integer(values, "PASSERELLE_HELPDESK_LATE_MINUTES", least=1) or 60,
        helpdesk_capacity=_integer(values, "PASSERELLE_HELPDESK_CAPACITY", least=1) or 20,
        helpdesk_linked=_switch(values, "PASSERELLE_HELPDESK_LINKED"),
        helpdesk_second_factor=_second_factor(values.get("PASSERELLE_HELPDESK_SECOND_FACTOR", "")),
        smtp_url=_smtp(values),
        mail_from=values.get("PASSERELLE_MAIL_FROM", "").strip(),
        mail_to=tuple(values.get("PASSERELLE_HELPDESK_MAIL", "").replace(",", " ").split()),
        metrics_token=values.get("PASSERELLE_METRICS_TOKEN", "").strip(),
        retention_days=_integer(values, "PASSERELLE_RETENTION_DAYS", least=1) or 30,
        places_sources=tuple(part for part in sources.split() if part),
        address_api_url=values.get("PASSERELLE_ADDRESS_API_URL", "").rstrip("/"),
    )


def debugging(environ: Mapping[str, str] | None = None) -> bool:
    """Tell whether ``PASSERELLE_DEBUG`` asks for the traceback behind a command's one line.

    Apart from ``Settings``: reading them may be what failed.
    """
    return bool((os.environ if environ is None else environ).get("PASSERELLE_DEBUG"))


def parse_day(text: str) -> date:
    """Read an ISO day (``2020-09-01``).

    Raises:
        SettingsError: Not a day of the calendar.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise SettingsError(
            f"date inconnue : « {text[:40]} ». Écrivez l'année, le mois et le jour : 2020-09-01"
        ) from None


def _webhook_secret(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", text):
        raise SettingsError(
            "PASSERELLE_WEBHOOK_SECRET : 256 caractères au plus, des lettres sans accent, des "
            "chiffres, - et _"
        )
    return text


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = raw.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise SettingsError(f"{path.name}, ligne {number} : il faut NOM=valeur")
        values[name.strip()] = value.strip().strip("\"'")
    return values


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise SettingsError(f"PASSERELLE_HTTP : « {text[:60]} » n'est pas de la forme adresse:port")
    return host, int(port)


def _smtp(values: Mapping[str, str]) -> str:
    url = values.get("PASSERELLE_SMTP_URL", "").strip()
    if not url:
        return ""
    if not re.fullmatch(r"smtps?(?:\+starttls)?://(?:[^\s@/]+@)?[^\s@/:]+(?::\d{1,5})?/?", url):
        raise SettingsError(
            "PASSERELLE_SMTP_URL : smtps://nom:mot-de-passe@hote:465, ou smtp+starttls://…:587"
        )
    for name in ("PASSERELLE_MAIL_FROM", "PASSERELLE_HELPDESK_MAIL"):
        if "@" not in values.get(name, ""):
            raise SettingsError(f"{name} : une adresse est attendue, avec PASSERELLE_SMTP_URL")
    return url


def _switch(values: Mapping[str, str], name: str) -> bool:
    said = values.get(name, "").strip().lower()
    if said not in ("", "oui", "non", "1", "0"):
        raise SettingsError(f"{name} : « {said[:20]} » : écrivez oui ou non")
    return said in ("oui", "1")


def _second_factor(text: str) -> str:
    said = text.strip().lower()
    if said not in ("", "supervisor", "all"):
        raise SettingsError(
            "PASSERELLE_HELPDESK_SECOND_FACTOR : supervisor, all, ou rien (personne n'y est obligé)"
        )
    return said


def _integer(values: Mapping[str, str], name: str, least: int | None = None) -> int | None:
    raw = values.get(name, "").strip()
    if not raw:
        return None
    try:
        number = int(raw)
    except ValueError:
        raise SettingsError(f"{name} : « {raw[:40]} » n'est pas un nombre entier") from None
    if least is not None and number < least:
        raise SettingsError(f"{name} : « {raw[:40]} » est trop petit, au moins {least}")
    return number
