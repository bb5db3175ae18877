"""Places near the person: the first page, the next ones, the map."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.french import french_month
from actions.geo import Point
from actions.handlers.base import Handler
from actions.handlers.lieux.phrases import near, sources_of, warnings_of
from actions.handlers.lieux.search import Search
from actions.handlers.lieux.zone import figure_of_places
from actions.handlers.repondre import of_a_call_alone, of_what_was_said
from actions.handlers.turn import HandlerTurn, Reply
from actions.messages import Button, Choices, Places, Source, Venues
from actions.places.cards import age_key, card, distance_words
from actions.places.directory import Filters, Found
from actions.places.filters import filter_words, read_filters
from actions.places.nearest import Proposal, propose, query_for
from actions.places.ranking import Ranked, standing
from actions.reading.territory.area_result import Area

PAGE = 3
"""Places of one answer."""
AHEAD = 30
"""Places kept for the next pages around a position that is forgotten."""
CHOOSE = "choisir"
"""Value of the entity ``filtre`` by which a button asks which filters there are."""
WISHES = {
    "ouverts": "ouvert maintenant",
    "samedi": "ouvert le samedi",
    "gratuits": "gratuit",
    "atelier": "atelier",
    "individuel": "individuel",
    "fauteuil": "fauteuil roulant",
    "tous": "tous",
}
"""Buttons of the filters, and the words that each says."""


class _Liste(Handler):
    """What the lists share: search, say, remember."""

    def _area(self, search: Search) -> Area:
        return self.services.locate(self.services.reader.read(search.where).area_asked)

    def _search(self, turn: HandlerTurn, search: Search, area: Area, limit: int = PAGE) -> Proposal:
        members = (
            frozenset(self.services.gazetteer.epcis[area.codes[0]].members)
            if area.kind == "epci"
            else frozenset()
        )
        filters = self._filters(turn, search)
        query = query_for(area, filters, limit=limit, members=members)
        query = replace(query, exclude=frozenset(search.shown))
        found = propose(self.services.directory, query, about_pass=search.about_pass)
        if found.ranked or filters.open_at is None:
            return found
        # Nothing is open at this hour: the nearest ones say when they open.
        later = replace(query, filters=replace(filters, open_at=None))
        found = propose(self.services.directory, later, about_pass=search.about_pass)
        return replace(found, none_open=bool(found.ranked))

    def _filters(self, turn: HandlerTurn, search: Search) -> Filters:
        filters = read_filters(search.wishes, turn.now) if search.wishes else Filters()
        needs = self.services.needs.wanted(search.need) if search.need else ()
        if needs:
            filters = replace(filters, services=filters.services | {one.id for one in needs})
        return filters

    def _say(self, turn: HandlerTurn, search: Search, area: Area, proposal: Proposal) -> Places:
        shown = tuple(
            card(
                one.found,
                turn.now,
                why=self._why(turn, one),
                updated=self._updated(turn, one.found.place.updated),
            )
            for one in proposal.ranked
        )
        return Places(
            self._opening(turn, search, area, proposal),
            places=shown,
            notice=self._notice(turn, search, proposal),
            sources=self._sources(turn, proposal),
            buttons=self._buttons(turn, search, proposal),
        )

    def _opening(self, turn: HandlerTurn, search: Search, area: Area, proposal: Proposal) -> str:
        say, on = self.services.answers.words, turn.on
        zone = near(area, self.services.gazetteer)
        count = len(proposal.ranked)
        lieux = "un lieu" if count == 1 else f"{count} lieux"
        # A territory is searched whole, a town up to a distance around it.
        reach = "" if area.kind in ("departement", "region") else distance_words(proposal.reach_m)
        asked = self._asked(turn, search)
        if not count:
            key = "plus_rien" if search.shown else "aucun_demande" if asked else "aucun"
            return say(f"lieux.{key}", on=on, zone=zone, distance=reach, demande=asked)
        if search.shown:
            return say("lieux.suite", on=on, lieux=lieux)
        if search.about_pass and proposal.no_labelled:
            opening = say("lieux.aucun_labellise", on=on, zone=zone, distance=reach)
        elif proposal.none_open:
            opening = say("lieux.aucun_ouvert", on=on, lieux=lieux, zone=zone)
        elif not asked:
            opening = say("lieux.trouves", on=on, lieux=lieux, zone=zone)
        elif proposal.declared:
            opening = say("lieux.trouves_demande", on=on, lieux=lieux, zone=zone, demande=asked)
        else:
            opening = say("lieux.trouves_muets", on=on, lieux=lieux, zone=zone, demande=asked)
        if proposal.widened:
            opening = f"{say('lieux.plus_loin', on=on, distance=reach)} {opening}"
        return opening

    def _asked(self, turn: HandlerTurn, search: Search) -> str:
        """Say the need and the wishes: «imprimer, ouvert le samedi»; empty for none."""
        needs = self.services.needs.wanted(search.need) if search.need else ()
        wishes = filter_words(read_filters(search.wishes, turn.now)) if search.wishes else ""
        return ", ".join(part for part in (*(one.title for one in needs), wishes) if part)

    def _why(self, turn: HandlerTurn, one: Ranked) -> str:
        """Say what a place says of what was asked, and that one cannot just go there."""
        keys = list(warnings_of(one.found.place))
        if one.standing.yes or one.standing.unknown:
            said = "dit_en_partie" if one.standing.yes else "muet"
            keys.insert(0, f"lieux.{'dit' if one.standing.declared else said}")
        return " ".join(self.services.answers.words(key, on=turn.on) for key in keys)

    def _updated(self, turn: HandlerTurn, updated: date | None) -> str:
        """Say when the data of a place was last updated, and that it is old where it is."""
        if updated is None:
            return ""
        key = age_key(updated, turn.on)
        return self.services.answers.words(key, on=turn.on, mois=french_month(updated))

    def _notice(self, turn: HandlerTurn, search: Search, proposal: Proposal) -> str:
        keys = []
        if proposal.demonstration:
            keys.append("lieux.avis_demonstration")
        if proposal.labelled:
            keys.append("lieux.avis_pass")
        elif proposal.beside and search.about_pass:
            keys.append("lieux.avis_gratuit")
        elif proposal.ranked and not proposal.demonstration:
            keys.append("lieux.avis_appeler")
        return "\n\n".join(self.services.answers.words(key, on=turn.on) for key in keys)

    def _sources(self, turn: HandlerTurn, proposal: Proposal) -> tuple[Source, ...]:
        sources = sources_of(found.place for found in proposal.found)
        if proposal.labelled:
            sources += self.services.answers.words_sources("lieux.avis_pass", on=turn.on)
        return sources

    def _buttons(self, turn: HandlerTurn, search: Search, proposal: Proposal) -> tuple[Button, ...]:
        def button(key: str, payload: str) -> Button:
            return Button(self.services.answers.words(f"lieux.bouton_{key}", on=turn.on), payload)

        if not proposal.ranked:
            narrowed = bool(search.wishes and search.where)
            widen = f'/plus_de_lieux{{"filtre": "{WISHES["tous"]}"}}'
            return (
                *((button("tous", widen),) if narrowed else ()),
                button("autre_ville", '/trouver_lieu{"lieu": "ailleurs"}'),
                Button(
                    self.services.answers.words("dialogue.parler", on=turn.on), "/parler_humain"
                ),
            )
        shown = [button("plus", "/plus_de_lieux")] if proposal.more else []
        return (
            *shown,
            button("carte", "/voir_carte"),
            button("horaires", "/lieu_horaires"),
            button("choisir", f'/plus_de_lieux{{"filtre": "{CHOOSE}"}}'),
            button("autre_ville", '/trouver_lieu{"lieu": "ailleurs"}'),
        )


class Lieux(_Liste):
    """The nearest places, once it is known where."""

    action = "action_lieux"

    def answer(self, turn: HandlerTurn) -> Reply:
        if fact := figure_of_places(self.services, turn):
            return fact.reply("trouver_lieu")
        search = Search.read(turn.slots.get("recherche"))
        if turn.position:
            area = Area("found", kind="position", point=Point(*turn.position))
        else:
            area = self._area(search)
        proposal = self._search(turn, search, area)
        ahead: tuple[Found, ...] = ()
        if turn.position and proposal.more:
            seen = search.showing(proposal.found)
            ahead = self._search(turn, seen, area, AHEAD).found
        said = self._say(turn, search, area, proposal)
        remembered = search.showing(proposal.found, ahead).to_slot()
        topic = "besoin_aide" if search.need else "trouver_lieu"
        return Reply([said], {"recherche": remembered, "sujet": topic, "echecs": 0})


class LieuxSuivants(_Liste):
    """Other places, or the same search with one more wish."""

    action = "action_lieux_suivants"

    def answer(self, turn: HandlerTurn) -> Reply:
        search = Search.read(turn.slots.get("recherche"))
        if turn.entities.get("filtre") == CHOOSE:
            return Reply([self._choice(turn)])
        if alone := of_a_call_alone(self.services, turn):
            return alone
        if of_a_call := of_what_was_said(self.services, turn):
            return of_a_call.reply(turn.topic)  # «et il y en aura un autre ?», of a call
        wish = str(turn.entities.get("filtre") or turn.said)
        if not read_filters(wish, turn.now):
            wish = ""
        widens = turn.entities.get("filtre") == WISHES["tous"]
        area = turn.reading.area
        if area.status == "found":
            search = search.afresh(turn.said)
        elif not search.where and (wish or widens or not search.ahead):
            return Reply(followup="lieu_form")  # a position that was not kept is asked again
        if widens:
            search = replace(search.afresh(search.where), wishes="")
        elif wish:
            search = replace(search.afresh(search.where), wishes=f"{search.wishes} {wish}".strip())
        if not search.where:
            return self._from_ahead(turn, search)
        area = self._area(search)
        proposal = self._search(turn, search, area)
        said = self._say(turn, search, area, proposal)
        slots = {"recherche": search.showing(proposal.found).to_slot(), "sujet": "trouver_lieu"}
        return Reply([said], {**slots, "echecs": 0})

    def _choice(self, turn: HandlerTurn) -> Choices:
        say = self.services.answers.words
        buttons = tuple(
            Button(say(f"lieux.bouton_{key}", on=turn.on), f'/plus_de_lieux{{"filtre": "{wish}"}}')
            for key, wish in WISHES.items()
        )
        return Choices(say("lieux.choisir", on=turn.on), buttons)

    def _from_ahead(self, turn: HandlerTurn, search: Search) -> Reply:
        metres = dict(search.ahead)
        places = self.services.directory.get([one for one, _ in search.ahead[:PAGE]])
        found = tuple(Found(place, float(metres[place.id])) for place in places)
        rest = replace(search, ahead=search.ahead[PAGE:])
        asked = self._filters(turn, search)
        proposal = Proposal(
            tuple(
                Ranked(one, says)
                for one in found
                if (says := standing(one.place, asked)) is not None
            ),
            labelled=sum(one.place.labelled for one in found) if search.about_pass else 0,
            demonstration=self.services.directory.is_demonstration,
            more=bool(rest.ahead),
        )
        said = self._say(turn, search, Area("found", kind="position"), proposal)
        shown = replace(rest.showing(found), ahead=rest.ahead)
        return Reply([said], {"recherche": shown.to_slot(), "sujet": "trouver_lieu", "echecs": 0})


class Carte(Handler):
    """The places just shown, as points on a map."""

    action = "action_carte"

    def answer(self, turn: HandlerTurn) -> Reply:
        listed = Search.read(turn.slots.get("recherche")).listed
        cards = tuple(
            card(Found(place, None), turn.now) for place in self.services.directory.get(listed)
        )
        if not cards:
            return Reply(followup="lieu_form")
        return Reply([Venues(self.services.answers.words("lieux.carte", on=turn.on), places=cards)])
