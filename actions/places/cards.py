"""Places worded for people: distances, addresses, the way there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import quote

from actions.messages import PlaceCard
from actions.places.contact import spoken_phone
from actions.places.directory import Found
from actions.places.hours_words import now_words
from actions.places.place import Place

_NBSP = "\N{NO-BREAK SPACE}"

OLD = timedelta(days=730)
"""Age from which the data of a place is said to be old."""


def card(found: Found, moment: datetime, *, why: str = "", updated: str = "") -> PlaceCard:
    """Return a place as it is shown at ``moment`` (aware, or naive in Paris time).

    ``why`` and ``updated``: what it says of what was asked, and the age of its data, in words.
    """
    place = found.place
    return PlaceCard(
        id=place.id,
        name=place.name,
        address=address_words(place),
        latitude=place.point.lat,
        longitude=place.point.lon,
        distance_m=None if found.distance_m is None else round(found.distance_m),
        distance=distance_words(found.distance_m, approximate=place.approximate),
        hours=now_words(place.hours_osm, place.departement, moment),
        phone=spoken_phone(place.phone),
        website=place.website,
        why=why,
        updated=updated,
        accepts_pass=place.labelled,
        free=place.free,
        directions_url=directions_url(place),
    )


def age_key(updated: date, on: date) -> str:
    """Return the key of the words that say when the data of a place was last updated."""
    return "lieux.fiche_ancienne" if on - updated > OLD else "lieux.fiche"


def distance_words(metres: float | None, *, approximate: bool = False) -> str:
    """Write a distance as people say it: «800 m», «1,4 km», «12 km»; empty for ``None``.

    ``approximate`` places are known by their commune only: «environ 12 km», «dans la commune».
    """
    if metres is None:
        return ""
    about = "environ " if approximate else ""
    if metres < 100 and not approximate:
        return f"moins de 100{_NBSP}m"
    if metres < 975 and approximate:
        return "dans la commune"
    if metres < 975:
        return f"{max(50, round(metres / 50) * 50)}{_NBSP}m"
    if metres < 9_950 and not approximate:
        tenths = f"{metres / 1000:.1f}".replace(".", ",").removesuffix(",0")
        return f"{tenths}{_NBSP}km"
    return f"{about}{max(1, round(metres / 1000))}{_NBSP}km"


def address_words(place: Place) -> str:
    """Write an address on one line: «1 rue de l'Exemple, 57000 Metz»."""
    town = f"{place.postcode} {place.commune}".strip()
    return ", ".join(part for part in (place.address, town) if part)


def directions_url(place: Place) -> str:
    """Return a link to the way there: OpenStreetMap, no account, no position of the person."""
    to = quote(f"{place.point.lat:.5f},{place.point.lon:.5f}")
    return f"https://www.openstreetmap.org/directions?to={to}"
