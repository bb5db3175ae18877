"""How fast Telegram lets a bot write: to a person, to a group, and to everyone. Pure.

Telegram's own figures (its FAQ for bots): no more than one message a second in a chat, short
bursts apart; 20 a minute in a group; about 30 a second in bulk.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_KNOWN = 50_000
"""Chats remembered at once; the least recent is forgotten: its bucket is full again."""

STRICT_FOR = timedelta(minutes=1)
"""How long everyone is written to at ``Limits.everyone`` after Telegram said that it is too much.

Before that, answers leave as they come: people who ask are no bulk.
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, then one each ``every``."""

    burst: int
    every: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """What Telegram allows."""

    person: Rate = Rate(5, timedelta(seconds=1))
    group: Rate = Rate(5, timedelta(seconds=4))
    """Five and fifteen: twenty in any minute."""
    everyone: Rate = Rate(30, timedelta(seconds=1 / 30))


class Pace:
    """A bucket a chat: full at first, it fills again with time."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._buckets: OrderedDict[int | None, tuple[float, datetime]] = OrderedDict()
        self._strict_until: datetime | None = None

    def wait(self, chat: int, now: datetime) -> timedelta:
        """Return how long the next message of a chat must wait; zero when it may leave."""
        wait = self._until_one(chat, now)
        if self._strict_until and now < self._strict_until:
            wait = max(wait, self._until_one(None, now))
        return wait

    def note(self, chat: int, now: datetime) -> None:
        """A message leaves. A reply of several parts may leave a debt behind it."""
        for bucket in (chat, None):
            self._buckets[bucket] = (self._left(bucket, now) - 1.0, now)
            self._buckets.move_to_end(bucket)
        while len(self._buckets) > MOST_KNOWN:
            self._buckets.popitem(last=False)

    def too_much(self, now: datetime) -> None:
        """Telegram says that it is too much: for a while, everyone counts."""
        self._strict_until = now + STRICT_FOR

    def _until_one(self, bucket: int | None, now: datetime) -> timedelta:
        return max((1.0 - self._left(bucket, now)) * self._rate(bucket).every, timedelta())

    def _left(self, bucket: int | None, now: datetime) -> float:
        rate = self._rate(bucket)
        left, since = self._buckets.get(bucket, (float(rate.burst), now))
        return min(left + max(now - since, timedelta()) / rate.every, float(rate.burst))

    def _rate(self, bucket: int | None) -> Rate:
        if bucket is None:
            return self._limits.everyone
        return self._limits.person if bucket > 0 else self._limits.group
