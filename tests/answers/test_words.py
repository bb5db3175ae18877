"""Keyed texts: said with the caller's values, strict about what they need."""

from __future__ import annotations

import re
from datetime import date

import pytest

from actions.answers import AnswerFileError, Answers, UnknownAnswerError
from actions.answers.loader import KEYED_FILES
from tests.answers.conftest import DAYS, ROOT

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_key_is_a_short_text_at_every_date(answers: Answers, on: date) -> None:
    for key in answers.keys:
        values = {name: f"[{name}]" for name in answers.values(key)}
        text = answers.words(key, on=on, **values)
        assert 0 < len(text) <= 400, key
        assert "{" not in text, key
        if key.partition(".")[2].startswith(("bouton_", "critere_")):
            assert len(text) <= 40, f"{key}: {text}"
            assert "\n" not in text, key


def test_values_are_said(answers: Answers) -> None:
    said = answers.words("lieux.trouves", on=TODAY, lieux="3 lieux", zone="près de Metz")
    assert said == "Voici 3 lieux près de Metz."


def test_a_missing_value_is_an_error_not_a_hole(answers: Answers) -> None:
    with pytest.raises(AnswerFileError, match="zone"):
        answers.words("lieux.trouves", on=TODAY, lieux="3 lieux")


def test_what_a_person_wrote_is_never_a_template(answers: Answers) -> None:
    said = answers.words("lieux.zone_ambigue", on=TODAY, nom="{{ fact('x') }} {# rien #}")
    assert "{{ fact(’x’) }} {# rien #}" in said


def test_an_unknown_key_or_topic_is_an_error(answers: Answers) -> None:
    with pytest.raises(UnknownAnswerError, match="lieux\\.rien"):
        answers.words("lieux.rien", on=TODAY)
    for call in (answers.title, lambda topic: answers.render(topic, TODAY)):
        with pytest.raises(UnknownAnswerError):
            call("pass_inconnu")


def test_the_pass_is_promised_only_while_it_is_sure(answers: Answers) -> None:
    assert "prennent le pass" in answers.words("lieux.avis_pass", on=date(2020, 9, 1))
    today = answers.words("lieux.avis_pass", on=TODAY)
    assert "Ce n’est plus sûr" in today
    assert any("Sénat" in s.label for s in answers.words_sources("lieux.avis_pass", on=TODAY))


def test_demonstration_places_are_called_invented(answers: Answers) -> None:
    assert "inventés" in answers.words("lieux.avis_demonstration", on=TODAY)


@pytest.mark.parametrize("language", ["en", "ar", "tr", "pt", "es", "ru"])
def test_each_language_has_its_line_naming_the_button(answers: Answers, language: str) -> None:
    line = answers.words(f"langues.{language}", on=TODAY)
    assert answers.title("parler_humain").replace("'", "’") in line
    assert "\n" not in line


def test_every_key_that_the_code_names_exists(answers: Answers) -> None:
    named = set()
    for path in (ROOT / "actions" / "handlers").rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        named |= set(re.findall(rf'"((?:{"|".join(KEYED_FILES)})\.[a-z0-9_]+)"', code))
    assert "dialogue.panne" in named
    assert named <= set(answers.keys)


def test_a_contact_says_how_to_be_helped(answers: Answers) -> None:
    def contact(**said: str) -> str:
        names = "nom adresse telephone courriel site acces rendez_vous conditions reseaux avis"
        blank = dict.fromkeys(names.split(), "")
        return answers.words("lieux.contact", on=TODAY, **(blank | said))

    bare = contact(nom="Bus", adresse="Metz").split("\n")
    assert [line for line in bare if line] == ["Bus", "Metz"]
    full = contact(nom="Bus", acces="y aller, téléphoner", conditions="Être majeur", reseaux="Pix")
    assert "Pour être aidé, vous pouvez : y aller, téléphoner." in full.replace("\u00a0", " ")
    assert "Être majeur" in full
