from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from sqlalchemy import Engine

from actions.places.services import Needs, load_services
from actions.reading.territory.gazetteer import Gazetteer, load_gazetteer
from actions.reference import Importer, SqlDirectory
from actions.reference.locator import Locator
from actions.reference.tables import open_engine
from bot.settings import PROJECT_ROOT

DATA = PROJECT_ROOT / "data" / "places"


@cache
def gazetteer() -> Gazetteer:
    return load_gazetteer(DATA)


@pytest.fixture
def reference_url(any_database: str) -> str:
    return any_database


@pytest.fixture
def engine(reference_url: str) -> Iterator[Engine]:
    engine = open_engine(reference_url)
    yield engine
    engine.dispose()


@cache
def locator() -> Locator:
    return Locator(gazetteer())


@cache
def services() -> Needs:
    return load_services(DATA)


@pytest.fixture
def importer(engine: Engine) -> Importer:
    return Importer(engine, locator(), services())


@pytest.fixture
def directory(engine: Engine) -> SqlDirectory:
    return SqlDirectory(engine)
