"""``places near``: the places near a text, without Rasa."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.messages import PlaceCard
from actions.places.cards import card
from actions.places.directory import Filters
from actions.places.filters import read_filters, wish_ids
from actions.places.nearest import Proposal, propose, query_for
from actions.places.ranking import Ranked
from actions.places.services import Services, load_services
from actions.reading.territory.area import parse_area
from actions.reading.territory.area_result import Area
from actions.reading.territory.gazetteer import Gazetteer, load_gazetteer
from actions.reference import SqlDirectory, open_directory
from bot.command_line import lines
from bot.settings import load_settings
from bot.stack.home import prepare_home


def near(options: argparse.Namespace) -> None:
    """Find the places near each text, without Rasa."""
    settings = load_settings()
    prepare_home(settings)
    folder = settings.data_dir / "places"
    gazetteer = load_gazetteer(folder)
    directory = open_directory(settings.reference_url, folder, gazetteer)
    moment = _moment(options.date or settings.today)
    seeker = _Seeker(gazetteer, directory, load_services(folder), moment, options.limit)
    for text in lines.asked(options.text):
        sought = seeker.seek(text)
        if options.json:
            lines.emit(seeker.to_json(text, sought))
        else:
            cards = [card(one.found, seeker.moment) for one in sought.proposal.ranked]
            _tell(text, sought.area, cards)


@dataclass(frozen=True, slots=True)
class _Sought:
    """Where a text is about, what it asks for, and the places there."""

    area: Area
    filters: Filters
    proposal: Proposal


class _Seeker:
    """Everything that is loaded once for many texts."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        directory: SqlDirectory,
        needs: Services,
        moment: datetime,
        limit: int,
    ) -> None:
        self._gazetteer = gazetteer
        self._directory = directory
        self._needs = needs
        self._limit = limit
        self.moment = moment

    def seek(self, text: str) -> _Sought:
        """Return where a text is about, what it asks for, and the places there."""
        area = parse_area(text, self._gazetteer)
        filters = read_filters(text, self.moment)
        needs = {one.id for one in self._needs.wanted(text)}
        filters = replace(filters, services=filters.services | needs)
        if area.status != "found":
            return _Sought(area, filters, Proposal(()))
        epci = self._gazetteer.epcis.get(area.codes[0]) if area.kind == "epci" else None
        query = query_for(
            area,
            filters,
            limit=self._limit,
            members=frozenset(epci.members) if epci else frozenset(),
        )
        return _Sought(area, filters, propose(self._directory, query, about_pass=False))

    def to_json(self, text: str, sought: _Sought) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        area = sought.area
        return {
            "text": text,
            "status": area.status,
            "area": {"kind": area.kind, "codes": list(area.codes), "label": area.label},
            "candidates": [
                {"kind": one.kind, "codes": list(one.codes), "label": one.label}
                for one in area.candidates
            ],
            "demonstration": self._directory.is_demonstration,
            "needs": sorted(sought.filters.services),
            "wishes": wish_ids(sought.filters),
            "reach_m": round(sought.proposal.reach_m),
            "places": [self._place(one) for one in sought.proposal.ranked],
        }

    def _place(self, one: Ranked) -> dict[str, Any]:
        shown = card(one.found, self.moment)
        place = one.found.place
        return {
            "id": place.id,
            "name": place.name,
            "distance_m": shown.distance_m,
            "says": _says(one),
            "accepts_pass": place.labelled,
            "free": place.free,
            "services": list(place.services),
            "supports": list(place.supports),
            "programmes": [*place.programmes, *place.networks],
            "access": list(place.access),
            "access_note": place.access_note,
            "itinerance": list(place.itinerance),
            "address": place.address,
            "postcode": place.postcode,
            "commune": place.commune,
            "insee": place.insee,
            "latitude": place.point.lat,
            "longitude": place.point.lon,
            "hours": shown.hours,
            "phone": shown.phone,
            "email": place.email,
            "website": place.website,
            "updated": place.updated.isoformat() if place.updated else None,
            "sources": sorted({source.name for source in place.sources}),
        }


def _says(one: Ranked) -> str:
    """Say what a place says of what was asked: ``oui``, ``en_partie``, ``inconnu``, or nothing."""
    if not one.standing.yes and not one.standing.unknown:
        return ""
    if one.standing.declared:
        return "oui"
    return "en_partie" if one.standing.yes else "inconnu"


def _moment(day: date | None) -> datetime:
    """Return now, or the same hour of another day."""
    now = datetime.now(ZoneInfo("Europe/Paris"))
    return datetime.combine(day, now.timetz()) if day else now


_NOT_FOUND = {
    "ambiguous": "plusieurs communes portent ce nom",
    "ask_position": "près de vous : dites une commune ou un code postal",
    "unknown": "aucun endroit reconnu dans ce texte",
}


def _tell(text: str, area: Area, cards: Sequence[PlaceCard]) -> None:
    if area.status != "found":
        lines.say(f"{text} : {_NOT_FOUND[area.status]}")
        for candidate in area.candidates:
            lines.say(f"  – {candidate.label}")
        return
    lines.say(f"{area.label or text} :" if cards else f"{area.label or text} : aucun lieu")
    for shown in cards:
        away = f" ({shown.distance})" if shown.distance else ""
        lines.say(f"  – {shown.name}{away}, {shown.address}")
