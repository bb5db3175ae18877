"""The one desk behind both doors: what agents do, in Telegram or in the console.

Every method works in the caller's transaction: the ticket's move, the person's notice in
the outbox and what the forum must show are committed together, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from actions.answers.topics import Topics
from actions.messages import Text
from bot.conversation.mechanics import MAX_TEXT
from bot.helpdesk import forum_queue, prepared_answers, staff
from bot.helpdesk.decision.availability import Availability, decide
from bot.helpdesk.decision.desk_hours import Hours
from bot.helpdesk.decision.queue import Wait, estimate
from bot.helpdesk.desk_words import DeskWords
from bot.helpdesk.languages import Tongue
from bot.helpdesk.mail import Mail
from bot.helpdesk.staff import Agent
from bot.helpdesk.tickets import message_rows, ticket_rows
from bot.helpdesk.tickets.message_rows import MessageRow, TicketMessage
from bot.helpdesk.tickets.states import ASSISTANT, Move, RefusedError, Why
from bot.helpdesk.tickets.ticket_rows import Moved, TicketRow, UnknownTicketError
from bot.helpdesk.translation import PLACE, Phrase, translated
from bot.store import Person, counts, outbox, persons
from bot.store import conversation_records as kept
from bot.store.counts import Measure

OwnHours = Callable[[sa.Connection, int], Hours | None]

FactOn = Callable[[str, date], str | None]
"""Returns a fact as it is written on a day; nothing where nobody published it."""

SiteOf = Callable[[str, str], str]
"""Returns the name of a site, by a person's channel and id there; empty for no site."""

TELEGRAM = "telegram"

SHOWN = 300
"""Characters of another agent's answer that are shown to who answers too late."""

ANSWER = "helpdesk_answer"
"""Kind of the parcels that hold an agent's own words."""

MAY_CANCEL = ("withdraw", "annuler")
"""The button that ends a request that waits."""

_AFTER = (("useful", "utile"), ("useless", "inutile"), ("reopen", "rouvrir"), ("copy", "copie"))
"""The buttons under the notice that a request is closed."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The helpdesk: its hours, its size, its words."""

    words: DeskWords
    topics: Topics
    """What people ask about."""
    hours: Hours
    capacity: int
    has_forum: bool
    """Whether the agents' Telegram group must show what happens."""
    locate: Callable[[str], str] | None = None
    """Finds the commune that a message names; where it finds none, an empty string."""
    late: timedelta = timedelta(minutes=60)
    """Opening time in the queue beyond which a request is late: supervisors are told."""
    mail: Mail | None = None
    """Tells supervisors by mail, where there is a server for it."""
    own_hours: OwnHours | None = None
    """Finds the hours of a person's own helpdesk, where they differ."""
    fact: FactOn | None = None
    """Fills the facts of ready answers."""
    site: SiteOf | None = None
    """Names the site that a person writes from."""

    def decision(
        self, connection: sa.Connection, at: datetime, person_id: int | None = None
    ) -> Availability:
        """Decide whether someone can answer now, by the hours of a person's own helpdesk."""
        return decide(
            at,
            self.hours_of(connection, person_id),
            staff.present_count(connection, at),
            ticket_rows.waiting_count(connection),
            self.capacity,
        )

    def hours_of(self, connection: sa.Connection, person_id: int | None) -> Hours:
        """Return the hours of a person's own helpdesk, or everyone's."""
        own = self.own_hours(connection, person_id) if self.own_hours and person_id else None
        return own or self.hours

    def origin(self, channel: str, external_id: str) -> str:
        """Say where a person writes from, as agents read it; nothing for Telegram."""
        if channel == TELEGRAM:
            return ""
        name = self.site(channel, external_id) if self.site else ""
        return self.words.say("from_site", site=name) if name else self.words.say("from_page")

    def wait(self, connection: sa.Connection, position: int, at: datetime) -> Wait | None:
        """Estimate the wait at a rank, from what was really waited lately."""
        return estimate(position, ticket_rows.served(connection, at))

    # What an agent does.

    def claim(
        self, connection: sa.Connection, agent: Agent, ticket_id: int, at: datetime
    ) -> TicketRow:
        """Take a ticket; the assistant is silent from now on.

        Raises:
            RefusedError: The rules forbid it.
            UnknownTicketError: There is no such ticket.
        """
        staff.seen(connection, agent.id, at)
        moved = ticket_rows.move(connection, ticket_id, Move.CLAIM, agent.author, at)
        self._claimed(connection, agent, moved, at)
        return moved.ticket

    def release(
        self, connection: sa.Connection, agent: Agent, ticket_id: int, at: datetime
    ) -> TicketRow:
        """Put a ticket back in the queue, at its place.

        Raises:
            RefusedError: The rules forbid it.
            UnknownTicketError: There is no such ticket.
        """
        staff.seen(connection, agent.id, at)
        moved = ticket_rows.move(connection, ticket_id, Move.RELEASE, agent.author, at)
        self.tell(connection, moved.ticket, "released", at)
        self.show(connection, ticket_id, at, "forum_released", agent=agent.name)
        return moved.ticket

    def give_back(self, connection: sa.Connection, ticket_id: int, at: datetime) -> None:
        """Put a request whose agent left it back in the queue; both sides are told.

        Raises:
            RefusedError: Nobody has it.
        """
        moved = ticket_rows.give_back(connection, ticket_id, at)
        self.tell(connection, moved.ticket, "released", at)
        self.show(connection, ticket_id, at, "forum_given_back")

    def escalate(self, connection: sa.Connection, ticket_id: int, at: datetime) -> None:
        """Tell supervisors and the person, once, that a request waits for too long.

        Raises:
            RefusedError: It does not wait.
        """
        moved = ticket_rows.move(connection, ticket_id, Move.ESCALATE, ASSISTANT, at)
        self.tell(connection, moved.ticket, "late", at, MAY_CANCEL)
        # In its topic too: if someone deleted that topic, it is made again now.
        self.show(connection, ticket_id, at, "forum_late")
        if self.mail is not None:
            words = self.words.say("mail_late", number=ticket_id)
            self.mail.put(connection, f"late:{ticket_id}:{at.timestamp():.0f}", words, at)
        if self.has_forum:
            chiefs = ", ".join(a.name for a in staff.everyone(connection) if a.role == "supervisor")
            to = self.words.say("forum_late_to", names=chiefs) if chiefs else ""
            words = self.words.say("forum_late_general", number=ticket_id, to=to)
            forum_queue.put_anywhere(connection, None, words, at)

    def is_late(self, waiting_since: datetime, at: datetime) -> bool:
        """Whether a request in the queue waits beyond what is acceptable, in opening time."""
        return self.hours.open_time(waiting_since, at) >= self.late

    def transfer(
        self, connection: sa.Connection, agent: Agent, ticket_id: int, to: str, at: datetime
    ) -> TicketRow:
        """Hand a ticket to another agent, by name; the person notices nothing.

        Raises:
            RefusedError: The rules forbid it, or nobody has that name.
            UnknownTicketError: There is no such ticket.
        """
        staff.seen(connection, agent.id, at)
        target = staff.named(connection, to) if to.strip() else None
        moved = ticket_rows.move(
            connection,
            ticket_id,
            Move.TRANSFER,
            agent.author,
            at,
            target=target.id if target else None,
        )
        name = target.name if target else ""
        self.show(connection, ticket_id, at, "forum_transferred", agent=agent.name, target=name)
        return moved.ticket

    def close(
        self, connection: sa.Connection, agent: Agent, ticket_id: int, at: datetime
    ) -> TicketRow:
        """End a ticket: the assistant is back, and says so.

        Raises:
            RefusedError: The rules forbid it.
            UnknownTicketError: There is no such ticket.
        """
        staff.seen(connection, agent.id, at)
        moved = ticket_rows.move(connection, ticket_id, Move.CLOSE, agent.author, at)
        opened, day = moved.ticket.opened_at, at.astimezone(self.words.zone).date()
        hour = f"{opened.astimezone(self.words.zone):%H}"
        counts.add(connection, day, Measure.RESOLUTION, counts.delay(at - opened), hour)
        self.tell(connection, moved.ticket, "closed", at, *_AFTER)
        self.show(connection, ticket_id, at, "forum_closed", agent=agent.name)
        if self.has_forum:
            forum_queue.put(connection, ticket_id, "close", at)
        return moved.ticket

    def reopen(
        self, connection: sa.Connection, agent: Agent, ticket_id: int, at: datetime
    ) -> TicketRow:
        """Put a closed ticket back in the queue, within seven days.

        Raises:
            RefusedError: The rules forbid it, or the person has another ticket open.
            UnknownTicketError: There is no such ticket.
        """
        staff.seen(connection, agent.id, at)
        row = ticket_rows.load(connection, ticket_id)
        other = ticket_rows.open_of(connection, row.person_id)
        if other is not None and other.id != ticket_id:
            raise RefusedError(Why.TOO_LATE)
        moved = ticket_rows.move(connection, ticket_id, Move.REOPEN, agent.author, at)
        self.show_reopened(connection, ticket_id, at, "forum_reopened")
        return moved.ticket

    def note(
        self,
        connection: sa.Connection,
        agent: Agent,
        ticket_id: int,
        said: TicketMessage,
        at: datetime,
    ) -> int | None:
        """Keep a note that only agents see.

        Raises:
            RefusedError: The rules forbid it.
            UnknownTicketError: There is no such ticket.
        """
        staff.seen(connection, agent.id, at)
        ticket_rows.move(connection, ticket_id, Move.NOTE, agent.author, at)
        note_id = message_rows.add(connection, ticket_id, "note", said, at, agent_id=agent.id)
        if note_id is not None and said.chat_id is None:
            self.show(connection, ticket_id, at, "forum_note", agent=agent.name, text=said.text)
        return note_id

    def called_back(
        self, connection: sa.Connection, agent: Agent, ticket_id: int, at: datetime
    ) -> bool:
        """Tick off the call that a person asked for: it leaves the list, with a note.

        Returns:
            Whether one was asked for.

        Raises:
            RefusedError: The rules forbid it.
            UnknownTicketError: There is no such ticket.
        """
        if not ticket_rows.load(connection, ticket_id).callback:
            return False
        self.note(connection, agent, ticket_id, TicketMessage(self.words.say("called_back")), at)
        ticket_rows.set_fields(connection, ticket_id, callback="")
        return True

    def answer(
        self,
        connection: sa.Connection,
        agent: Agent,
        ticket_id: int,
        said: TicketMessage,
        at: datetime,
    ) -> int | None:
        """Answer the person; a ticket that nobody has is claimed by it.

        Returns:
            The message's id; nothing when this same message was already sent.

        Raises:
            RefusedError: The rules forbid it.
            UnknownTicketError: There is no such ticket.
        """
        staff.seen(connection, agent.id, at)
        return self.deliver(connection, agent, ticket_id, said, at)

    def deliver(
        self,
        connection: sa.Connection,
        agent: Agent,
        ticket_id: int,
        said: TicketMessage,
        at: datetime,
        *,
        notice: str = "forum_answer",
    ) -> int | None:
        """Answer for an agent who may not be there now (see ``answer``).

        ``notice``: how the forum words what was not written in it.

        Raises:
            RefusedError: The rules forbid it.
            UnknownTicketError: There is no such ticket.
        """
        if said.origin is not None and message_rows.by_origin(connection, said.origin):
            return None
        before = ticket_rows.load(connection, ticket_id)
        moved = ticket_rows.move(connection, ticket_id, Move.ANSWER, agent.author, at)
        if not before.owned:
            self._claimed(connection, agent, moved, at)
        in_group = said.chat_id is not None
        sent = self.sent_to(persons.get(connection, before.person_id), said.text, at)
        if sent != said.text:
            said = replace(said, media={**said.media, "sent": sent})
        reply_to = (
            message_rows.known_to_group(connection, ticket_id, said.reply_to)
            if in_group and said.reply_to
            else None
        )
        message_id = message_rows.add(
            connection,
            ticket_id,
            "agent",
            said,
            at,
            agent_id=agent.id,
            reply_to=reply_to,
            group_message_id=said.message_id if in_group else None,
        )
        if message_id is None:
            return None
        if before.answered_at is None:
            waited = at - before.opened_at
            day = at.astimezone(self.words.zone).date()
            counts.add(connection, day, Measure.FIRST_ANSWER, counts.delay(waited))
            hour = f"{before.opened_at.astimezone(self.words.zone):%H}"
            counts.add(connection, day, Measure.ANSWER_HOUR, counts.delay(waited), hour)
        self._send(connection, message_id, said, at)
        if not in_group:
            shown = said.text
            if said.kind != "text":
                file = f"[{self.words.kind(said.kind)} : {said.media.get('name', '')}]"
                shown = f"{file} {said.text}".strip()
            self.show(connection, ticket_id, at, notice, agent=agent.name, text=shown)
        return message_id

    def correct(
        self, connection: sa.Connection, agent: Agent, origin: str, text: str, at: datetime
    ) -> None:
        """Carry an agent's edit of their own answer to the person.

        Raises:
            RefusedError: The answer is another agent's.
        """
        message = message_rows.by_origin(connection, origin)
        if message is None or message.author != "agent" or message.text == text:
            return
        if message.agent_id != agent.id:
            raise RefusedError(Why.NOT_YOURS)
        message_rows.edit(connection, message.id, text, at)
        ticket = ticket_rows.load(connection, message.ticket_id)
        person = persons.get(connection, ticket.person_id)
        if person is None:
            return
        sent = self.sent_to(person, text, at)
        media = {key: value for key, value in message.media.items() if key != "sent"}
        if sent != text:
            media["sent"] = sent
        message_rows.set_fields(connection, message.id, media=media)
        again = self.words.to(person).say("correction", text=sent)
        if person.channel == TELEGRAM:
            edit = {"kind": "helpdesk_edit", "ticket_message": message.id}
            body: dict[str, object] = {**edit, "text": sent, "again": again}
        else:
            body = {"kind": ANSWER, "text": again}
        outbox.put_for(connection, person, body, at)

    # What both sides use.

    def tell(
        self,
        connection: sa.Connection,
        ticket: TicketRow,
        key: str,
        at: datetime,
        *buttons: tuple[str, str],
    ) -> None:
        """Put a notice to a request's person in the outbox, and in the conversation's trace.

        Args:
            connection: In a transaction.
            ticket: The request; its number is given to the sentence.
            key: The sentence.
            at: The moment.
            buttons: The title and what is said of each.
        """
        person = persons.get(connection, ticket.person_id)
        if person is None:
            return
        words = self.words.to(person)
        said = Text(
            words.say(key, number=ticket.id),
            buttons=tuple(words.button(title, what, ticket.id) for title, what in buttons),
        )
        outbox.put_for(connection, person, said.to_json(), at)
        kept.note_exchange(connection, person.id, "assistant", said.text, at)

    def sent_to(self, person: Person | None, text: str, at: datetime) -> str:
        """Return an agent's words as a person is sent them: ready answers in their language."""
        words = self.words.to(person)
        if words.is_french or not text:
            return text
        mark = words.say("untranslated")
        phrases = self._phrases(words, at)
        return translated(text, phrases, words.language, mark, longest=MAX_TEXT)

    def fact_on(self, day: date) -> prepared_answers.FactText:
        """Return what gives a fact as it is written on a day."""
        return lambda name: self.fact(name, day) if self.fact else None

    def ready_values(self, at: datetime, commune: str, words: Tongue) -> dict[str, str]:
        """Return what ready answers take from a request and a moment."""
        opens = self.hours.next_opening(at)
        return {
            "commune": commune,
            "jour": words.times.day(at.astimezone(words.zone).date()),
            "ouverture": words.moment(opens, at) if opens else "",
        }

    def _phrases(self, words: Tongue, at: datetime) -> list[Phrase]:
        fact = self.fact_on(at.astimezone(words.zone).date())
        french = self.ready_values(at, PLACE, self.words.to(None))
        other = self.ready_values(at, PLACE, words)
        return [
            Phrase(
                prepared_answers.fill(one.text, french, fact),
                prepared_answers.fill(words.ready[one.title], other, fact),
            )
            for one in self.words.ready
            if all(_says_itself(fact(name)) for name in prepared_answers.facts_of(one.text))
        ]

    def show(
        self, connection: sa.Connection, ticket_id: int, at: datetime, key: str, **values: str
    ) -> None:
        """Have the forum show a notice, where there is a forum."""
        if self.has_forum:
            forum_queue.put(connection, ticket_id, "notice", at, text=self.words.say(key, **values))

    def show_reopened(
        self, connection: sa.Connection, ticket_id: int, at: datetime, key: str
    ) -> None:
        """Have the forum open a ticket's topic again."""
        if self.has_forum:
            forum_queue.put(connection, ticket_id, "reopen", at)
        self.show(connection, ticket_id, at, key)

    def refusal(
        self,
        connection: sa.Connection,
        refused: RefusedError | UnknownTicketError,
        ticket_id: int | None = None,
    ) -> str:
        """Say to an agent why something was refused; who came late reads the other's answer."""
        if isinstance(refused, UnknownTicketError):
            return self.words.say("refused_unknown")
        owner = staff.get(connection, refused.owner) if refused.owner else None
        name = owner.name if owner else "?"
        why = self.words.say(f"refused_{refused.why.value}", owner=name)
        if refused.why is not Why.TAKEN or ticket_id is None or refused.owner is None:
            return why
        said = message_rows.last_of_agent(connection, ticket_id, refused.owner)
        return self.words.say("refused_shown", why=why, text=said[:SHOWN]) if said else why

    def lost(
        self, connection: sa.Connection, parcel_id: int, error: str, at: datetime | None = None
    ) -> None:
        """Say to the agents, behind both doors, that an answer did not arrive."""
        blocked = "orbidden" in error or "blocked" in error
        why = "blocked" if blocked else "refused"
        message = message_rows.lost(connection, parcel_id, why)
        if message is not None:
            text = self.words.say(f"undelivered_{why}")
            self.show(
                connection, message.ticket_id, at or message.at, "forum_undelivered", why=text
            )

    def say_what_was_lost(self, connection: sa.Connection) -> None:
        """Say which answers were dropped with all that waited for someone who left."""
        for parcel_id, error in message_rows.given_up(connection):
            self.lost(connection, parcel_id, error)

    def _claimed(self, connection: sa.Connection, agent: Agent, moved: Moved, at: datetime) -> None:
        self.tell(connection, moved.ticket, "claimed", at)
        self.show(connection, moved.ticket.id, at, "forum_claimed", agent=agent.name)

    def _send(
        self, connection: sa.Connection, message_id: int, said: TicketMessage, at: datetime
    ) -> None:
        message = message_rows.get(connection, message_id)
        ticket = ticket_rows.load(connection, message.ticket_id) if message else None
        person = persons.get(connection, ticket.person_id) if ticket else None
        if message is None or person is None:
            return
        body = self._body(connection, person, message, said)
        key = f"ticket-message:{message_id}"
        parcel = outbox.put_for(connection, person, body, at, dedupe_key=key)
        message_rows.set_fields(connection, message_id, parcel_id=parcel)
        kept.note_exchange(connection, person.id, "agent", said.text or f"[{said.kind}]", at)

    def _body(
        self, connection: sa.Connection, person: Person, message: MessageRow, said: TicketMessage
    ) -> dict[str, object]:
        sent = message.sent
        if person.channel != TELEGRAM:
            # Not a meaning of the assistant's: the channel shows that a person speaks.
            shown: dict[str, object] = {"kind": ANSWER, "text": sent}
            if said.media.get("desk") or said.media.get("file"):
                name = said.media.get("name") or self.words.to(person).kind(said.kind)
                shown |= {"desk_file": message.id, "name": name, "as": said.kind}
            elif said.kind != "text":
                elsewhere = self.words.to(person).say("file_elsewhere")
                shown["text"] = f"{sent}\n{elsewhere}".strip()
            return shown
        answered = message_rows.get(connection, message.reply_to) if message.reply_to else None
        body: dict[str, object] = {"kind": ANSWER, "text": sent}
        number = message_rows.number_for_person(connection, answered) if answered else None
        if number:
            body["reply_to"] = number
        if said.kind != "text" and said.chat_id is not None:
            body |= {"from_chat": said.chat_id, "message": said.message_id}
        elif said.kind != "text":
            body |= {"desk_file": message.id, "name": said.media.get("name"), "as": said.kind}
        return body


def _says_itself(value: str | None) -> bool:
    """Whether a fact is written without a word of French: «10 €», «50 %»."""
    return value is not None and not any(c.isalpha() for c in value)
