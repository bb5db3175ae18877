"""The language of a message, said only where it is sure."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from actions.reading.language import LANGUAGES, written_language
from bot.settings import PROJECT_ROOT
from nlu.components.language import detect_language

DATA = PROJECT_ROOT / "tests" / "nlu" / "data"
TALKS = PROJECT_ROOT / "tests" / "conversations" / "data"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("J'ai perdu mon pass, que faire ?", "fr"),
        ("I have lost my pass, what can I do?", "en"),
        ("He perdido mi pass, ¿qué puedo hacer?", "es"),
        ("Perdi o meu pass, o que posso fazer?", "pt"),
        ("Pass'imi kaybettim, ne yapmam lazım?", "tr"),
        ("لقد فقدت البطاقة، ماذا أفعل؟", "ar"),
        ("wach kayn chi 7ad y3awni", "ar"),
        ("Я потеряла пасс, что делать?", "ru"),
        ("hello", "en"),
        ("merci", "fr"),
        # What changes nothing: names, numbers, a word that several languages have, commands.
        ("ok", ""),
        ("Nevers", ""),
        ("06 12 34 56 78", ""),
        ("no", ""),
        ("👍", ""),
        ("", ""),
        ("/start", ""),
        ("/help", ""),
        ("pass", ""),
    ],
)
def test_it_is_said_only_where_it_is_sure(text: str, language: str) -> None:
    assert written_language(text) == language


def test_other_languages_are_never_mistaken_and_mostly_known() -> None:
    with (DATA / "languages.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    said = Counter((row["language"], written_language(row["text"])) for row in rows)
    assert {written for _, written in said} == {"", *LANGUAGES} - {"fr"}
    assert [pair for pair in said if pair[1] not in ("", pair[0])] == []
    unsure = sum(count for (_, written), count in said.items() if not written)
    assert unsure <= 0.1 * len(rows)


def test_french_is_never_taken_for_another_but_for_a_greeting() -> None:
    with (DATA / "test.tsv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file, delimiter="\t")]
    others = [text for text in texts if written_language(text) not in ("", "fr")]
    assert len(texts) > 500
    assert all(len(text.split()) <= 2 for text in others), others


def test_the_model_says_the_same_wherever_this_reader_is_sure() -> None:
    texts = []
    for path in sorted([*DATA.glob("*.tsv"), *TALKS.glob("*.tsv")]):
        with path.open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file, delimiter="\t") if "text" in row]
    sure = {text: written for text in texts if (written := written_language(text))}
    assert len(sure) > 1_000 and set(sure.values()) == set(LANGUAGES)
    assert [text for text, written in sure.items() if detect_language(text) != written] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_readers_know_the_same_languages(language: str) -> None:
    greetings = {
        "fr": "Bonjour, merci pour votre aide",
        "en": "Hello, thank you for your help",
        "ar": "شكرا على المساعدة",
        "tr": "Merhaba, yardım için teşekkürler",
        "pt": "Olá, obrigado pela ajuda, não sei",
        "es": "Hola, gracias por la ayuda, señor",
        "ru": "Спасибо за помощь",
    }
    assert written_language(greetings[language]) == detect_language(greetings[language]) == language
