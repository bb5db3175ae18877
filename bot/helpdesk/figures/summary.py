"""What the counts of a period say: shares, topics, days. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.store.counts import DELAYS, DailyCount, Measure

OUTCOMES = ("answer", "named", "clarify", "refuse", "handoff", "failure")
"""How a question ended, from the best to the worst."""

UNANSWERED = ("clarify", "refuse", "failure")
"""How a question ends that got no answer."""


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
class SlotLine:
    """The first answers, or the ends of requests, of an hour or of a week."""

    name: str
    count: int
    median: str
    """The class of ``DELAYS`` that holds the median."""


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
    resolutions: list[tuple[str, int]]
    """Requests closed, by the time since they were opened."""
    hours: list[SlotLine]
    """First answers, by the hour at which they were asked for; hours without any are left out."""
    weeks: list[SlotLine]
    """First answers by ISO week: ``2026-48``."""
    ended_hours: list[SlotLine]
    """Ends of requests, by the hour at which they were opened."""
    ended_weeks: list[SlotLine]
    """Ends of requests by ISO week."""
    unanswered: list[tuple[str, int]]
    """Topics of the questions that got no answer, the most frequent first."""
    quality: dict[str, int]
    """Finished conversations, as the team read them again."""
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
        return _median(dict(self.delays))

    @property
    def median_resolution(self) -> str:
        """Return the class that holds the median time to the end of a request, or nothing."""
        return _median(dict(self.resolutions))

    @property
    def alone(self) -> float | None:
        """Return the share of questions that were answered without a person."""
        return self.share("answer", "named")


def summarise(counted: Iterable[DailyCount], first: date, last: date) -> Summary:
    """Summarise the counts of a period (both days included)."""
    outcomes: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    desks: Counter[str] = Counter()
    delays: Counter[str] = Counter()
    thumbs: Counter[tuple[str, bool]] = Counter()
    resolutions: Counter[str] = Counter()
    quality: Counter[str] = Counter()
    unanswered: Counter[str] = Counter()
    hours: dict[str, Counter[str]] = {}
    weeks: dict[str, Counter[str]] = {}
    ended_hours: dict[str, Counter[str]] = {}
    ended_weeks: dict[str, Counter[str]] = {}
    by_day: dict[date, Counter[str]] = {
        first + timedelta(days=n): Counter() for n in range((last - first).days + 1)
    }
    for one in counted:
        match one.measure:
            case Measure.TURN:
                outcomes[one.outcome] += one.count
                topics[one.topic] += one.count
                by_day[one.day][one.outcome] += one.count
                if one.outcome in UNANSWERED and one.topic:
                    unanswered[one.topic] += one.count
            case Measure.TICKET:
                desks[one.outcome] += one.count
            case Measure.FIRST_ANSWER:
                delays[one.outcome] += one.count
                weeks.setdefault(_week(one.day), Counter())[one.outcome] += one.count
            case Measure.ANSWER_HOUR:
                hours.setdefault(one.topic, Counter())[one.outcome] += one.count
            case Measure.RESOLUTION:
                resolutions[one.outcome] += one.count
                ended_weeks.setdefault(_week(one.day), Counter())[one.outcome] += one.count
                if one.topic:  # not written down before November 2026
                    ended_hours.setdefault(one.topic, Counter())[one.outcome] += one.count
            case Measure.QUALITY:
                quality[one.outcome] += one.count
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
        resolutions=[(name, resolutions[name]) for name, _ in DELAYS],
        hours=_slots(hours),
        weeks=_slots(weeks),
        ended_hours=_slots(ended_hours),
        ended_weeks=_slots(ended_weeks),
        unanswered=unanswered.most_common(),
        quality=dict(quality),
        useful=thumbs["yes", False] + thumbs["yes", True],
        useless=thumbs["no", False] + thumbs["no", True],
        useful_help=thumbs["yes", True],
        useless_help=thumbs["no", True],
    )


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-{week:02d}"


def _slots(counted: dict[str, Counter[str]]) -> list[SlotLine]:
    return [
        SlotLine(name, counter.total(), _median(counter))
        for name, counter in sorted(counted.items())
    ]


def _median(by_class: Mapping[str, int]) -> str:
    total, passed = sum(by_class.values()), 0
    for name, _ in DELAYS:
        passed += by_class.get(name, 0)
        if total and passed * 2 >= total:
            return name
    return ""
