"""``block``, ``unblock`` and ``blocked``: whom the assistant no longer answers."""

from __future__ import annotations

import argparse
import re

import sqlalchemy as sa

from actions.clock import utc_now
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.settings import load_settings
from bot.stack.home import prepare_home
from bot.store import Store, blocked
from bot.store.persons import known_by, load_key, pseudonym

_WHOLE = re.compile(r"[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-f]{6,63}")


def block(options: argparse.Namespace) -> None:
    """Refuse a person from now on.

    Raises:
        CommandError: Nobody is known by what was given.
    """
    who, store = _who(options.who)
    with store.begin() as connection:
        new = blocked.block(connection, who, utc_now())
    store.close()
    lines.say(f"{who[:6]} : {'bloquée' if new else 'déjà bloquée'}. L'assistant ne répond plus.")


def unblock(options: argparse.Namespace) -> None:
    """Answer a person again.

    Raises:
        CommandError: They were not refused, or nobody is known by what was given.
    """
    who, store = _who(options.who)
    with store.begin() as connection:
        known = blocked.unblock(connection, who)
    store.close()
    if not known:
        raise CommandError(f"{who[:6]} n'est pas bloquée")
    lines.say(f"{who[:6]} : l'assistant répond de nouveau.")


def show(options: argparse.Namespace) -> None:
    """Print who is refused."""
    settings = load_settings()
    prepare_home(settings)
    store = Store.open(settings.database_url)
    with store.reading() as connection:
        found = blocked.everyone(connection)
    store.close()
    for who, since in found:
        if options.json:
            lines.emit({"pseudonym": who, "since": since.isoformat()})
        else:
            lines.say(f"{who[:12]} depuis le {since:%d/%m/%Y}")


def _who(text: str) -> tuple[str, Store]:
    """Return a pseudonym from itself, its beginning as the helpdesk shows it, or an address."""
    settings = load_settings()
    prepare_home(settings)
    store = Store.open(settings.database_url)
    said = text.strip().lower().removeprefix("personne ")
    channel, colon, address = said.partition(":")
    if colon and channel and address:
        return pseudonym(load_key(settings.home), channel, address), store
    if _WHOLE.fullmatch(said):
        return said, store
    with store.reading() as connection:
        found = _beginning(connection, said) if _SHORT.fullmatch(said) else set()
        if said.isdigit():
            # Digits are a Telegram id, and one code in seventeen begins with six of them.
            address = pseudonym(load_key(settings.home), "telegram", said)
            if not found or _beginning(connection, address):
                found.add(address)
    if len(found) == 1:
        return found.pop(), store
    store.close()
    raise CommandError(
        f"« {text[:40]} » : donnez telegram:NUMÉRO, ou le début du code que le relais affiche "
        "(six caractères au moins)"
    )


def _beginning(connection: sa.Connection, said: str) -> set[str]:
    """Return the pseudonyms of those known, or refused, that begin so."""
    refused = {who for who, _ in blocked.everyone(connection) if who.startswith(said)}
    return refused | set(known_by(connection, said))
