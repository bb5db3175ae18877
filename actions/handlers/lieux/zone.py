"""The form that finds out where the person is."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.bootstrap import Services
from actions.geo import Point
from actions.handlers.base import FAILURES_BEFORE_HUMAN, Handler
from actions.handlers.lieux.search import Search
from actions.handlers.repondre import TopicAnswer, more_of_it, said_first, very_fact
from actions.handlers.turn import HandlerTurn, Reply
from actions.handlers.values import says_only_where
from actions.messages import AskPosition, Button, Choices, Handoff
from actions.places.filters import read_filters
from actions.reading.territory.area_result import Area

DETAILS = "action_detail_lieu"
"""What answers about the places just shown."""
CHOICES = 5
"""Buttons for a name that several communes bear."""
ELSEWHERE = "ailleurs"
"""Value of the entity ``lieu`` by which a button asks for another town."""

_PASS = re.compile(
    r"\b(pass|passes|pasnumerik|cheques?|chequiers?|carnets?|aptic|haptique|aptique|tickets?|"
    r"coupons?|bons?|labelli[sz]e\w*|(?:le|les|l) (?:utiliser|utilise|depenser|depense))\b"
)


def figure_of_places(services: Services, turn: HandlerTurn) -> TopicAnswer | None:
    """Return the answer to a question about places in general: how many, where their map is."""
    if said := said_first(services, turn):
        return said
    if turn.position or not turn.said:
        return None
    if turn.reading.names_a_place:
        return more_of_it(services, turn)  # «à Vincennes, par exemple», of a carnet
    return very_fact(services, turn, ("trouver_lieu",))


class ValidateLieuForm(Handler):
    """Reads what is looked for and where; ends the form once it is known where."""

    action = "validate_lieu_form"

    def answer(self, turn: HandlerTurn) -> Reply:
        search = Search.read(turn.slots.get("recherche"))
        if not turn.requested and figure_of_places(self.services, turn):
            return Reply(slots={"requested_slot": None})
        if turn.resumes or turn.intent == "urgence":
            return Reply(slots={"requested_slot": "zone"})
        starts = turn.requested != "zone"
        before = search
        if starts:
            search = self._started(turn, search)
        area = self._area(turn)
        if area.status == "found":
            where = "" if turn.position else turn.said or search.where
            found = search.afresh(where)
            return Reply(slots={"recherche": found.to_slot(), "requested_slot": None})
        if area.status == "ambiguous":
            candidates = tuple((one.label, one.query) for one in area.candidates[:CHOICES])
            search = replace(search, candidates=candidates)
        elif not starts and self.services.needs.is_clear(turn.said) and not says_only_where(turn):
            search = replace(search, need=turn.said)  # «finalement c'est pour un CV»
        elif self._stays(turn, search, area):
            again = search.afresh(search.where or turn.around)
            return Reply(slots={"recherche": again.to_slot(), "requested_slot": None})
        if search == before and not starts:
            return Reply(slots={"requested_slot": "zone"})
        return Reply(slots={"recherche": search.to_slot(), "requested_slot": "zone"})

    def _started(self, turn: HandlerTurn, search: Search) -> Search:
        # «le téléphone du premier» asks for no help with telephones.
        need = turn.said if self.services.needs.understand(turn.said) else ""
        if self.services.topics.of(turn.intent).action == DETAILS or (
            not need and not search.where and says_only_where(turn)
        ):
            need = search.need
        wish = str(turn.entities.get("filtre") or turn.said)
        return replace(
            search,
            about_pass=bool(_PASS.search(turn.reading.folded)),
            need=need,
            wishes=wish if read_filters(wish, turn.now) else "",
            candidates=(),
            misses=0,
        )

    def _stays(self, turn: HandlerTurn, search: Search, area: Area) -> bool:
        """A new need, where the person already said to be, or on the page of a territory."""
        asks_elsewhere = turn.entities.get("lieu") == ELSEWHERE or area.status == "ask_position"
        return turn.requested != "zone" and bool(search.where or turn.around) and not asks_elsewhere

    def _area(self, turn: HandlerTurn) -> Area:
        if turn.position:
            return Area("found", kind="position", point=Point(*turn.position))
        return turn.reading.area_asked if turn.requested == "zone" else turn.reading.area


class AskZone(Handler):
    """Asks where the person is, or which of the namesakes is meant."""

    action = "action_ask_lieu_form_zone"

    def answer(self, turn: HandlerTurn) -> Reply:
        say = self.services.answers.words
        search = Search.read(turn.slots.get("recherche"))
        if search.candidates:
            names = {label.partition(" (")[0] for label, _ in search.candidates}
            buttons = tuple(Button(label, query) for label, query in search.candidates)
            name = min(names, key=len)
            return Reply([Choices(say("lieux.zone_ambigue", on=turn.on, nom=name), buttons)])
        service = self.services.needs.understand(search.need) if search.need else None
        if search.misses:
            text = say("lieux.redemander_zone", on=turn.on)
        elif service:
            text = say("lieux.demander_zone_besoin", on=turn.on, service=service.title)
        else:
            text = say("lieux.demander_zone", on=turn.on)
        return Reply([AskPosition(text)])


class RelancerZone(Handler):
    """No place was understood: says so; the second time, offers a person as well."""

    action = "action_relancer_zone"

    def answer(self, turn: HandlerTurn) -> Reply:
        search = Search.read(turn.slots.get("recherche"))
        misses = search.misses + 1
        slots = {"recherche": replace(search, misses=misses, candidates=()).to_slot()}
        if misses < FAILURES_BEFORE_HUMAN:
            return Reply(slots=slots)
        text = self.services.answers.words("clarifier.deux_echecs", on=turn.on)
        return Reply([Handoff(text, reason="incompris", topic="trouver_lieu")], slots)
