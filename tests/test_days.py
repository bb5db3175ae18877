"""Figures are counted by one calendar; how sure the model is, in one of four words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from actions.clock import PARIS, civil_day
from actions.tier import read_tier
from bot.conversation import Conversation, Incoming, Kind
from bot.store import Store
from bot.store.tables import daily_figures
from tests.conversation.conftest import KEY, WORDING, StubAssistant
from tests.conversation.desk import StubDesk, say_urgent
from tests.databases import any_database, database_url, postgres_server, postgres_url, store

__all__ = ["any_database", "database_url", "postgres_server", "postgres_url", "store"]

LATE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""Already the third in Paris; still the second in Martinique."""

MARTINIQUE = ZoneInfo("America/Martinique")


def test_a_day_is_that_of_the_calendar_there() -> None:
    assert civil_day(LATE) == date(2026, 3, 3)
    assert civil_day(LATE, MARTINIQUE) == date(2026, 3, 2)
    assert civil_day(LATE.replace(tzinfo=None)) == date(2026, 3, 2), "it is there already"


@pytest.mark.parametrize(("zone", "day"), [(PARIS, 3), (MARTINIQUE, 2)])
async def test_a_question_is_counted_on_the_helpdesks_day(
    store: Store, zone: ZoneInfo, day: int
) -> None:
    conversation = Conversation(
        store,
        StubAssistant(),
        StubDesk(),
        WORDING,
        key=KEY,
        retention_days=30,
        urgent=say_urgent,
        zone=zone,
    )
    await conversation.receive(Incoming("telegram", "42", "1", Kind.TEXT, LATE, text="un pass ?"))
    with store.begin() as connection:
        days = connection.execute(sa.select(daily_figures.c.day).distinct()).scalars().all()
    assert days == [date(2026, 3, day)]


@pytest.mark.parametrize("said", ["answer", "named", "clarify", "refuse"])
def test_a_tier_is_read_as_it_is_said(said: str) -> None:
    assert read_tier(said) == said


@pytest.mark.parametrize("said", ["", "ANSWER", "sure", None, 3, ["answer"]])
def test_what_is_no_tier_is_none(said: object) -> None:
    assert read_tier(said) == ""
