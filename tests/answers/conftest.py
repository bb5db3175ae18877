from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from actions.answers import Answers, load_answers
from actions.programme.facts import Facts, load_facts

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "answers"
DAYS = [
    date(2016, 1, 1),  # nothing announced
    date(2019, 3, 1),  # the 2019 call, first day
    date(2019, 5, 1),
    date(2019, 5, 31),  # its last day
    date(2019, 6, 1),
    date(2019, 9, 1),  # between the calls
    date(2020, 2, 6),
    date(2020, 3, 1),  # 2020 call, first deadline
    date(2020, 5, 15),
    date(2020, 9, 1),  # extended
    date(2020, 10, 15),
    date(2020, 11, 1),  # closed
    date(2020, 12, 31),
    date(2023, 6, 1),  # closed, the operator still there
    date(2024, 1, 16),  # liquidation
    date(2024, 6, 1),
    date(2026, 11, 22),
    date(2031, 1, 1),
]


@pytest.fixture(scope="session")
def facts() -> Facts:
    return load_facts(ROOT / "data" / "programme")


@pytest.fixture(scope="session")
def answers(facts: Facts) -> Answers:
    return load_answers(FOLDER, facts)
