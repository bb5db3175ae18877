"""What others may plug into the Telegram front-end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

import sqlalchemy as sa
from telegram.ext import ExtBot

from actions.messages import PlaceCard
from actions.reading.territory.area_result import Status
from bot.store.outbox import Parcel


@dataclass(frozen=True, slots=True)
class Nearby:
    """Places to share in another chat."""

    status: Status | Literal["none", "refused"]
    """``none``: the place is known, and nothing is there; ``refused``: the person is."""
    places: tuple[PlaceCard, ...] = ()
    notice: str = ""
    """What must be said of them."""


FindPlaces = Callable[[str], Nearby]
"""Finds the places near what is typed, or those of the ids that ``links.by_ids`` wrote; may
take a second."""


class Forum(Protocol):
    """Takes the updates of the agents' forum group."""

    def take(self, connection: sa.Connection, update: dict[str, Any], at: datetime) -> None:
        """Take one raw update (Bot API JSON), in the transaction that marks it as processed.

        Updates of the group come one after the other, in order. An exception postpones the
        update: it comes again, with growing pauses, and is given up after a few attempts.
        """


class Courier(Protocol):
    """Sends the parcels of the outbox whose body has a ``kind`` of its own."""

    async def send(self, bot: ExtBot[Any], parcel: Parcel) -> str:
        """Send a parcel; return Telegram's id of the message, or nothing.

        ``RetryAfter``, ``NetworkError`` and ``TimedOut`` may come out as they are: the parcel
        is tried again later and its lane waits. ``Forbidden`` marks the person as unreachable.
        Another ``TelegramError`` gives the parcel up.
        """

    def lost(self, connection: sa.Connection, parcel: Parcel, error: str) -> None:
        """Note, in the transaction that gives it up, that a parcel was not delivered."""
