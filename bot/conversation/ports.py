"""What the conversation needs from others: an assistant, and a helpdesk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

import sqlalchemy as sa

from actions.errors import PasserelleError
from actions.messages import Message
from actions.tier import Tier
from bot.conversation.incoming import Incoming
from bot.store.persons import Person

RenderSheet = Callable[[str, date], bytes]
"""Renders the PDF sheet of a request in words, by the rules of a day; may take a second."""


class Owner(StrEnum):
    """Who answers a person now."""

    ASSISTANT = "assistant"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Turn:
    """What the assistant understood of a message, and what it says."""

    messages: tuple[Message, ...]
    intent: str = ""
    confidence: float = 0.0
    """Between 0 and 1."""
    tier: Tier | Literal[""] = ""
    """Empty where it was not asked."""
    ranking: tuple[Mapping[str, Any], ...] = ()
    """The readings weighed: ``{"intent", "confidence"}``, the best first."""


class AssistantError(PasserelleError):
    """The assistant could not answer: down, too slow, or it said nothing."""


class AssistantAwayError(AssistantError):
    """The assistant starts again, or serves too many at once: ask again shortly."""


class StaleButtonError(AssistantError):
    """A button says what the assistant does not know any more."""


class Assistant(Protocol):
    """The machine that answers: Rasa, or a test's own."""

    async def turn(self, conversation: str, text: str, metadata: Mapping[str, Any]) -> Turn:
        """Answer one message.

        Args:
            conversation: The person's pseudonym.
            text: What was written, or ``/intent{json}``.
            metadata: ``now`` (ISO moment), and where known ``date`` (ISO day to live in),
                ``position`` (``lat`` and ``lon`` in degrees, to about 100 m: used, never
                kept) and ``language``.

        Raises:
            StaleButtonError: ``/intent{json}`` of an earlier version.
            AssistantAwayError: Nothing was begun, or nothing of it is left: ask again.
            AssistantError: No answer: the person must be told.
        """

    async def export(self, conversation: str) -> Any:
        """Return what the assistant keeps of a conversation, fit for JSON.

        Raises:
            AssistantError: It cannot be asked now.
        """

    async def forget(self, conversation: str) -> None:
        """Erase a conversation.

        Raises:
            AssistantError: It is not erased: ask again later.
        """


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """Why a person of the helpdesk is needed."""

    reason: str
    """``demande``, ``incompris``, ``panne``, ``plainte``, ``suivi`` or ``urgence``."""
    at: datetime
    topic: str = ""
    """Intent that was being talked about."""


class Helpdesk(Protocol):
    """The persons who answer when the assistant cannot.

    Every method works in the caller's transaction: what it writes, what the person is
    told and «this update is processed» are committed together, or not at all. A method may
    be called again for the same message after a crash (``Incoming.key`` tells).
    """

    def owner(self, connection: sa.Connection, person: Person) -> Owner:
        """Say who answers: ``HUMAN`` from ``open`` on, while the person's message is
        awaited too, until the helpdesk gives the conversation back."""

    def open(
        self, connection: sa.Connection, person: Person, request: HelpRequest
    ) -> list[Message]:
        """Begin a request, or find the one already open; say what happens next."""

    def add(
        self, connection: sa.Connection, person: Person, incoming: Incoming
    ) -> list[Message] | None:
        """Take a message of a person whose owner is ``HUMAN``; say what must be said.

        Returns:
            Messages for the person (none: silence is right, an agent will answer), or
            ``None`` when the message is not for the helpdesk: the assistant answers it.
        """

    def follow(self, connection: sa.Connection, person: Person, at: datetime) -> list[Message]:
        """Say what became of the person's requests."""

    def forget(self, connection: sa.Connection, person: Person) -> bool:
        """Prepare for a person's erasure: what hangs on ``persons.id`` goes by itself, what
        does not (a forum topic to delete) is taken care of here.

        Returns:
            Whether something of theirs is still to be deleted elsewhere: they are told later
            how it ended.
        """
