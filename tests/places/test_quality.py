"""How fresh, complete and free of doubles a directory is, counted by hand."""

from __future__ import annotations

from datetime import date

from actions.geo import Point
from actions.places.place import FREE, Place, SourceRef
from actions.places.quality import OLDER, UNDATED, measure

ON = date(2026, 11, 27)


def a_place(identifier: str, updated: date | None = ON, **fields: object) -> Place:
    said = {"name": f"Lieu {identifier}", "insee": "57463", "point": Point(49, 6)} | fields
    return Place(id=identifier, sources=(SourceRef("s", updated, "a.csv"),), **said)  # type: ignore[arg-type]


def test_ages_are_counted_to_the_day() -> None:
    days = [ON, date(2025, 11, 27), date(2025, 11, 26), date(2024, 11, 27), date(2020, 1, 1), None]
    days.append(date(2029, 2, 27))  # of tomorrow: no date
    quality = measure((a_place(str(n), day) for n, day in enumerate(days)), 7, ON)
    assert quality.ages == {"less_than_1_year": 2, "1_to_2_years": 2, OLDER: 1, UNDATED: 2}
    assert quality.latest == ON


def test_what_places_say_is_counted() -> None:
    places = [
        a_place("1", phone="+33387000000", hours_osm="Lun-Ven 9h-12h", prices=(FREE,)),
        a_place("2", hours_osm="selon la saison", approximate=True),
    ]
    said = measure(places, 5, ON)
    assert said.merged == 3
    assert said.said["hours"] == 2
    assert said.said["hours_understood"] == 1
    assert said.said["phone"] == said.said["price"] == said.said["exact_position"] == 1
    assert said.said["services"] == 0


def test_places_that_look_alike_are_counted() -> None:
    places = [
        a_place("1", name="Médiathèque"),
        a_place("2", name="MEDIATHEQUE"),
        a_place("3", name="Médiathèque", insee="54395"),  # another town
        a_place("4", phone="+33387000000"),
        a_place("5", phone="+33387000000"),
        a_place("6"),
        a_place("7"),  # neither says its telephone
    ]
    assert measure(places, 7, ON).alike == 4


def test_nothing_is_nothing() -> None:
    quality = measure((), 0, ON)
    assert (quality.places, quality.merged, quality.alike, quality.latest) == (0, 0, 0, None)
