"""Properties of ``parse_area`` over the whole gazetteer, and its speed."""

from __future__ import annotations

import random
import string
from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.reading.fold import fold, strip_accents
from actions.reading.territory.area import Area, parse_area
from actions.reading.territory.gazetteer import Commune, Gazetteer


@pytest.fixture(scope="module")
def communes(gazetteer: Gazetteer) -> list[Commune]:
    return [c for c in gazetteer.communes.values() if c.kind == "commune" and "(" not in c.name]


@pytest.fixture(scope="module")
def unique(communes: list[Commune]) -> list[Commune]:
    bearers = Counter(fold(commune.name) for commune in communes)
    return [commune for commune in communes if bearers[fold(commune.name)] == 1]


def test_every_name_with_its_postcode_is_itself(
    gazetteer: Gazetteer, communes: list[Commune]
) -> None:
    homonyms = defaultdict(set)
    for commune in communes:
        for postcode in commune.postcodes:
            homonyms[fold(commune.name), postcode].add(commune.code)
    wrong = []
    for commune in communes:
        if not commune.postcodes or gazetteer.arrondissements(commune.code):
            continue
        postcode = commune.postcodes[0]
        area = parse_area(f"{commune.name} {postcode}", gazetteer)
        if area.status != "found" or not homonyms[fold(commune.name), postcode] & set(area.codes):
            wrong.append(commune.name)
    assert wrong in ([], ["Y"])


@pytest.mark.parametrize("write", [str, fold, str.upper, strip_accents])
def test_every_unique_name_is_itself_or_offered(
    gazetteer: Gazetteer, unique: list[Commune], write: object
) -> None:
    assert callable(write)
    # Asked where one is: out of the blue, «mer» is the sea.
    areas = {c: parse_area(write(c.name), gazetteer, asked=True) for c in unique}
    found = sum(area.status == "found" and area.codes == (c.code,) for c, area in areas.items())
    lost = [c for c, area in areas.items() if c.code not in area.codes]
    assert found >= 0.99 * len(unique)
    # A village that bears the short name of a town or the name of a foreign capital.
    assert len(lost) <= 0.002 * len(unique), [commune.name for commune in lost]
    assert all(commune.population < 5_000 for commune in lost)


def one_slip(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name) - 2)
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + letter + name[at:],
            name[:at] + letter + name[at + 1 :],
            name[:at] + name[at + 1] + name[at] + name[at + 2 :],
        ]
    )


def test_one_slip_in_a_town_is_mostly_forgiven(gazetteer: Gazetteer, unique: list[Commune]) -> None:
    chance = random.Random(20201015)
    towns = [c for c in unique if c.population >= 10_000 and len(c.name) >= 6]
    right = sum(
        town.code in parse_area(one_slip(strip_accents(town.name), chance), gazetteer).codes
        for town in towns
    )
    assert right >= 0.95 * len(towns), right / len(towns)


def test_every_departement_and_region_by_name_and_code(gazetteer: Gazetteer) -> None:
    for code, departement in gazetteer.departements.items():
        assert parse_area(f"le {code}", gazetteer).codes[:1] == (code,)
        area = parse_area(departement.name, gazetteer)
        same_name = code in ("75", "977", "978", "989") and area.departements == (code,)
        assert same_name or code in area.codes, departement
    for code, region in gazetteer.regions.items():
        area = parse_area(region.name, gazetteer)
        assert area.codes == (code,) or area.departements[0][:2] == "97" or code > "970"


def test_every_epci_by_its_name(gazetteer: Gazetteer) -> None:
    epcis = [epci for epci in gazetteer.epcis.values() if " " in epci.name]
    right = sum(parse_area(epci.name, gazetteer).codes == (epci.siren,) for epci in epcis)
    assert right >= 0.97 * len(epcis), right / len(epcis)


def test_a_choice_can_be_answered_by_its_own_button(gazetteer: Gazetteer) -> None:
    for text in ("Saint-Denis", "Clermont", "Boulogne", "Marly", "Vienne", "Sainte-Marie"):
        area = parse_area(text, gazetteer)
        assert area.status == "ambiguous"
        for candidate in area.candidates:
            again = parse_area(candidate.query, gazetteer)
            assert (again.status, again.codes) == ("found", candidate.codes)


def test_choices_are_worded_for_buttons(gazetteer: Gazetteer) -> None:
    labels = [candidate.label for candidate in parse_area("Vienne", gazetteer).candidates]
    assert labels == ["Vienne (Isère, 38200)", "Vienne (département)"]


def test_an_old_region_keeps_its_departements(gazetteer: Gazetteer) -> None:
    area = parse_area("en Alsace", gazetteer)
    assert (area.label, area.codes, area.departements) == ("Alsace", ("44",), ("67", "68"))


def test_a_shared_postcode_tells_its_communes(gazetteer: Gazetteer) -> None:
    area = parse_area("57420", gazetteer)
    assert area.kind == "postcode"
    assert all("57420" in gazetteer.communes[code].postcodes for code in area.communes)
    assert len(area.communes) > 5


def test_an_address_is_kept_for_a_geocoder(gazetteer: Gazetteer) -> None:
    area = parse_area("je suis au 12 bis rue des Clercs, 57000 Metz", gazetteer)
    assert area.address == "12 bis rue des Clercs, 57000 Metz"
    assert parse_area("Metz", gazetteer).address == ""


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_breaks_it(gazetteer: Gazetteer, text: str) -> None:
    area = parse_area(text, gazetteer)
    assert isinstance(area, Area)
    assert (area.status == "found") == (area.point is not None)
    assert (area.status == "ambiguous") == bool(area.candidates)


def long_texts(gazetteer: Gazetteer) -> list[str]:
    chance = random.Random(57)
    names = [commune.name for commune in gazetteer.communes.values()]
    common = sorted(gazetteer.words)
    gibberish = ["".join(chance.choices(string.ascii_lowercase, k=8)) for _ in range(400)]
    texts = [
        "a " * 2048,
        "saint " * 682,
        "à " + " à ".join(gibberish),
        " ".join(f"saint{word}" for word in gibberish),
        " ".join(chance.sample(names, 300)),
        " ".join(chance.sample(common, 600)),
        "x" * 4096,
        "1 " * 2048,
        "57000 " * 680,
        "rue de " * 580,
        "quatre vingt " * 300,
        "é" * 4096,
        "e\u0301" * 2048,
        "😀" * 4096,
        "saint denis dans le " * 200,
        "communauté de communes de " * 150,
        "s/" * 2048,
    ]
    return [text[:4096] for text in texts]


@pytest.mark.parametrize("which", range(17))
def test_the_longest_texts_are_read(gazetteer: Gazetteer, which: int) -> None:
    area = parse_area(long_texts(gazetteer)[which], gazetteer)
    assert area.status in ("found", "ambiguous", "ask_position", "unknown")
