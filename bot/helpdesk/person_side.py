"""The person's side of the helpdesk: the port ``Helpdesk`` of the conversation."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from actions.messages import Button, Choices, Message, Text
from actions.reading.replies import cancels, wants_human
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.ports import HelpRequest, Owner
from bot.helpdesk import forum_queue
from bot.helpdesk.decision.availability import Availability, DeskState
from bot.helpdesk.desk import TELEGRAM, Desk
from bot.helpdesk.help_feedback import HelpFeedback
from bot.helpdesk.languages import Tongue
from bot.helpdesk.tickets import message_rows, ticket_rows
from bot.helpdesk.tickets.message_rows import TicketMessage
from bot.helpdesk.tickets.states import PERSON, Move, RefusedError, State
from bot.helpdesk.tickets.ticket_rows import Step, TicketRow
from bot.store import Person, counts, persons
from bot.store.counts import Measure

MESSAGE: Final = "message"
CALLBACK: Final = "callback"
NAME: Final = "name"

_BUTTON = re.compile(r'/helpdesk_(\w+)(?:\{"ticket": ?(\d{1,18})\})?')
_WITHDRAWS = re.compile(
    r"\W*annul\w+ (?:ma|cette|la) demande\W*(?:(?:svp|merci)\W*)?", re.IGNORECASE
)
"""Said of a request that waits: the assistant's own «C'est annulé» would be untrue."""
_STOPS = re.compile(r"\W*(?:annul(?:er?|ez)|stop|arr[êe]t(?:er?|ez))\W*", re.IGNORECASE)
"""Said alone to an agent: narrower than ``cancels``, for «non merci» answers their question."""
_CALL_ME = re.compile(
    r"\W*(?:(?:je (?:veux|voudrais|souhaite|souhaiterais|préfère|préfèrerais)|j.aimerais) )?"
    r"(?:[êe]tre rappel[ée]e?|qu.on me rappelle|rappele[rz][- ]moi)\W*"
    r"(?:(?:svp|s.il vous pla[iî]t|merci)\W*)?",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"(?:\d[\s.\-/()]*){9,}|[^\s@]+@[^\s@]+\.[^\s@]+")


class HelpdeskReception:
    """What persons say to the helpdesk, and what it says to them, each in their language."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._counters = {
            language: _Counter(desk, words) for language, words in desk.words.tongues.items()
        }

    def owner(self, connection: sa.Connection, person: Person) -> Owner:
        """Own the conversation of whoever has had a ticket: ``add`` gives back what is not ours.

        Closed tickets count too: their buttons (thumbs, copy, reopen) still work.
        """
        known = ticket_rows.latest_of(connection, person.id)
        return Owner.HUMAN if known is not None else Owner.ASSISTANT

    def open(
        self, connection: sa.Connection, person: Person, request: HelpRequest
    ) -> list[Message]:
        """Open a ticket, find the one that is open, or reopen a recent one."""
        return self._counter(person).open(connection, person, request)

    def add(
        self, connection: sa.Connection, person: Person, incoming: Incoming
    ) -> list[Message] | None:
        """Take what a person says, or leave it to the assistant (``None``)."""
        return self._counter(person).add(connection, person, incoming)

    def follow(self, connection: sa.Connection, person: Person, at: datetime) -> list[Message]:
        """Say what became of the person's last request."""
        return self._counter(person).follow(connection, person, at)

    def forget(self, connection: sa.Connection, person: Person) -> bool:
        """Have the forum's topics of a person who is erased deleted; the rest goes with them."""
        return self._delete_topics(connection, person, tell=person.lane)

    def let_go(self, connection: sa.Connection, person: Person) -> None:
        """Prepare for the end of a person's retention: like ``forget``, without a word to them."""
        self._delete_topics(connection, person)

    def _delete_topics(self, connection: sa.Connection, person: Person, tell: str = "") -> bool:
        threads = ticket_rows.threads_of(connection, person.id) if self._desk.has_forum else []
        for thread_id, at in threads:
            forum_queue.put_deletion(connection, thread_id, at, tell=tell)
        return bool(threads)

    def _counter(self, person: Person) -> _Counter:
        return self._counters[self._desk.words.to(person).language]


class _Counter:
    """The reception in one language."""

    def __init__(self, desk: Desk, words: Tongue) -> None:
        self._desk = desk
        self._words = words
        self._after = HelpFeedback(words)

    def open(
        self, connection: sa.Connection, person: Person, request: HelpRequest
    ) -> list[Message]:
        """Open a ticket, find the one that is open, or reopen a recent one."""
        known = ticket_rows.open_of(connection, person.id)
        if known is not None:
            return [self._already(connection, known, request.at)]
        latest = ticket_rows.latest_of(connection, person.id)
        if latest is not None:
            reopened = self._reopened(connection, latest, request.at)
            if reopened is not None:
                return [reopened]
        decision = self._desk.decision(connection, request.at, person.id)
        ticket = ticket_rows.open_ticket(
            connection, person.id, decision, request.at, reason=request.reason, topic=request.topic
        )
        day = request.at.astimezone(self._words.zone).date()
        counts.add(connection, day, Measure.TICKET, decision.desk.value)
        wait = self._desk.wait(connection, decision.position, request.at)
        cancel = self._words.button("cancel", "annuler", ticket.id)
        return [Choices(self._words.ask(decision, wait, request.at), buttons=(cancel,))]

    def add(
        self, connection: sa.Connection, person: Person, incoming: Incoming
    ) -> list[Message] | None:
        """Take what a person says, or leave it to the assistant (``None``)."""
        tapped = _BUTTON.fullmatch(incoming.payload) if incoming.kind is Kind.BUTTON else None
        if tapped:
            number = int(tapped[2]) if tapped[2] else None
            return self._button(connection, person, tapped[1], number, incoming.at)
        ticket = ticket_rows.open_of(connection, person.id)
        if incoming.edited:
            return self._edited(connection, ticket, incoming)
        if ticket is None:
            return None
        spoken = incoming.kind in (Kind.TEXT, Kind.BUTTON)
        if ticket.step and spoken and cancels(incoming.payload or incoming.text):
            return self._cancel_step(connection, ticket, incoming.at)
        asked = ticket.state is not State.NEW
        if asked and incoming.kind is Kind.TEXT and _WITHDRAWS.fullmatch(incoming.text):
            return self._withdraw(connection, ticket, incoming.at)
        if incoming.phone:
            return self._shared(connection, ticket, incoming)
        if asked and incoming.kind is Kind.TEXT and _CALL_ME.fullmatch(incoming.text):
            return self._await(connection, ticket, CALLBACK, self._callback_ask(person))
        if ticket.owned:
            return self._to_agent(connection, ticket, incoming)
        if incoming.kind in (Kind.BUTTON, Kind.POSITION):
            return None
        return self._step(connection, person, ticket, incoming)

    def _to_agent(
        self, connection: sa.Connection, ticket: TicketRow, incoming: Incoming
    ) -> list[Message]:
        if ticket.step == CALLBACK and incoming.kind is Kind.TEXT:
            if _CONTACT.search(incoming.text):
                return self._callback(connection, ticket, incoming)
            ticket_rows.set_fields(connection, ticket.id, step="")  # it is said to the agent
        self._keep(connection, ticket, incoming)
        return self._beside(ticket, incoming)

    def _step(
        self, connection: sa.Connection, person: Person, ticket: TicketRow, incoming: Incoming
    ) -> list[Message] | None:
        """Take what was asked for: the message, the number, the name."""
        match ticket.step:
            case "message":
                return self._take(connection, ticket, incoming)
            case "callback" if incoming.kind is Kind.TEXT:
                return self._callback(connection, ticket, incoming)
            case "name" if incoming.kind is Kind.TEXT:
                name = " ".join(incoming.text.split())[:60]
                persons.set_agreed_name(connection, person.id, name)
                ticket_rows.set_fields(connection, ticket.id, step="", changed_at=incoming.at)
                return [Text(self._words.say("name_kept", name=name))]
        # It waits: the agents will read this too, and the assistant answers meanwhile.
        self._keep(connection, ticket, incoming)
        return None

    def follow(self, connection: sa.Connection, person: Person, at: datetime) -> list[Message]:
        """Say what became of the person's last request."""
        ticket = ticket_rows.latest_of(connection, person.id)
        say = self._words.say
        if ticket is None:
            return [Text(say("follow_none"))]
        number = ticket.id
        buttons: tuple[Button, ...] = ()
        match ticket.state:
            case State.NEW:
                text = say("follow_new", number=number)
                buttons = (self._words.button("cancel", "annuler", number),)
            case State.WAITING:
                text = say(
                    "follow_waiting",
                    number=number,
                    opened=self._words.moment(ticket.opened_at, at),
                    wait=self._where(connection, ticket, at),
                )
                buttons = self._call_me(ticket)
            case State.CLAIMED:
                text = say("follow_claimed", number=number)
                buttons = self._call_me(ticket)
            case State.ANSWERED:
                text = say("follow_answered", number=number)
                buttons = self._call_me(ticket)
            case State.CLOSED:
                closed = self._words.moment(ticket.closed_at or ticket.changed_at, at)
                text = say("follow_closed", number=number, closed=closed)
                buttons = (
                    self._words.button("reopen", "rouvrir", number),
                    self._words.button("copy", "copie", number),
                )
        return [Text(text, buttons=buttons)]

    # Taking the message.

    def _take(
        self, connection: sa.Connection, ticket: TicketRow, incoming: Incoming
    ) -> list[Message]:
        say = self._words.say
        self._keep(connection, ticket, incoming)
        ticket_rows.set_fields(connection, ticket.id, step="")
        moved = ticket_rows.move(connection, ticket.id, Move.SUBMIT, PERSON, incoming.at)
        name = self._words.button("name", "nom", ticket.id)
        decision = self._desk.decision(connection, incoming.at, ticket.person_id)
        if ticket.desk == DeskState.OPEN:
            wait = self._where(connection, moved.ticket, incoming.at)
            words = say("taken_open", number=ticket.id, wait=wait)
            return [Text(words, buttons=(*self._call_me(moved.ticket), name))]
        when = self._words.later(decision, incoming.at)
        return [
            Text(
                say("taken_later", number=ticket.id, when=when),
                buttons=(
                    self._words.button("callback", "rappel", ticket.id),
                    self._words.button("here", "ici", ticket.id),
                    name,
                ),
            )
        ]

    def _callback(
        self, connection: sa.Connection, ticket: TicketRow, incoming: Incoming
    ) -> list[Message]:
        wish = " ".join(incoming.text.split())[:200]
        if not _CONTACT.search(wish):
            here = self._words.button("here", "ici", ticket.id)
            return [Choices(self._words.say("callback_unreadable"), buttons=(here,))]
        ticket_rows.set_fields(connection, ticket.id, step="")
        return [self._to_call(connection, ticket, wish, incoming.at)]

    def _shared(
        self, connection: sa.Connection, ticket: TicketRow, incoming: Incoming
    ) -> list[Message]:
        """Take a shared contact for the number to call, whatever is awaited."""
        said: list[Message] = [self._to_call(connection, ticket, incoming.phone[:30], incoming.at)]
        if ticket.step == CALLBACK:
            ticket_rows.set_fields(connection, ticket.id, step="")
        if ticket.state is State.NEW:
            said.append(self._already(connection, ticket, incoming.at))
        return said

    def _to_call(
        self, connection: sa.Connection, ticket: TicketRow, wish: str, at: datetime
    ) -> Message:
        ticket_rows.set_fields(connection, ticket.id, callback=wish, changed_at=at)
        if ticket.state is not State.NEW:  # its head will say so
            self._desk.show(connection, ticket.id, at, "forum_callback", callback=wish)
        return Text(self._words.say("callback_kept", callback=wish))

    def _call_me(self, ticket: TicketRow) -> tuple[Button, ...]:
        """Offer to be called, unless it was asked for."""
        if ticket.callback:
            return ()
        return (self._words.button("callback", "rappel", ticket.id),)

    def _callback_ask(self, person: Person) -> str:
        return "callback_contact" if person.channel == TELEGRAM else "callback_ask"

    def _keep(self, connection: sa.Connection, ticket: TicketRow, incoming: Incoming) -> None:
        message_id = message_rows.add(
            connection,
            ticket.id,
            "person",
            _said(incoming),
            incoming.at,
            reply_to=message_rows.known_to_person(connection, ticket.id, int(incoming.reply_to))
            if incoming.reply_to.isdigit()
            else None,
            person_message_id=int(incoming.message_id) if incoming.message_id.isdigit() else None,
        )
        if message_id is None:
            return
        ticket_rows.move(connection, ticket.id, Move.WRITE, PERSON, incoming.at)
        if self._desk.has_forum:
            if ticket.state is State.NEW:
                forum_queue.put(connection, ticket.id, "head", incoming.at)
            forum_queue.put(connection, ticket.id, "message", incoming.at, message_id=message_id)

    def _edited(
        self, connection: sa.Connection, ticket: TicketRow | None, incoming: Incoming
    ) -> list[Message] | None:
        message = message_rows.by_origin(connection, _origin(incoming))
        if message is None or ticket is None or message.ticket_id != ticket.id:
            # What was never ours; the assistant may answer it, unless a human is answering.
            return [] if ticket is not None and ticket.owned else None
        if message.text != incoming.text:
            message_rows.edit(connection, message.id, incoming.text, incoming.at)
            ticket_rows.set_fields(connection, ticket.id, changed_at=incoming.at)
            if self._desk.has_forum:
                forum_queue.put(connection, ticket.id, "edit", incoming.at, message_id=message.id)
        return []

    def _beside(self, ticket: TicketRow, incoming: Incoming) -> list[Message]:
        """Say what an agent's silence must not hide: how to stop, and that someone is there."""
        words = incoming.payload or incoming.text
        if _STOPS.fullmatch(words):
            cancel = self._words.button("withdraw", "annuler", ticket.id)
            return [Choices(self._words.say("already_owned", number=ticket.id), buttons=(cancel,))]
        if ticket.answered_at is None and wants_human(words):
            return [Text(self._words.say("already_owned", number=ticket.id))]
        return []

    # Buttons.

    def _button(
        self,
        connection: sa.Connection,
        person: Person,
        what: str,
        number: int | None,
        at: datetime,
    ) -> list[Message]:
        ticket = ticket_rows.find(connection, number) if number else None
        stale: list[Message] = [Text(self._words.say("nothing_to_do"))]
        if ticket is None or ticket.person_id != person.id:
            return stale
        if what in ("rappel", "ici") and ticket.state is State.CLOSED:
            return stale
        if what == "nom" and ticket.state not in (State.NEW, State.WAITING):
            return stale
        match what:
            case "annuler":
                if ticket.state is State.CLOSED:
                    return stale
                if ticket.state is State.NEW:
                    return self._cancel(connection, ticket, at)
                return self._withdraw(connection, ticket, at)
            case "rappel":
                return self._await(connection, ticket, CALLBACK, self._callback_ask(person))
            case "nom":
                return self._await(connection, ticket, NAME, "name_ask")
            case "ici":
                ticket_rows.set_fields(connection, ticket.id, step="")
                return [Text(self._words.say("callback_none"))]
            case "rouvrir":
                if ticket_rows.open_of(connection, person.id):
                    return stale
                reopened = self._reopened(connection, ticket, at)
                return [reopened or Text(self._words.say("reopen_too_late"))]
        return self._after.button(connection, person, ticket, what, at) or stale

    def _await(
        self, connection: sa.Connection, ticket: TicketRow, step: Step, key: str
    ) -> list[Message]:
        if ticket.step == MESSAGE:  # its message comes first
            return [Text(self._words.say("already_new", number=ticket.id))]
        ticket_rows.set_fields(connection, ticket.id, step=step)
        return [Text(self._words.say(key))]

    def _cancel_step(
        self, connection: sa.Connection, ticket: TicketRow, at: datetime
    ) -> list[Message]:
        if ticket.state is State.NEW:
            return self._cancel(connection, ticket, at)
        ticket_rows.set_fields(connection, ticket.id, step="")
        return [Text(self._words.say("callback_none"))]

    def _cancel(self, connection: sa.Connection, ticket: TicketRow, at: datetime) -> list[Message]:
        ticket_rows.move(connection, ticket.id, Move.CLOSE, PERSON, at)
        return [Text(self._words.say("cancelled"))]

    def _withdraw(
        self, connection: sa.Connection, ticket: TicketRow, at: datetime
    ) -> list[Message]:
        said = self._cancel(connection, ticket, at)
        self._desk.show(connection, ticket.id, at, "forum_withdrawn")
        if self._desk.has_forum:
            forum_queue.put(connection, ticket.id, "close", at)
        return said

    # What is said of a ticket.

    def _reopened(
        self, connection: sa.Connection, ticket: TicketRow, at: datetime
    ) -> Message | None:
        if not ticket_rows.was_submitted(connection, ticket.id):
            return None  # cancelled before anything was said: nothing to come back to
        try:
            moved = ticket_rows.move(connection, ticket.id, Move.REOPEN, PERSON, at)
        except RefusedError:
            return None
        self._desk.show_reopened(connection, ticket.id, at, "forum_person_back")
        wait = self._where(connection, moved.ticket, at)
        return Text(self._words.say("reopened", number=ticket.id, wait=wait))

    def _already(self, connection: sa.Connection, ticket: TicketRow, at: datetime) -> Message:
        say = self._words.say
        if ticket.state is State.NEW:
            cancel = self._words.button("cancel", "annuler", ticket.id)
            return Choices(say("already_new", number=ticket.id), buttons=(cancel,))
        call_me = self._call_me(ticket)
        if ticket.owned:
            return Text(say("already_owned", number=ticket.id), buttons=call_me)
        wait = self._where(connection, ticket, at)
        return Text(say("already_waiting", number=ticket.id, wait=wait), buttons=call_me)

    def _where(self, connection: sa.Connection, ticket: TicketRow, at: datetime) -> str:
        """Say a waiting ticket's rank and wait, or when the helpdesk answers."""
        decision = self._desk.decision(connection, at)
        if decision.desk in (DeskState.CLOSED, DeskState.HOLIDAY):
            return self._words.later(decision, at)
        if decision.desk is DeskState.ABSENT:
            return self._words.later(Availability(DeskState.ABSENT), at)
        rank = ticket_rows.rank(connection, ticket)
        return self._words.queue(rank, self._desk.wait(connection, rank, at))


def _origin(incoming: Incoming) -> str:
    return f"{incoming.channel}:{incoming.external_id}:{incoming.message_id}"


def _said(incoming: Incoming) -> TicketMessage:
    kind = "text" if incoming.kind is Kind.BUTTON else incoming.kind.value
    origin = incoming.key if incoming.kind is Kind.BUTTON else _origin(incoming)
    file = incoming.file
    media = (
        {"file": file.reference, "name": file.name, "type": file.media_type, "size": file.size}
        if file
        else {}
    )
    return TicketMessage(incoming.text, kind=kind, origin=origin, media=media)
