"""A name cut short is its town, or a question; never another town in silence."""

from __future__ import annotations

from collections import Counter

import pytest

from actions.reading.fold import fold
from actions.reading.territory.area import parse_area
from actions.reading.territory.gazetteer import ARRONDISSEMENT, Commune, Gazetteer
from actions.reading.territory.place_vocabulary import LINKS

TOWN = 2_000
"""Population from which towns are checked one by one."""
RIGHT = 0.95
SHORT_RIGHT = 0.98
MOST_SILENT = 3


@pytest.mark.parametrize(
    ("said", "town"),
    [
        ("Ramonville 31", "Ramonville-Saint-Agne"),
        ("Tardets", "Tardets-Sorholus"),
        ("Le Touquet", "Le Touquet-Paris-Plage"),
        ("Clerval", "Pays-de-Clerval"),
        ("Cosne sur Loire", "Cosne-Cours-sur-Loire"),
        ("Chamonix", "Chamonix-Mont-Blanc"),
        ("j'habite merlebach", "Freyming-Merlebach"),
        ("La Charité", "La Charité-sur-Loire"),
        ("F-54000", "Nancy"),
        ("54000 cours tablette", "Nancy"),
        ("cours tablette 54000", "Nancy"),
    ],
)
def test_a_short_name_is_its_town(gazetteer: Gazetteer, said: str, town: str) -> None:
    area = parse_area(said, gazetteer)
    assert (area.status, area.label) == ("found", town)


def test_a_longer_name_that_nothing_bears_is_a_question(gazetteer: Gazetteer) -> None:
    area = parse_area("Verdun sur la Zorn", gazetteer)
    assert area.status == "ambiguous"
    assert "Verdun-Ciel" in [one.label.partition(" (")[0] for one in area.candidates]


@pytest.mark.parametrize(
    ("said", "town"),
    [
        ("Vichy et alentours, dépanner mon ordinateur", "Vichy"),
        ("Cognac, quelqu'un pour mes comptes", "Cognac"),
        ("tours. une formation pas chère", "Tours"),
        ("Moulins dans l'Allier, pour la fibre", "Moulins"),
        ("69003, un rendez-vous possible ?", "Lyon 3e"),
        ("63000, une formation photo", "Clermont-Ferrand"),
        ("je viens de Nantes mais je vis à Gap", "Gap"),
        ("Le Chesnay près de Versailles", "Le Chesnay-Rocquencourt"),
        ("besac pour apprendre le clavier", "Besançon"),
        ("kemper", "Quimper"),
        ("jabite oxerre jvoudrai aprendre linternet", "Auxerre"),
        ("je vie a bezier et je parle mal", "Béziers"),
        ("saint gaudin en haute garonne", "Saint-Gaudens"),
        ("la Creuse de préférence, je conduis", "Creuse"),
        ("bordo le lundi", "Bordeaux"),
    ],
)
def test_a_town_beside_anything_else(gazetteer: Gazetteer, said: str, town: str) -> None:
    area = parse_area(said, gazetteer)
    assert (area.status, area.label) == ("found", town)


@pytest.mark.parametrize("said", ["mer", "long", "cours", "pont", "vert", "la mer"])
def test_an_everyday_word_alone_is_a_town_only_where_it_is_asked(
    gazetteer: Gazetteer, said: str
) -> None:
    assert parse_area(said, gazetteer).status == "unknown"


@pytest.mark.parametrize(("said", "town"), [("mer", "Mer"), ("long", "Long"), ("Mer", "Mer")])
def test_who_is_asked_for_a_town_says_one(gazetteer: Gazetteer, said: str, town: str) -> None:
    assert parse_area(said, gazetteer, asked=True).label == town


def test_two_who_live_apart_are_a_question(gazetteer: Gazetteer) -> None:
    area = parse_area("mon fils vit à Quimper, moi je suis à Rennes", gazetteer)
    assert area.status == "ambiguous"
    assert [one.label.partition(" (")[0] for one in area.candidates] == ["Rennes", "Quimper"]


@pytest.mark.parametrize(
    "said",
    [
        "Macron",
        "le président Macron",
        "Sarkozy",
        "c'est Valérie Dumont",
        "ma collègue Nancy demande un rendez-vous",
        "Nancy ma belle-sœur apprend la souris",
        "mon petit Billy joue trop",
        "c'est nice merci",
        "j'ai essayé troyes fois",
        "la pochette bordeaux de ma tablette est cassée",
        "ça marche",
        "ma demande numéro 12, elle avance ?",
        "y en aura-t-il une autre",
        "SOS",
        "je marche avec deux cannes",
        "l'Union européenne paie-t-elle ?",
    ],
)
def test_no_place_is_read_where_none_is_said(gazetteer: Gazetteer, said: str) -> None:
    assert parse_area(said, gazetteer).status == "unknown"


@pytest.mark.parametrize(
    "sentence",
    ["{name}", "je suis à {name}", "je suis à {small}", "cours tablette {name}", "{small} {code}"],
)
def test_a_name_of_four_letters_or_less(gazetteer: Gazetteer, sentence: str) -> None:
    """Every commune with such a name: it, or a question; another town only if far larger."""
    largest: dict[str, Commune] = {}
    for commune in gazetteer.communes.values():
        name = fold(commune.name)
        known = largest.get(name)
        if len(name) <= 4 and (known is None or commune.population > known.population):
            largest[name] = commune
    right = 0
    silent = []
    for small, commune in largest.items():
        said = sentence.format(name=commune.name, small=small, code=commune.departement)
        area = parse_area(said, gazetteer)
        right += commune.code in area.codes
        other = area.status == "found" and area.kind == "commune" and area.codes[0] != commune.code
        if other and gazetteer.communes[area.codes[0]].population < 100 * commune.population:
            silent.append(f"{said} → {area.label}")
    assert right >= SHORT_RIGHT * len(largest)
    assert len(silent) <= MOST_SILENT, silent


def test_the_only_beginning_of_its_kind_is_the_town(gazetteer: Gazetteer) -> None:
    """Every town of ``TOWN`` people or more, by the shortest words that begin only its name."""
    communes = [c for c in gazetteer.communes.values() if c.kind != ARRONDISSEMENT]
    words = {commune.code: fold(commune.name).split() for commune in communes}
    begun = Counter(" ".join(said[:n]) for said in words.values() for n in range(1, len(said) + 1))
    right = total = 0
    silent = []
    for commune in communes:
        said = words[commune.code]
        ends = [n for n in range(1, len(said)) if begun[" ".join(said[:n])] == 1]
        ends = [n for n in ends if said[n - 1] not in LINKS]
        if commune.population < TOWN or not ends:
            continue
        short = " ".join(said[: ends[0]]).title()
        area = parse_area(short, gazetteer)
        total += 1
        if area.status == "found" and area.codes[0] == commune.code:
            right += 1
        elif area.status == "found":
            silent.append(f"{short} → {area.label}")
    assert right >= RIGHT * total
    assert len(silent) <= MOST_SILENT, silent
