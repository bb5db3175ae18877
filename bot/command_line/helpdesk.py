"""``helpdesk``: accounts, invitations, a lost second factor; and ``inbox export``."""

from __future__ import annotations

import argparse
import getpass
import sys

from actions.clock import utc_now
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.helpdesk import accounts, inbox, second_factor, staff
from bot.settings import load_settings
from bot.stack.home import prepare_home
from bot.store import Store


def add_agent(options: argparse.Namespace) -> None:
    """Make an account for the console, or change its password and role."""
    settings = load_settings()
    prepare_home(settings)
    password = _password()
    store = Store.open(settings.database_url)
    try:
        staff.add_agent(store, options.name, password, options.role, at=utc_now())
    finally:
        store.close()
    where = f"http://{settings.http_host}:{settings.http_port}/helpdesk"
    lines.say(f"Compte prêt : {options.name}. La console est sur {where}")


def invite(options: argparse.Namespace) -> None:
    """Print the link by which someone opens their account: no other knows their password."""
    settings = load_settings()
    prepare_home(settings)
    store = Store.open(settings.database_url)
    try:
        with store.begin() as connection:
            token = accounts.invite(connection, options.name, options.role, utc_now())
    finally:
        store.close()
    lines.say(f"{settings.page_url}/helpdesk/invitation/{token}")
    lines.progress(
        f"Envoyez ce lien à {options.name} seulement. Il sert une fois, pendant "
        f"{accounts.INVITED_FOR.days} jours."
    )


def reset_second_factor(options: argparse.Namespace) -> None:
    """Forget an account's second factor: a telephone was lost.

    Raises:
        CommandError: Nobody has this name.
    """
    store = Store.open(load_settings().database_url)
    try:
        with store.begin() as connection:
            agent = staff.named(connection, options.name)
            if agent is None:
                raise CommandError(f"personne ne s'appelle « {options.name} » ici")
            second_factor.turn_off(connection, agent.id, utc_now(), by=None, name=agent.name)
    finally:
        store.close()
    lines.say(f"Second facteur retiré : {options.name}.")


def remove_agent(options: argparse.Namespace) -> None:
    """Close an account and its sessions; what the person did keeps its author.

    Raises:
        CommandError: Nobody has this name.
    """
    store = Store.open(load_settings().database_url)
    try:
        known = staff.disable_agent(store, options.name)
    finally:
        store.close()
    if not known:
        raise CommandError(f"personne ne s'appelle « {options.name} » ici")
    lines.say(f"Compte fermé : {options.name}.")


def _password() -> str:
    """Ask twice at a keyboard; else read one line. Never an argument: others would see it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Mot de passe : ")
    if getpass.getpass("Encore une fois : ") != first:
        raise CommandError("les deux mots de passe diffèrent")
    return first


def export_inbox(options: argparse.Namespace) -> None:
    """Write the questions that agents labelled as candidate examples."""
    settings = load_settings()
    store = Store.open(settings.database_url)
    try:
        with store.reading() as connection:
            examples = inbox.candidates(connection)
            if options.file:
                inbox.export(connection, options.file)
    finally:
        store.close()
    if options.file:
        lines.say(f"{len(examples)} exemples écrits dans {options.file}")
        return
    lines.say(inbox.HEADER)
    for topic, text in examples:
        lines.say(f"{topic}\t{text}")
