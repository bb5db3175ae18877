"""The facts: their format, their sources, and what they say on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from actions.programme.errors import FactsError, NotYetKnownError, UnknownFactError
from actions.programme.facts import Facts, load_facts

PROGRAMME = Path(__file__).resolve().parents[2] / "data" / "programme"
FILES = sorted(p.name for p in PROGRAMME.glob("*.yaml") if p.name != "sources.yaml")
TODAY = date(2026, 11, 22)

SOURCES = "S1: {title: Communiqué, publisher: Préfecture, date: '2020', territory: Grand Est}\n"
FACT = """
- id: a.b
  description: Une part
  unit: part
  territory: France
  sources: [S1]
  values:
    2020-02-06: 0.5
    2020-10-16: null
  reviewed: 2026-11-22
"""


def _facts(folder: Path, text: str, sources: str = SOURCES) -> Facts:
    (folder / "sources.yaml").write_text(sources, encoding="utf-8")
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    return load_facts(folder)


@pytest.mark.parametrize("name", FILES)
def test_every_file_keeps_the_format(name: str, tmp_path: Path) -> None:
    text = (PROGRAMME / name).read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if "reading_of" not in line)
    known = _facts(tmp_path, text, (PROGRAMME / "sources.yaml").read_text(encoding="utf-8"))
    assert len(known) > 0


def test_every_source_is_used(facts: Facts) -> None:
    last = facts.at(TODAY)
    used = {source.id for fact in last.values() for source in fact.sources}
    first = facts.at(date(2020, 3, 1))
    used |= {source.id for fact in first.values() for source in fact.sources}
    assert used == set(facts.sources)


def test_what_is_not_known_says_so(facts: Facts) -> None:
    unknown = {name for name, fact in facts.at(TODAY).items() if fact.unknown}
    assert {"pass.perte", "pass.vol", "pass.monnaie", "pass.telephone"} <= unknown
    assert {"aap_2020.portail", "aap_2020.paiement", "lieux.delai_paiement"} <= unknown
    assert all(str(facts.at(TODAY)[name]) == "" for name in unknown)


def test_two_readings_of_the_ceiling_stand_side_by_side(facts: Facts) -> None:
    at = facts.at(date(2020, 9, 1))
    readings = at.readings("aap_2020.plafond_aide")
    assert at["aap_2020.plafond_aide"].number == 3_000_000
    assert [(r.number, r.sources[0].id) for r in readings] == [(1_500_000, "idcite_2020")]


@pytest.mark.parametrize(
    ("day", "written"),
    [
        ("2020-03-01", "15\u00a0mai\u00a02020"),
        ("2020-05-15", "15\u00a0mai\u00a02020"),
        ("2020-09-01", "15\u00a0octobre\u00a02020"),
        ("2026-11-22", "15\u00a0octobre\u00a02020"),
    ],
)
def test_the_deadline_of_2020_by_day(facts: Facts, day: str, written: str) -> None:
    assert str(facts.at(date.fromisoformat(day))["aap_2020.date_limite"]) == written


def test_a_rule_that_has_ended_keeps_its_last_value(facts: Facts) -> None:
    fact = facts.at(TODAY)["aap_2020.part_etat"]
    assert (fact.number, fact.in_force, fact.until) == (Decimal("0.5"), False, date(2020, 10, 15))


def test_an_event_to_come_is_not_known(facts: Facts) -> None:
    before = facts.at(date(2020, 9, 1))
    assert "depuis.aptic_liquidation" not in before
    with pytest.raises(NotYetKnownError):
        before["depuis.aptic_liquidation"]
    with pytest.raises(UnknownFactError):
        before["pas.la"]


def test_no_fact_spells_the_misprint(facts: Facts) -> None:
    every = " ".join(str(fact) for fact in facts.at(TODAY).values())
    assert "1 510 27" not in every.replace("\u00a0", " ")
    assert str(facts.at(TODAY)["laureats.grand_est_total"]).startswith("près de 1,5")


def test_facts_to_review_are_named(facts: Facts) -> None:
    assert facts.overdue(TODAY) == ()
    late = facts.overdue(date(2028, 1, 1))
    assert len(late) == len(facts)
    assert ("aap_2020.yaml", "aap_2020.part_etat", TODAY) in late


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("sources: [S1]", "sources: [S9]"), "S9"),
        (("  unit: part\n", "  unit: mètres\n"), "mètres"),
        (("id: a.b", "id: ab"), "id"),
        (("description: Une part", "description: ''"), "description"),
        (("reviewed: 2026-11-22", "reviewed: hier"), "reviewed"),
        (("2020-02-06: 0.5", "2020-02-06: oui"), "part"),
        (("2020-02-06: 0.5", "2020-02-06: null"), "nulle"),
        (("2020-10-16: null", "2019-10-16: null"), "désordre"),
        (("2020-10-16: null", "2020-02-06: 0.6"), "double"),
        (("  sources", "  colour: red\n  sources"), "colour"),
        (("  sources", "  value: 1\n  sources"), "un seul"),
        (("  sources", "  reading_of: c.d\n  sources"), "c.d"),
    ],
)
def test_a_broken_file_is_refused_by_name(
    tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    with pytest.raises(FactsError, match=problem) as refused:
        _facts(tmp_path, FACT.replace(*change))
    assert str(refused.value).startswith("a.yaml")
    assert "\n" not in str(refused.value)


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"a\.b"):
        _facts(tmp_path, FACT + FACT)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"sources\.yaml"):
        load_facts(tmp_path / "rien")
