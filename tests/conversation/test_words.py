from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.reading.replies import cancels, says_no, says_yes, wants_human
from actions.words import WordsError, load_words
from bot.conversation.masking import mask
from bot.settings import PROJECT_ROOT
from tests.conversation.conftest import WORDING


@pytest.mark.parametrize(
    "text",
    [
        "je veux parler à quelqu'un",
        "Parler à un humain",
        "un conseiller svp",
        "UN CONSEILLER",
        "je voudrais une vraie personne",
        "est-ce que je peux avoir quelqu'un au téléphone",
        "joindre une personne",
        "parler a qqn",
        "Pouvez-vous me rappeler ? Rappelez-moi",
        "je veux être rappelée",
        "/parler_humain",
        "/humain",
    ],
)
def test_asking_for_a_person(text: str) -> None:
    assert wants_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "où utiliser mon pass à Metz ?",
        "c'est quoi un conseiller numérique près de chez moi",
        "quelles formations pour devenir conseiller",
        "il reste combien de conseillers numériques aujourd'hui ?",
        "bonjour",
        "qui a droit au pass",
        "ma mère retraitée peut-elle en avoir un",
        "",
    ],
)
def test_not_asking_for_a_person(text: str) -> None:
    assert not wants_human(text)


@pytest.mark.parametrize("text", ["oui", "Oui !", "ok", "d'accord", "oui merci", "je veux bien"])
def test_yes(text: str) -> None:
    assert says_yes(text) and not says_no(text) and not cancels(text)


@pytest.mark.parametrize("text", ["non", "Non merci.", "pas maintenant"])
def test_no(text: str) -> None:
    assert says_no(text) and not says_yes(text)


@pytest.mark.parametrize(
    "text",
    [
        *("annuler", "Annule !", "stop", "laissez tomber", "/annuler", "annuler ma demande"),
        *("non laisse tomber", "Non, rien", "en fait, j'ai plus besoin", "finalement pas la peine"),
    ],
)
def test_cancel(text: str) -> None:
    assert cancels(text)


@pytest.mark.parametrize(
    "text",
    [
        *("ma demande de pass a été annulée", "rien ne marche", "le lieu m'a laissé tomber"),
        *("j'ai plus besoin d'aide que ma voisine", "non", "je n'ai rien reçu"),
    ],
)
def test_what_only_sounds_like_cancelling_is_a_message(text: str) -> None:
    assert not cancels(text)


@given(st.text())
def test_wishes_take_any_text(text: str) -> None:
    wants_human(text), says_yes(text), says_no(text), cancels(text)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mon mail est a.b@c.fr merci", "mon mail est [courriel] merci"),
        ("06.12.34.56.78", "[téléphone]"),
        ("+33 6 12 34 56 78", "[téléphone]"),
        ("voir https://exemple.fr/x?y=1", "voir [lien]"),
        ("j'habite 12 rue des Lilas, à Metz", "j'habite [adresse], à Metz"),
        ("je m'appelle Jeanne Martin et je cherche", "je m'appelle Jeanne Martin et je cherche"),
        ("Mme Dupont a un pass", "[nom] a un pass"),
        ("sécu 2 85 05 57 463 123 45", "sécu [numéro]"),
        ("20 515 € de pass à 57000 Metz", "20 515 € de pass à 57000 Metz"),
        ("3 500 000 € pour 350000 passes", "3 500 000 € pour 350000 passes"),
    ],
)
def test_masking(text: str, masked: str) -> None:
    if "appelle" in text:
        assert "Jeanne" not in mask(text) and "je cherche" in mask(text)
    else:
        assert mask(text) == masked


@given(
    st.text(string.ascii_lowercase + " ", max_size=30),
    st.lists(st.integers(0, 99), min_size=4, max_size=4),
    st.sampled_from([" ", ".", "-", ""]),
    st.integers(1, 9),
)
def test_no_phone_number_survives(text: str, pairs: list[int], between: str, first: int) -> None:
    number = between.join([f"0{first}", *(f"{pair:02}" for pair in pairs)])
    assert number not in mask(f"{text} {number} {text}")


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


def test_words_are_short_and_french_typography_is_kept() -> None:
    for key, sentence in WORDING.items():
        text = WORDING(key, **{name: "…" for name in sentence.needs})
        assert len(text) <= 600, key
        assert not re.search(r" [?!:;»]|« |'", text), key


def test_every_word_used_by_the_code_exists_and_none_is_left_over() -> None:
    source = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("bot/conversation", "bot/telegram", "bot/web")
        for path in (PROJECT_ROOT / folder).glob("*.py")
    )
    assert [key for key in WORDING if f'"{key}"' not in source] == []
    assert [key for key in WORDING.menus if f'"{key}"' not in source] == []
    for key in re.findall(r'(?:say|wording)\("(\w+)"', source):
        assert key in WORDING


def test_a_file_that_is_not_wording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mecanique.yaml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(WordsError):
        load_words(tmp_path / "mecanique.yaml")
