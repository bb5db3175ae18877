"""Rasa's own validation (`rasa data validate`), warnings as errors: domain, examples, rules."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from nlu.rasa_runtime import prepare

ROOT = Path(__file__).resolve().parents[2]
MECHANICS = {
    "clarifier",
    "incompris",
    "partager_position",
    "en_savoir_plus",
    "voir_carte",
    "recevoir_fiche",
    "rappeler_echeance",
}
"""Intents that buttons, front-ends and the tiers send: nobody writes them."""

CHECKS = (
    "verify_domain_validity",
    "verify_intents",
    "verify_example_repetition_in_intents",
    "verify_utterances_in_stories",
    "verify_forms_in_stories_rules",
    "verify_actions_in_stories_rules",
    "verify_slot_mappings",
    "verify_story_structure",
)
LENIENT = {"verify_domain_validity", "verify_slot_mappings"} | {c for c in CHECKS if "_rules" in c}
"""Checks that have no warnings to ignore."""


@pytest.fixture(scope="module")
def validator():
    prepare()
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    files = [str(ROOT / "data" / "nlu"), str(ROOT / "nlu" / "rules.yml")]
    config, domain = str(ROOT / "nlu" / "config.yml"), str(ROOT / "nlu" / "domain.yml")
    return Validator.from_importer(TrainingDataImporter.load_from_dict({}, config, domain, files))


@pytest.mark.parametrize("check", CHECKS)
def test_rasa_finds_nothing_to_warn_of(validator, check: str) -> None:
    strict = {} if check in LENIENT else {"ignore_warnings": False}
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert getattr(validator, check)(**strict)
    told = [str(w.message) for w in said if w.category is UserWarning]
    expected = {name for text in told for name in re.findall(r"The intent '(\w+)' is listed", text)}
    assert expected == (MECHANICS if check == "verify_intents" else set())
    assert [text for text in told if "is listed in the domain file" not in text] == []
