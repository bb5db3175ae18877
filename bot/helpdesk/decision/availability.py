"""The decision: can a person answer now? A pure function of what is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.helpdesk.decision.desk_hours import Hours


class DeskState(StrEnum):
    """How the helpdesk is; each has its words in ``data/answers/helpdesk.yaml``."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    ABSENT = "absent"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether someone can answer now, and otherwise when someone will."""

    desk: DeskState
    position: int = 0
    """The rank in the queue, 1 for the next one served; 0 when it is not open."""
    holiday: str = ""
    answers_from: datetime | None = None
    """The moment from which an answer can be expected, in the helpdesk's time zone."""


def decide(at: datetime, hours: Hours, present: int, waiting: int, capacity: int) -> Availability:
    """Decide what a person who asks for someone is told.

    Args:
        at: Now (aware).
        hours: When the helpdesk is open.
        present: How many agents are there.
        waiting: How many tickets wait before this one.
        capacity: How many may wait at the same time.
    """
    if not hours.is_open(at):
        local = at.astimezone(hours.zone)
        name = hours.holiday(local.date())
        shut_by_it = bool(name) and hours.on_holidays is not None
        desk = DeskState.HOLIDAY if shut_by_it else DeskState.CLOSED
        return Availability(
            desk, holiday=name if shut_by_it else "", answers_from=hours.next_opening(at)
        )
    if present == 0:
        return Availability(DeskState.ABSENT, answers_from=hours.next_opening(at))
    if waiting >= capacity:
        return Availability(DeskState.FULL, answers_from=hours.next_opening(at))
    return Availability(DeskState.OPEN, position=waiting + 1)
