"""Small pure parts of the search for places."""

from __future__ import annotations

import pytest

from actions.geo import Point
from actions.handlers.lieux.phrases import of, warnings_of
from actions.handlers.lieux.search import Search
from actions.handlers.lieux.shown_places import which
from actions.places import place
from actions.places.place import Place

NAMES = ["Médiathèque du Saulcy", "Centre social des Roses", "Médiathèque Verlaine"]


@pytest.mark.parametrize(
    ("said", "index"),
    [
        ("les horaires du deuxième", 1),
        ("le 2e", 1),
        ("2", 1),
        ("le premier ?", 0),
        ("et la dernière", 2),
        ("numéro trois", 2),
        ("le centre social, c'est ouvert ?", 1),
        ("la médiathèque Verlaine", 2),
        ("la médiathèque", None),
        ("c'est ouvert le samedi ?", None),
        ("le 4", None),
        ("12 rue Verte", None),
    ],
)
def test_which_place_a_message_means(said: str, index: int | None) -> None:
    assert which(said, NAMES) == index


def test_only_places_that_were_shown_are_meant() -> None:
    assert which("le troisième", NAMES[:2]) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Metz", "de Metz"),
        ("Épinal", "d'Épinal"),
        ("Le Havre", "du Havre"),
        ("Les Abymes", "des Abymes"),
        ("Yvetot", "d'Yvetot"),
    ],
)
def test_de_before_a_name(name: str, said: str) -> None:
    assert of(name) == said


def test_a_search_comes_back_from_its_slot() -> None:
    search = Search(need="faire un CV", where="à Metz", candidates=(("Metz", "Metz 57000"),))
    assert Search.read(search.to_slot()) == search


@pytest.mark.parametrize("slot", [None, {}, {"unknown": 1}, {"where": "Metz", "zone": "x"}])
def test_an_absent_or_older_slot_is_a_new_search(slot: dict[str, object] | None) -> None:
    assert Search.read(slot) == Search()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, []),
        ({"access": (place.WALK_IN, place.PRESCRIBED)}, []),
        ({"access": (place.PRESCRIBED,)}, ["lieux.prescription"]),
        (
            {"access": (place.NO_PUBLIC,), "itinerance": (place.FIXED, place.ITINERANT)},
            ["lieux.sans_public", "lieux.se_deplace"],
        ),
    ],
)
def test_where_one_cannot_just_go(fields: dict[str, tuple[str, ...]], said: list[str]) -> None:
    one = Place(id="0" * 14, name="Bus", point=Point(49, 6), **fields)  # type: ignore[arg-type]
    assert list(warnings_of(one)) == said
