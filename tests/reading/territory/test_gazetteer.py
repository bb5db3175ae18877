"""The committed files of ``data/places``, and what is told when they are damaged."""

from __future__ import annotations

import csv
import gzip
import shutil
from collections import Counter
from pathlib import Path

import pytest

from actions.geo import Point, distance_m
from actions.reading.territory.gazetteer import (
    ARRONDISSEMENT,
    Gazetteer,
    GazetteerError,
    load_gazetteer,
)

PROJECT_ROOT = Path(__file__).resolve().parents[3]
FOLDER = PROJECT_ROOT / "data" / "places"
EXPECTED = PROJECT_ROOT.parent / "shared" / "directory" / "communes_gazetteer.csv.gz"


def test_all_of_france_is_there(gazetteer: Gazetteer) -> None:
    kinds = Counter(commune.kind for commune in gazetteer.communes.values())
    assert kinds == {"commune": 34_969, ARRONDISSEMENT: 45}
    assert len(gazetteer.departements) == 109
    assert len(gazetteer.regions) == 26
    epcis = Counter(epci.kind for epci in gazetteer.epcis.values())
    assert epcis == {"CC": 989, "CA": 230, "ME": 21, "CU": 14, "MET69": 1, "EPT": 11}


def test_every_code_that_is_referred_to_exists(gazetteer: Gazetteer) -> None:
    for commune in gazetteer.communes.values():
        assert commune.departement in gazetteer.departements
        assert commune.region == gazetteer.departements[commune.departement].region
        assert commune.region in gazetteer.regions
        assert not commune.epci_siren or commune.epci_siren in gazetteer.epcis
        assert commune.city in gazetteer.communes
        assert all(len(code) == 5 and code.isdigit() for code in commune.postcodes)
    for epci in gazetteer.epcis.values():
        assert epci.members
        assert all(code in gazetteer.communes for code in epci.members)
    for former in gazetteer.former:
        assert former.commune in gazetteer.communes
    for alias in gazetteer.aliases:
        known = {
            "commune": gazetteer.communes,
            "departement": gazetteer.departements,
            "region": gazetteer.regions,
        }[alias.kind]
        assert all(code in known for code in alias.codes), alias
        assert all(code in gazetteer.departements for code in alias.departements), alias


def test_communes_are_near_their_departement(gazetteer: Gazetteer) -> None:
    for commune in gazetteer.communes.values():
        # Guyane is 400 km long; territories outside any région share one point.
        reach = 400_000 if commune.departement == "973" else 160_000
        centre = gazetteer.departements[commune.departement].point
        assert distance_m(commune.point, centre) < reach, commune


def test_arrondissements_belong_to_their_city(gazetteer: Gazetteer) -> None:
    assert len(gazetteer.arrondissements("75056")) == 20
    assert len(gazetteer.arrondissements("69123")) == 9
    assert len(gazetteer.arrondissements("13055")) == 16
    assert gazetteer.arrondissements("57463") == ()
    assert gazetteer.communes["69383"].city == "69123"


def test_known_communes(gazetteer: Gazetteer) -> None:
    metz = gazetteer.communes["57463"]
    assert (metz.name, metz.departement, metz.region) == ("Metz", "57", "44")
    assert "57000" in metz.postcodes
    assert gazetteer.epcis[metz.epci_siren].name == "Metz Métropole"
    assert distance_m(metz.point, Point(49.1197, 6.1764)) < 1_000


@pytest.mark.parametrize("damage", ["missing", "truncated", "not gzip", "empty", "columns"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "places"
    shutil.copytree(FOLDER, folder)
    victim = folder / "communes.csv.gz"
    if damage == "missing":
        victim.unlink()
    elif damage == "truncated":
        victim.write_bytes(victim.read_bytes()[:50_000])
    elif damage == "not gzip":
        victim.write_text("<html>", encoding="utf-8")
    elif damage == "empty":
        victim.write_bytes(gzip.compress(b""))
    else:
        victim.write_bytes(gzip.compress(b"code,name\n57463,Metz\n"))
    with pytest.raises(GazetteerError, match="places"):
        load_gazetteer(folder)


@pytest.mark.skipif(not EXPECTED.exists(), reason="../shared is not beside the project")
def test_it_agrees_with_the_expected_gazetteer(gazetteer: Gazetteer) -> None:
    with gzip.open(EXPECTED, "rt", encoding="utf-8") as file:
        expected = {row["code_insee"]: row for row in csv.DictReader(file)}
    assert set(expected) == set(gazetteer.communes)
    far = 0
    for code, row in expected.items():
        commune = gazetteer.communes[code]
        assert commune.name == row["nom"]
        assert (commune.departement, commune.region) == (row["departement"], row["region"])
        assert commune.population == int(row["population"] or 0)
        assert sorted(commune.postcodes) == sorted(filter(None, row["codes_postaux"].split("|")))
        if commune.kind != ARRONDISSEMENT:  # the expected file leaves theirs empty
            assert commune.epci_siren == row["epci_siren"]
        if row["lat"] not in ("", "nan"):
            there = Point(float(row["lat"]), float(row["lon"]))
            gap = distance_m(commune.point, there)
            assert gap < 12_000 or commune.departement == "973" or code in ("13004", "33236")
            far += gap > 5_000
    # Town halls that lie outside their commune are replaced by its centre here.
    assert far < 600
