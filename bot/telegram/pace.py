"""How fast Telegram lets a bot write: to a person, to a group, and to everyone. Pure.

Telegram's own figures (its FAQ for bots): no more than one message a second in a chat, short
bursts apart; 20 a minute in a group; about 30 a second over all chats.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EVERYONE_PER_SECOND = 30
"""Messages a second over all chats that Telegram lets a bot send for nothing."""

MOST_KNOWN = 50_000
"""Chats remembered at once; the least recent is forgotten: its bucket is full again."""

STRICT_FOR = timedelta(minutes=1)
"""How long everyone is written to at Telegram's figure after it said that it is too much, where
nothing else was asked for."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, then one each ``every``."""

    burst: int
    every: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """What Telegram allows in one chat."""

    person: Rate = Rate(5, timedelta(seconds=1))
    group: Rate = Rate(5, timedelta(seconds=4))
    """Five and fifteen: twenty in any minute."""


def _alone() -> int:
    return 1


class Pace:
    """A bucket a chat, full at first, that fills again with time; and one queue for everyone."""

    def __init__(
        self,
        limits: Limits | None = None,
        per_second: int = 0,
        replicas: Callable[[], int] = _alone,
    ) -> None:
        """Describe a pace.

        Args:
            limits: What one chat may read.
            per_second: Messages a second over all chats, one after the other at even distances:
                never more in any second. 0: answers leave as they come, but for a minute after
                Telegram said that it is too much.
            replicas: How many share that figure, at present.
        """
        self._limits = limits or Limits()
        self._per_second = per_second
        self._replicas = replicas
        self._free_at: datetime | None = None
        """When the next message to anyone may leave."""
        self._asked_at = datetime.min.replace(tzinfo=UTC)
        self._buckets: OrderedDict[int, tuple[float, datetime]] = OrderedDict()
        self._strict_until: datetime | None = None

    def turn(self, now: datetime) -> timedelta:
        """Take the next place in everyone's queue; return how long it is until then.

        Whoever takes a place leaves at it: the next ones come behind.
        """
        every = self._every(now)
        if not every:
            return timedelta()
        if self._free_at is not None and now < self._asked_at:  # the clock was set back
            self._free_at -= self._asked_at - now
        self._asked_at = now
        place = max(now, self._free_at or now)
        self._free_at = place + every
        return place - now

    def wait(self, chat: int, now: datetime) -> timedelta:
        """Return how long the next message of a chat must wait; zero when it may leave."""
        return max((1.0 - self._left(chat, now)) * self._rate(chat).every, timedelta())

    def note(self, chat: int, now: datetime) -> None:
        """A message leaves. A reply of several parts may leave a debt behind it."""
        self._buckets[chat] = (self._left(chat, now) - 1.0, now)
        self._buckets.move_to_end(chat)
        while len(self._buckets) > MOST_KNOWN:
            self._buckets.popitem(last=False)

    def too_much(self, now: datetime) -> None:
        """Telegram says that it is too much: for a while, everyone counts."""
        self._strict_until = now + STRICT_FOR

    def _every(self, now: datetime) -> timedelta:
        """Return the distance between two messages, whomever they are for."""
        strict = self._strict_until is not None and now < self._strict_until
        per_second = self._per_second or (EVERYONE_PER_SECOND if strict else 0)
        if not per_second:
            return timedelta()
        # Rounded up to the microsecond: never one more in a second.
        return timedelta(microseconds=-(-1_000_000 * max(self._replicas(), 1) // per_second))

    def _left(self, chat: int, now: datetime) -> float:
        rate = self._rate(chat)
        left, since = self._buckets.get(chat, (float(rate.burst), now))
        if since > now:  # the clock was set back: the bucket fills again from here
            self._buckets[chat] = (left, now)
            since = now
        return min(left + (now - since) / rate.every, float(rate.burst))

    def _rate(self, chat: int) -> Rate:
        return self._limits.person if chat > 0 else self._limits.group
