"""The one way to word: what is wrong with a file is found when it is loaded."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from actions.words import WordsError, load_words
from bot.helpdesk.console.sessions import FAILURES_WITHIN
from bot.helpdesk.tickets.states import REOPEN_WITHIN
from bot.settings import PROJECT_ROOT
from bot.web.transcript import KEPT

ANSWERS = PROJECT_ROOT / "data" / "answers"


def written(folder: Path, text: str) -> Path:
    path = folder / "mots.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sentences_are_said_with_values_as_they_are_given(tmp_path: Path) -> None:
    say = load_words(
        written(
            tmp_path,
            "textes:\n"
            '  a: "J\'ai entendu : « {{ texte }} »"\n'
            '  b: {c: "Oui{% if plus %}, et plus{% endif %} !"}\n',
        )
    )
    assert say("a", texte="l'an {{ x }} ?") == "J’ai entendu\u00a0: «\u00a0l'an {{ x }} ?\u00a0»"
    assert say("b.c", plus=True) == "Oui, et plus\u00a0!"
    assert say("b.c", plus=False) == "Oui\u00a0!"
    assert say["a"].needs == {"texte"}
    with pytest.raises(WordsError, match="il manque texte"):
        say("a", autre="x")
    with pytest.raises(KeyError):
        say("rien")


def test_blocks_leave_no_blank_line_and_nothing_is_escaped(tmp_path: Path) -> None:
    lines = ("Un.", "  {% if plus %}", "<b> {{ x }}", "  {% endif %}", "Fin.")
    text = "textes:\n  a: |\n" + "".join(f"    {line}\n" for line in lines)
    say = load_words(written(tmp_path, text))
    assert say("a", plus=True, x="<i>") == "Un.\n<b> <i>\nFin."
    assert say("a", plus=False, x="") == "Un.\nFin."
    with pytest.raises(WordsError) as caught:
        say("a")
    assert str(caught.value) == "mots.yaml, a : il manque plus, x"


def test_a_figure_is_shown_with_what_is_around_it(tmp_path: Path) -> None:
    text = "textes: {a: {b: Il faut attendre au moins neuf jours avant la réponse}}"
    with pytest.raises(WordsError) as caught:
        load_words(written(tmp_path, text))
    found = "t attendre au moins neuf jours ava"
    assert str(caught.value) == f"mots.yaml, a.b : un chiffre que rien ne donne : « {found} »"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("textes: {a: Il en faut 4}", "un chiffre que rien ne donne : « Il en faut 4 »"),
        ("textes: {a: la moitié}", "un chiffre que rien ne donne"),
        ("textes: {a: en octobre prochain}", "un chiffre que rien ne donne"),
        ('textes: {a: "{{ f() }}"}', "seuls des noms sont permis"),
        ("textes: {a: \"{{ 'x' }}\"}", "seuls des noms sont permis"),
        ('textes: {a: "{{ x | upper }}"}', "seuls des noms sont permis"),
        ('textes: {a: "oui {x}"}', "{x} s'écrit {{ x }}"),
        ('textes: {a: "{% if %}"}', "illisible"),
        ("textes: {a: un, a: deux}", "clé en double : a"),
        ("textes: {a: [un]}", "a : il faut un texte"),
        ("chiffres: [sept jours]\ntextes: {a: un jour}", "« sept jours » n'est plus dans"),
        ("- 1", "« textes » est attendu"),
        ("a: [", "mots.yaml"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(WordsError) as caught:
        load_words(written(tmp_path, text))
    assert reason in str(caught.value)
    assert str(caught.value).startswith("mots.yaml")
    assert "\n" not in str(caught.value)


def test_declared_figures_are_allowed(tmp_path: Path) -> None:
    say = load_words(written(tmp_path, "chiffres: [sept jours]\ntextes: {a: dans sept jours}"))
    assert say("a") == "dans sept jours"


def test_declared_figures_are_the_codes_own() -> None:
    def declared(name: str) -> list[str]:
        data = yaml.safe_load((ANSWERS / name).read_text(encoding="utf-8"))
        return list(data["chiffres"])

    assert REOPEN_WITHIN.days == 7
    assert timedelta(minutes=15) == FAILURES_WITHIN
    figures = ["sept jours", "quart d'heure", "deux nouveaux", "06 12 34 56 78"]
    assert declared("helpdesk.yaml") == figures
    assert KEPT.days == 1
    assert declared("web.yaml") == ["1 jour"]
