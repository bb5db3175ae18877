"""Tests that read like conversations:

    async def test_a_place_then_its_hours(chat):
        await chat.says("où utiliser mon pass à Metz ?")
        chat.reads("Médiathèque", buttons=["Horaires"])
        await chat.taps("Horaires")
        chat.reads("samedi")

Spaces, no-break spaces and apostrophes are compared as people see them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count

from actions.messages import (
    AskPosition,
    Button,
    Message,
    PlaceCard,
    Places,
    Sheet,
    Simulation,
)
from bot.bootstrap import Front
from bot.conversation import Incoming, Kind, Position, Turn
from bot.store import persons, privacy
from tests import clock

CHANNEL = "essai"
_PEOPLE = count(1)


def as_seen(text: str) -> str:
    """Return a text as an eye compares it."""
    return " ".join(text.replace("’", "'").split())


class Chat:
    """One person, and what they read."""

    def __init__(self, front: Front) -> None:
        self.person = f"personne-{next(_PEOPLE)}"
        self.messages: list[Message] = []
        """What was said last."""
        self.turn: Turn | None = None
        """How Rasa read the last message; ``None`` when it was not asked."""
        self._front = front
        self._on: date | None = None
        self._around = ""
        self._now = clock.now()
        self._script: list[str] = []
        self._sent = 0

    # What the person does.

    def lives_on(self, day: str) -> None:
        """Replay a day: «2020-09-01»."""
        self._on = date.fromisoformat(day)

    def is_someone_else(self) -> None:
        """Go on as another person, of whom nothing is known."""
        self.person = f"personne-{next(_PEOPLE)}"

    def writes_from_a_site_of(self, territory: str) -> None:
        """Write from a collectivité's page: «Moselle»."""
        self._around = territory

    def looks_at_the_clock(self, moment: datetime) -> None:
        """Write at a moment (aware), from which hours are counted."""
        self._now = moment

    async def says(self, text: str) -> None:
        """Write a message."""
        await self._send(Kind.TEXT, text=text)

    async def taps(self, title: str) -> None:
        """Tap a button of the last messages, by its title or how it begins."""
        wanted = as_seen(title)
        for button in self.buttons:
            if as_seen(button.title).startswith(wanted) and button.payload:
                await self._send(Kind.BUTTON, text=button.title, payload=button.payload)
                return
        raise AssertionError(f"no button « {title} » to tap\n{self.transcript}")

    async def shares_position(self, latitude: float, longitude: float) -> None:
        """Share where they are, in degrees."""
        await self._send(Kind.POSITION, position=Position(latitude, longitude))

    async def sends(self, kind: Kind) -> None:
        """Send a voice message, a photo, a sticker…"""
        await self._send(kind)

    # What the person reads.

    @property
    def buttons(self) -> list[Button]:
        """Buttons of the last messages."""
        return [button for said in self.messages for button in getattr(said, "buttons", ())]

    @property
    def text(self) -> str:
        """Everything that the last messages show, as it is seen."""
        return as_seen("\n".join(part for said in self.messages for part in _parts(said)))

    @property
    def last(self) -> Message:
        """The last message."""
        assert self.messages, f"nothing was said\n{self.transcript}"
        return self.messages[-1]

    @property
    def places(self) -> list[PlaceCard]:
        """Places shown last."""
        return [place for said in self.messages for place in getattr(said, "places", ())]

    @property
    def simulation(self) -> Simulation | None:
        """The simulation just shown, if there is one."""
        return next((said for said in self.messages if isinstance(said, Simulation)), None)

    @property
    def sheet(self) -> Sheet | None:
        """The sheet just sent, if there is one."""
        return next((said for said in self.messages if isinstance(said, Sheet)), None)

    @property
    def is_asked_where(self) -> bool:
        """Whether the person is asked where they are."""
        return any(isinstance(said, AskPosition) for said in self.messages)

    @property
    def transcript(self) -> str:
        """The whole conversation, for a failure that explains itself."""
        return "\n".join(self._script)

    def reads(self, *texts: str, buttons: Sequence[str] = (), kind: str = "") -> None:
        """Check that the last messages show texts, buttons (how they begin), a kind."""
        for text in texts:
            assert as_seen(text) in self.text, f"« {text} » is not said\n{self.transcript}"
        titles = [as_seen(button.title) for button in self.buttons]
        for wanted in buttons:
            assert any(title.startswith(as_seen(wanted)) for title in titles), (
                f"no button « {wanted} »\n{self.transcript}"
            )
        kinds = [said.kind for said in self.messages]
        assert not kind or kind in kinds, f"no {kind} among {kinds}\n{self.transcript}"

    def asks_where(self) -> None:
        """Check that the person is asked where they are."""
        assert self.is_asked_where, f"nobody asks where\n{self.transcript}"

    def offers_a_person(self) -> None:
        """Check that a person of the helpdesk is offered, by a button."""
        offers = [button for button in self.buttons if "parler_humain" in button.payload]
        assert offers, f"no person is offered\n{self.transcript}"

    async def kept(self) -> str:
        """Return everything that is kept about the person, here and in Rasa."""
        store = self._front.store
        person = await store.read(persons.find, CHANNEL, self.person)
        if person is None:
            return ""
        kept = await store.read(privacy.export, person)
        kept["rasa"] = await self._front.assistant.export(person.pseudonym)
        return json.dumps(kept, ensure_ascii=False, default=str)

    def does_not_read(self, *texts: str) -> None:
        """Check that the last messages show none of the texts."""
        for text in texts:
            assert as_seen(text) not in self.text, f"« {text} » is said\n{self.transcript}"

    def understood(self, intent: str) -> None:
        """Check how Rasa read the last message."""
        read = self.turn.intent if self.turn else None
        assert read == intent, f"read as {read}, not {intent}\n{self.transcript}"

    async def _send(
        self, kind: Kind, text: str = "", payload: str = "", position: Position | None = None
    ) -> None:
        self._sent += 1
        self._now += timedelta(seconds=1)
        incoming = Incoming(
            channel=CHANNEL,
            external_id=self.person,
            message_id=str(self._sent),
            kind=kind,
            at=self._now,
            text=text,
            payload=payload,
            position=position,
            on=self._on,
            around=self._around,
        )
        self._script.append(f"> {text or kind}")
        self.messages = await self._front.conversation.receive(incoming)
        self.turn = self._front.reading(CHANNEL, self.person)
        if self.turn:
            self._script.append(f"  ({self.turn.intent}, {self.turn.tier})")
        for said in self.messages:
            self._script += [f"  {line}" for part in _parts(said) for line in part.splitlines()]
            self._script += [f"    [{b.title}]" for b in getattr(said, "buttons", ())]


def _parts(said: Message) -> list[str]:
    parts = [said.text]
    if isinstance(said, Places):
        parts.append(said.notice)
    for place in getattr(said, "places", ()):
        parts += [place.name, place.address, place.distance, place.hours, place.phone]
    if isinstance(said, Simulation):
        parts += [f"{line.label} {line.value}" for line in said.lines]
        parts += said.reasons
    parts += [source.label for source in getattr(said, "sources", ())]
    return [part for part in parts if part]
