"""What the conversation says, on its way out: each channel's answers enter its outbox here.

A channel drains its own outbox and no other's; what it adds is how a message is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from actions.clock import Clock
from actions.messages import Message
from bot.store import Person, incoming_queue, outbox
from bot.store.incoming_queue import Update

Deliver = Callable[[sa.Connection, Person | None, Sequence[Message]], None]
"""Puts the answer where the channel takes it, in the transaction that decides it.

Without a person, the answer is for someone who has just been erased.
"""


class Outgoing:
    """The way out of one channel."""

    def __init__(self, channel: str, clock: Clock) -> None:
        self._channel = channel
        self._clock = clock

    def say(
        self,
        connection: sa.Connection,
        address: str,
        said: Sequence[Message],
        key: str,
        *,
        person: Person | None = None,
        with_first: Mapping[str, Any] | None = None,
    ) -> None:
        """Put messages in the outbox, in order.

        Args:
            connection: The transaction that decides them.
            address: Where, in the channel's terms.
            said: The messages.
            key: What they answer: said again for the same key, they are not put twice.
            person: Whom they are for; erased with them.
            with_first: What the channel must do with the first of them, in its own terms.
        """
        for number, message in enumerate(said):
            outbox.put(
                connection,
                channel=self._channel,
                address=address,
                body=message.to_json() | (dict(with_first or {}) if number == 0 else {}),
                at=self._clock(),
                person_id=person.id if person else None,
                dedupe_key=f"{key}:{number}",
            )

    def answer(
        self,
        connection: sa.Connection,
        update: Update,
        address: str,
        said: Sequence[Message],
        *,
        person: Person | None,
        with_first: Mapping[str, Any] | None = None,
    ) -> None:
        """Put an answer in the outbox and end the update that it answers: both, or neither."""
        self.say(connection, address, said, update.key, person=person, with_first=with_first)
        if person:
            incoming_queue.finish(connection, update.id)
        else:
            incoming_queue.finish_erased(connection, update.id)
