"""The aid: requests in words, exact properties, and what is never computed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.programme.calls import call_at
from actions.programme.facts import Facts
from actions.programme.rules import max_aid, rules_at
from actions.programme.simulation import Simulator
from actions.reading.territory.gazetteer import load_gazetteer

REQUESTS = yaml.safe_load(Path(__file__).with_name("requests.yaml").read_text(encoding="utf-8"))
DATA = Path(__file__).resolve().parents[2] / "data"
DAY = date(2020, 9, 1)
BUDGETS = st.decimals(1, 10**9, places=2)


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case["text"][:50])
def test_a_request_gets_what_the_rules_give(case: dict[str, Any], simulator: Simulator) -> None:
    said = simulator.simulate_text(case["text"], case.get("date", DAY)).to_json()
    assert (said["eligible"], said["max_aid_eur"]) == (case["eligible"], case["aid"]), said
    others = [case["other"]] if "other" in case else []
    assert [other["max_aid_eur"] for other in said["other_readings"]] == others
    if "budget" in case:
        assert said["budget_eur"] == case["budget"]


@given(budget=BUDGETS)
def test_the_aid_of_2020_is_half_floored_and_capped(facts: Facts, budget: Decimal) -> None:
    aid = max_aid(budget, rules_at(facts, DAY))
    assert aid.amount == min(budget * 100 // 200, 3_000_000)
    assert aid.amount * 2 <= budget
    assert (aid.other_reading is not None) == (budget > 3_000_000)
    assert aid.other_reading in (None, min(aid.before_ceiling, 1_500_000))


@given(budget=BUDGETS, more=BUDGETS, points=st.integers(20, 90))
def test_more_money_never_gives_less_aid(
    facts: Facts, budget: Decimal, more: Decimal, points: int
) -> None:
    for day, share in ((DAY, None), (date(2019, 5, 1), Decimal(points) / 100)):
        rules = rules_at(facts, day)
        assert max_aid(budget, rules, share).amount <= max_aid(budget + more, rules, share).amount


@given(budget=BUDGETS, points=st.integers(20, 90))
def test_the_aid_of_2019_stays_under_its_share_and_ceiling(
    facts: Facts, budget: Decimal, points: int
) -> None:
    aid = max_aid(budget, rules_at(facts, date(2019, 5, 1)), Decimal(points) / 100)
    assert aid.amount <= min(budget * points / 100, budget * Decimal("0.65"), 1_200_000)


@given(text=st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_gets_an_answer(simulator: Simulator, text: str) -> None:
    result = simulator.simulate_text(text, DAY)
    assert result.eligible in ("oui", "non", "a_preciser")
    assert result.reasons
    assert result.max_aid_eur is None or result.eligible != "non"


def test_reasons_are_french_and_sourced(simulator: Simulator) -> None:
    for case in REQUESTS:
        result = simulator.simulate_text(case["text"], case.get("date", DAY))
        for reason in result.reasons:
            assert not re.search(r"[{}]|None| [:;?!€%]", reason), reason
        assert result.sources or result.state.call is None


def test_a_closed_call_is_said_first(simulator: Simulator) -> None:
    said = simulator.simulate_text("notre PETR veut acheter 20 515 € de pass", date(2026, 11, 22))
    assert "fermé depuis le 15\u00a0octobre\u00a02020" in said.reasons[0]
    assert said.max_aid_eur == 10_257


def test_a_lone_commune_is_told_its_own_intercommunalite(simulator: Simulator) -> None:
    said = simulator.simulate_text("la ville de Nancy veut 30 000 € de pass", DAY)
    assert any("Métropole du Grand Nancy" in reason for reason in said.reasons)
    assert said.missing == ()


def test_winners_are_not_told_before_they_won(simulator: Simulator) -> None:
    early = simulator.simulate_text("notre PETR, 30 000 €, seniors, hub", date(2019, 5, 1))
    assert not any("Verdun" in reason for reason in early.reasons)


def test_both_ends_of_a_range_are_told(simulator: Simulator) -> None:
    said = simulator.simulate_text("entre 100 et 150 k€ pour notre agglo", DAY)
    told = " ".join(said.reasons).replace("\u00a0", " ")
    assert "50 000 €" in told
    assert "75 000 €" in told


def test_a_request_is_completed_by_later_messages(simulator: Simulator) -> None:
    request = simulator.read_request("combien d'aide pour notre PETR ?")
    assert simulator.simulate(request, DAY).missing == ("budget", "pic")
    request = request.completed(simulator.read_request("25000", expecting="budget"))
    request = request.completed(simulator.read_request("60", expecting="pic"))
    result = simulator.simulate(request, DAY)
    assert (result.eligible, result.max_aid_eur, result.missing) == ("oui", 12_500, ())


def test_a_sum_is_changed_while_the_publics_are_asked(simulator: Simulator) -> None:
    request = simulator.read_request("notre PETR veut 40 000 € de pass")
    changed = request.completed(simulator.read_request("en fait 30 000 €", expecting="pic"))
    assert simulator.simulate(changed, DAY).missing == ("pic",)
    for text in ("60 %", "60", "300 personnes sur 500", "la moitié", "oui"):
        request = changed.completed(simulator.read_request(text, expecting="pic"))
        assert simulator.simulate(request, DAY).max_aid_eur == 15_000, text


def test_every_kind_of_applicant_is_recognised_by_name_or_siren(simulator: Simulator) -> None:
    kinds = {}
    for text in ("SIREN 200046977", "SIREN 215704636", "SIREN 225700012", "Metz Métropole"):
        applicant = simulator.read_request(text).applicant
        assert applicant is not None
        kinds[text] = applicant.kind.id
    assert list(kinds.values()) == ["epci", "commune", "departement", "epci"]


def test_every_intercommunalite_is_found_by_name_and_by_siren(simulator: Simulator) -> None:
    for epci in load_gazetteer(DATA / "places").epcis.values():
        for text in (f"{epci.name} veut acheter 40 000 € de pass", f"SIREN {epci.siren}, 40 000 €"):
            said = simulator.simulate_text(text, DAY)
            assert said.max_aid_eur == 20_000, text
            assert said.request.applicant is not None
            assert said.request.applicant.label == epci.name


@pytest.mark.parametrize(
    ("day", "status", "deadline", "left"),
    [
        ("2019-05-01", "ouvert", "2019-05-31", 30),
        ("2019-12-01", "entre_deux", "2019-05-31", 0),
        ("2020-03-01", "ouvert", "2020-05-15", 75),
        ("2020-09-01", "prolonge", "2020-10-15", 44),
        ("2020-10-15", "prolonge", "2020-10-15", 0),
        ("2020-11-01", "clos", "2020-10-15", 0),
        ("2026-11-22", "clos", "2020-10-15", 0),
    ],
)
def test_the_state_of_the_calls(
    facts: Facts, day: str, status: str, deadline: str, left: int
) -> None:
    state = call_at(facts, date.fromisoformat(day))
    assert (state.status, state.deadline, state.days_left) == (
        status,
        date.fromisoformat(deadline),
        left,
    )
    assert state.sources


def test_before_the_first_call_nothing_is_computed(simulator: Simulator) -> None:
    said = simulator.simulate_text("EPCI 40 000 €", date(2019, 1, 1))
    assert (said.eligible, said.max_aid_eur, said.state.status) == ("a_preciser", None, "avant")
