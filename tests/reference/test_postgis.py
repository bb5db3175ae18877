"""PostGIS, a search of another make, finds the same nearest places."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from actions.geo import Point
from actions.places.directory import Filters, Query
from actions.reference import SqlDirectory
from actions.reference.postgis import prepare_postgis
from actions.reference.tables import open_engine
from tests.places.samples import TOWNS, random_place
from tests.reference.test_search import fill

pytestmark = pytest.mark.postgres

KNN = text(
    "SELECT id, ST_Distance(position, :here ::geography, false) FROM directory_place"
    " WHERE labelled OR NOT :labelled"
    " ORDER BY position <-> :here ::geography LIMIT 40"
)


@pytest.fixture
def postgis(postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(postgres_url)
    if not prepare_postgis(engine):
        pytest.skip("PostGIS is not installed (Debian: postgresql-15-postgis-3)")
    yield engine
    engine.dispose()


def test_postgis_finds_the_same(postgis: Engine) -> None:
    rng = random.Random(9)
    fill(postgis, [random_place(rng, number) for number in range(2_000)])
    directory = SqlDirectory(postgis)
    for turn in range(60):
        *_, lat, lon = rng.choice(TOWNS)
        here = Point(lat + rng.gauss(0, 0.2), lon + rng.gauss(0, 0.2))
        labelled = bool(turn % 2)
        query = Query(point=here, limit=10, filters=Filters(labelled=labelled))
        ours = [one.distance_m or 0.0 for one in directory.search(query).found]
        with postgis.connect() as connection:
            rows = connection.execute(
                KNN, {"here": f"POINT({here.lon} {here.lat})", "labelled": labelled}
            ).all()
        # the index orders on the ellipsoid: take some more, and compare on the sphere
        theirs = sorted(metres for _, metres in rows)[: len(ours)]
        assert theirs == pytest.approx(ours, rel=1e-6, abs=0.01)
