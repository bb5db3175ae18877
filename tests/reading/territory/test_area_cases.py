"""The list of ways to say where one is: ``area_cases.tsv``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.reading.territory.area import Area, parse_area
from actions.reading.territory.gazetteer import Gazetteer

CASES = Path(__file__).with_name("area_cases.tsv")


def read_cases() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [
        (text, expected)
        for line in lines
        if line and not line.startswith("#")
        for text, expected in [line.split("\t")]
    ]


def codes_meant(words: str, gazetteer: Gazetteer) -> tuple[str, str]:
    """Read «Metz (57)», «Lyon 3e», «dept 57»… as a kind and a code."""
    kind, _, code = words.partition(" ")
    kinds = {"dept": "departement", "region": "region", "postcode": "postcode", "epci": "epci"}
    if kind in kinds:
        return kinds[kind], code
    if match := re.fullmatch(r"(.+) \((\w+)\)", words):
        name, departement = match.groups()
        found = [
            commune.code
            for commune in gazetteer.communes.values()
            if commune.name == name and commune.departement == departement
        ]
    else:
        found = [
            commune.code
            for commune in gazetteer.communes.values()
            if commune.name == f"{words} Arrondissement"
        ]
    assert found, f"the case names no commune: {words}"
    return "commune", found[0]


def is_right(area: Area, expected: str, gazetteer: Gazetteer) -> bool:
    if expected in ("position", "inconnu"):
        return area.status == {"position": "ask_position", "inconnu": "unknown"}[expected]
    wanted = [codes_meant(each, gazetteer) for each in expected.removeprefix("? ").split(" | ")]
    if expected.startswith("? "):
        offered = {(each.kind, code) for each in area.candidates for code in each.codes}
        return area.status == "ambiguous" and offered.issuperset(wanted)
    return area.status == "found" and (area.kind, area.codes[0]) in wanted


@pytest.mark.parametrize(("text", "expected"), read_cases())
def test_a_way_to_say_where_one_is(text: str, expected: str, gazetteer: Gazetteer) -> None:
    area = parse_area(text, gazetteer)
    assert is_right(area, expected, gazetteer), f"{text!r}: {area}"


def test_the_list_is_long_enough_to_mean_something() -> None:
    cases = read_cases()
    assert len(cases) >= 300
    assert len({text for text, _ in cases}) == len(cases)
