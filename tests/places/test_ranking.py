"""The places proposed are the best of all, against a brute force over every place."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.geo import Point, distance_m
from actions.places.directory import Filters, Found, Query
from actions.places.nearest import REACHES_M, propose
from actions.places.place import Place
from actions.places.ranking import Says, criteria, rank, standing
from tests.places.brute import BruteDirectory
from tests.places.samples import random_place

CENTRE = Point(46.2, 2.2)
SOME = [
    Filters(services=frozenset({"materiel"})),
    Filters(free=True, weekday=5),
    Filters(wheelchair=True),
    Filters(supports=frozenset({"atelier"}), services=frozenset({"emploi"})),
    Filters(language="arabe", free_help=True),
]


def near_centre(chance: random.Random, number: int) -> Place:
    spread = chance.choice((0.05, 0.4, 1.5))
    point = Point(CENTRE.lat + chance.uniform(-1, 1) * spread, CENTRE.lon + chance.gauss(0, spread))
    place = replace(random_place(chance, number), point=point)
    if chance.random() < 0.5:  # as in most directories
        place = replace(place, services=(), supports=(), prices=(), programmes=(), hours_osm="")
    return place


@pytest.mark.parametrize("filters", SOME, ids=range(len(SOME)))
@pytest.mark.parametrize("seed", range(12))
def test_windows_find_what_brute_force_finds(seed: int, filters: Filters) -> None:
    chance = random.Random(seed)
    places = [near_centre(chance, n) for n in range(chance.choice((3, 40, 300)))]
    got = propose(BruteDirectory(places), Query(point=CENTRE, filters=filters), about_pass=False)
    every = [Found(one, distance_m(CENTRE, one.point)) for one in places]
    within = [one for one in every if (one.distance_m or 0) <= got.reach_m]
    assert [one.found.place.id for one in got.ranked] == [
        one.found.place.id for one in rank(within, filters, 3)
    ]
    if not got.ranked:
        assert got.reach_m == REACHES_M[-1]
        assert all(
            standing(one.place, filters) is None
            for one in every
            if (one.distance_m or 0) <= REACHES_M[-1]
        )


@given(st.integers(0, 10_000), st.sampled_from(SOME), st.integers(1, 6))
def test_no_place_that_says_no_is_shown_and_costs_grow(
    seed: int, filters: Filters, limit: int
) -> None:
    chance = random.Random(seed)
    found = [Found(near_centre(chance, n), chance.uniform(0, 30_000)) for n in range(25)]
    shown = rank(found, filters, limit)
    assert len(shown) <= limit
    for one in shown:
        said = [criterion(one.found.place) for criterion in criteria(filters)]
        assert Says.NO not in said
        assert (one.standing.yes, one.standing.unknown) == (
            said.count(Says.YES),
            said.count(Says.UNKNOWN),
        )
    costs = [one.cost_m for one in shown[:-1]]  # the last may be a near one that says nothing
    assert costs == sorted(costs)


def test_a_list_that_could_not_name_a_need_is_silent_on_it() -> None:
    (told,) = criteria(Filters(services=frozenset({"securite"})))
    place = replace(random_place(random.Random(1), 1), services=("emploi",))
    assert told(place) is Says.UNKNOWN
    (told,) = criteria(Filters(services=frozenset({"materiel"})))
    assert told(place) is Says.NO


def test_of_two_needs_a_place_that_meets_one_is_worth_knowing() -> None:
    filters = Filters(services=frozenset({"materiel", "emploi"}))
    place = replace(random_place(random.Random(1), 1), services=("emploi",))
    assert sorted(told(place) for told in criteria(filters)) == [Says.UNKNOWN, Says.YES]


def test_the_missions_of_a_programme_are_not_what_the_place_says() -> None:
    hub = Place(id="a", name="France Services", point=CENTRE, services=("demarches",), implied=True)
    for need in ("demarches", "materiel"):
        said = standing(hub, Filters(services=frozenset({need})))
        assert said is not None
        assert not said.declared
    listed = replace(hub, implied=False)
    assert standing(listed, Filters(services=frozenset({"materiel"}))) is None
