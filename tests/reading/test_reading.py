"""One reading of a message: made once, shared by who asks again."""

from __future__ import annotations

import pytest

from actions.reading import Reader
from actions.reading.territory.gazetteer import Gazetteer


@pytest.fixture
def reader(gazetteer: Gazetteer) -> Reader:
    return Reader(gazetteer)


def test_who_asks_again_gets_the_same_reading(reader: Reader) -> None:
    first = reader.read("un atelier à Metz")
    assert reader.read("un atelier à Metz") is first
    assert reader.read("un atelier à Nancy") is not first


def test_the_facets_of_one_message(reader: Reader) -> None:
    reading = reader.read("Notre commune de Guéret achète 20 515 € de pass, quelle aide ?")
    assert reading.names_a_place
    assert reading.area.label.startswith("Guéret")
    assert [int(amount.high) for amount in reading.quantities.amounts] == [20515]
    assert not reading.says_yes
    assert not reading.cancels


def test_a_button_says_nothing(reader: Reader) -> None:
    reading = reader.read("")
    assert not reading.names_a_place
    assert not reading.wants_human
    assert not reading.quantities.amounts
