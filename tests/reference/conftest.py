from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Engine

from actions.places.gazetteer import Gazetteer, load_gazetteer
from actions.places.services import load_services
from actions.reference import Importer, SqlDirectory
from actions.reference.locator import Locator
from actions.reference.tables import open_engine
from bot.settings import PROJECT_ROOT
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

DATA = PROJECT_ROOT / "data" / "places"


@cache
def gazetteer() -> Gazetteer:
    return load_gazetteer(DATA)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def reference_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty reference database, of each kind that is served."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'a folder' / 'reference.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def engine(reference_url: str) -> Iterator[Engine]:
    engine = open_engine(reference_url)
    yield engine
    engine.dispose()


@cache
def locator() -> Locator:
    return Locator(gazetteer())


@pytest.fixture
def importer(engine: Engine) -> Importer:
    return Importer(engine, locator(), load_services(DATA))


@pytest.fixture
def directory(engine: Engine) -> SqlDirectory:
    return SqlDirectory(engine)
