"""How much a page may ask: rates by person and by address, sizes, open streams."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_KNOWN = 50_000
"""Persons or addresses remembered at once; the least recent is forgotten."""


@dataclass(frozen=True, slots=True)
class RequestRate:
    """So many at once, then so many a minute."""

    burst: int
    per_minute: float


@dataclass(frozen=True, slots=True)
class PageLimits:
    """What one page, one address and one process may ask for."""

    person: RequestRate = RequestRate(burst=20, per_minute=20)
    """Messages of one person: more than anyone types."""
    address: RequestRate = RequestRate(burst=300, per_minute=300)
    """Requests of one address: a whole town hall may share it."""
    voices: RequestRate = RequestRate(burst=6, per_minute=6)
    """Sounds of one person: each takes the machine seconds."""
    body_bytes: int = 16 * 1024
    sound_bytes: int = 1024 * 1024
    """A minute of speech takes 250 kB as pages record it."""
    streams: int = 3000
    streams_per_person: int = 4
    """Tabs; the oldest is closed first."""
    write_s: float = 20.0
    """A page that takes longer to read what it is sent is left: it will come back for it."""


class RateLimiter:
    """A bucket for each name: full at first, it fills again with time."""

    def __init__(self, rate: RequestRate, clock_s: Callable[[], float]) -> None:
        """Prepare.

        Args:
            rate: What each may do.
            clock_s: A steady clock, in seconds.
        """
        self._rate = rate
        self._clock_s = clock_s
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, name: str) -> bool:
        """Count one more, unless it is too many."""
        now = self._clock_s()
        left, since = self._buckets.pop(name, (float(self._rate.burst), now))
        left = min(left + (now - since) * self._rate.per_minute / 60.0, float(self._rate.burst))
        allowed = left >= 1.0
        self._buckets[name] = (left - 1.0 if allowed else left, now)
        if len(self._buckets) > MOST_KNOWN:
            self._buckets.popitem(last=False)
        return allowed
