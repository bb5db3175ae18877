"""The page within ``run``, and its operator's commands: ``site`` and ``channel``."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import escape

import sqlalchemy as sa

from actions.clock import Clock, civil_day, utc_now
from bot.bootstrap import Front
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.helpdesk import attachments
from bot.helpdesk.decision.desk_hours import HoursError, read_hours
from bot.helpdesk.tickets import ticket_rows
from bot.helpdesk.tickets.states import State
from bot.lanes import Claims
from bot.settings import Settings, load_settings
from bot.stack.home import prepare_home
from bot.store import Person, Store, channels
from bot.voice import Hear
from bot.web import sites
from bot.web.frontend import HelpdeskView, WebFrontend
from bot.web.sites import OWN_PAGE, Site, SiteError

FIGURES_FOR = timedelta(days=30)


def make_web(
    settings: Settings,
    front: Front,
    hear: Hear | None,
    told: Callable[[], None],
    *,
    fetch: attachments.FetchFile | None = None,
    shared: Claims | None = None,
    clock: Clock = utc_now,
) -> WebFrontend:
    """Assemble the page.

    Args:
        settings: The home.
        front: The conversation.
        hear: Turns a sound into words, where there are ears.
        told: Called when another channel's outbox may have something new.
        fetch: Downloads a file of the agents' group by its reference.
        shared: Claims lanes, where replicas share them.
        clock: The present moment.
    """

    def waits(connection: sa.Connection, person: Person) -> bool:
        ticket = ticket_rows.open_of(connection, person.id)
        return ticket is not None and ticket.state is not State.NEW

    async def file_of(number: int) -> bytes | None:
        return await attachments.of_message(front.store, number, fetch)

    return WebFrontend(
        front.store,
        front.conversation,
        front.wording,
        front.data.words("web.yaml"),
        key=front.key,
        render_sheet=front.workshop.render_sheet,
        hear=hear,
        helpdesk=HelpdeskView(
            waits, ticket_rows.persons_with_open, front.helpdesk.reception.let_go, file_of
        ),
        on=settings.today,
        told=told,
        shared=shared,
        by_mail=bool(settings.smtp_url),
        clock=clock,
    )


def add_site(options: argparse.Namespace) -> None:
    """Add a site, or change it, and print the line to paste in its pages.

    Raises:
        CommandError: Its name, origins, département or hours cannot be used.
    """
    settings = load_settings()
    try:
        site = sites.checked(
            options.name,
            options.title,
            options.origin,
            _territory(settings, options.departement) if options.departement else "",
            options.helpdesk_hours,
        )
        if site.helpdesk_hours:
            read_hours(site.helpdesk_hours, settings.helpdesk_timezone, settings.helpdesk_holidays)
    except (SiteError, HoursError) as error:
        raise CommandError(str(error)) from None
    with _store(settings) as store, store.begin() as connection:
        sites.save(connection, site, utc_now())
    if options.json:
        lines.say(json.dumps(_described(settings, site), ensure_ascii=False))
        return
    lines.say(_line(settings, site))
    lines.progress("Collez cette ligne dans les pages du site, avant </body>.")
    lines.progress(f"Sans script, la page est à {settings.page_url}/site/{site.name}")


def list_sites(options: argparse.Namespace) -> None:
    """Print each site, its line and its figures of the last thirty days."""
    settings = load_settings()
    with _store(settings) as store, store.reading() as connection:
        found = [site for site in sites.read_all(connection).values() if site.name]
        since = civil_day(utc_now()) - FIGURES_FOR
        figures = {site.name: sites.figures(connection, site.name, since) for site in found}
    for site in found:
        if options.json:
            described = {**_described(settings, site), "figures": figures[site.name]}
            lines.say(json.dumps(described, ensure_ascii=False))
            continue
        counted = figures[site.name]
        lines.say(
            f"{site.name} : {site.title} · {', '.join(site.origins)} · "
            f"{counted.get('conversation', 0)} conversations, "
            f"{counted.get('message', 0)} messages en 30 jours"
        )
        lines.say(f"    {_line(settings, site)}")


def remove_site(options: argparse.Namespace) -> None:
    """Take a site away.

    Raises:
        CommandError: There is none of this name.
    """
    with _store(load_settings()) as store, store.begin() as connection:
        known = sites.remove(connection, options.name)
    if not known or options.name == OWN_PAGE.name:
        raise CommandError(f"aucun site ne s'appelle « {options.name} »")
    lines.say(f"Site retiré : {options.name}. Son bouton ne répond plus.")


def switch(options: argparse.Namespace) -> None:
    """Open or close a channel; who serves it reads this within seconds."""
    with _store(load_settings()) as store, store.begin() as connection:
        if options.order == "off":
            channels.close(connection, options.channel, utc_now())
        else:
            channels.reopen(connection, options.channel)
    state = "fermé" if options.order == "off" else "ouvert"
    lines.say(f"Canal {options.channel} : {state}.")


@contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    prepare_home(settings)
    store = Store.open(settings.database_url)
    try:
        yield store
    finally:
        store.close()


def _territory(settings: Settings, code: str) -> str:
    """Return a département's name, which is read as a place.

    Raises:
        CommandError: No département has this number.
    """
    path = settings.data_dir / "places" / "departements.csv"
    with path.open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}
    wanted = code.strip().upper().zfill(2)
    if wanted not in names:
        raise CommandError(f"« {code[:20]} » n'est pas le numéro d'un département")
    return names[wanted]


def _line(settings: Settings, site: Site) -> str:
    source = f"{settings.page_url}/passerelle.js"
    title = escape(site.title, quote=True)
    return f'<script src="{source}" data-site="{site.name}" data-titre="{title}" defer></script>'


def _described(settings: Settings, site: Site) -> dict[str, object]:
    return {
        "name": site.name,
        "title": site.title,
        "origins": list(site.origins),
        "territory": site.territory,
        "helpdesk_hours": site.helpdesk_hours,
        "line": _line(settings, site),
        "page": f"{settings.page_url}/site/{site.name}",
    }
