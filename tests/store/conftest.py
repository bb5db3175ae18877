from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.store import open_engine


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()
