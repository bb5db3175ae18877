"""The composition root of the process that talks with people: real adapters, built once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, partial
from typing import Any

import sqlalchemy as sa

from actions.answers.answers import Answers
from actions.answers.urgent import urgent
from actions.clock import Clock, at_this_hour, civil_day, utc_now
from actions.french import french_month
from actions.places.cards import age_key, card
from actions.places.directory import Found
from actions.places.seeking import Seeker
from actions.programme.project import Project
from actions.programme.sheet import SheetMaker
from actions.reading.fold import fold
from actions.reading.territory.area import parse_area
from actions.reading.territory.area_result import FOUND
from actions.words import Words
from bot.conversation import Assistant, Conversation, Turn
from bot.conversation.rasa_assistant import RasaAssistant
from bot.helpdesk.assembly import HelpdeskParts, assemble
from bot.helpdesk.decision.desk_hours import Hours, read_hours
from bot.helpdesk.desk import OwnHours
from bot.home_data import HomeData
from bot.settings import Settings
from bot.stack.endpoint import Endpoint
from bot.store import Store
from bot.store.persons import load_key, pseudonym
from bot.telegram.links import ids_of
from bot.telegram.ports import Nearby
from bot.web import sites
from bot.web.transcript import CHANNEL as WEB
from bot.web.transcript import KEPT as WEB_KEPT


@dataclass
class Overheard:
    """An assistant whose last reading of each conversation can be looked up."""

    assistant: Assistant
    _turns: dict[str, Turn] = field(default_factory=dict)

    async def turn(self, conversation: str, text: str, metadata: Mapping[str, Any]) -> Turn:
        """Answer one message (see ``Assistant.turn``)."""
        turn = await self.assistant.turn(conversation, text, metadata)
        self._turns[conversation] = turn
        return turn

    def take(self, conversation: str) -> Turn | None:
        """Return the reading of the last message, once; nothing when Rasa was not asked."""
        return self._turns.pop(conversation, None)

    async def export(self, conversation: str) -> Any:
        """Return what is kept (see ``Assistant.export``)."""
        return await self.assistant.export(conversation)

    async def forget(self, conversation: str) -> None:
        """Erase a conversation (see ``Assistant.forget``)."""
        await self.assistant.forget(conversation)


SHARED_PLACES = 10
"""Places shown to who types a commune in another chat."""


class Workshop:
    """What is slow to make and seldom needed here: made at the first use."""

    def __init__(
        self,
        settings: Settings,
        answers: Answers,
        clock: Clock = utc_now,
        data: HomeData | None = None,
    ) -> None:
        self._settings = settings
        self._answers = answers
        self._clock = clock
        self._data = data or HomeData(settings)

    @cached_property
    def sheets(self) -> SheetMaker:
        """What sets the PDF of a simulation."""
        return SheetMaker(self._data.simulator)

    def render_sheet(self, request: str, on: date) -> bytes:
        """Return the PDF of a project (``Project.dumps``), computed by the rules of a day."""
        simulator = self._data.simulator
        project = Project.loads(request)
        return self.sheets.render(simulator.simulate(project.request(simulator), on))

    @cached_property
    def seeker(self) -> Seeker:
        """What finds places; it only reads, the action server fills an empty directory."""
        return self._data.seeker(self._data.directory)

    def nearby(self, query: str) -> Nearby:
        """Return places to share: those near a commune, or of the ids that a button wrote."""
        now = self._clock()
        day = self._settings.today or civil_day(now)
        moment = at_this_hour(self._settings.today, now)
        directory, status = self._data.directory, FOUND
        if ids := ids_of(query):
            found = tuple(Found(place, None) for place in directory.get(ids))
        else:
            sought = self.seeker.seek(query, moment, SHARED_PLACES)
            found, status = sought.proposal.found, sought.area.status
        if not found:
            return Nearby("none" if status == "found" else status)
        cards = tuple(card(one, moment, updated=self._age(one.place.updated, day)) for one in found)
        kind = "demonstration" if directory.is_demonstration else "appeler"
        return Nearby("found", cards, self._answers.words(f"lieux.avis_{kind}", on=day))

    def _age(self, updated: date | None, on: date) -> str:
        if updated is None:
            return ""
        return self._answers.words(age_key(updated, on), on=on, mois=french_month(updated))

    def locate(self, text: str) -> str:
        """Return the place that a message names, or an empty text."""
        area = parse_area(text, self._data.gazetteer)
        return area.label if area.status == "found" else ""


@dataclass(frozen=True)
class Front:
    """What a front-end needs."""

    data: HomeData
    """What answers are made from."""
    store: Store
    conversation: Conversation
    wording: Words
    answers: Answers
    helpdesk: HelpdeskParts
    workshop: Workshop
    key: bytes = field(repr=False)
    assistant: Assistant = field(repr=False)
    overheard: Overheard | None = field(default=None, repr=False)

    @property
    def titles(self) -> dict[str, str]:
        """Human titles of topics, by intent."""
        return {topic: self.answers.title(topic) for topic in self.answers}

    def reading(self, channel: str, external_id: str) -> Turn | None:
        """Return how a person's last message was understood, where that is listened for."""
        if self.overheard is None:
            return None
        return self.overheard.take(pseudonym(self.key, channel, external_id))


@asynccontextmanager
async def open_front(
    settings: Settings, endpoint: Endpoint, *, listening: bool = False
) -> AsyncIterator[Front]:
    """Open the conversation of a home on a running stack.

    Args:
        settings: The home.
        endpoint: The stack.
        listening: Keep each reading until ``Front.reading`` takes it.
    """
    data = HomeData(settings)
    wording, answers = data.words("mecanique.yaml"), data.answers
    key = load_key(settings.home)
    store = Store.open(settings.database_url)
    workshop = Workshop(settings, answers, data=data)
    titles = {topic: answers.title(topic) for topic in answers}
    try:
        async with RasaAssistant(endpoint.nlu_url, endpoint.secret) as rasa:
            overheard = Overheard(rasa) if listening else None
            assistant = overheard or rasa
            parts = assemble(
                settings,
                store,
                topics=titles,
                locate=workshop.locate,
                own_hours=sites_hours(settings),
                fact=answers.fact,
                site=sites.name_of,
            )
            conversation = Conversation(
                store,
                assistant,
                parts.reception,
                wording,
                key=key,
                retention_days=settings.retention_days,
                urgent=partial(urgent, answers),
                shortcuts=_shortcuts(answers, settings.today or civil_day(utc_now())),
                kept_days={WEB: WEB_KEPT.days},
                rated=parts.desk.topics.rated,
                zone=parts.desk.words.zone,
            )
            yield Front(
                data,
                store,
                conversation,
                wording,
                answers,
                parts,
                workshop,
                key,
                assistant,
                overheard,
            )
    finally:
        store.close()


def sites_hours(settings: Settings) -> OwnHours:
    """Return what finds the helpdesk's hours of the site that a person writes from."""

    @cache
    def read(text: str) -> Hours:
        return read_hours(text, settings.helpdesk_timezone, settings.helpdesk_holidays)

    def of(connection: sa.Connection, person_id: int) -> Hours | None:
        site = sites.of_person(connection, person_id)
        return read(site.helpdesk_hours) if site and site.helpdesk_hours else None

    return of


_BUTTONS = {
    "simulation.bouton_fiche": "/recevoir_fiche",
    "simulation.bouton_rappel": "/rappeler_echeance",
    "lieux.bouton_carte": "/voir_carte",
    "lieux.bouton_plus": "/plus_de_lieux",
    "dialogue.lire_plus": "/en_savoir_plus",
    "dialogue.parler": "/parler_humain",
    "dialogue.annuler": "/annuler",
}


def _shortcuts(answers: Answers, on: date) -> dict[str, str]:
    """Return what the usual buttons say, by folded title."""
    titles = {fold(answers.title(topic)): f"/{topic}" for topic in answers}
    return titles | {fold(answers.words(key, on=on)): said for key, said in _BUTTONS.items()}
