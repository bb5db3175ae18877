"""After the help: was it useful, and why not; a copy of what was said."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from actions.messages import Choices, Message, Text
from bot.helpdesk.languages import Tongue
from bot.helpdesk.tickets import message_rows
from bot.helpdesk.tickets.states import State
from bot.helpdesk.tickets.ticket_rows import TicketRow
from bot.store import Person, counts
from bot.store.conversation_records import note_feedback
from bot.store.counts import Measure
from bot.store.tables import feedback

REASONS = {
    "raison_tard": "reason_late",
    "raison_faux": "reason_wrong",
    "raison_obscur": "reason_unclear",
    "raison_autre": "reason_other",
}
"""One reason for a thumb down: what a button says, and its title's key."""

COPY_LENGTH = 3500
"""Characters of one message of a copy: Telegram takes 4 096."""


class HelpFeedback:
    """Buttons under the notice that closes a ticket, in the person's language."""

    def __init__(self, words: Tongue) -> None:
        self._words = words

    def button(
        self, connection: sa.Connection, person: Person, ticket: TicketRow, what: str, at: datetime
    ) -> list[Message] | None:
        """Answer a tap; nothing for a button that is not of this kind."""
        if what == "copie":
            return self.copy(connection, ticket, at)
        if ticket.state is not State.CLOSED:
            return None
        say = self._words.say
        if what == "utile":
            self._note(connection, person, ticket, True, at=at)
            return [Text(say("thanks_useful"))]
        if what == "inutile":
            self._note(connection, person, ticket, False, at=at)
            buttons = tuple(
                self._words.button(title, reason, ticket.id) for reason, title in REASONS.items()
            )
            return [Choices(say("why_not"), buttons=buttons)]
        if what in REASONS:
            self._note(
                connection, person, ticket, False, at=at, reason=what.removeprefix("raison_")
            )
            return [Text(say("thanks_reason"))]
        return None

    def copy(self, connection: sa.Connection, ticket: TicketRow, at: datetime) -> list[Message]:
        """Return what was said on a ticket, without the agents' notes and names."""
        say = self._words.say
        opened = self._words.moment(ticket.opened_at, at)
        pages = [say("copy_head", number=ticket.id, opened=opened)]
        for message in message_rows.of_ticket(connection, ticket.id):
            if message.author == "note":
                continue
            text = message.sent or f"[{self._words.kind(message.kind)}]"
            line = f"{say(f'copy_{message.author}')}\u00a0: {text}"[:COPY_LENGTH]
            if len(pages[-1]) + len(line) > COPY_LENGTH:
                pages.append(line)
            else:
                pages[-1] += f"\n\n{line}"
        return [Text(page) for page in pages]

    def _note(
        self,
        connection: sa.Connection,
        person: Person,
        ticket: TicketRow,
        useful: bool,
        *,
        at: datetime,
        reason: str = "",
    ) -> None:
        # One opinion a ticket: tapping again changes it, and is counted once.
        mine = sa.and_(
            feedback.c.person_id == person.id,
            feedback.c.about == "help",
            feedback.c.subject == str(ticket.id),
        )
        first = not connection.execute(sa.delete(feedback).where(mine)).rowcount
        note_feedback(
            connection,
            person.id,
            about="help",
            subject=str(ticket.id),
            useful=useful,
            at=at,
            reason=reason,
        )
        if first:
            day = at.astimezone(self._words.zone).date()
            counts.add(connection, day, Measure.USEFUL, "yes" if useful else "no", "aide")
