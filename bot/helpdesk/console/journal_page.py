"""The journal: who did what to requests, accounts and settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk.console import views
from bot.helpdesk.console.site import Site
from bot.helpdesk.console.team_page import supervisor
from bot.helpdesk.tables import agents, audit_log, ticket_events

PAGE = 100

ACTIONS = {
    "invite": "a invité",
    "accept": "a choisi son mot de passe",
    "password": "a changé son mot de passe",
    "link": "a lié son compte Telegram",
    "unlink": "a délié son compte Telegram",
    "factor_on": "a activé son second facteur",
    "factor_off": "a retiré un second facteur",
    "close": "a fermé le compte",
    "ready": "a écrit la réponse prête",
    "ready_gone": "a retiré la réponse prête",
    "merge": "a joint des demandes",
}
MOVES = {
    "claim": "a pris la demande",
    "release": "a rendu la demande",
    "transfer": "a transféré la demande",
    "answer": "a répondu à la demande",
    "note": "a noté sur la demande",
    "close": "a clos la demande",
    "reopen": "a rouvert la demande",
    "escalate": "a signalé le retard de la demande",
}
NOBODY = "L’assistant"
COMMAND_LINE = "Ligne de commande"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done."""

    at: datetime
    who: str
    what: str
    ticket: int = 0
    subject: str = ""


class JournalPage:
    """Handlers of the journal, for supervisors alone."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._store = site.parts.store

    def routes(self) -> list[web.RouteDef]:
        """Return the route, under the console's root."""
        return [web.get("/journal", self._show)]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        me = supervisor(request)
        before = _moment(request.query.get("avant", ""))

        def read(connection: sa.Connection) -> tuple[views.Counts, list[Line]]:
            counts = views.counts_for(connection, me.id, self._site.clock())
            return counts, lines(connection, before)

        counts, found = await self._store.read(read)
        older = found[-1].at.isoformat() if len(found) == PAGE else ""
        return self._site.page(
            request, "journal.html", tab="equipe_comptes", counts=counts, lines=found, older=older
        )


def lines(connection: sa.Connection, before: datetime | None) -> list[Line]:
    """Return what was done before a moment, the latest first."""
    log = (
        sa.select(audit_log, agents.c.name)
        .outerjoin(agents, agents.c.id == audit_log.c.agent_id)
        .order_by(audit_log.c.at.desc(), audit_log.c.id.desc())
        .limit(PAGE)
    )
    moves = (
        sa.select(ticket_events, agents.c.name)
        .outerjoin(agents, agents.c.id == ticket_events.c.agent_id)
        .where(ticket_events.c.move.in_(MOVES), ticket_events.c.role != "person")
        .order_by(ticket_events.c.at.desc(), ticket_events.c.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        log, moves = log.where(audit_log.c.at < before), moves.where(ticket_events.c.at < before)
    done = [
        Line(row.at, row.name or COMMAND_LINE, ACTIONS.get(row.action, row.action), 0, row.subject)
        for row in connection.execute(log)
    ]
    done += [
        Line(row.at, row.name or NOBODY, MOVES[row.move], row.ticket_id)
        for row in connection.execute(moves)
    ]
    return sorted(done, key=lambda line: line.at, reverse=True)[:PAGE]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
