"""How French writes values and marks."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

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
    ("written", "expected"),
    [
        (french_number(1255), "1 255"),
        (french_number(Decimal("-1234567.50")), "−1 234 567,5"),
        (euros(20_515), "20 515 €"),
        (euros(Decimal("47350.5")), "47 350,50 €"),
        (percent(Decimal("0.125")), "12,5 %"),
        (french_date(date(2019, 3, 1)), "1er mars 2019"),
        (day_of_year(date(2020, 10, 15)), "15 octobre"),
        (french_month(date(2020, 8, 31)), "août 2020"),
        (clock(time(9)), "9 h"),
        (clock(time(14, 5)), "14 h 05"),
        (clock(time()), "minuit"),
        (clock(time(0, 30)), "0 h 30"),
        (counted(0, "jour"), "0 jour"),
        (counted(2, "cheval", "chevaux"), "2 chevaux"),
    ],
)
def test_values_never_break_across_lines(written: str, expected: str) -> None:
    assert written == expected.replace(" ", NBSP)


def test_names_are_joined() -> None:
    assert [enumeration(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a et b", "a, b et c",
    ]  # fmt: skip


@given(st.integers(-(10**15), 10**15))
def test_a_number_reads_back(value: int) -> None:
    assert int(french_number(value).replace(NBSP, "").replace("−", "-")) == value
