"""What is wrong with an installation, in words that say what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import aiohttp
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from actions.clock import civil_day
from actions.programme.errors import ProgrammeError
from actions.programme.facts import load_facts
from actions.reference import SqlDirectory
from actions.reference.tables import open_engine as open_reference
from bot.helpdesk import staff
from bot.settings import Settings
from bot.stack.endpoint import published
from bot.stack.trained_model import NLU_PYTHON, is_fresh, is_whole, model_path
from bot.store import chats, open_engine, persons
from bot.store.database_trouble import damaged, trouble

Level = Literal["ok", "warning", "error"]

OLD_DIRECTORY = timedelta(days=180)
"""Age beyond which a directory of places is said to be old: hours and phones change."""

LOW_DISK_BYTES = 1_000_000_000
"""Free space below which the disk may fill up."""

WRONG_KEY = (
    f"{persons.KEY_FILE} n'est pas la clé avec laquelle cette base a été écrite : remettez celle "
    "d'une sauvegarde, ou du premier assistant s'il y en a plusieurs (docs/running.md)"
)

_TOKEN_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    level: Level
    subject: str
    text: str


async def examine(settings: Settings, today: date) -> list[Finding]:
    """Look at everything; nothing is changed."""
    return [
        *_environment(),
        *_home(settings),
        *_model(settings),
        *_conversations(settings),
        *_directory(settings, today),
        *_facts(settings, today),
        *_running(settings),
        await look_at_telegram(settings),
    ]


def _environment() -> Iterator[Finding]:
    if NLU_PYTHON.is_file():
        yield Finding("ok", "Environnements", "les deux sont installés")
    else:
        yield Finding("error", "Environnements", "Rasa n'est pas installé : lancez « make setup »")


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    if not home.is_dir():
        text = f"{home} n'existe pas encore : « passerelle run » le crée"
        yield Finding("warning", "Dossier", text)
        return
    if home.stat().st_mode & 0o077:
        text = f"{home} est lisible par d'autres : chmod 700 {home}"
        yield Finding("error", "Dossier", text)
    free = shutil.disk_usage(home).free
    if free < LOW_DISK_BYTES:
        text = f"il ne reste que {free // 1_000_000} Mo sur le disque de {home}"
        yield Finding("error", "Dossier", text)
    else:
        yield Finding("ok", "Dossier", f"{home}, {free // 1_000_000_000} Go libres")


def _model(settings: Settings) -> Iterator[Finding]:
    if not model_path(settings).is_file():
        yield Finding("error", "Modèle", "pas encore entraîné : lancez « passerelle train »")
    elif not is_whole(settings):
        text = "son fichier est incomplet ou abîmé : « passerelle train » le refait"
        yield Finding("error", "Modèle", text)
    elif not is_fresh(settings):
        text = "ses données ont changé depuis l'entraînement : lancez « passerelle train »"
        yield Finding("error", "Modèle", text)
    else:
        yield Finding("ok", "Modèle", "à jour")


def _conversations(settings: Settings) -> Iterator[Finding]:
    url = sa.engine.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not _file_exists(url):
        text = "base pas encore créée : « passerelle run » la crée"
        yield Finding("warning", "Conversations", text)
        return
    engine = open_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            if damaged(connection):
                text = "son fichier est abîmé : remettez une sauvegarde (docs/running.md)"
                yield Finding("error", "Conversations", text)
                return
            yield from _key(settings, connection)
            agents = [agent for agent in staff.everyone(connection) if not agent.disabled]
            group = settings.helpdesk_chat and chats.current(connection, settings.helpdesk_chat)
    except SQLAlchemyError as error:
        why = trouble(error) or f"elle n'est pas à jour ({type(error).__name__})"
        yield Finding("error", "Conversations", why)
        return
    finally:
        engine.dispose()
    yield Finding("ok", "Conversations", "la base répond")
    if group != settings.helpdesk_chat:
        text = (
            f"le groupe Telegram est devenu un supergroupe : son identifiant est {group}, à écrire "
            "dans PASSERELLE_HELPDESK_CHAT (il est suivi en attendant)"
        )
        yield Finding("warning", "Relais humain", text)
    if agents:
        yield Finding("ok", "Relais humain", f"{len(agents)} personne(s) peuvent répondre")
    elif settings.helpdesk_chat:
        yield Finding("ok", "Relais humain", "groupe Telegram configuré")
    else:
        text = "personne ne peut répondre : « passerelle helpdesk add-agent NOM »"
        yield Finding("warning", "Relais humain", text)


def _key(settings: Settings, connection: sa.Connection) -> Iterator[Finding]:
    if not (settings.home / persons.KEY_FILE).is_file():
        return  # made at the first start
    try:
        fits = persons.key_fits(connection, persons.load_key(settings.home))
    except persons.KeyFileError as error:
        yield Finding("error", "Clé", str(error))
        return
    if not fits:
        yield Finding("error", "Clé", WRONG_KEY)


def _directory(settings: Settings, today: date) -> Iterator[Finding]:
    url = sa.engine.make_url(settings.reference_url)
    demonstration = (
        "lieux fictifs de démonstration : chargez un annuaire, « passerelle places import FICHIER »"
    )
    if url.get_backend_name() == "sqlite" and not _file_exists(url):
        yield Finding("warning", "Annuaire", demonstration)
        return
    engine = open_reference(settings.reference_url)
    try:
        stats = SqlDirectory(engine).stats()
    except SQLAlchemyError as error:
        why = trouble(error) or f"la base ne répond pas ({type(error).__name__})"
        yield Finding("error", "Annuaire", why)
        return
    finally:
        engine.dispose()
    if stats.demonstration or not stats.places:
        yield Finding("warning", "Annuaire", demonstration)
        return
    age = today - civil_day(stats.imported_at) if stats.imported_at else timedelta()
    if age > OLD_DIRECTORY:
        text = f"chargé il y a {age.days} jours : « passerelle places refresh » ou « import »"
        yield Finding("warning", "Annuaire", text)
    else:
        text = f"{stats.places} lieux, dont {stats.labelled} ont accepté le Pass numérique"
        yield Finding("ok", "Annuaire", text)


def _facts(settings: Settings, today: date) -> Iterator[Finding]:
    try:
        overdue = load_facts(settings.data_dir / "programme").overdue(today)
    except ProgrammeError as error:
        yield Finding("error", "Faits", str(error))
        return
    if overdue:
        _, oldest, reviewed = min(overdue, key=lambda row: row[2])
        text = f"{len(overdue)} à relire ; le plus ancien, {oldest}, date du {reviewed:%d/%m/%Y}"
        yield Finding("warning", "Faits", text)
    else:
        yield Finding("ok", "Faits", "tous relus depuis moins d'un an")


def _running(settings: Settings) -> Iterator[Finding]:
    text = "en marche" if published(settings.home) else "arrêté"
    yield Finding("ok", "Assistant", text)


_TOKEN_REFUSED = (401, 404)
"""What the Bot API answers to a token that it does not know; anything else is its own trouble."""


async def look_at_telegram(settings: Settings) -> Finding:
    """Ask Telegram whether it knows the token."""
    if not settings.telegram_token:
        return Finding("ok", "Telegram", "pas de TELEGRAM_BOT_TOKEN : conversation au terminal")
    timeout = aiohttp.ClientTimeout(total=_TOKEN_SECONDS)
    url = f"{settings.telegram_api_url}/bot{settings.telegram_token}/getMe"
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            answer, status = await response.json(content_type=None), response.status
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return Finding("warning", "Telegram", f"injoignable ({type(error).__name__})")
    if status in _TOKEN_REFUSED:
        return Finding("error", "Telegram", "Telegram refuse ce jeton (TELEGRAM_BOT_TOKEN)")
    if not isinstance(answer, dict) or not answer.get("ok"):
        return Finding("warning", "Telegram", f"répond mal (HTTP {status}) : à réessayer")
    return Finding("ok", "Telegram", f"@{answer['result'].get('username', '')}")


def _file_exists(url: sa.URL) -> bool:
    return bool(url.database) and Path(str(url.database)).is_file()
