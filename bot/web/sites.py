"""The sites that may hold the button: each its own origins, territory, hours and figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from actions.errors import ToldError
from bot.store import persons
from bot.store.inserting import insert
from bot.web.tables import web_figures, web_sites
from bot.web.transcript import CHANNEL

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?")
_HOST = re.compile(r"[a-z0-9.-]+(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?")


class SiteError(ToldError):
    """A site that cannot be made. The message is one line fit for a person."""


@dataclass(frozen=True, slots=True)
class Site:
    """A collectivité's site."""

    name: str
    """Short, in addresses; empty for the installation's own page."""
    title: str = ""
    origins: tuple[str, ...] = ()
    territory: str = ""
    """Where places are looked for by default, in words read as a place: «Moselle»."""
    helpdesk_hours: str = ""
    """OSM hours of its helpdesk; empty: the installation's."""


OWN_PAGE = Site("")
"""The installation's own page: no other site may hold it."""


def checked(
    name: str, title: str, origins: Sequence[str], territory: str = "", helpdesk_hours: str = ""
) -> Site:
    """Return a site whose name, title and origins can be used.

    Raises:
        SiteError: One of them cannot.
    """
    if not _NAME.fullmatch(name):
        raise SiteError(
            f"« {name[:40]} » : un nom de site s'écrit en lettres minuscules, chiffres et tirets"
        )
    title = " ".join(title.split())
    if not 1 <= len(title) <= 80:
        raise SiteError("le titre doit avoir de 1 à 80 caractères")
    if not origins:
        raise SiteError("il faut au moins une adresse de site : --origin https://www.exemple.fr")
    return Site(name, title, tuple(dict.fromkeys(map(_origin, origins))), territory, helpdesk_hours)


def _origin(text: str) -> str:
    parts = urlsplit(text.strip().lower())
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if (parts.scheme != "https" and not (parts.scheme == "http" and local)) or not _HOST.fullmatch(
        parts.netloc
    ):
        raise SiteError(
            f"« {text[:60]} » : écrivez l'adresse du site, comme https://www.exemple.fr"
        )
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise SiteError(f"« {text[:60]} » : sans chemin, comme https://www.exemple.fr")
    netloc = parts.netloc.removesuffix(":443") if parts.scheme == "https" else parts.netloc
    return f"{parts.scheme}://{netloc}"


def save(connection: sa.Connection, site: Site, at: datetime) -> None:
    """Add a site, or change it."""
    values = {
        "title": site.title,
        "origins": list(site.origins),
        "territory": site.territory,
        "helpdesk_hours": site.helpdesk_hours,
    }
    query = sa.update(web_sites).where(web_sites.c.name == site.name).values(values)
    if not connection.execute(query).rowcount:
        connection.execute(sa.insert(web_sites).values(name=site.name, created_at=at, **values))


def remove(connection: sa.Connection, name: str) -> bool:
    """Take a site away, its figures too; return whether it was known."""
    connection.execute(sa.delete(web_figures).where(web_figures.c.site == name))
    return bool(connection.execute(sa.delete(web_sites).where(web_sites.c.name == name)).rowcount)


def read_all(connection: sa.Connection) -> dict[str, Site]:
    """Return the sites by name, the installation's own page among them."""
    rows = connection.execute(sa.select(web_sites).order_by(web_sites.c.name))
    found = {
        row.name: Site(row.name, row.title, tuple(row.origins), row.territory, row.helpdesk_hours)
        for row in rows
    }
    return {OWN_PAGE.name: OWN_PAGE, **found}


def name_of(channel: str, external_id: str) -> str:
    """Return the name of the site that a person writes from; empty for any other place."""
    return external_id.partition(":")[0] if channel == CHANNEL else ""


def of_person(connection: sa.Connection, person_id: int) -> Site | None:
    """Return the site that a person writes from; nothing for another channel's."""
    person = persons.get(connection, person_id)
    if person is None or person.channel != CHANNEL:
        return None
    return read_all(connection).get(name_of(person.channel, person.external_id))


def count(connection: sa.Connection, site: str, measure: str, day: date) -> None:
    """Count one more of a site's ``conversation``, ``message`` or ``voice``."""
    connection.execute(
        insert(web_figures, connection.dialect.name)
        .values(day=day, site=site, measure=measure, count=1)
        .on_conflict_do_update(
            index_elements=[column.name for column in web_figures.primary_key],
            set_={"count": web_figures.c.count + 1},
        )
    )


def figures(connection: sa.Connection, site: str, since: date) -> dict[str, int]:
    """Return a site's counts since a day, by measure."""
    rows = connection.execute(
        sa.select(web_figures.c.measure, sa.func.sum(web_figures.c.count).label("total"))
        .where(web_figures.c.site == site, web_figures.c.day >= since)
        .group_by(web_figures.c.measure)
        .order_by(web_figures.c.measure)
    )
    return {row.measure: int(row.total) for row in rows}
