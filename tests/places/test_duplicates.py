from __future__ import annotations

from datetime import date

import pytest

from actions.geo import Point
from actions.places.duplicates import SourcedRecord, merge_all
from actions.places.place import Record


def record(name: str, **fields: object) -> Record:
    base: dict[str, object] = {
        "key": f"{name}{sorted(fields.items(), key=str)}",
        "source": "essai",
        "name": name,
        "address": "12 rue de l'Exemple",
        "postcode": "57000",
        "departement": "57",
        "point": Point(49.12, 6.18),
    }
    return Record(**(base | fields))  # type: ignore[arg-type]


def count(*records: Record) -> int:
    return len(merge_all([SourcedRecord("a.csv", one) for one in records]))


NEAR = Point(49.1206, 6.1802)  # about 70 m
STREETS_AWAY = Point(49.123, 6.18)  # about 330 m
FAR = Point(49.14, 6.18)  # about 2.2 km


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (record("Médiathèque du Saulcy"), record("MEDIATHEQUE SAULCY", point=NEAR)),
        (record("France services Metz"), record("MSAP de Metz-Nord", point=NEAR)),
        (record("Maison France Services"), record("France services de Metz")),
        (
            record("Centre social Nord", phone="+33387000000"),
            record("Centre social du Nord (Metz)", phone="+33387000000", point=STREETS_AWAY),
        ),
        (record("Ville de Metz"), record("Mairie de Metz", point=NEAR)),
        (record("Fablab de Metz"), record("FabLab Metz", point=STREETS_AWAY)),
        (record("Fablab"), record("Fablab", approximate=True, address="")),
    ],
)
def test_the_same_place(one: Record, other: Record) -> None:
    assert count(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (record("Mairie de Metz"), record("Médiathèque de Metz")),
        (record("Centre social 1"), record("Centre social 2")),
        (
            record("Médiathèque du Saulcy"),
            record("Médiathèque du Saulcy", point=FAR, address="1 r"),
        ),
        (record("Atelier bleu"), record("Espace emploi jeunes")),
        (
            record("Espace de Lux", address="Espace de Lux"),
            record("Espace de Saint-Rémy", address="Espace de Saint-Rémy"),
        ),
        (record("La Poste", departement="57"), record("La Poste", departement="54")),
    ],
)
def test_two_places(one: Record, other: Record) -> None:
    assert count(one, other) == 2


def test_what_is_recent_wins_and_nothing_is_lost() -> None:
    old = record(
        "Fablab Metz",
        updated=date(2020, 1, 1),
        labelled=True,
        email="a@example.org",
        services=("emploi",),
    )
    new = record(
        "FabLab de Metz", updated=date(2024, 1, 1), phone="+33387000000", services=("creation",)
    )
    [(place, members)] = merge_all([SourcedRecord("a.csv", old), SourcedRecord("b.csv", new)])
    assert place.name == "FabLab de Metz"
    assert (place.labelled, place.email, place.phone) == (True, "a@example.org", "+33387000000")
    assert place.services == ("creation", "emploi")
    assert place.updated == date(2024, 1, 1)
    assert len(members) == len(place.sources) == 2


def test_exact_coordinates_win_over_the_communes() -> None:
    vague = record("Fablab", approximate=True, updated=date(2024, 1, 1), point=FAR)
    exact = record("Fablab", updated=date(2020, 1, 1))
    [(place, _)] = merge_all([SourcedRecord("a.csv", vague), SourcedRecord("b.csv", exact)])
    assert place.point == exact.point
    assert not place.approximate
