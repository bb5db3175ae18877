from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.places.cards import card, distance_words
from actions.places.contact import normalise_phone, spoken_phone
from actions.places.directory import Found
from tests.places.samples import random_place


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (0, "moins de 100 m"),
        (120, "100 m"),
        (480, "500 m"),
        (812.3, "800 m"),
        (974, "950 m"),
        (980, "1 km"),
        (1_400, "1,4 km"),
        (2_010, "2 km"),
        (9_960, "10 km"),
        (12_345, "12 km"),
        (None, ""),
    ],
)
def test_distances_as_people_say_them(metres: float | None, words: str) -> None:
    assert distance_words(metres).replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_distance_to_the_commune_is_about() -> None:
    said = distance_words(3_400, approximate=True)
    assert said.replace("\N{NO-BREAK SPACE}", " ") == "environ 3 km"


def test_a_place_known_by_its_commune_is_never_said_to_be_next_door() -> None:
    assert distance_words(0, approximate=True) == "dans la commune"


@pytest.mark.parametrize(
    ("written", "departement", "phone", "spoken"),
    [
        ("03 87 00 00 00", "57", "+33387000000", "03 87 00 00 00"),
        ("+33387000000", "57", "+33387000000", "03 87 00 00 00"),
        ("0033 (0)3 87 00 00 00", "57", "+33387000000", "03 87 00 00 00"),
        ("03.87.00.00.00 / 06 00 00 00 00", "57", "+33387000000", "03 87 00 00 00"),
        ("387000000", "57", "+33387000000", "03 87 00 00 00"),
        ("0596 00 00 00", "972", "+596596000000", "05 96 00 00 00"),
        ("596000000", "972", "+596596000000", "05 96 00 00 00"),
        ("06 39 00 00 00", "976", "+262639000000", "06 39 00 00 00"),
        ("40 00 00", "988", "+687400000", "40 00 00"),
        ("03 87 00 00 01, 03 87 00 00 02", "57", "+33387000001", "03 87 00 00 01"),
        ("03 87 00 00 01 03 87 00 00 02", "57", "+33387000001", "03 87 00 00 01"),
        ("03 87 00 00 01-02", "57", "+33387000001", "03 87 00 00 01"),
        ("03 87 00 00 07 Poste 152", "57", "+33387000007", "03 87 00 00 07"),
        ("Lundi 9h 03 87 00 00 01 p. 23", "57", "+33387000001", "03 87 00 00 01"),
        ("387000001.0", "57", "+33387000001", "03 87 00 00 01"),
        ("3960 (Service 0,06 € / mn)", "57", "3960", "3960"),
        ("690000017", "971", "+590690000017", "06 90 00 00 17"),
        ("1 rue 57000", "57", "", ""),
        ("voir mairie", "57", "", ""),
        ("3960", "57", "3960", "3960"),
        ("sur place", "57", "", ""),
        ("", "", "", ""),
    ],
)
def test_telephones(written: str, departement: str, phone: str, spoken: str) -> None:
    assert normalise_phone(written, departement) == phone
    assert spoken_phone(phone) == spoken


def test_a_card_is_ready_to_show() -> None:
    place = replace(
        random_place(random.Random(1), 1),
        name="Médiathèque",
        address="1 rue de l'Exemple",
        postcode="57000",
        commune="Metz",
        departement="57",
        hours_osm="Mo-Fr 09:00-12:00",
        phone="+33387000000",
    )
    shown = card(Found(place, 812.4), datetime(2026, 11, 23, 9, tzinfo=UTC))
    assert shown.address == "1 rue de l'Exemple, 57000 Metz"
    assert shown.distance_m == 812
    assert shown.hours.replace("\N{NO-BREAK SPACE}", " ") == "ouvert jusqu'à 12 h"
    assert shown.phone == "03 87 00 00 00"
    assert f"{place.point.lat:.5f}" in shown.directions_url
    assert shown.directions_url.startswith("https://www.openstreetmap.org/")


@given(st.from_regex(r"(\+33 ?|0)[0-9]([ .]?[0-9]{2}){4}", fullmatch=True))
def test_a_plainly_written_telephone_is_what_the_library_reads(number: str) -> None:
    assert normalise_phone(number) == normalise_phone(f"{number} "), "a space goes the long way"
