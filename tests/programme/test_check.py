"""``passerelle facts check``: every fault of the facts and calls, one clear line each."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actions.programme.check import check_programme
from tests.programme.conftest import DATA
from tests.programme.test_new_call import FACTS, KINDS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA / "programme", tmp_path / "programme"))


def replaced(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text, before
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def said(folder: Path) -> list[str]:
    lines = [str(fault) for fault in check_programme(folder)]
    assert not any("\n" in line for line in lines)
    return lines


def test_what_is_served_has_no_fault() -> None:
    assert said(DATA / "programme") == []


def test_every_fault_is_told_at_once(folder: Path) -> None:
    replaced(folder / "aap_2020.yaml", "unit: jour", "unit: mètres")
    replaced(folder / "pass.yaml", "reviewed: 2026", "reviewed: hier # 2026")
    replaced(folder / "bilan.yaml", "sources: [", "sources: [S99, ")
    (folder / "acteurs.yaml").write_text("a: [", encoding="utf-8")
    lines = said(folder)
    assert [line.split(":")[0] for line in lines] == [
        "aap_2020.yaml", "acteurs.yaml", "bilan.yaml", "pass.yaml",
    ]  # fmt: skip
    assert "unité inconnue : mètres" in lines[0]
    assert "illisible" in lines[1]
    assert "source inconnue : S99" in lines[2]
    assert "reviewed doit être un jour" in lines[3]


def test_a_source_without_use_or_address(folder: Path) -> None:
    path = folder / "sources.yaml"
    row = "X1: {title: Un titre, publisher: Quelqu'un, territory: France"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{row}}}\n", encoding="utf-8")
    assert said(folder) == ["sources.yaml: X1: aucun fait ne cite cette source"]
    path.write_text(f"{before}\n{row}, url: ici}}\n", encoding="utf-8")
    assert said(folder) == ["sources.yaml: X1: adresse illisible : ici"]


@pytest.mark.parametrize(
    ("left_out", "fault"),
    [
        ("part_etat", "aap_2027.part_etat: ce fait manque le jour de l'ouverture"),
        ("plafond_aide", "aap_2027.plafond_aide: ce fait manque le jour de l'ouverture"),
        ("annonce", "aap_2027.annonce: ce fait manque"),
        ("", ""),
    ],
)
def test_a_call_that_lacks_something(folder: Path, left_out: str, fault: str) -> None:
    rows = FACTS.split("\n- ")
    kept = [row for row in rows if not left_out or f"aap_2027.{left_out}\n" not in row]
    (folder / "aap_2027.yaml").write_text("\n- ".join(kept), encoding="utf-8")
    (folder / "simulation" / "candidats_2027.yaml").write_text(KINDS, encoding="utf-8")
    assert said(folder) == ([f"aap_2027.yaml: {fault}"] if fault else [])


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("commune:", "comune:", "comune: candidat inconnu de candidats.yaml"),
        ("  verdict: oui\n", "", "commune: il faut reason, sources, verdict"),
    ],
)
def test_who_may_apply_is_checked(folder: Path, before: str, after: str, fault: str) -> None:
    (folder / "aap_2027.yaml").write_text(FACTS, encoding="utf-8")
    path = folder / "simulation" / "candidats_2027.yaml"
    path.write_text(KINDS, encoding="utf-8")
    replaced(path, before, after)
    assert said(folder) == [f"candidats_2027.yaml: {fault}"]


def test_a_reason_asks_for_nothing_but_the_label(folder: Path) -> None:
    replaced(folder / "simulation" / "candidats.yaml", "{{ label }} :", "{{ nom }} :")
    assert any("valeur inconnue dans la raison : nom" in line for line in said(folder))
