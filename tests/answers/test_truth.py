"""What is said is true on its day: nothing still to come, nothing already over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from actions.answers import Answers
from tests.answers.conftest import DAYS

TODAY = date(2026, 11, 22)
PARTS = ("text", "details", "simpler")


def everything(answers: Answers, on: date) -> Iterator[tuple[str, str]]:
    for topic in answers.topics:
        for part in PARTS:
            yield f"{topic}, {part}", answers.render(topic, on, part).text
    for key in answers.keys:
        values = {name: "" for name in answers.values(key)}
        yield key, answers.words(key, on=on, **values)


@pytest.mark.parametrize(
    ("first_day", "words"),
    [
        (date(2020, 2, 6), r"\b2020\b"),
        (date(2020, 5, 16), r"Verdun|Moselle Fibre|octobre 2020|repoussée"),
        (date(2020, 11, 17), r"conseillers? numériques?"),
        (date(2021, 1, 1), r"\b2021\b|Vincennes"),
        (date(2023, 4, 1), r"France Numérique Ensemble|\b2023\b"),
        (date(2024, 1, 16), r"liquidation|ferme\b|France Travail|\b2024\b"),
        (date(2025, 5, 22), r"sénateur|\b2025\b"),
    ],
)
def test_nothing_is_said_before_it_happened(answers: Answers, first_day: date, words: str) -> None:
    for on in [*(day for day in DAYS if day < first_day), first_day - timedelta(days=1)]:
        for where, text in everything(answers, on):
            # the agency's own date is known a month before the call
            assert not re.search(words, re.sub(r"1er\sjanvier\s2020", "", text)), (
                f"{where}, {on}: {text}"
            )


@pytest.mark.parametrize(
    ("on", "starts", "holds"),
    [
        (date(2016, 1, 1), "À ce jour", "aucun pour le pass"),
        (date(2019, 5, 1), "Vous pouvez candidater", "31 mai 2019"),
        (date(2019, 5, 31), "Vous pouvez candidater", "aujourd’hui"),
        (date(2019, 9, 1), "On ne peut plus candidater", "31 mai 2019"),
        (date(2020, 3, 1), "Vous pouvez candidater", "15 mai 2020"),
        (date(2020, 5, 15), "Vous pouvez candidater", "aujourd’hui"),
        (date(2020, 9, 1), "Vous pouvez candidater", "15 octobre 2020"),
        (date(2020, 10, 15), "Vous pouvez candidater", "aujourd’hui"),
        (date(2020, 10, 16), "On ne peut plus candidater", "15 octobre 2020"),
        (date(2020, 11, 1), "On ne peut plus candidater", "15 octobre 2020"),
        (date(2023, 6, 1), "On ne peut plus candidater", "France Numérique Ensemble"),
        (TODAY, "On ne peut plus candidater", "liquidation"),
    ],
    ids=str,
)
def test_may_one_still_apply(answers: Answers, on: date, starts: str, holds: str) -> None:
    said = answers.render("aap_date_limite", on)
    text = said.text.replace("\u00a0", " ")
    assert text.startswith(starts)
    assert holds in text
    assert said.sources or on.year < 2019


def test_days_left_are_counted(answers: Answers) -> None:
    assert "44\u00a0jours" in answers.render("aap_date_limite", date(2020, 9, 1)).text
    assert "1\u00a0jour." in answers.render("aap_date_limite", date(2020, 10, 14)).text


@pytest.mark.parametrize("on", [d for d in DAYS if d > date(2020, 10, 15)], ids=str)
def test_nobody_is_invited_to_a_closed_call(answers: Answers, on: date) -> None:
    for where, text in everything(answers, on):
        assert not re.search(r"vous pouvez candidater|on peut candidater", text, re.I), where
    for topic in ("aap_eligibilite", "aap_financement", "aap_dossier", "aap_publics"):
        first = answers.render(topic, on).text.split("\n")[0]
        assert re.search(r"clos|ne peut", first), f"{topic}: {first}"


HOLDER = ("pass_definition", "pass_valeur", "pass_obtenir", "pass_beneficiaires", "pass_utiliser",
          "pass_services", "pass_cout", "pass_validite", "pass_probleme")  # fmt: skip


@pytest.mark.parametrize("on", [d for d in DAYS if d >= date(2024, 1, 16)], ids=str)
@pytest.mark.parametrize("topic", HOLDER)
def test_a_holder_is_never_told_that_a_pass_still_works(
    answers: Answers, topic: str, on: date
) -> None:
    text = answers.render(topic, on).text
    assert "liquidation" in text
    assert re.search(r"[Dd]emandez|[Aa]ppelez|Parlez-en|rien ne garantit", text)
    assert not re.search(
        r"(pass|il) (marche|est valable|fonctionne|est accepté)(?! encore\.? ?Reg)"
        r"|les lieux prennent",
        text.replace("que votre pass marche encore", ""),
    )


@pytest.mark.parametrize("topic", ["pass_validite", "pass_probleme", "pass_cout", "pass_obtenir"])
def test_today_there_is_always_a_free_way(answers: Answers, topic: str) -> None:
    said = answers.render(topic, TODAY)
    titles = [button.title for button in said.buttons]
    assert "Trouver une aide gratuite" in titles
    assert "Parler à quelqu’un" in titles


def test_two_readings_of_the_ceiling_are_both_said(answers: Answers) -> None:
    for on in (date(2020, 3, 1), date(2020, 9, 1), TODAY):
        text = answers.render("aap_financement", on).text
        assert "3\u00a0000\u00a0000\u00a0€" in text
        assert "1\u00a0500\u00a0000\u00a0€" in text


def test_both_counts_of_winners_are_said(answers: Answers) -> None:
    text = answers.render("aap_laureats", TODAY).text
    assert "47" in text
    assert "48" in text
    assert "près de 1,5\u00a0million d’euros" in text


@pytest.mark.parametrize(
    ("topic", "on"),
    [
        ("pass_valeur", TODAY),  # change given
        ("pass_probleme", TODAY),  # a lost pass
        ("aap_dossier", date(2020, 9, 1)),
        ("aap_instruction", date(2020, 9, 1)),
        ("programme_bilan", TODAY),
        ("structure_remboursement", date(2019, 5, 1)),
        ("aap_commander", date(2020, 9, 1)),
    ],
)
def test_what_is_not_known_is_said(answers: Answers, topic: str, on: date) -> None:
    assert re.search(
        r"[Jj]e ne (le )?sais pas|je ne les? connais pas", answers.render(topic, on).text
    )


def test_a_lone_commune_and_an_association_are_answered(answers: Answers) -> None:
    for on in (date(2019, 5, 1), date(2020, 9, 1)):
        text = answers.render("aap_eligibilite", on).text
        assert "Une commune seule ne le peut pas" in text
        assert "association n’est pas dans la liste" in text
