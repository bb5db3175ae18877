"""A helpdesk for tests: it takes one message, and the assistant goes on."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from actions.messages import Choices, Handoff, Message, Source, Text
from actions.reading.replies import cancels
from bot.conversation import HelpRequest, Incoming, Kind, Owner
from bot.store import Person, persons

AWAITING = "awaiting_message"


def say_urgent(danger: str, _on: date) -> Handoff:
    """Say a danger without the words of ``data/answers``."""
    return Handoff(f"urgence : {danger}", reason="urgence", sources=(Source("source"),))


class StubDesk:
    """The port ``Helpdesk``; what it took is in ``taken``: text, reason, topic."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str, str]] = []
        self.forgotten: list[int] = []

    def owner(self, connection: sa.Connection, person: Person) -> Owner:
        return Owner.HUMAN if person.state == AWAITING else Owner.ASSISTANT

    def open(
        self, connection: sa.Connection, person: Person, request: HelpRequest
    ) -> list[Message]:
        persons.set_state(
            connection, person.id, AWAITING, reason=request.reason, topic=request.topic
        )
        return [Choices("Écrivez votre message.")]

    def add(
        self, connection: sa.Connection, person: Person, incoming: Incoming
    ) -> list[Message] | None:
        persons.set_state(connection, person.id)
        if cancels(incoming.payload or incoming.text):
            return [Text("Rien n'est envoyé.")]
        if incoming.kind is Kind.BUTTON:
            return None
        data = person.state_data
        self.taken.append((incoming.text, str(data["reason"]), str(data["topic"])))
        return [Text("Votre message est pris.")]

    def follow(self, connection: sa.Connection, person: Person, at: datetime) -> list[Message]:
        return [Text("Pas de demande.")]

    def forget(self, connection: sa.Connection, person: Person) -> bool:
        self.forgotten.append(person.id)
        return False
