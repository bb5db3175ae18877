"""A call for projects is its facts: a third one, invented, needs no line of code."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from actions.programme.calls import calls
from actions.programme.simulation import Simulator, load_simulator
from actions.reading.territory.gazetteer import load_gazetteer
from tests.programme.conftest import DATA

OPEN = date(2027, 4, 1)

FACTS = """
- id: aap_2027.annonce
  description: Annonce de l'appel inventé
  unit: jour
  territory: France
  sources: [S2]
  values: {2027-03-01: 2027-03-01}
  reviewed: 2026-11-27
- id: aap_2027.date_limite
  description: Date limite de l'appel inventé
  unit: jour
  territory: France
  sources: [S2]
  values:
    2027-03-01: 2027-06-30
    2027-07-01: {value: null, sources: [S2]}
  reviewed: 2026-11-27
- id: aap_2027.part_etat
  description: Part de l'État, au plus
  unit: part
  territory: France
  sources: [S2]
  values: {2027-03-01: 0.6}
  reviewed: 2026-11-27
- id: aap_2027.plafond_aide
  description: Plafond de l'aide
  unit: euros
  territory: France
  sources: [S2]
  values: {2027-03-01: 40000}
  reviewed: 2026-11-27
- id: aap_2027.achat_min
  description: Achat minimum
  unit: euros
  territory: France
  sources: [S2]
  values: {2027-03-01: 5000}
  reviewed: 2026-11-27
"""
KINDS = """
commune:
  verdict: oui
  reason: "{{ label }} : en {{ call }}, une commune seule peut candidater."
  sources: [S2]
autres:
  verdict: non
  reason: "{{ label }} : en {{ call }}, seules les communes peuvent candidater."
  sources: [S2]
"""


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Simulator:
    """Return a simulator that knows the call of 2027, told by two files."""
    data: Path = tmp_path_factory.mktemp("data")
    shutil.copytree(DATA / "programme", data / "programme")
    (data / "programme" / "aap_2027.yaml").write_text(FACTS, encoding="utf-8")
    kinds = data / "programme" / "simulation" / "candidats_2027.yaml"
    kinds.write_text(KINDS, encoding="utf-8")
    return load_simulator(data, load_gazetteer(DATA / "places"))


def test_it_is_known_and_opens(simulator: Simulator) -> None:
    assert calls(simulator.facts) == (2019, 2020, 2027)
    assert simulator.state(OPEN).open
    assert simulator.state(OPEN).call == 2027
    assert simulator.state(date(2027, 7, 1)).status == "clos"
    assert simulator.state(date(2020, 12, 1)).status == "entre_deux"


def test_its_own_rules_compute(simulator: Simulator) -> None:
    result = simulator.simulate_text("notre commune achète 50 000 € de pass", OPEN)
    assert (result.eligible, result.max_aid_eur) == ("oui", 30_000)
    capped = simulator.simulate_text("notre commune achète 100 000 € de pass", OPEN)
    assert capped.max_aid_eur == 40_000
    assert simulator.simulate_text("notre commune achète 4 000 € de pass", OPEN).eligible == "non"


def test_its_own_kinds_apply(simulator: Simulator) -> None:
    result = simulator.simulate_text("notre communauté de communes achète 50 000 € de pass", OPEN)
    assert result.eligible == "non"
    assert any("seules les communes" in reason for reason in result.reasons)


def test_the_calls_before_it_are_still_computed(simulator: Simulator) -> None:
    said = "notre PETR achète 20 515 € de pass, la moitié pour des publics PIC, en 2020"
    assert simulator.simulate_text(said, OPEN).max_aid_eur == 10_257
    before = "notre syndicat mixte achète 300 000 € de pass en 2019"
    assert simulator.simulate_text(before, OPEN).aid_range == (60_000, 195_000)
