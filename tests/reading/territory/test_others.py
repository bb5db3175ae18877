"""What is somebody's, something's or a town by another name."""

from __future__ import annotations

import pytest

from actions.reading.territory.area import parse_area
from actions.reading.territory.gazetteer import Gazetteer


@pytest.mark.parametrize(
    "said",
    [
        "Lourdes, ma cousine, voudrait une tablette",
        "voyez avec Orly, la secrétaire",
        "Gérard Blois, formateur",
        "la famille Dijon remercie l'équipe",
        "mon chien Milly aboie pendant la visio",
        "ma facture Orange est trop chère",
        "les paris hippiques me ruinent",
        "le logiciel Tulle ne démarre pas",
        "Apt à conduire, dit le médecin",
        "mon dossier n° 57000 est perdu",
        "le ticket 69003 est pour moi",
        "en somme il faut payer",
        "une sainte femme m'a aidée",
    ],
)
def test_a_name_of_something_else_is_no_place(gazetteer: Gazetteer, said: str) -> None:
    assert parse_area(said, gazetteer).status == "unknown"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("on vit à Sainté", "42218"),
        ("j'habite Olonne-sur-Mer", "85194"),
        ("château d'olonne", "85194"),
        ("Verdun-sur-le-Doubs", "71566"),
        ("digne 04", "04070"),
        ("carry 13", "13021"),
        ("je suis a carry", "13021"),
        ("je vis à villeurbane métro flachet", "69266"),
        ("35000, ville de l'Ille-et-Vilaine", "35238"),
        ("mt de marsan", "40192"),
        ("Cosne, celle de la Nièvre", "58086"),
        ("c'est à Béziés, Hérault", "34032"),
        ("porto vechio", "2A247"),
        ("Orange, chez ma mère", "84087"),
        ("mon dossier est à Nantes", "44109"),
        ("dossier caf 57000", "57463"),
    ],
)
def test_a_town_by_another_name(gazetteer: Gazetteer, said: str, code: str) -> None:
    area = parse_area(said, gazetteer)
    assert area.status == "found"
    assert code in (*area.codes, *area.communes)
