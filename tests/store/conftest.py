from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.store import open_engine
from tests.databases import any_database, postgres_server, postgres_url, store

__all__ = ["any_database", "postgres_server", "postgres_url", "store"]


@pytest.fixture
def database_url(any_database: str) -> str:
    return any_database


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()
