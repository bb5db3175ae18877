"""What is said of the winners, and when."""

from __future__ import annotations

from datetime import date

from actions.programme.facts import Facts
from actions.programme.simulation import Simulator
from actions.programme.winners import winners_at

TODAY = date(2026, 11, 22)


def test_the_winners_of_the_grand_est(facts: Facts, simulator: Simulator) -> None:
    told = winners_at(facts, simulator.phrases, TODAY, region="44")
    assert [(w.name, w.aid_eur, w.purchase_eur) for w in told.winners] == [
        ("Moselle Fibre", 1_500_000, 3_500_000),
        ("PETR du Pays de Verdun", 10_257, 20_515),
        ("Eurométropole de Strasbourg", None, None),
    ]
    text = " ".join(told.sentences).replace("\u00a0", " ")
    assert "près de 1,5 million d’euros" in text
    assert "1 510" not in text
    assert [source.id for source in told.sources] == ["S1"]


def test_other_regions_are_not_known(facts: Facts, simulator: Simulator) -> None:
    told = winners_at(facts, simulator.phrases, TODAY, region="53")
    assert told.winners == ()
    assert "n’ai pas" in told.sentences[0]


def test_winners_are_told_once_they_are_known(facts: Facts, simulator: Simulator) -> None:
    assert winners_at(facts, simulator.phrases, date(2019, 5, 1)).winners == ()
    between = winners_at(facts, simulator.phrases, date(2020, 3, 1)).winners
    assert [winner.call for winner in between] == [2019]
