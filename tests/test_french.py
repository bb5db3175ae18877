"""How French writes values and marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.french import (
    NBSP,
    clock,
    counted,
    day_of_year,
    enumeration,
    euros,
    french_date,
    french_month,
    french_number,
    percent,
    typeset,
)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Où êtes-vous ?", "Où êtes-vous\u00a0?"),
        ("Le prix : 5 €", "Le prix\u00a0: 5\u00a0€"),
        ("«oui»", "«\u00a0oui\u00a0»"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("l'aide", "l’aide"),
        ("20 000 €", "20\u00a0000\u00a0€"),
        ("voyez https://exemple.fr:8080/a?b", "voyez https://exemple.fr:8080/a?b"),
        ("une  fin. \n\n\n\n Deux", "une fin.\n\nDeux"),
    ],
)
def test_french_spacing(written: str, printed: str) -> None:
    assert typeset(written) == printed


@given(st.text(alphabet="ab 1€?!:;«»'\u00a0\n.", max_size=60))
def test_done_twice_is_done_once(text: str) -> None:
    assert typeset(typeset(text)) == typeset(text)


@given(st.text(alphabet="ab 1€?!:;«»'\n.", max_size=60))
def test_nothing_but_blanks_and_apostrophes_changes(text: str) -> None:
    assert "".join(typeset(text).split()) == "".join(text.replace("'", "’").split())


@pytest.mark.parametrize(
    ("write", "values", "expected"),
    [
        (french_number, [1255], "1 255"),
        (french_number, [Decimal("-1234567.50")], "−1 234 567,5"),
        (euros, [20_515], "20 515 €"),
        (euros, [Decimal("47350.5")], "47 350,50 €"),
        (euros, [Decimal("-12.5")], "−12,50 €"),
        (percent, [Decimal("0.125")], "12,5 %"),
        (french_date, [date(2019, 3, 1)], "1er mars 2019"),
        (day_of_year, [date(2020, 10, 15)], "15 octobre"),
        (day_of_year, [date(2020, 1, 1)], "1er janvier"),
        (french_month, [date(2020, 8, 31)], "août 2020"),
        (clock, [time(9)], "9 h"),
        (clock, [time(14, 5)], "14 h 05"),
        (clock, [time()], "minuit"),
        (clock, [time(0, 30)], "0 h 30"),
        (counted, [0, "jour"], "0 jour"),
        (counted, [Decimal("1.9"), "jour"], "1,9 jour"),
        (counted, [2, "jour"], "2 jours"),
        (counted, [2, "cheval", "chevaux"], "2 chevaux"),
    ],
)
def test_values_never_break_across_lines(
    write: Callable[..., str], values: list[Any], expected: str
) -> None:
    # Written in the test, not in its table: mutation testing sees what a test runs.
    assert write(*values) == expected.replace(" ", NBSP)


def test_names_are_joined() -> None:
    assert [enumeration(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a et b", "a, b et c",
    ]  # fmt: skip
    assert enumeration(["a", "b", "c"], "ou") == "a, b ou c"


@given(st.integers(-(10**15), 10**15))
def test_a_number_reads_back(value: int) -> None:
    assert int(french_number(value).replace(NBSP, "").replace("−", "-")) == value
