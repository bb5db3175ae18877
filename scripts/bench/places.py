"""Measure the search for places: ``python -m scripts.bench.places [20000 1000000]``.

Synthetic places, clustered as the population of the communes is, in a throw-away SQLite
file. Each search is what a person waits for: index, database and all.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from actions.geo import Point
from actions.places import place
from actions.places.directory import Filters, Query
from actions.places.place import Place
from actions.places.services import SERVICE_IDS
from actions.reading.territory.gazetteer import ARRONDISSEMENT, Commune, Gazetteer, load_gazetteer
from actions.reference import SqlDirectory
from actions.reference.storage import publish, write_places
from actions.reference.tables import open_engine

DATA = Path(__file__).resolve().parents[2] / "data" / "places"
QUERIES = 2_000
HOURS = [
    f"{days} {morning}:00-12:00,14:00-{evening}:{minutes}; PH off"
    for days in ("Mo-Fr", "Tu-Sa", "Mo-Sa", "Mo,We,Fr", "Tu,Th", "We; Sa", "Mo-Th")
    for morning in ("08", "09", "10")
    for evening in ("16", "17", "18", "19")
    for minutes in ("00", "15", "30", "45")
] + ["", "sur rendez-vous"]
NOON = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
KINDS: dict[str, Callable[[random.Random], Filters]] = {
    "no filter": lambda rng: Filters(),
    "labelled": lambda rng: Filters(labelled=True),
    "service, saturday": lambda rng: Filters(
        services=frozenset({rng.choice(SERVICE_IDS)}), weekday=5
    ),
    "free, deaf, workshop": lambda rng: Filters(
        free=True, deaf=True, supports=frozenset({place.WORKSHOP})
    ),
    "open at noon": lambda rng: Filters(open_at=NOON),
    "open at night (nothing)": lambda rng: Filters(open_at=NIGHT),
}


def synthetic(size: int, gazetteer: Gazetteer, rng: random.Random) -> Iterator[Place]:
    """Yield ``size`` places, around communes drawn by their population."""
    communes = [c for c in gazetteer.communes.values() if c.kind != ARRONDISSEMENT]
    drawn = rng.choices(communes, [c.population + 50 for c in communes], k=size)
    for number, commune in enumerate(drawn):
        yield _place(number, commune, rng)


def _place(number: int, commune: Commune, rng: random.Random) -> Place:
    spread = 0.01 + min(0.05, commune.population / 4e7)

    def some(values: tuple[str, ...], share: float) -> tuple[str, ...]:
        return tuple(value for value in values if rng.random() < share)

    return Place(
        id=f"{number * 2654435761 % (1 << 56):014x}",
        name=f"Lieu {number}",
        address=f"{number % 200} rue de l'Exemple",
        postcode=commune.postcodes[0] if commune.postcodes else "",
        commune=commune.name,
        insee=commune.code,
        city=commune.code,
        departement=commune.departement,
        region=commune.region,
        point=Point(
            commune.point.lat + rng.gauss(0, spread), commune.point.lon + rng.gauss(0, spread)
        ),
        hours_osm=rng.choice(HOURS),
        labelled=rng.random() < 0.02,
        services=some(SERVICE_IDS, 0.3),
        supports=some(place.SUPPORTS, 0.4),
        care=some(place.CARE, 0.15),
        prices=some(place.PRICES, 0.4),
        programmes=some(place.PROGRAMMES, 0.1),
    )


def measure(directory: SqlDirectory, gazetteer: Gazetteer) -> None:
    """Print the median and 99th percentile of each kind of search.

    The processor's own time tells the cost apart from what other programs of the machine do.
    """
    rng = random.Random(1)
    communes = list(gazetteer.communes.values())
    directory.search(Query(point=communes[0].point))  # loads the index
    for name, kind in KINDS.items():
        taken, worked = [], []
        for commune in rng.choices(communes, [c.population + 50 for c in communes], k=QUERIES):
            point = Point(
                commune.point.lat + rng.gauss(0, 0.02), commune.point.lon + rng.gauss(0, 0.02)
            )
            query = Query(point=point, radius_m=30_000.0, filters=kind(rng))
            start, cpu = time.perf_counter(), time.thread_time()
            directory.search(query)
            taken.append((time.perf_counter() - start) * 1000)
            worked.append((time.thread_time() - cpu) * 1000)
        print(
            f"  {name:<24} {_centiles(taken)}   of the processor: {_centiles(worked)}", flush=True
        )


def search_medians(size: int, queries: int) -> float:
    """Return the median time of a search without filter among so many places, in milliseconds."""
    gazetteer, rng = load_gazetteer(DATA), random.Random(1)
    communes = list(gazetteer.communes.values())
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/bench.sqlite")
        fill(engine, synthetic(size, gazetteer, random.Random(size)))
        directory = SqlDirectory(engine)
        directory.search(Query(point=communes[0].point))  # loads the index
        taken = []
        for commune in rng.choices(communes, [c.population + 50 for c in communes], k=queries):
            start = time.perf_counter()
            directory.search(Query(point=commune.point, radius_m=30_000.0))
            taken.append((time.perf_counter() - start) * 1000)
        engine.dispose()
    return statistics.median(taken)


def _centiles(taken: list[float]) -> str:
    taken.sort()
    return f"p50 {taken[len(taken) // 2]:5.2f} ms  p99 {taken[len(taken) * 99 // 100]:5.2f} ms"


def fill(engine: Engine, places: Iterator[Place]) -> None:
    """Store places and publish them."""
    with engine.begin() as connection:
        write_places(connection, places)
        publish(connection, demonstration=False, at=datetime.now(UTC))


def main(sizes: list[int]) -> None:
    """Measure directories of these sizes."""
    gazetteer = load_gazetteer(DATA)
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            engine = open_engine(f"sqlite:///{folder}/bench.sqlite")
            places = synthetic(size, gazetteer, random.Random(size))
            start = time.perf_counter()
            fill(engine, places)
            print(f"{size} places (stored in {time.perf_counter() - start:.0f} s)", flush=True)
            start = time.perf_counter()
            directory = SqlDirectory(engine)
            directory.search(Query(point=Point(48.85, 2.35)))
            print(f"  index loaded in {time.perf_counter() - start:.2f} s", flush=True)
            measure(directory, gazetteer)
            engine.dispose()


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [20_000, 1_000_000])
