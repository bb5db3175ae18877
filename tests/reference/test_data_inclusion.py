"""data·inclusion v1: structures and services, in one file or several, in any order."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.geo import Point
from actions.places import place
from actions.places.directory import Query
from actions.places.place import Place
from actions.reference import Importer, SqlDirectory
from tests.reference.files import as_csv, lieu, write_csv

METZ = Point(49.12, 6.18)


def structure(identifier: str = "dora--1", **fields: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "source": "dora",
        "nom": f"Structure {identifier}",
        "date_maj": "2026-03-01",
        "description": "Une association.",
        "adresse": "1 rue de l'Exemple",
        "code_postal": "57000",
        "commune": "Metz",
        "code_insee": "57463",
        "latitude": 49.12,
        "longitude": 6.18,
        "telephone": "+33387000000",
        "horaires_accueil": "Mo-Fr 09:00-12:00",
        "accessibilite_lieu": None,
        "reseaux_porteurs": None,
    } | fields


def service(identifier: str = "dora--10", of: str = "dora--1", **fields: Any) -> dict[str, Any]:
    return {
        "id": identifier,
        "structure_id": of,
        "source": "dora",
        "nom": f"Atelier {identifier}",
        "date_maj": "2026-05-02",
        "description": "Apprendre à se servir d'un ordinateur.",
        "thematiques": ["numerique--maitriser-les-fondamentaux-du-numerique"],
        "frais": "gratuit",
        "publics": ["tous-publics"],
        "modes_accueil": ["en-presentiel"],
        "conditions_acces": "Accepte le Pass numérique ; payant sans carte",
        "adresse": None,
        "code_postal": None,
        "commune": None,
        "latitude": None,
        "longitude": None,
        "horaires_accueil": None,
    } | fields


def write(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return str(path)


def places(directory: SqlDirectory) -> list[Place]:
    page = directory.search(Query(departements=frozenset({"57", "54"}), limit=50))
    return sorted((one.place for one in page.found), key=lambda one: one.name)


ONE_FILE = ("structure, service", "service, structure", "two lists", "nested", "wrapped", "csv")


@pytest.mark.parametrize("shape", ONE_FILE)
def test_a_structure_and_its_service_are_one_place(
    importer: Importer, directory: SqlDirectory, tmp_path: Path, shape: str
) -> None:
    one, other = structure(), service()
    content: Any = {
        "structure, service": [one, other],
        "service, structure": [other, one],
        "two lists": {"services": [other], "structures": [one]},
        "nested": {"items": [other | {"structure": one}], "total": 1},
        "wrapped": {"items": [{"service": other | {"structure": one}, "distance": 3}]},
        "csv": "",
    }[shape]
    if shape == "csv":
        flat = [
            {
                k: "" if v is None else str(v) if not isinstance(v, list) else json.dumps(v)
                for k, v in row.items()
            }
            for row in (one, other)
        ]
        path = tmp_path / "a.csv"
        path.write_text(as_csv(flat), encoding="utf-8")
        report = importer.load(str(path))
    else:
        report = importer.load(write(tmp_path / "a.json", content))
    assert (report.read, report.kept, report.places, report.merged) == (2, 2, 1, 1)
    [found] = places(directory)
    assert found.name == "Structure dora--1"
    assert found.services == ("ordinateur", "smartphone", "quotidien")
    assert found.prices == (place.FREE,)
    assert found.free
    assert found.hours_osm == "Mo-Fr 09:00-12:00"
    assert found.phone == "+33387000000"
    assert not found.labelled
    assert found.access_note == "Accepte le Pass numérique ; payant sans carte"
    assert found.updated == date(2026, 5, 2)


@pytest.mark.parametrize("order", list(itertools.permutations(["a", "b", "c"])))
def test_files_come_in_any_order(
    importer: Importer, directory: SqlDirectory, tmp_path: Path, order: tuple[str, ...]
) -> None:
    files = {
        "a": [structure("dora--1"), structure("dora--2", nom="Autre", adresse="9 rue du Puits")],
        "b": [service("s--1", "dora--1"), service("s--2", "dora--2", frais="payant")],
        "c": [service("s--3", "dora--1", thematiques=["numerique--acquerir-un-equipement"])],
    }
    for name in order:
        report = importer.load(write(tmp_path / f"{name}.json", files[name]))
    assert (report.places, report.merged, report.aside) == (2, 3, 0)
    other, one = places(directory)
    assert one.services == ("ordinateur", "smartphone", "quotidien", "equipement")
    assert other.prices == (place.PAID,)
    # A service that leaves its file leaves its place; the structure stays.
    importer.load(write(tmp_path / "c.json", [service("s--4", "dora--2")]))
    assert "equipement" not in places(directory)[1].services


@pytest.mark.parametrize(
    ("theme", "needs"),
    [
        ("numerique--acceder-a-des-services-en-ligne", ("demarches",)),
        ("numerique--acceder-a-une-connexion-internet", ("internet",)),
        ("numerique--acquerir-un-equipement", ("equipement",)),
        (
            "numerique--maitriser-les-fondamentaux-du-numerique",
            ("ordinateur", "smartphone", "quotidien"),
        ),
        ("numerique", ()),
        ("numerique--prendre-en-main-un-ordinateur", ("ordinateur",)),  # version 0
        ("numerique--s-equiper-en-materiel-informatique", ("equipement",)),
    ],
)
def test_themes_are_needs(
    importer: Importer,
    directory: SqlDirectory,
    tmp_path: Path,
    theme: str,
    needs: tuple[str, ...],
) -> None:
    rows = [structure(), service(thematiques=["mobilite", theme])]
    importer.load(write(tmp_path / "a.json", rows))
    assert places(directory)[0].services == needs


def test_what_services_say(importer: Importer, directory: SqlDirectory, tmp_path: Path) -> None:
    rows = [
        structure(reseaux_porteurs=["france-service", "aidants-connect", "communes"]),
        service(
            "s--1",
            frais="payant",
            modes_accueil=["en-presentiel", "a-distance"],
            modes_mobilisation=["telephoner", "utiliser-lien-mobilisation"],
            lien_mobilisation="https://rdv.example.org/",
            mobilisable_par=["usagers", "professionnels"],
            publics=["jeunes", "seniors"],
            horaires_accueil="Tu 14:00-16:00",
        ),
        # Of another trade: neither its price nor its hours are those of digital help.
        service("s--2", thematiques=["mobilite"], frais="gratuit", horaires_accueil="Sa 10:00+"),
    ]
    importer.load(write(tmp_path / "a.json", rows))
    [found] = places(directory)
    assert found.prices == (place.PAID,)
    assert found.supports == (place.REMOTE,)
    assert found.access == (place.CALL, place.BOOK)
    assert found.appointment_url == "https://rdv.example.org/"
    assert found.publics == ("Jeunes", "Seniors")
    assert found.hours_osm == "Tu 14:00-16:00"
    assert found.programmes == (place.FRANCE_SERVICES,)
    assert found.networks == (place.AIDANTS_CONNECT,)
    assert found.services == ("demarches", "ordinateur", "smartphone", "quotidien")


def test_services_of_several_hours_leave_those_of_the_door(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    rows = [
        structure(),
        service("s--1", horaires_accueil="Tu 14:00-16:00", mobilisable_par=["professionnels"]),
        service("s--2", horaires_accueil="We 14:00-16:00", mobilisable_par=["professionnels"]),
    ]
    importer.load(write(tmp_path / "a.json", rows))
    assert places(directory)[0].hours_osm == "Mo-Fr 09:00-12:00"
    assert places(directory)[0].access == (place.PRESCRIBED,)
    importer.load(write(tmp_path / "a.json", [*rows[:2], service("s--2")]))
    assert places(directory)[0].access == ()  # one of them is for all


def test_a_service_given_at_another_door_is_a_place_of_its_own(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    there = {
        "adresse": "3 rue du Pont",
        "code_postal": "54000",
        "commune": "Nancy",
        "latitude": 48.69,
        "longitude": 6.18,
    }
    rows = [structure(), service("s--1"), service("s--2", **there)]
    report = importer.load(write(tmp_path / "a.json", rows))
    assert (report.places, report.merged) == (2, 1)
    home, away = places(directory)
    assert (home.commune, away.commune) == ("Metz", "Nancy")
    assert away.name == "Structure dora--1 : Atelier s--2"
    assert away.phone == "+33387000000"
    assert away.hours_osm == ""  # those of the structure are of its own door
    importer.load(write(tmp_path / "a.json", [*rows, service("s--3", **there, frais="payant")]))
    away = places(directory)[1]
    assert away.name == "Structure dora--1"
    assert away.prices == (place.FREE, place.PAID)


def test_what_is_no_digital_help_is_kept_aside(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    rows = [
        structure("dora--1"),
        service("s--1", "dora--1", thematiques=["mobilite--acceder-a-un-vehicule"]),
        # Says nothing, of a source that gives the services of others; then ones that say.
        structure("dora--2", adresse="9 rue du Puits", latitude=49.13),
        structure("dora--5", nom="Espace numérique", adresse="2 rue du Lac", latitude=49.14),
        structure("dora--6", reseaux_porteurs=["aidants-connect"], adresse="3 rue du Lac"),
        structure("mn--7", source="mediation-numerique", adresse="4 rue du Lac"),
        # Says nothing, of a source whose services nobody gave.
        structure("soliguide--8", source="soliguide", adresse="5 rue du Lac"),
        service("s--3", "dora--3"),  # nowhere, of an unknown structure
        service("s--4", "dora--4", adresse="7 rue Haute", code_postal="57000", commune="Metz"),
    ]
    report = importer.load(write(tmp_path / "a.json", rows))
    assert (report.places, report.aside, report.merged, report.skipped) == (5, 4, 0, [])
    assert [one.name for one in places(directory)] == [
        "Atelier s--4",
        "Espace numérique",
        "Structure dora--6",
        "Structure mn--7",
        "Structure soliguide--8",
    ]
    # The structure of the one that was nowhere comes later, in another file.
    importer.load(write(tmp_path / "b.json", [structure("dora--3", adresse="2 rue Basse")]))
    late = next(one for one in places(directory) if one.name == "Structure dora--3")
    assert late.services == ("ordinateur", "smartphone", "quotidien")


def test_a_structure_known_in_another_directory_is_one_place(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    importer.load(write_csv(tmp_path / "a.csv", lieu("Association Exemple", pass_numerique="1")))
    rows = [structure(nom="ASSOCIATION EXEMPLE"), service()]
    report = importer.load(write(tmp_path / "b.json", rows))
    assert (report.places, report.merged) == (1, 2)
    [found] = places(directory)
    assert found.labelled
    assert found.services == ("ordinateur", "smartphone", "quotidien")
    assert {ref.origin for ref in found.sources} == {"a.csv", "b.json"}
