"""The figures: a page with pictures, and the same for Prometheus."""

from __future__ import annotations

import csv
import hmac
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk.console.site import ConsoleSite, session_of
from bot.helpdesk.decision.availability import DeskState
from bot.helpdesk.figures import charts, metrics
from bot.helpdesk.figures.summary import Summary, summarise
from bot.store import counts
from bot.visits import LOOPBACK, address_of

PERIODS = (7, 30, 90)
"""Days that the page offers."""

OUTCOMES = {
    "answer": "outcome_answer",
    "named": "outcome_named",
    "clarify": "outcome_clarify",
    "refuse": "outcome_refuse",
    "handoff": "outcome_handoff",
    "failure": "outcome_failure",
}
"""How a question ended, and the key of its words."""

DESK_STATES = {
    DeskState.OPEN: "desk_open",
    DeskState.CLOSED: "desk_closed",
    DeskState.HOLIDAY: "desk_holiday",
    DeskState.ABSENT: "desk_absent",
    DeskState.FULL: "desk_full",
}


class FiguresPage:
    """Handlers of the figures."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site
        self._store = site.parts.store
        self._outcomes = {name: site.say(key) for name, key in OUTCOMES.items()}
        self._desk_states = {state.value: site.say(key) for state, key in DESK_STATES.items()}

    def routes(self) -> list[web.RouteDef]:
        """Return the page's route, under the console's root."""
        return [
            web.get("/chiffres", self._show),
            web.get("/chiffres.csv", self._csv),
            web.get(r"/chiffres/mois/{month:\d{4}-\d{2}}", self._month),
        ]

    async def metrics(self, request: web.Request) -> web.StreamResponse:
        """Answer Prometheus: with the token where there is one, else this machine alone."""
        token = self._site.metrics_token
        if token:
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            allowed = hmac.compare_digest(given, f"Bearer {token}".encode())
        else:
            allowed = address_of(request) in LOOPBACK
        if not allowed:
            raise web.HTTPForbidden(text=self._site.say("console_reserved"))
        text = await self._store.read(metrics.render, self._site.clock())
        return web.Response(
            body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    async def _csv(self, request: web.Request) -> web.StreamResponse:
        """Give the counts of a period, as a spreadsheet reads them."""
        first, last, _ = self._period(request)
        counted = await self._store.read(counts.read, first, last)
        written = StringIO()
        table = csv.writer(written, delimiter=";", lineterminator="\r\n")
        table.writerow(["jour", "mesure", "sujet", "issue", "nombre"])
        table.writerows(
            [c.day.isoformat(), c.measure, c.topic, c.outcome, c.count] for c in counted
        )
        name = f"chiffres-{first}-{last}.csv"
        return web.Response(
            body=written.getvalue().encode("utf-8-sig"),
            content_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def _month(self, request: web.Request) -> web.StreamResponse:
        """Show a month on a page that is made to be printed."""
        agent = session_of(request).agent
        try:
            first = date.fromisoformat(f"{request.match_info['month']}-01")
        except ValueError as error:
            raise web.HTTPNotFound(text=self._site.say("console_no_month")) from error
        after = (first + timedelta(days=31)).replace(day=1)
        last = after - timedelta(days=1)
        counted, summary = await self._site.read(agent, _summary(first, last))
        return self._site.page(
            request,
            "mois.html",
            tab="chiffres",
            counts=counted,
            summary=summary,
            before=(first - timedelta(days=1)).strftime("%Y-%m"),
            after=after.strftime("%Y-%m"),
            outcome_names=self._outcomes,
            desk_names=self._desk_states,
        )

    def _period(self, request: web.Request) -> tuple[date, date, int]:
        asked = request.query.get("jours", "")
        days = int(asked) if asked.isdigit() and int(asked) in PERIODS else 30
        last = self._site.clock().astimezone(self._site.parts.desk.words.zone).date()
        return last - timedelta(days=days - 1), last, days

    async def _show(self, request: web.Request) -> web.StreamResponse:
        agent = session_of(request).agent
        first, last, days = self._period(request)
        counted, summary = await self._site.read(agent, _summary(first, last))
        topics = summary.by_topic[:15]
        return self._site.page(
            request,
            "chiffres.html",
            tab="chiffres",
            counts=counted,
            summary=summary,
            days=days,
            periods=PERIODS,
            columns=charts.day_columns(summary.days, self._outcomes),
            chart=charts,
            topics=[(n, c, charts.share_of(c, topics[0][1])) for n, c in topics],
            delays=[
                (n, c, charts.share_of(c, max(c for _, c in summary.delays)))
                for n, c in summary.delays
            ],
            outcome_names=self._outcomes,
            desk_names=self._desk_states,
        )


def _summary(first: date, last: date) -> Callable[[sa.Connection], Summary]:
    return lambda connection: summarise(counts.read(connection, first, last), first, last)
