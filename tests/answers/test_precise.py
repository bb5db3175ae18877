"""Precise answers: the right fact, and «oui» or «non» only against one."""

from __future__ import annotations

import re
from datetime import date

import pytest

from actions.answers import Answers
from actions.answers.precise import Precision, Precisions, load_precisions
from actions.programme.facts import Facts
from actions.reading.quantities.amounts import read_quantities
from actions.reading.question import read_question
from tests.answers.conftest import DAYS, FOLDER

TODAY = date(2026, 11, 27)
OPEN_2020 = date(2020, 3, 1)
EXTENDED = date(2020, 9, 1)
OPEN_2019 = date(2019, 5, 1)


@pytest.fixture(scope="module")
def precisions(facts: Facts) -> Precisions:
    return load_precisions(FOLDER, facts)


def ask(precisions: Precisions, topic: str, text: str, on: date = TODAY) -> Precision | None:
    return precisions.answer(read_question(text, read_quantities(text)), topic, on)


@pytest.mark.parametrize(
    ("asked", "on", "verdict", "holds"),
    [
        ("aap_date_limite: c'est bien le 15 mai 2020 la date limite ?", TODAY, "non", "15 octobre"),
        ("aap_date_limite: c'est bien le 15 mai 2020 ?", OPEN_2020, "oui", "15 mai"),
        ("aap_date_limite: clos depuis le 15/10, c'est ça ?", TODAY, "oui", "15 octobre 2020"),
        ("aap_date_limite: en 2019 c'était bien le 15 mai ?", TODAY, "non", "31 mai 2019"),
        ("aap_date_limite: la première date c'était bien le 15 mai ?", TODAY, "oui", "15 mai"),
        ("aap_date_limite: à quelle heure ça fermait en 2019 ?", TODAY, "", "17 h"),
        (
            "aap_date_limite: à quelle heure ça fermait en 2020 ?",
            TODAY,
            "ne_sait_pas",
            "15 octobre",
        ),
        ("aap_financement: le taux est de 60 %, non ?", TODAY, "non", "50 %"),
        ("aap_financement: en 2019, jusqu'à 65 %, exact ?", TODAY, "oui", "65 %"),
        (
            "aap_financement: le plafond de 2019 est de 3 millions d'euros ?",
            TODAY,
            "non",
            "1 200 000",
        ),
        ("aap_laureats: Verdun a touché 10 257 € ?", TODAY, "oui", "10 257"),
        ("aap_laureats: Verdun a touché 20 515 € ?", TODAY, "non", "10 257"),
        ("aap_publics: que veut dire PIC ?", TODAY, "", "investissement dans les compétences"),
        ("aap_presentation: un appel en 2027 ?", TODAY, "ne_sait_pas", "2027"),
        ("structure_labellisation: l'abonnement coûte 100 € ?", TODAY, "non", "77 €"),
        ("pass_valeur: un pass vaut 20 euros ?", TODAY, "non", "5 €"),
        ("pass_probleme: j'ai perdu mon carnet", TODAY, "ne_sait_pas", "numéro"),
    ],
)
def test_a_precise_question_gets_the_very_fact(
    precisions: Precisions, asked: str, on: date, verdict: str, holds: str
) -> None:
    said = ask(precisions, *asked.split(": ", 1), on)
    assert said is not None
    assert said.verdict == verdict
    assert holds in re.sub(r"\s", " ", said.text)
    assert said.sources
    assert len(said.text) <= 600


def test_two_calls_are_compared_side_by_side(precisions: Precisions) -> None:
    said = ask(
        precisions, "aap_financement", "qu'est-ce qui change entre 2019 et 2020 pour le taux ?"
    )
    assert said is not None
    text = re.sub(r"\s", " ", said.text)
    assert "65 %" in text
    assert "50 %" in text
    assert said.verdict == ""


def test_a_call_that_is_not_announced_yet_is_not_told(precisions: Precisions) -> None:
    said = ask(precisions, "aap_financement", "et en 2020 ce sera quel taux ?", OPEN_2019)
    assert said is not None
    assert said.verdict == "ne_sait_pas"


def test_a_general_question_gets_the_whole_answer(precisions: Precisions) -> None:
    assert ask(precisions, "aap_date_limite", "peut-on encore candidater ?") is None
    assert ask(precisions, "pass_definition", "c'est quoi le pass numérique ?") is None


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_nothing_written_begins_with_yes_or_no(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        for part in ("text", "details", "simpler"):
            text = answers.render(topic, on, part).text
            assert not re.match(r"(?i)(oui|non)\b", text), f"{topic}, {part}"


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_row_reads_well_on_its_own(precisions: Precisions, facts: Facts, on: date) -> None:
    at = facts.at(on)
    for row in precisions.rows:
        for call, entry in row.entries.items():
            if all(name in at for name in (*entry.text.facts, *entry.facts)):
                text = entry.text.render(at).text
                assert text.rstrip().endswith("."), (row.id, call)
                assert not re.match(r"(?i)(oui|non)\b", text), (row.id, call)
                assert len(text) <= 560, (row.id, call)
