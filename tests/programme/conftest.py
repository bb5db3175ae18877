"""The real facts, gazetteer and simulator, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.programme.facts import Facts, load_facts
from actions.programme.simulation import Simulator, load_simulator
from actions.reading.territory.gazetteer import load_gazetteer

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def facts() -> Facts:
    return load_facts(DATA / "programme")


@pytest.fixture(scope="session")
def simulator() -> Simulator:
    return load_simulator(DATA, load_gazetteer(DATA / "places"))
