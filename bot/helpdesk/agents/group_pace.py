"""Telegram's pace for a group: so many messages in any minute, all topics together."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

PER_MINUTE = 20
"""Messages a bot may send to one group in a minute (Telegram's Bots FAQ, «limits»)."""

WINDOW = timedelta(minutes=1)


class GroupPace:
    """A sliding window of calls; pure, the clock is given."""

    def __init__(self, per_minute: int = PER_MINUTE) -> None:
        self._limit = per_minute
        self._calls: deque[datetime] = deque()
        self._not_before: datetime | None = None

    def left(self, now: datetime) -> int:
        """Return how many calls may be made now."""
        if self._not_before is not None and now < self._not_before:
            return 0
        while self._calls and now - self._calls[0] >= WINDOW:
            self._calls.popleft()
        return self._limit - len(self._calls)

    def note(self, now: datetime) -> None:
        """Count a call."""
        self._calls.append(now)

    def hold(self, until: datetime) -> None:
        """Make no call before a moment: Telegram asked to slow down (429)."""
        self._not_before = until if self._not_before is None else max(until, self._not_before)

    def wait(self, now: datetime) -> float:
        """Return the seconds until a call may be made; 0 for now."""
        may = now if self._not_before is None else max(now, self._not_before)
        if len(self._calls) >= self._limit:
            may = max(may, self._calls[-self._limit] + WINDOW)
        return (may - now).total_seconds()
