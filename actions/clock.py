"""The present moment: the one place where the machine's clock is read, but for civil days.

Long-lived parts take a ``Clock``, so that a test hands them another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
"""Where days are counted, unless a helpdesk says otherwise."""

Clock = Callable[[], datetime]
"""Returns the current moment, aware."""


def utc_now() -> datetime:
    """Return the current moment: a process's clock unless another is handed in."""
    return datetime.now(UTC)


def at_this_hour(day: date | None, now: datetime) -> datetime:
    """Return the same hour of a fixed day to live in; ``now`` where there is none."""
    return datetime.combine(day, now.timetz()) if day else now


def civil_day(at: datetime, zone: tzinfo = PARIS) -> date:
    """Return the day that a calendar shows at a moment; a naive one is there already."""
    return at.astimezone(zone).date() if at.tzinfo else at.date()
