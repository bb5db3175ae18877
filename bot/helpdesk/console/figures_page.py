"""The figures: a page with pictures, and the same for Prometheus."""

from __future__ import annotations

import hmac
from datetime import timedelta

import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk.console import views
from bot.helpdesk.console.site import Site, session_of
from bot.helpdesk.figures import charts, metrics
from bot.helpdesk.figures.summary import Summary, summarise
from bot.store import counts
from bot.visits import LOOPBACK, address_of

PERIODS = (7, 30, 90)
"""Days that the page offers."""

OUTCOME_NAMES = {
    "answer": "réponses",
    "named": "réponses avec leur question",
    "clarify": "précisions demandées",
    "refuse": "non compris",
    "handoff": "passages à une personne",
    "failure": "pannes",
}
DESK_NAMES = {
    "open": "service ouvert",
    "closed": "service fermé",
    "holiday": "jour férié",
    "absent": "personne n’était là",
    "full": "file pleine",
}


class FiguresPage:
    """Handlers of the figures."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._store = site.parts.store

    def routes(self) -> list[web.RouteDef]:
        """Return the page's route, under the console's root."""
        return [web.get("/chiffres", self._show)]

    async def metrics(self, request: web.Request) -> web.StreamResponse:
        """Answer Prometheus: with the token where there is one, else this machine alone."""
        token = self._site.metrics_token
        if token:
            given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
            allowed = hmac.compare_digest(given, f"Bearer {token}".encode())
        else:
            allowed = address_of(request) in LOOPBACK
        if not allowed:
            raise web.HTTPForbidden(text="Réservé.")
        text = await self._store.read(metrics.render, self._site.clock())
        return web.Response(
            body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    async def _show(self, request: web.Request) -> web.StreamResponse:
        agent = session_of(request).agent
        asked = request.query.get("jours", "")
        days = int(asked) if asked.isdigit() and int(asked) in PERIODS else 30
        now = self._site.clock()
        last = now.astimezone(self._site.parts.desk.words.zone).date()
        first = last - timedelta(days=days - 1)

        def read(connection: sa.Connection) -> tuple[views.Counts, Summary]:
            return (
                views.counts_for(connection, agent.id, now),
                summarise(counts.read(connection, first, last), first, last),
            )

        counted, summary = await self._store.read(read)
        topics = summary.by_topic[:15]
        return self._site.page(
            request,
            "chiffres.html",
            tab="chiffres",
            counts=counted,
            summary=summary,
            days=days,
            periods=PERIODS,
            columns=charts.day_columns(summary.days, OUTCOME_NAMES),
            chart=charts,
            topics=[(n, c, charts.share_of(c, topics[0][1])) for n, c in topics],
            delays=[
                (n, c, charts.share_of(c, max(c for _, c in summary.delays)))
                for n, c in summary.delays
            ],
            outcome_names=OUTCOME_NAMES,
            desk_names=DESK_NAMES,
        )
