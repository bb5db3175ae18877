from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.answers.typography import typeset


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
