"""The simplest helpdesk: what people write is kept until someone reads it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from actions.messages import Choices, Message, Text
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.ports import HelpRequest, Owner
from bot.conversation.wishes import cancels
from bot.conversation.wording import Wording
from bot.store import persons
from bot.store.persons import Person
from bot.store.tables import requests

AWAITING = "awaiting_message"


class RequestBook:
    """A ``Helpdesk`` without agents: it takes one message, and the assistant goes on."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def owner(self, connection: sa.Connection, person: Person) -> Owner:
        """Own the conversation while the person's message is awaited."""
        return Owner.HUMAN if person.state == AWAITING else Owner.ASSISTANT

    def open(
        self, connection: sa.Connection, person: Person, request: HelpRequest
    ) -> list[Message]:
        """Ask for the message."""
        persons.set_state(
            connection, person.id, AWAITING, reason=request.reason, topic=request.topic
        )
        return [self._invitation("demande_ecrire")]

    def add(
        self, connection: sa.Connection, person: Person, incoming: Incoming
    ) -> list[Message] | None:
        """Keep the message, or let the person change their mind."""
        if cancels(incoming.payload or incoming.text):
            persons.set_state(connection, person.id)
            return [Text(self._wording("demande_annulee"), buttons=self._wording.buttons("menu"))]
        if incoming.kind in (Kind.BUTTON, Kind.POSITION):
            persons.set_state(connection, person.id)
            return None
        if not incoming.text.strip():
            return [self._invitation("demande_texte")]
        connection.execute(
            sa.insert(requests).values(
                person_id=person.id,
                message_key=incoming.key,
                reason=str(person.state_data.get("reason", "demande")),
                topic=str(person.state_data.get("topic", "")),
                text=incoming.text,
                created_at=incoming.at,
            )
        )
        persons.set_state(connection, person.id)
        return [Text(self._wording("demande_prise"))]

    def follow(self, connection: sa.Connection, person: Person, at: datetime) -> list[Message]:
        """Say whether a request is kept."""
        known = sa.select(requests.c.id).where(requests.c.person_id == person.id).limit(1)
        if connection.execute(known).first():
            return [Text(self._wording("suivi_attente"))]
        return [Text(self._wording("suivi_aucune"), buttons=self._wording.buttons("humain"))]

    def forget(self, connection: sa.Connection, person: Person) -> None:
        """Nothing to do: requests hang on the person."""

    def _invitation(self, key: str) -> Message:
        return Choices(self._wording(key), buttons=self._wording.buttons("annuler"))
