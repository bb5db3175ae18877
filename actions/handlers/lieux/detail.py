"""Hours, contact, way there and access of the places just shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.geo import distance_m
from actions.handlers.base import Handler
from actions.handlers.lieux.phrases import of, sources_of, warnings_of
from actions.handlers.lieux.search import Search
from actions.handlers.lieux.shown_places import which
from actions.handlers.repondre import (
    of_a_call_alone,
    of_what_was_said,
    said_first,
    very_fact,
)
from actions.handlers.turn import HandlerTurn, Reply
from actions.messages import Button, Text
from actions.places import hours, place
from actions.places.cards import address_words, directions_url, distance_words
from actions.places.contact import spoken_phone
from actions.places.filters import read_filters, read_weekday
from actions.places.hours_words import now_words, week_lines, weekday_words
from actions.places.place import Place

_CARE = {
    place.WHEELCHAIR: "lieux.accueil_fauteuil",
    place.DEAF: "lieux.accueil_surdite",
    place.BLIND: "lieux.accueil_vue",
    place.MENTAL: "lieux.accueil_mental",
    place.ILLITERACY: "lieux.accueil_lecture",
    place.LANGUAGES: "lieux.accueil_langues",
    place.ENGLISH: "lieux.accueil_anglais",
}
"""What a place takes care of, and the words that say it."""
_WAYS = (place.WALK_IN, place.CALL, place.WRITE, place.BOOK)
"""What a person can do by themselves to be helped there."""


class DetailLieu(Handler):
    """Answers on one of the places just shown, or on all when none is named."""

    action = "action_detail_lieu"

    def answer(self, turn: HandlerTurn) -> Reply:
        if of_a_call := of_a_call_alone(self.services, turn):
            return of_a_call
        search = Search.read(turn.slots.get("recherche"))
        if not search.listed:
            fact = (
                said_first(self.services, turn)
                or very_fact(self.services, turn, (turn.topic,))
                or of_what_was_said(self.services, turn)
            )
            if fact:
                return fact.reply(turn.topic)
            return Reply(followup="lieu_form")
        if turn.reading.area.status == "found":
            # Another town: its places come first, with their hours.
            again = search.afresh(turn.said)
            if read_filters(turn.said, turn.now):
                again = replace(again, wishes=turn.said)
            return Reply(slots={"recherche": again.to_slot()}, followup="action_lieux")
        places = self.services.directory.get(search.listed)
        chosen = self._chosen(turn, places)
        on = turn.on if turn.on != turn.now.date() else None
        text = "\n\n".join(self._detail(turn, one, on) for one in chosen)
        return Reply(
            [Text(text, sources_of(chosen), self._buttons(turn, places, chosen))],
            {"sujet": turn.topic, "echecs": 0},
        )

    def _chosen(self, turn: HandlerTurn, places: list[Place]) -> list[Place]:
        wanted = turn.entities.get("lieu")
        if wanted:
            return [one for one in places if one.id == wanted] or places
        index = which(turn.said, [one.name for one in places])
        return places if index is None else [places[index]]

    def _detail(self, turn: HandlerTurn, one: Place, on: date | None) -> str:
        match turn.topic:
            case "lieu_horaires":
                return self._hours(turn, one, on)
            case "lieu_contact":
                return self._contact(turn, one)
            case "lieu_itineraire":
                return self._way(turn, one)
            case _:
                return self._access(turn, one)

    def _way(self, turn: HandlerTurn, one: Place) -> str:
        start = self.services.reader.read(Search.read(turn.slots.get("recherche")).where).area
        # From a whole département, or for a place known by its commune, a distance says nothing.
        point = None if one.approximate or start.kind != "commune" else start.point
        return self.services.answers.words(
            "lieux.itineraire",
            on=turn.on,
            nom=one.name,
            adresse=address_words(one),
            distance=distance_words(distance_m(point, one.point)) if point else "",
            depart=of(start.label),
        )

    def _hours(self, turn: HandlerTurn, one: Place, on: date | None) -> str:
        say = self.services.answers.words
        day = on or hours.local(turn.now, one.departement).date()
        if not one.hours_osm.strip():
            phone = spoken_phone(one.phone)
            return say("lieux.horaires_inconnus", on=turn.on, nom=one.name, telephone=phone)
        if hours.read_schedule(one.hours_osm, one.departement) is None:
            published = one.hours_osm.strip()
            return say("lieux.horaires_publies", on=turn.on, nom=one.name, horaires=published)
        weekday = read_weekday(turn.said)
        if weekday is not None:
            words = weekday_words(one.hours_osm, one.departement, weekday, day)
        else:
            lines = week_lines(one.hours_osm, one.departement, day)
            current = now_words(one.hours_osm, one.departement, turn.now)
            words = " ; ".join((current, *lines) if on is None else lines)
        return say("lieux.horaires", on=turn.on, nom=one.name, horaires=words)

    def _contact(self, turn: HandlerTurn, one: Place) -> str:
        say, address = self.services.answers.words, address_words(one)
        if not (one.phone or one.email or one.website):
            return say("lieux.contact_inconnu", on=turn.on, nom=one.name, adresse=address)
        return say(
            "lieux.contact",
            on=turn.on,
            nom=one.name,
            adresse=address,
            telephone=spoken_phone(one.phone),
            courriel=one.email,
            site=one.website,
            acces=", ".join(
                say(f"lieux.acces_{way}", on=turn.on) for way in one.access if way in _WAYS
            ),
            rendez_vous=one.appointment_url,
            conditions=one.access_note,
            reseaux=", ".join(one.networks),
            avis=" ".join(say(key, on=turn.on) for key in warnings_of(one)),
        ).strip()

    def _access(self, turn: HandlerTurn, one: Place) -> str:
        say = self.services.answers.words
        details = ", ".join(say(key, on=turn.on) for care, key in _CARE.items() if care in one.care)
        if details:
            return say("lieux.accessibilite", on=turn.on, nom=one.name, details=details)
        phone = spoken_phone(one.phone)
        return say("lieux.accessibilite_inconnue", on=turn.on, nom=one.name, telephone=phone)

    def _buttons(
        self, turn: HandlerTurn, places: list[Place], chosen: list[Place]
    ) -> tuple[Button, ...]:
        if turn.topic == "lieu_itineraire":
            return tuple(Button(one.name, url=directions_url(one)) for one in chosen)
        if len(chosen) == 1:
            keys = {"lieu_horaires": "horaires", "lieu_contact": "contact"}
            keys |= {"lieu_itineraire": "itineraire", "lieu_accessibilite": "accessibilite"}
            say = self.services.answers.words
            return tuple(
                Button(
                    say(f"lieux.bouton_{key}", on=turn.on), f'/{intent}{{"lieu": "{chosen[0].id}"}}'
                )
                for intent, key in keys.items()
                if intent != turn.topic
            )
        return tuple(Button(one.name, f'/{turn.topic}{{"lieu": "{one.id}"}}') for one in places)
