"""Who answers a message, and what is kept of it: the same for every channel.

A message is handled in two short transactions with the assistant's thinking in between.
The last one commits everything at once: what is kept, the state of the conversation, and,
through ``deliver``, the answer in the outbox and the end of the update.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from typing import Any

import sqlalchemy as sa

from actions.clock import PARIS, civil_day
from actions.french import counted, french_date
from actions.messages import Choices, Document, Handoff, Message, Reminder, Text
from actions.reading.language import written_language
from actions.reading.replies import cancels, says_no, says_yes, wants_human
from actions.words import Words
from bot.conversation import mechanics, opinions, reminders
from bot.conversation.history import keep_choice, keep_doubt, keep_exchange, keep_reminder
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.outgoing import Deliver
from bot.conversation.patience import Notice, Patience
from bot.conversation.ports import (
    Assistant,
    AssistantError,
    Helpdesk,
    HelpRequest,
    Owner,
    StaleButtonError,
    Turn,
)
from bot.store import Person, Store, answered_messages, blocked, channels, outbox, persons, privacy

logger = logging.getLogger(__name__)

OFFERED = "offered_human"
CONFIRM_ERASURE = "confirm_erasure"
ADDRESS_ASKED = "address_asked"
"""A reminder was asked for: where to write is what is awaited."""

Urgent = Callable[[str, date], Handoff]
"""What is said of a danger, on a day."""


@dataclass(frozen=True, slots=True)
class _Ask:
    """The assistant must answer; nothing is decided yet."""

    person: Person
    text: str
    metadata: dict[str, Any]
    before: tuple[Message, ...] = ()
    """What is said first."""


@dataclass(frozen=True, slots=True)
class _Export:
    """The person wants to see what is kept."""

    person: Person


@dataclass(frozen=True, slots=True)
class _Erased:
    """The person was erased here; the assistant has still to forget them."""

    said: list[Message]


class Conversation:
    """Receives every message of every person."""

    def __init__(
        self,
        store: Store,
        assistant: Assistant,
        helpdesk: Helpdesk,
        wording: Words,
        *,
        key: bytes,
        retention_days: int,
        urgent: Urgent,
        shortcuts: Mapping[str, str] | None = None,
        kept_days: Mapping[str, int] | None = None,
        patience: Patience | None = None,
        rated: Container[str] = (),
        zone: tzinfo = PARIS,
    ) -> None:
        """Build the conversation of a home.

        ``urgent``: what is said first where someone is in danger, be the assistant down.
        ``shortcuts``: what buttons say, by folded title, for those who type the title.
        ``kept_days``: days for which a channel's conversations are kept, where it is not
        ``retention_days``.
        ``patience``: how long the assistant is waited for.
        ``rated``: topics whose answer people may judge.
        ``zone``: where days are counted.
        """
        self._patience = patience or Patience()
        self._store = store
        self._shortcuts = dict(shortcuts or {})
        self._assistant = assistant
        self._helpdesk = helpdesk
        self._wording = wording
        self._key = key
        self._retention_days = retention_days
        self._kept_days = dict(kept_days or {})
        self._urgent = urgent
        self._rated = rated
        self._zone = zone

    async def receive(
        self,
        incoming: Incoming,
        deliver: Deliver | None = None,
        notice: Notice | None = None,
    ) -> list[Message]:
        """Handle one message; return what the person is told.

        The caller keeps the order: a person's next message comes once this one returned.

        Args:
            incoming: The message.
            deliver: Called in the last transaction with what is said, even when nothing is.
            notice: Tells the person that the answer takes time; called once, at most.
        """
        deliver = self._noting(incoming, deliver or _nowhere)
        first = await self._store.write(self._begin, incoming, deliver)
        match first:
            case _Ask():
                turn = await self._think(incoming, first, notice)
                said = await self._store.write(self._conclude, incoming, first, turn, deliver)
            case _Export():
                kept, complete = await self._collect(first.person)
                said = await self._store.write(
                    self._hand_over, first.person, kept, complete, deliver
                )
            case _Erased():
                said = first.said
                await self.forget_erased()
            case _:
                said = first
        return said

    async def forget_erased(self) -> None:
        """Have the assistant forget those who asked; what fails is tried again next time."""
        for pseudonym in await self._store.read(privacy.pending_erasures):
            try:
                await self._assistant.forget(pseudonym)
            except AssistantError:
                break
            await self._store.write(privacy.erasure_done, pseudonym)
        await self._store.drain()

    # The first transaction: everything that needs no thinking.

    def _begin(
        self, connection: sa.Connection, incoming: Incoming, deliver: Deliver
    ) -> list[Message] | _Ask | _Export | _Erased:
        person = persons.see(
            connection,
            self._key,
            incoming.channel,
            incoming.external_id,
            at=incoming.at,
            language=incoming.language,
            written="" if incoming.kind is Kind.BUTTON else written_language(incoming.text),
        )
        command = mechanics.command(incoming)
        private = command in mechanics.PRIVACY or person.state == CONFIRM_ERASURE
        away = self._turned_away(connection, incoming, person, private)
        if away is not None:
            deliver(connection, person, away)
            return away
        if command == "/mesdonnees":
            return _Export(person)
        if person.state == CONFIRM_ERASURE and (
            command == mechanics.ERASE or (incoming.kind is Kind.TEXT and says_yes(incoming.text))
        ):
            return self._erase(connection, incoming, person, deliver)
        if asked := mechanics.deep_link(incoming):
            welcome = self._wording("bienvenue_lien", duree=self._kept_for(incoming.channel))
            asking = replace(incoming, text=asked)
            text, metadata = mechanics.question(asking, self._shortcuts)
            return _Ask(person, text, metadata, before=(Text(welcome),))
        said = self._mechanics(connection, incoming, person, command)
        if said is None:
            today = civil_day(incoming.at, self._zone)
            said = opinions.hear(
                connection, person, incoming, self._wording, self._rated, today=today
            )
        if said is None and self._helpdesk.owner(connection, person) is Owner.HUMAN:
            said = self._helpdesk.add(connection, person, incoming)
            if said is not None:
                said = [*self._warning(incoming), *said]
        if self._rest_of_album(connection, incoming, person):
            said = []
        if said is None and (accepted := _accepted_offer(person, incoming)):
            persons.set_state(connection, person.id)
            said = self._helpdesk.open(connection, person, accepted)
        if said is None and person.state == ADDRESS_ASKED:
            said = self._address(connection, person, incoming)
        if said is None:
            said = mechanics.not_readable(incoming, self._wording)
        if said is None:
            return _Ask(person, *mechanics.question(incoming, self._shortcuts))
        said = mechanics.after_hearing(incoming, said, self._wording)
        keep_exchange(connection, person.id, incoming, said)
        deliver(connection, person, said)
        return said

    def _turned_away(
        self, connection: sa.Connection, incoming: Incoming, person: Person, private: bool
    ) -> list[Message] | None:
        """Say what is said to who is not answered now; people's own data are always theirs."""
        if not private and channels.is_closed(connection, incoming.channel):
            return [Text(self._wording("canal_ferme"))]
        if not private and blocked.is_blocked(connection, person.pseudonym):
            return self._refused(connection, incoming, person)
        if incoming.edited and self._unchanged(connection, incoming, person):
            return []
        return None

    def _refused(
        self, connection: sa.Connection, incoming: Incoming, person: Person
    ) -> list[Message]:
        """Say once a day to who is blocked that nobody answers; whom to call in danger, always."""
        if warned := self._warning(incoming):
            return warned
        today = f"blocked:{civil_day(incoming.at, self._zone)}"
        if answered_messages.digest_of(connection, person.id, today) is not None:
            return []
        answered_messages.note(connection, person.id, today, "", incoming.at)
        return [Text(self._wording("bloque"))]

    def _noting(self, incoming: Incoming, deliver: Deliver) -> Deliver:
        """Note what was answered, in the transaction that answers it."""

        def noting(
            connection: sa.Connection, person: Person | None, said: Sequence[Message]
        ) -> None:
            if person:
                digest = self._digest(incoming)
                answered_messages.note(
                    connection, person.id, incoming.message_id, digest, incoming.at
                )
                if incoming.album:
                    answered_messages.note(connection, person.id, _album(incoming), "", incoming.at)
            deliver(connection, person, said)

        return noting

    def _digest(self, incoming: Incoming) -> str:
        said = f"{incoming.kind}:{incoming.text}".encode("utf-8", "replace")
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()[
            : answered_messages.DIGEST_LENGTH
        ]

    def _unchanged(self, connection: sa.Connection, incoming: Incoming, person: Person) -> bool:
        """Tell whether an edit leaves the words as they were (a reaction, a preview…)."""
        before = answered_messages.digest_of(connection, person.id, incoming.message_id)
        return before == self._digest(incoming)

    def _rest_of_album(self, connection: sa.Connection, incoming: Incoming, person: Person) -> bool:
        """Tell whether a picture of the same album was answered, and this one asks nothing."""
        if not incoming.album or incoming.text.strip():
            return False
        return answered_messages.digest_of(connection, person.id, _album(incoming)) is not None

    def _mechanics(
        self, connection: sa.Connection, incoming: Incoming, person: Person, command: str
    ) -> list[Message] | None:
        say = self._wording
        menu = say.buttons("menu")
        match command:
            case "/start":
                return [
                    Text(say("bienvenue", duree=self._kept_for(incoming.channel)), buttons=menu)
                ]
            case "/aide" | "/help":
                return [Text(say("aide"), buttons=menu)]
            case "/confidentialite":
                words = say("confidentialite", duree=self._kept_for(incoming.channel))
                return [Text(words, buttons=menu)]
            case "/oublier" | mechanics.ERASE:
                persons.set_state(connection, person.id, CONFIRM_ERASURE)
                return [Choices(say("oublier_confirmer"), buttons=say.buttons("oublier"))]
            case "/oublier_non":
                persons.set_state(connection, person.id)
                return [Text(say("oublier_non"), buttons=menu)]
            case mechanics.MISHEARD:
                return [Text(say("mal_entendu"), buttons=menu)]
        if person.state == CONFIRM_ERASURE:
            persons.set_state(connection, person.id)
            if says_no(incoming.payload or incoming.text):
                return [Text(say("oublier_non"), buttons=menu)]
        return None

    # The assistant's thinking, outside any transaction.

    async def _think(self, incoming: Incoming, ask: _Ask, notice: Notice | None) -> Turn | None:
        def once() -> Awaitable[Turn]:
            return self._assistant.turn(ask.person.pseudonym, ask.text, ask.metadata)

        try:
            if mechanics.danger(incoming) or wants_human(ask.text):
                return await once()  # what is said without the assistant does not wait for it
            return await self._patience.answer(once, notice)
        except StaleButtonError:
            # Known only now: the assistant alone says what it understands.
            words = self._wording("bouton_ancien")
            return Turn((Text(words, buttons=self._wording.buttons("menu")),))
        except AssistantError as error:
            logger.warning("the assistant did not answer: %s", error)
            return None

    # The last transaction: everything is decided at once.

    def _conclude(
        self,
        connection: sa.Connection,
        incoming: Incoming,
        ask: _Ask,
        turn: Turn | None,
        deliver: Deliver,
    ) -> list[Message]:
        person = persons.get(connection, ask.person.id)
        if person is None:  # erased from elsewhere in the meantime
            deliver(connection, None, [])
            return []
        said: list[Message] | None = None
        if self._helpdesk.owner(connection, person) is Owner.HUMAN:
            # An agent may have taken over while the assistant was thinking.
            said = self._helpdesk.add(connection, person, incoming)
            if said is not None:
                said = [*self._warning(incoming), *said]
        if said is None:
            if person.state == OFFERED:
                persons.set_state(connection, person.id)
            said = (
                self._broken(connection, person, incoming, ask)
                if turn is None
                else self._answer(connection, person, incoming, turn)
            )
            opinions.count_turn(connection, civil_day(incoming.at, self._zone), turn)
            said = mechanics.after_hearing(incoming, said, self._wording)
            said = [*ask.before, *mechanics.after_position(incoming, said, self._wording)]
        keep_exchange(connection, person.id, incoming, said, turn)
        deliver(connection, person, said)
        return said

    def _address(
        self, connection: sa.Connection, person: Person, incoming: Incoming
    ) -> list[Message] | None:
        """Take the address to write to; anything else is answered as ever, and nothing is sent."""
        cancel = self._wording.buttons("rappel")
        if incoming.kind is not Kind.TEXT or mechanics.danger(incoming):
            persons.set_state(connection, person.id)
            return None
        if cancels(incoming.text) or says_no(incoming.text):
            persons.set_state(connection, person.id)
            return [Text(self._wording("rappel_sans"), buttons=self._wording.buttons("menu"))]
        address = reminders.address_in(incoming.text)
        if not address and "@" in incoming.text:
            return [Choices(self._wording("rappel_adresse_fausse"), buttons=cancel)]
        asked = person.state_data
        persons.set_state(connection, person.id)
        if not address:
            return None
        due_on = date.fromisoformat(str(asked["on"]))
        reminders.remind_by_mail(
            connection,
            self._wording,
            person.id,
            incoming,
            address=address,
            subject=str(asked["subject"]),
            due_on=due_on,
            zone=self._zone,
        )
        words = self._wording("rappel_note_courriel", adresse=address, date=french_date(due_on))
        return [Text(words, buttons=cancel)]

    def _broken(
        self, connection: sa.Connection, person: Person, incoming: Incoming, ask: _Ask
    ) -> list[Message]:
        if found := mechanics.danger(incoming):
            return self._offer(connection, person, self._urgent(found, _day(incoming)))
        if wants_human(ask.text):
            return self._helpdesk.open(connection, person, HelpRequest("demande", incoming.at))
        return self._offer(connection, person, Handoff(self._wording("panne"), reason="panne"))

    def _answer(
        self, connection: sa.Connection, person: Person, incoming: Incoming, turn: Turn
    ) -> list[Message]:
        keep_doubt(connection, person.id, incoming, turn)
        keep_choice(connection, person.id, incoming)
        said: list[Message] = []
        for message in turn.messages:
            match message:
                case Handoff(reason="demande"):
                    request = HelpRequest(message.reason, incoming.at, message.topic)
                    said += self._helpdesk.open(connection, person, request)
                case Handoff(reason="suivi"):
                    said += self._helpdesk.follow(connection, person, incoming.at)
                case Handoff():
                    said += self._offer(connection, person, message)
                case Reminder() if message.on and not incoming.can_remind:
                    said.append(Text(self._wording("rappel_impossible")))
                case Reminder() if message.on and incoming.by_mail:
                    data = {"subject": message.subject, "on": message.on}
                    persons.set_state(connection, person.id, ADDRESS_ASKED, **data)
                    said.append(Choices(self._wording("rappel_adresse"), buttons=message.buttons))
                case Reminder():
                    keep_reminder(connection, person.id, message, incoming)
                    if not message.on:
                        outbox.cancel(connection, person.id, outbox.MAIL)
                    said.append(message)
                case _:
                    said.append(message)
        if not incoming.can_remind:
            said = [mechanics.without_reminder(message) for message in said]
        return opinions.with_thumbs(said, turn, incoming.channel, self._wording, self._rated)

    def _offer(self, connection: sa.Connection, person: Person, handoff: Handoff) -> list[Message]:
        """Propose a person without taking the next message for them: it may be a question."""
        persons.set_state(
            connection, person.id, OFFERED, reason=handoff.reason, topic=handoff.topic
        )
        asks = {button.payload for button in handoff.buttons}
        human = tuple(b for b in self._wording.buttons("humain") if b.payload not in asks)
        buttons = (*handoff.buttons, *human)
        if handoff.sources:
            return [Text(handoff.text, sources=handoff.sources, buttons=buttons)]
        return [Choices(handoff.text, buttons=buttons)]

    def _warning(self, incoming: Incoming) -> list[Message]:
        """Say whom to call where someone is in danger, though a person answers."""
        found = mechanics.danger(incoming)
        if not found:
            return []
        words = self._urgent(found, _day(incoming))
        return [Text(words.text, sources=words.sources)]

    def _kept_for(self, channel: str) -> str:
        return counted(self._kept_days.get(channel, self._retention_days), "jour")

    # Privacy.

    async def _collect(self, person: Person) -> tuple[dict[str, Any], bool]:
        kept = await self._store.read(privacy.export, person)
        try:
            kept["assistant"] = await self._assistant.export(person.pseudonym)
        except AssistantError:
            return kept, False
        return kept, True

    def _hand_over(
        self,
        connection: sa.Connection,
        person: Person,
        kept: dict[str, Any],
        complete: bool,
        deliver: Deliver,
    ) -> list[Message]:
        words = "mes_donnees" if complete else "mes_donnees_partielles"
        said: list[Message] = [
            Document(
                self._wording(words, duree=self._kept_for(person.channel)),
                filename="mes-donnees.json",
                content=json.dumps(kept, ensure_ascii=False, indent=2, default=str),
            )
        ]
        deliver(connection, person, said)
        return said

    def _erase(
        self, connection: sa.Connection, incoming: Incoming, person: Person, deliver: Deliver
    ) -> _Erased:
        more = self._helpdesk.forget(connection, person)
        privacy.erase(connection, person, incoming.at)
        said: list[Message] = [Text(self._wording("oublier_groupe" if more else "oublier_fait"))]
        deliver(connection, None, said)
        return _Erased(said)


def _accepted_offer(person: Person, incoming: Incoming) -> HelpRequest | None:
    """Return the request behind an offer that the person accepts, by a yes or a button."""
    if person.state != OFFERED or incoming.kind not in (Kind.TEXT, Kind.BUTTON):
        return None
    said = incoming.payload or incoming.text
    if not says_yes(said) and not wants_human(said):
        return None
    data = person.state_data
    return HelpRequest(str(data.get("reason", "")), incoming.at, str(data.get("topic", "")))


def _album(incoming: Incoming) -> str:
    return f"album:{incoming.album}"


def _day(incoming: Incoming) -> date:
    return incoming.on or incoming.at.date()


def _nowhere(_connection: sa.Connection, _person: Person | None, _said: Sequence[Message]) -> None:
    """Deliver for a caller who takes what ``receive`` returns."""
