"""The real gazetteer, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.reading.territory.gazetteer import Gazetteer, load_gazetteer

PROJECT_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return load_gazetteer(PROJECT_ROOT / "data" / "places")
