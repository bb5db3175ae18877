"""From a text to places: where it is about, what it asks for, what is there. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from actions.places.directory import Directory, Filters
from actions.places.filters import read_filters
from actions.places.nearest import Proposal, propose, query_for
from actions.places.services import Needs
from actions.reading.territory.area import parse_area
from actions.reading.territory.area_result import Area
from actions.reading.territory.gazetteer import Gazetteer


@dataclass(frozen=True, slots=True)
class Sought:
    """Where a text is about, what it asks for, and the places there."""

    area: Area
    filters: Filters
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Seeker:
    """Everything that is loaded once for many texts."""

    gazetteer: Gazetteer
    directory: Directory
    needs: Needs

    def seek(self, text: str, moment: datetime, limit: int) -> Sought:
        """Return where a text is about, what it asks for, and the places there.

        Args:
            text: What was written, such as «imprimer près de Metz».
            moment: When, for «ouvert maintenant» (aware, or naive in Paris time).
            limit: How many places at most.
        """
        area = parse_area(text, self.gazetteer)
        filters = read_filters(text, moment)
        needs = {one.id for one in self.needs.wanted(text)}
        filters = replace(filters, services=filters.services | needs)
        if area.status != "found":
            return Sought(area, filters, Proposal(()))
        epci = self.gazetteer.epcis.get(area.codes[0]) if area.kind == "epci" else None
        members = frozenset(epci.members) if epci else frozenset()
        query = query_for(area, filters, limit=limit, members=members)
        return Sought(area, filters, propose(self.directory, query, about_pass=False))
