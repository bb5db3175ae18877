"""The figures for Prometheus: counters by topic and outcome, gauges of the helpdesk now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.helpdesk import forum_queue, staff
from bot.helpdesk.tables import tickets
from bot.store.tables import daily_figures, incoming, misunderstood, outbox

COUNTERS = {
    "turn": ("passerelle_turns", "Questions answered, by topic and outcome"),
    "ticket": ("passerelle_tickets", "Requests to the helpdesk, by its state when asked"),
    "first_answer": ("passerelle_first_answers", "First answers by a person, by class of delay"),
    "useful": ("passerelle_opinions", "Thumbs, by topic (aide: the help received) and outcome"),
}


def render(connection: sa.Connection, at: datetime) -> bytes:
    """Return the text that Prometheus reads; no label names or concerns anyone."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(connection, at))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, connection: sa.Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        yield from self._counters()
        yield from self._gauges()

    def _counters(self) -> Iterator[Metric]:
        families = {
            measure: CounterMetricFamily(name, words, labels=["topic", "outcome"])
            for measure, (name, words) in COUNTERS.items()
        }
        rows = self._connection.execute(
            sa.select(
                daily_figures.c.measure,
                daily_figures.c.topic,
                daily_figures.c.outcome,
                sa.func.sum(daily_figures.c.count).label("total"),
            ).group_by(daily_figures.c.measure, daily_figures.c.topic, daily_figures.c.outcome)
        )
        for row in rows:
            if row.measure in families:
                families[row.measure].add_metric([row.topic, row.outcome], float(row.total))
        yield from families.values()

    def _gauges(self) -> Iterator[Metric]:
        states = GaugeMetricFamily("passerelle_tickets_now", "Requests by state", labels=["state"])
        rows = self._connection.execute(
            sa.select(tickets.c.state, sa.func.count().label("total")).group_by(tickets.c.state)
        )
        counted = {row.state: row.total for row in rows}
        for state in ("new", "waiting", "claimed", "answered", "closed"):
            states.add_metric([state], float(counted.get(state, 0)))
        yield states
        yield GaugeMetricFamily(
            "passerelle_agents_present",
            "Agents who are there",
            value=float(staff.present_count(self._connection, self._at)),
        )
        yield GaugeMetricFamily(
            "passerelle_forum_posts_waiting",
            "Posts that wait for Telegram's pace in the agents' group",
            value=float(forum_queue.waiting(self._connection)),
        )
        for name, table in (("incoming", incoming), ("outbox", outbox)):
            yield GaugeMetricFamily(
                f"passerelle_{name}_waiting",
                f"Rows that wait in {name}",
                value=self._count(table, table.c.status == "pending"),
            )
        yield GaugeMetricFamily(
            "passerelle_inbox_waiting",
            "Questions that wait for their topic",
            value=self._count(misunderstood, misunderstood.c.status == "new"),
        )

    def _count(self, table: sa.Table, condition: sa.ColumnElement[bool]) -> float:
        query = sa.select(sa.func.count()).select_from(table).where(condition)
        return float(self._connection.execute(query).scalar_one())
