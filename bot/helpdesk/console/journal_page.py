"""The journal: who did what to requests, accounts and settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from aiohttp import web

from actions.words import Words
from bot.helpdesk.console.site import ConsoleSite
from bot.helpdesk.console.team_page import supervisor
from bot.helpdesk.tables import agents, audit_log, ticket_events

PAGE = 100

MOVES = ("claim", "release", "transfer", "answer", "note", "close", "reopen", "escalate")
"""What is told of requests."""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One thing that was done."""

    at: datetime
    who: str
    what: str
    ticket: int = 0
    subject: str = ""


class JournalPage:
    """Handlers of the journal, for supervisors alone."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site
        self._store = site.parts.store

    def routes(self) -> list[web.RouteDef]:
        """Return the route, under the console's root."""
        return [web.get("/journal", self._show)]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        me, before = supervisor(self._site, request), _moment(request.query.get("avant", ""))
        say = self._site.parts.desk.words.say
        counts, found = await self._site.read(me, lambda c: lines(c, say, before))
        older = found[-1].at.isoformat() if len(found) == PAGE else ""
        return self._site.page(
            request, "journal.html", tab="equipe_comptes", counts=counts, lines=found, older=older
        )


def lines(connection: sa.Connection, say: Words, before: datetime | None) -> list[JournalLine]:
    """Return what was done before a moment, in words, the latest first."""
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
        JournalLine(
            row.at,
            row.name or say("journal_commande"),
            say(f"journal_{row.action}"),
            subject=row.subject,
        )
        for row in connection.execute(log)
    ]
    done += [
        JournalLine(
            row.at,
            row.name or say("journal_assistant"),
            say(f"journal_demande_{row.move}"),
            ticket=row.ticket_id,
        )
        for row in connection.execute(moves)
    ]
    return sorted(done, key=lambda line: line.at, reverse=True)[:PAGE]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
