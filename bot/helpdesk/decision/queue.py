"""How long one waits: from what was really waited lately, or not said at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

ENOUGH = 5
"""Observations below which nothing is promised."""

LONGEST = timedelta(hours=4)
"""Beyond a half-day, minutes mean nothing: no figure is given."""

_STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)


@dataclass(frozen=True, slots=True)
class Served:
    """One past ticket: its rank when it was opened, and how long its first answer took."""

    position: int
    waited: timedelta


@dataclass(frozen=True, slots=True)
class Wait:
    """An honest estimate: what half of the people like this one waited, at least and at most."""

    low_minutes: int
    high_minutes: int


def estimate(position: int, served: Sequence[Served]) -> Wait | None:
    """Estimate the wait at a rank from recent tickets.

    The wait for one rank is measured on each past ticket (its wait over its rank); the
    estimate runs from their median to their ninth decile, times the rank, rounded up to
    steps people use (5, 10, 15, 20, 30, 45 minutes, 1 hour…). So nine people in ten
    like those before wait no longer than what is said.

    Returns:
        ``None`` with fewer than five past tickets, or beyond four hours.
    """
    if len(served) < ENOUGH or position < 1:
        return None
    by_rank = sorted(past.waited / max(past.position, 1) for past in served)
    median = by_rank[len(by_rank) // 2]
    ninth = by_rank[min(len(by_rank) - 1, ceil(len(by_rank) * 0.9) - 1)]
    high = ninth * position
    if high > LONGEST:
        return None
    return Wait(_rounded_up(median * position), _rounded_up(high))


def _rounded_up(wait: timedelta) -> int:
    minutes = wait.total_seconds() / 60
    return next((step for step in _STEPS if minutes <= step), _STEPS[-1])
