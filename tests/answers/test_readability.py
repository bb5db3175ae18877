"""Answers can be read by people who struggle with reading."""

from __future__ import annotations

import re
from datetime import date
from statistics import mean

import pytest

from actions.answers import Answers
from tests.answers.conftest import DAYS

MEAN_WORDS = 12.0
"""Words in a sentence, on average over an answer."""
MAX_WORDS = 22
LONG = 12
"""Letters from which a word is long."""
MAX_LONG_SHARE = {"text": 0.10, "simpler": 0.10, "details": 0.16}

NEVER = re.compile(
    r"\b(nonobstant|susvisé|susmentionné|modalités?|dispositifs?|prestataires?|commanditaires?"
    r"|tiers-payeur|afférent|ledit|ladite|au titre de|en vertu de|dans le cadre|usagers?|impacter"
    r"|illettrisme|précarité|territorialisé|prescripteurs?|abonder|instruire)\b",
    re.IGNORECASE,
)
EXPLAINED = {
    "illectronisme": "difficulté à se servir du numérique",
    "labellisés?|label": r"reconnu|donn(e|ait) (le|ce) label|liste|moyen de faire labelliser|ferme",
    "CCAS": "aide sociale|Avant, chaque territoire|Pôle emploi",
    "allophones?": "autre langue|du mal",
    "dématérialisés": "n’existent pas sur papier",
    "au fil de l’eau": "dès",
    "convention": "contrat",
    "délibération": "vote|Avec|lettres",
    "plafond": "maximum",
    "liquidation": "ferme|gérait|payait|donnait|achetait",
    "scann": "lire le code",
    "opérateur": r"#APTIC|ne les connais pas",
}


def sentences(text: str) -> list[list[str]]:
    """Split a text in sentences, each a list of words; a bullet is a sentence."""
    parts = re.split(r"(?<=[.!?…])[\s\u00a0»)]+|[\u00a0 ]?:\s|\n+|[\u00a0 ];\s", text)
    words = [re.findall(r"[\w’'\-@/#]+", part.replace("\u00a0", "_")) for part in parts]
    return [found for found in words if found]


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_sentences_are_short_and_words_common(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        for part in ("text", "details", "simpler"):
            text = answers.render(topic, on, part).text
            where = f"{topic}, {part}, {on}"
            lengths = [len(sentence) for sentence in sentences(text)]
            assert mean(lengths) <= MEAN_WORDS, f"{where}: {mean(lengths):.1f}"
            assert max(lengths) <= MAX_WORDS, f"{where}: {max(lengths)}"
            words = re.findall(r"[a-zàâäçéèêëîïôöùûüÿœæ]+", text)
            long = [word for word in words if len(word) >= LONG]
            assert len(long) <= max(2, MAX_LONG_SHARE[part] * len(words)), f"{where}: {long}"


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_no_administrative_word_is_left_unexplained(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        for part in ("text", "simpler"):
            text = answers.render(topic, on, part).text
            found = NEVER.search(text)
            assert not found, f"{topic}, {on}: {found}"
            for word, explanation in EXPLAINED.items():
                if re.search(rf"\b{word}", text):
                    assert re.search(explanation, text), f"{topic}, {part}, {on}: {word}"


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_people_are_addressed_with_respect(answers: Answers, on: date) -> None:
    for topic in answers.topics:
        text = answers.render(topic, on).text
        assert not re.search(r"\b(tu|ton|ta|tes|toi)\b", text, re.IGNORECASE), topic
        assert not re.search(r"\b(simplement|il suffit|évidemment|bien sûr|facile)\b", text) or (
            topic == "reformuler"
        ), topic


def test_the_answer_comes_first(answers: Answers) -> None:
    """The first sentence of a yes-or-no question answers it."""
    today = date(2026, 11, 22)
    firsts = {
        "aap_date_limite": "On ne peut plus candidater",
        "programme_actualite": "Plus comme avant",
        "pass_validite": "Je ne peux pas vous promettre",
        "aap_eligibilite": "Plus personne",
        "pass_valeur": "Un pass vaut",
        "pass_cout": "C’était gratuit",
        "est_un_robot": "Je suis une machine",
        "structure_remboursement": "Je ne peux pas vous promettre",
    }
    for topic, first in firsts.items():
        assert answers.render(topic, today).text.startswith(first), topic
