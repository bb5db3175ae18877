"""What the counts of a period say: shares, topics, days. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.store.counts import DELAYS, Count, Measure

OUTCOMES = ("answer", "named", "clarify", "refuse", "handoff", "failure")
"""How a question ended, from the best to the worst."""


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day's questions by outcome."""

    day: date
    by_outcome: dict[str, int]

    @property
    def total(self) -> int:
        """All questions of the day."""
        return sum(self.by_outcome.values())


@dataclass(frozen=True, slots=True)
class Summary:
    """A period in figures."""

    first: date
    last: date
    questions: int
    by_outcome: dict[str, int]
    by_topic: list[tuple[str, int]]
    """Most asked first."""
    days: list[DayLine]
    """Every day of the period, empty ones too."""
    tickets: int
    by_desk: dict[str, int]
    delays: list[tuple[str, int]]
    """First answers by the time they took, by the classes of ``DELAYS``."""
    useful: int
    useless: int
    useful_help: int
    useless_help: int

    def share(self, *outcomes: str) -> float | None:
        """Return the share of questions that ended so, between 0 and 1; ``None`` without any."""
        if not self.questions:
            return None
        return sum(self.by_outcome.get(name, 0) for name in outcomes) / self.questions

    @property
    def satisfaction(self) -> float | None:
        """Return the share of thumbs up, between 0 and 1; ``None`` without any."""
        total = self.useful + self.useless
        return self.useful / total if total else None

    @property
    def median_delay(self) -> str:
        """Return the class that holds the median time to first answer, or nothing."""
        total = sum(count for _, count in self.delays)
        passed = 0
        for name, count in self.delays:
            passed += count
            if total and passed * 2 >= total:
                return name
        return ""


def summarise(counted: Iterable[Count], first: date, last: date) -> Summary:
    """Summarise the counts of a period (both days included)."""
    outcomes: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    desks: Counter[str] = Counter()
    delays: Counter[str] = Counter()
    thumbs: Counter[tuple[str, bool]] = Counter()
    by_day: dict[date, Counter[str]] = {
        first + timedelta(days=n): Counter() for n in range((last - first).days + 1)
    }
    for one in counted:
        match one.measure:
            case Measure.TURN:
                outcomes[one.outcome] += one.count
                topics[one.topic] += one.count
                by_day[one.day][one.outcome] += one.count
            case Measure.TICKET:
                desks[one.outcome] += one.count
            case Measure.FIRST_ANSWER:
                delays[one.outcome] += one.count
            case Measure.USEFUL:
                thumbs[one.outcome, one.topic == "aide"] += one.count
    return Summary(
        first=first,
        last=last,
        questions=outcomes.total(),
        by_outcome=dict(outcomes),
        by_topic=[(name, count) for name, count in topics.most_common() if name],
        days=[DayLine(day, dict(counter)) for day, counter in sorted(by_day.items())],
        tickets=desks.total(),
        by_desk=dict(desks),
        delays=[(name, delays[name]) for name, _ in DELAYS],
        useful=thumbs["yes", False] + thumbs["yes", True],
        useless=thumbs["no", False] + thumbs["no", True],
        useful_help=thumbs["yes", True],
        useless_help=thumbs["no", True],
    )
