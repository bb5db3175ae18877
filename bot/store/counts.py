"""Counters by day, topic and outcome, in the operational database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import sqlalchemy as sa

from bot.store.inserting import insert
from bot.store.tables import daily_figures


class Measure(StrEnum):
    """What is counted; ``outcome`` says how it went."""

    TURN = "turn"
    """A question: ``answer``, ``named``, ``clarify``, ``refuse``, ``handoff`` or ``failure``."""
    TICKET = "ticket"
    """A ticket: ``open``, ``closed``, ``holiday``, ``absent``, ``full`` (the decision)."""
    FIRST_ANSWER = "first_answer"
    """A first answer by a person, by the time it took: one of ``DELAYS``."""
    ANSWER_HOUR = "answer_hour"
    """A first answer again, by the hour at which it was asked for (``topic``: ``09``)."""
    RESOLUTION = "resolution"
    """A request closed by an agent, by the time since it was opened: one of ``DELAYS``; and by the
    hour at which it was opened (``topic``: ``09``)."""
    QUALITY = "quality"
    """A finished conversation read again: ``juste``, ``incomplet``, ``faux``, ``impoli``."""
    USEFUL = "useful"
    """A thumb, on an answer (its topic) or on the help received (``aide``): ``yes``, ``no``."""


DELAYS: tuple[tuple[str, timedelta | None], ...] = (
    ("5 min", timedelta(minutes=5)),
    ("15 min", timedelta(minutes=15)),
    ("1 h", timedelta(hours=1)),
    ("4 h", timedelta(hours=4)),
    ("1 jour", timedelta(days=1)),
    ("plus", None),
)
"""Classes of time to first answer, each up to its bound."""


@dataclass(frozen=True, slots=True)
class DailyCount:
    """How many times something happened on a day."""

    day: date
    measure: str
    topic: str
    outcome: str
    count: int


def add(
    connection: sa.Connection, day: date, measure: Measure, outcome: str, topic: str = ""
) -> None:
    """Count one more."""
    what = {"measure": measure.value, "topic": topic[:60], "outcome": outcome[:20]}
    connection.execute(_add(connection.dialect.name), {"day": day, **what, "count": 1})


@cache
def _add(dialect: str) -> sa.Executable:
    keys = [column.name for column in daily_figures.primary_key]
    adding: sa.Executable = insert(daily_figures, dialect).on_conflict_do_update(
        index_elements=keys, set_={"count": daily_figures.c.count + 1}
    )
    return adding


def add_turn(connection: sa.Connection, day: date, topic: str, outcome: str) -> None:
    """Count a question: its topic (intent) and how it ended (see ``Measure.TURN``)."""
    add(connection, day, Measure.TURN, outcome, topic)


def delay(waited: timedelta) -> str:
    """Return the class of a time to first answer."""
    return next(name for name, bound in DELAYS if bound is None or waited <= bound)


def read(connection: sa.Connection, first: date, last: date) -> list[DailyCount]:
    """Return the counts of a period, both days included."""
    rows = connection.execute(
        sa.select(daily_figures)
        .where(daily_figures.c.day >= first, daily_figures.c.day <= last)
        .order_by(daily_figures.c.day)
    )
    return [
        DailyCount(row.day, row.measure, row.topic, row.outcome, row._mapping["count"])
        for row in rows
    ]
