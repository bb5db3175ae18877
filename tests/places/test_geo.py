"""Distances and folding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.geo import Point, distance_m
from actions.reading.fold import fold

points = st.builds(
    Point,
    st.floats(-90, 90, allow_nan=False),
    st.floats(-180, 180, allow_nan=False),
)


def test_metz_to_nancy_is_what_a_map_says() -> None:
    metz, nancy = Point(49.1193, 6.1757), Point(48.6921, 6.1844)
    assert distance_m(metz, nancy) == pytest.approx(47_500, rel=0.01)


def test_a_degree_of_latitude_is_111_km() -> None:
    assert distance_m(Point(0, 0), Point(1, 0)) == pytest.approx(111_195, abs=10)


@given(points, points)
def test_distance_is_symmetric_and_within_half_the_earth(a: Point, b: Point) -> None:
    there = distance_m(a, b)
    assert 0 <= there <= 20_015_200
    assert there == pytest.approx(distance_m(b, a), abs=1e-6)


@given(points)
def test_a_point_is_at_no_distance_of_itself(a: Point) -> None:
    assert distance_m(a, a) == 0


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("Vandœuvre-lès-Nancy", "vandoeuvre les nancy"),
        ("  ÉPINAL ", "epinal"),
        ("E\u0301pinal", "epinal"),
        ("Œuilly", "oeuilly"),
        ("Ærø", "aero"),
        ("L’Île-d’Yeu", "l ile d yeu"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=200))
def test_folding_is_idempotent_and_plain(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert all(c.isascii() and (c.isalnum() or c == " ") for c in once)
    assert once == " ".join(once.split())
