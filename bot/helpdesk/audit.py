"""What is done to accounts and settings of the helpdesk, by whom; never what people wrote."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.helpdesk.tables import audit_log


def note(
    connection: sa.Connection, agent_id: int | None, action: str, subject: str, at: datetime
) -> None:
    """Keep that something was done, in the transaction that does it.

    Args:
        connection: The transaction.
        agent_id: Who did it; nobody: the command line.
        action: One word; the page has its sentence.
        subject: Whom or what it was done to.
        at: When.
    """
    connection.execute(
        sa.insert(audit_log).values(agent_id=agent_id, action=action, subject=subject[:120], at=at)
    )
