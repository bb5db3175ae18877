"""``places near``: the places near a text, without Rasa."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.clock import PARIS, at_this_hour
from actions.messages import PlaceCard
from actions.places.cards import card
from actions.places.filters import wish_ids
from actions.places.ranking import Ranked
from actions.places.seeking import Sought
from actions.reading.territory.area_result import Area
from actions.reference import SqlDirectory
from bot.command_line import lines
from bot.home_data import HomeData
from bot.settings import load_settings
from bot.stack.home import prepare_home


def near(options: argparse.Namespace) -> None:
    """Find the places near each text, without Rasa."""
    settings = load_settings()
    prepare_home(settings)
    data = HomeData(settings)
    moment = at_this_hour(options.date or settings.today, datetime.now(PARIS))
    seeker = data.seeker(data.filled_directory)
    writer = _Writer(data.filled_directory, moment)
    for text in lines.asked(options.text):
        sought = seeker.seek(text, moment, options.limit)
        if options.json:
            lines.emit(writer.to_json(text, sought))
        else:
            cards = [card(one.found, moment) for one in sought.proposal.ranked]
            _tell(text, sought.area, cards)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes what was found as ``--json`` prints it."""

    directory: SqlDirectory
    moment: datetime

    def to_json(self, text: str, sought: Sought) -> dict[str, Any]:
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
            "demonstration": self.directory.is_demonstration,
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
