from __future__ import annotations

import random
from pathlib import Path

import pytest

from nlu.components import text as forms
from nlu.components.language import detect_language
from nlu.components.spelling import Speller


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("un chéquier haptique", "un chéquier aptic"),
        ("aptik", "aptic"),
        ("#APTIC", "aptic"),
        ("le pasnumerik", "le pass numérique"),
        ("Passe numeric", "pass numérique"),
        ("pass num svp", "pass numérique s'il vous plaît"),
        ("BONJOUR OÙ ALLER", "bonjour où aller"),
        ("ouiiiii !!!!", "oui !"),
        ("👍", "oui"),
        ("c est ou l atelier", "c'est ou l'atelier"),
        ("67000", "75012"),
        ("20 515 € de pass", "30 000 € de pass"),
        ("en 2020", "en 2020"),
    ],
)
def test_tidy_repairs_what_people_write(written: str, understood: str) -> None:
    assert forms.tidy(forms.clean(written)) == understood


@pytest.mark.parametrize(
    "plain",
    ["un mot de passe perdu", "numéro de passeport", "je passe demain", "optique", "passage"],
)
def test_tidy_leaves_look_alikes_alone(plain: str) -> None:
    assert forms.tidy(plain) == plain


def test_a_long_message_keeps_its_beginning_and_its_end() -> None:
    cleaned = forms.clean("début " + "x " * 5000 + "fin")
    assert len(cleaned) <= forms.MAX_CHARACTERS + 1
    assert cleaned.startswith("début")
    # What is read at all is bounded first: nobody's question is 14 000 characters away.
    assert len(forms.clean("y" * 10**6)) <= forms.MAX_CHARACTERS + 1


def test_any_characters_are_cleaned_without_error() -> None:
    rng = random.Random(7)
    for _ in range(500):
        text = "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(60)))
        cleaned = forms.clean(text)
        assert not any(ord(c) < 32 for c in cleaned)
        forms.fold(forms.tidy(cleaned))


def test_halves_are_cut_at_joints_only() -> None:
    parts = forms.halves("c'est quoi le pass et où je peux l'utiliser")
    assert parts == [("c'est quoi le pass", "où je peux l'utiliser")]
    assert forms.halves("et le samedi") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("où utiliser mon pass à Nevers ?", "fr"),
        ("cé koi", "fr"),
        ("57000", "fr"),
        ("", "fr"),
        ("where can I use the vouchers?", "en"),
        ("¿dónde puedo usar los cheques?", "es"),
        ("onde posso usar o passe?", "pt"),
        ("bu çeki nerede kullanabilirim", "tr"),
        ("где можно использовать чеки?", "ru"),
        ("أين أستعمل القسائم؟", "ar"),
    ],
)
def test_the_language_of_a_message(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.fixture(scope="module")
def speller() -> Speller:
    texts = ["où est mon chéquier numérique", "mon chéquier est valable", "le gérant de ferme"]
    return Speller.learn(texts * 5)


@pytest.mark.parametrize(
    ("written", "repaired"),
    [
        ("mon chequier numerique", "mon chéquier numérique"),
        ("mon chéqiuer", "mon chéquier"),
        ("il est valble", "il est valable"),
        ("à la ferme", "à la ferme"),
        ("c'est fermé", "c'est fermé"),
        ("vers vesoul", "vers vesoul"),
        ("sa3tayn", "sa3tayn"),
    ],
)
def test_single_errors_are_repaired_and_names_left(
    speller: Speller, written: str, repaired: str
) -> None:
    assert speller.repair(written) == repaired


def test_a_speller_without_word_lists_still_repairs(tmp_path: Path) -> None:
    assert Speller.learn(["mon chéquier"] * 3, tmp_path).repair("chequer") == "chéquier"


@pytest.mark.parametrize("part", ["c'est quoi", "où je peux l'utiliser", "ça vaut combien"])
def test_a_part_that_asks_is_a_question(part: str) -> None:
    assert forms.asks(part)


@pytest.mark.parametrize("part", ["je suis bénévole à Roubaix", "mon carnet est perdu"])
def test_a_part_that_tells_is_none(part: str) -> None:
    assert not forms.asks(part)
