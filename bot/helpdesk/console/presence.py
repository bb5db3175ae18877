"""How long an open console keeps an agent present."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.helpdesk.tables import agents

HEARTBEAT = timedelta(minutes=3)
"""An agent whose page is closed is absent that long after its last sign of life."""


def still_there(connection: sa.Connection, agent_id: int, at: datetime) -> None:
    """Extend the presence of an agent who is present; one who left stays away."""
    connection.execute(
        sa.update(agents)
        .where(
            agents.c.id == agent_id,
            agents.c.present_until > at,
            agents.c.present_until < at + HEARTBEAT,
        )
        .values(present_until=at + HEARTBEAT)
    )
