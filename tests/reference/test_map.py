from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from actions.places.quality import measure
from actions.reference import Importer, SqlDirectory, open_directory
from actions.reference.coverage_map import coverage_of, reach_of, write_map
from tests.reference.conftest import DATA, gazetteer
from tests.reference.files import lieu, write_csv

FREE = "Gratuit : Je peux accéder gratuitement au lieu et à ses services"


@pytest.fixture
def written(importer: Importer, directory: SqlDirectory, tmp_path: Path) -> str:
    importer.load(
        write_csv(
            tmp_path / "<a&b>.csv",
            lieu("Gratuit", conditions_acces=FREE),
            lieu("Pass", latitude="49.2", pass_numerique="1"),
        )
    )
    path = tmp_path / "a folder" / "map.html"
    write_map(path, directory, gazetteer(), DATA, date(2026, 11, 22))
    return path.read_text(encoding="utf-8")


def test_the_map_counts_each_departement(written: str) -> None:
    row = re.search(r"<tr><td>Moselle \(57\)</td>(.*?)</tr>", written)
    assert row
    assert re.findall(r">([\d  ]+)</td>", row[1]) == ["2", "1", "1"]
    empty = re.search(r"<tr><td>Meuse \(55\)</td>(.*?)</tr>", written)
    assert empty
    assert "100" in empty[1]  # everyone there is far from free help
    assert 'class="none">0<' in empty[1]


def test_the_map_needs_no_network_and_trusts_no_file_name(written: str) -> None:
    assert not re.search(r"(?:src|href)=|url\(|@import|<script", written)
    assert "&lt;a&amp;b&gt;.csv" in written


def test_every_departement_has_a_shape(written: str) -> None:
    for departement in gazetteer().departements.values():
        if not departement.code.startswith(("97", "98")):
            assert f"<title>{departement.name.replace(chr(39), '&#39;')} (" in written


def test_a_demonstration_says_so(tmp_path: Path) -> None:
    directory = open_directory(f"sqlite:///{tmp_path / 'r.sqlite'}", DATA, gazetteer())
    path = tmp_path / "map.html"
    write_map(path, directory, gazetteer(), DATA, date(2026, 11, 22))
    assert "inventés" in path.read_text(encoding="utf-8")


def test_what_the_whole_country_has(
    importer: Importer, directory: SqlDirectory, tmp_path: Path
) -> None:
    rows = (
        lieu("Gratuit", conditions_acces=FREE),
        lieu("Gratuit", id="2"),
        lieu("Pass", latitude="48"),
    )
    importer.load(write_csv(tmp_path / "a.csv", *rows))
    reach = reach_of(coverage_of(directory, gazetteer()))
    assert reach.departements - reach.without_free == 1
    assert reach.departements == reach.without_label
    assert 90 < reach.far_percent <= 100
    assert reach.far < reach.population
    quality = measure(directory.each(), directory.rows(), date(2024, 2, 1))
    assert (quality.places, quality.rows, quality.merged) == (2, 3, 1)
    assert quality.ages["less_than_1_year"] == 2


def test_a_report_tells_the_quality_too(directory: SqlDirectory, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    lines = ["Fraîcheur : <bonne>"]
    write_map(path, directory, gazetteer(), DATA, date(2026, 11, 22), quality=lines)
    html = path.read_text(encoding="utf-8")
    assert "Qualité de l'annuaire" in html
    assert "Fraîcheur : &lt;bonne&gt;" in html
    assert "<svg" in html
