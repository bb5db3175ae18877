"""Exactly the nearest places that match: both databases against the brute-force oracle."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update

from actions.geo import Point
from actions.places.directory import Filters, Query
from actions.places.place import Place
from actions.reference import SqlDirectory, tables
from actions.reference.snapshot import Snapshot, SnapshotBuilder
from actions.reference.storage import publish, write_places
from tests import clock
from tests.places.brute import BruteDirectory
from tests.places.samples import random_place, random_query

METZ = Point(49.12, 6.18)


def snapshot_of(places: list[Place]) -> Snapshot:
    builder = SnapshotBuilder()
    for place in places:
        builder.add(place.id, place)
    return Snapshot.load(1, builder.build())


def fill(engine: Engine, places: list[Place]) -> None:
    with engine.begin() as connection:
        write_places(connection, places)
        publish(connection, demonstration=False, at=clock.now())


def expected(oracle: BruteDirectory, query: Query) -> tuple[list[tuple[str, float | None]], bool]:
    page = oracle.search(query)
    return [(one.place.id, one.distance_m) for one in page.found], page.more


@given(st.integers(0, 1 << 30), st.sampled_from([0, 1, 7, 8, 9, 64, 65, 700]))
@settings(max_examples=60, deadline=None)
def test_the_nearest_are_those_of_brute_force(seed: int, size: int) -> None:
    rng = random.Random(seed)
    places = [random_place(rng, number) for number in range(size)]
    snapshot, oracle = snapshot_of(places), BruteDirectory(places)
    for _ in range(40):
        query = random_query(rng)
        assert snapshot.search(query) == expected(oracle, query), query


def test_ten_thousand_queries_on_one_directory_are_those_of_brute_force() -> None:
    rng = random.Random(20)
    places = [random_place(rng, number) for number in range(400)]
    snapshot, oracle = snapshot_of(places), BruteDirectory(places)
    answered = 0
    for _ in range(10_000):
        query = random_query(rng)
        found = snapshot.search(query)
        assert found == expected(oracle, query), query
        answered += bool(found[0])
    assert answered > 3_000  # the comparison is not one of empty pages


def test_the_database_gives_the_same_as_brute_force(engine: Engine) -> None:
    rng = random.Random(4)
    places = [random_place(rng, number) for number in range(500)]
    fill(engine, places)
    directory, oracle = SqlDirectory(engine), BruteDirectory(places)
    for _ in range(300):
        query = random_query(rng)
        assert directory.search(query) == oracle.search(query)


def test_pages_never_repeat_and_miss_nothing(engine: Engine) -> None:
    rng = random.Random(5)
    places = [random_place(rng, number) for number in range(300)]
    fill(engine, places)
    directory = SqlDirectory(engine)
    by_offset, by_exclusion = [], []
    query = Query(point=METZ, limit=7)
    while True:
        page = directory.search(replace(query, offset=len(by_offset)))
        by_offset += [one.place.id for one in page.found]
        again = directory.search(replace(query, exclude=frozenset(by_exclusion)))
        by_exclusion += [one.place.id for one in again.found]
        if not page.more:
            break
    assert by_offset == by_exclusion
    assert sorted(by_offset) == sorted(place.id for place in places)


def test_a_departement_without_a_point_gives_its_places_without_distance(engine: Engine) -> None:
    rng = random.Random(6)
    places = [random_place(rng, number) for number in range(200)]
    fill(engine, places)
    query = Query(departements=frozenset({"57"}), limit=500)
    page = SqlDirectory(engine).search(query)
    assert {one.place.id for one in page.found} == {p.id for p in places if p.departement == "57"}
    assert all(one.distance_m is None for one in page.found)


def test_a_query_about_nowhere_is_an_error(directory: SqlDirectory) -> None:
    with pytest.raises(ValueError, match="point or an area"):
        directory.search(Query())


def test_an_empty_directory_answers(directory: SqlDirectory) -> None:
    assert directory.search(Query(point=METZ)).found == ()
    assert not directory.is_demonstration
    assert directory.stats().places == 0


def test_a_place_is_read_back_whole(engine: Engine) -> None:
    place = random_place(random.Random(1), 1)
    fill(engine, [place])
    assert SqlDirectory(engine).get([place.id, "ffffffffffffff"]) == [place]


def test_a_new_version_is_seen_at_once(engine: Engine) -> None:
    rng = random.Random(7)
    first, second = random_place(rng, 1), random_place(rng, 2)
    directory = SqlDirectory(engine)
    fill(engine, [first])
    assert directory.search(Query(point=METZ)).found[0].place == first
    fill(engine, [second])
    assert [one.place for one in directory.search(Query(point=METZ)).found] == [second]


def test_open_now_is_local_time_overseas() -> None:
    rng = random.Random(8)
    reunion = replace(
        random_place(rng, 1),
        departement="974",
        point=Point(-20.88, 55.45),
        hours_osm="Mo-Fr 09:00-12:00",
    )
    snapshot = snapshot_of([reunion])
    at_nine_there = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    query = Query(point=METZ, filters=Filters(open_at=at_nine_there))
    assert snapshot.search(query)[0]
    noon_in_paris = replace(query, filters=Filters(open_at=datetime(2026, 11, 23, 11, tzinfo=UTC)))
    assert not snapshot.search(noon_in_paris)[0]


def test_an_index_of_another_layout_is_built_again(engine: Engine) -> None:
    rng = random.Random(10)
    places = [random_place(rng, number) for number in range(50)]
    fill(engine, places)
    with engine.begin() as connection:
        connection.execute(
            update(tables.index_part)
            .where(tables.index_part.c.name == "lists")
            .values(data=b'{"layout": "ancien"}')
        )
    directory, oracle = SqlDirectory(engine), BruteDirectory(places)
    for _ in range(20):
        query = random_query(rng)
        assert directory.search(query) == oracle.search(query)
