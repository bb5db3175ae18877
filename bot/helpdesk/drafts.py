"""Answers that are being written: kept as one types, and told to the other agents."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.helpdesk.desk import Desk
from bot.helpdesk.staff import Agent
from bot.helpdesk.tables import agents, drafts
from bot.helpdesk.tickets import ticket_rows

WRITING = timedelta(seconds=45)
"""How long after the last key an agent is said to be answering."""

TOLD_AGAIN = timedelta(minutes=10)
"""How often, at most, the forum is told that the same agent answers the same request."""


def keep(
    connection: sa.Connection, desk: Desk, agent: Agent, ticket_id: int, text: str, *, at: datetime
) -> None:
    """Keep what an agent has typed; nothing typed is no draft.

    Raises:
        UnknownTicketError: There is no such ticket.
    """
    if not text.strip():
        drop(connection, agent.id, ticket_id)
        return
    ticket_rows.load(connection, ticket_id)
    mine = _of(agent.id, ticket_id)
    before = connection.execute(sa.select(drafts.c.told_at).where(mine)).scalar_one_or_none()
    tell = before is None or at - before >= TOLD_AGAIN
    values = {"text": text, "at": at, "told_at": at if tell else before}
    if before is None:
        connection.execute(
            sa.insert(drafts).values(agent_id=agent.id, ticket_id=ticket_id, **values)
        )
    else:
        connection.execute(sa.update(drafts).where(mine).values(values))
    if tell:
        desk.show(connection, ticket_id, at, "forum_writing", agent=agent.name)


def drop(connection: sa.Connection, agent_id: int, ticket_id: int) -> None:
    """Forget a draft: it was sent, or erased."""
    connection.execute(sa.delete(drafts).where(_of(agent_id, ticket_id)))


def text_of(connection: sa.Connection, agent_id: int, ticket_id: int) -> str:
    """Return what an agent had typed on a request, or nothing."""
    kept = connection.execute(sa.select(drafts.c.text).where(_of(agent_id, ticket_id)))
    return kept.scalar_one_or_none() or ""


def writing(
    connection: sa.Connection, ticket_id: int, at: datetime, *, but: int
) -> tuple[str, ...]:
    """Return who answers a request now, but for one agent, by name."""
    rows = connection.execute(
        sa.select(agents.c.name)
        .join(drafts, drafts.c.agent_id == agents.c.id)
        .where(drafts.c.ticket_id == ticket_id, drafts.c.at > at - WRITING, agents.c.id != but)
        .order_by(agents.c.name)
    )
    return tuple(rows.scalars())


def _of(agent_id: int, ticket_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(drafts.c.agent_id == agent_id, drafts.c.ticket_id == ticket_id)
