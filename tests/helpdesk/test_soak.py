"""A small soak of the desk: both doors, a kill, a topic closed, a topic deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import Store
from scripts.soak.desk import DeskPlan, DeskSoak


@pytest.mark.timeout(300)
async def test_none_lost_doubled_muted_nor_answered_by_two(
    tmp_path: Path, store: Store, database_url: str
) -> None:
    plan = DeskPlan(requests=12, agents=4, kills=1, closed=1, deleted=1, seconds=6)
    outcome = await DeskSoak(plan, tmp_path, database_url, lambda _line: None).run()
    assert outcome.promised, outcome
    assert (outcome.kills, outcome.requests) == (1, 12)
    assert outcome.answers + outcome.ended_early >= 12, "they were answered"
