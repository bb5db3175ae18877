"""A mistake in a file is found when it is loaded, and named in one line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from actions.answers import AnswerFileError, load_answers
from actions.programme.facts import Facts
from tests.answers.conftest import FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "answers"))


def refused(folder: Path, facts: Facts) -> str:
    with pytest.raises(AnswerFileError) as caught:
        load_answers(folder, facts)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def change(folder: Path, **fields: object) -> None:
    path = folder / "pass_cout.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    for variant in data["variants"]:
        for name in fields:
            variant.pop(name, None)
    data.update(fields)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Un pass vaut {{ fact('pass.inconnu') }}.", "unknown fact: pass.inconnu"),
        ("Un pass vaut 10 euros.", "a figure that no fact gives"),
        ("Jusqu'en mai prochain.", "a figure that no fact gives"),
        ("Il en faut quatre.", "a figure that no fact gives"),
        ("L'État paie la moitié.", "a figure that no fact gives"),
        ("{% if %}", "unreadable template"),
        ("{{ fact('pass.cout') | secret }}", "unreadable template"),
        ("{{ fact(autre) }}", "only fact, known"),
        ("{{ ''.__class__() }}", "only fact, known"),
        ("{% include 'rien' %}", "unknown fragment: rien"),
        ("Bonjour {{ prenom }}.", "unknown value: prenom"),
        ("", "a text is expected"),
        (12, "a text is expected"),
    ],
)
def test_a_bad_template(folder: Path, facts: Facts, text: object, reason: str) -> None:
    change(folder, variants=[{"text": text}])
    message = refused(folder, facts)
    assert message.startswith("pass_cout.yaml: variant 1")
    assert reason in message


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"topic": "autre"}, "topic must be pass_cout"),
        ({"title": ""}, "title is missing"),
        ({"variants": []}, "a list of variants"),
        ({"variants": ["texte"]}, "fields are expected"),
        ({"variants": [{"simpler": "Oui."}]}, "text is missing"),
        ({"variants": [{"text": "Oui.", "when": "known('pass.cout')"}]}, "every variant but"),
        ({"variants": [{"text": "Oui."}, {"text": "Non."}]}, "every variant but"),
        ({"variants": [{"text": "Oui.", "date": "hier"}]}, "unknown field: date"),
        ({"couleur": "bleu"}, "unknown field: couleur"),
        ({"rests_on": ["pass.inconnu"]}, "unknown fact: pass.inconnu"),
        ({"follow_ups": ["pass_inconnu"]}, "unknown topic: pass_inconnu"),
        ({"follow_ups": [{"title": "Va", "payload": "/nulle_part"}]}, "unknown intent"),
        ({"follow_ups": [{"payload": "/aide"}]}, "a title is missing"),
        ({"follow_ups": [{"title": "Rien"}]}, "one of topic, payload, link"),
        ({"follow_ups": [{"title": "Carte", "link": "pass.inconnu"}]}, "unknown fact"),
        ({"follow_ups": [{"topic": "aide", "when": "known('rien.du_tout')"}]}, "unknown fact"),
        ({"follow_ups": "aide"}, "are lists"),
    ],
)
def test_a_bad_file(folder: Path, facts: Facts, fields: dict[str, object], reason: str) -> None:
    change(folder, **fields)
    message = refused(folder, facts)
    assert message.startswith("pass_cout.yaml")
    assert reason in message


def test_a_topic_without_its_file(folder: Path, facts: Facts) -> None:
    (folder / "pass_cout.yaml").unlink()
    assert refused(folder, facts) == "pass_cout.yaml: the file is missing"


def test_a_topic_listed_twice(folder: Path, facts: Facts) -> None:
    with (folder / "sujets.yaml").open("a", encoding="utf-8") as file:
        file.write("pass_cout: {family: citoyens}\n")
    assert refused(folder, facts) == "sujets.yaml: clé en double : pass_cout"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("citoyens", "a family is expected"),
        ("{rated: true}", "a family is expected"),
        ("{family: amis}", "unknown family: amis"),
        ("{family: citoyens, colour: red}", "unknown field: colour"),
        ("{family: citoyens, rated: peut-être}", "rated: 'peut-être' is not of the expected kind"),
        ("{family: citoyens, leads_to: ailleurs}", "leads_to and stays_in name a form"),
    ],
)
def test_a_bad_row_of_the_table(folder: Path, facts: Facts, row: str, reason: str) -> None:
    with (folder / "sujets.yaml").open("a", encoding="utf-8") as file:
        file.write(f"pass_cadeau: {row}\n")
    assert refused(folder, facts) == f"sujets.yaml: pass_cadeau: {reason}"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: [", b"- liste", b""])
def test_an_unreadable_file(folder: Path, facts: Facts, content: bytes) -> None:
    (folder / "pass_cout.yaml").write_bytes(content)
    assert refused(folder, facts).startswith("pass_cout.yaml: ")


def test_a_keyed_text_with_a_figure(folder: Path, facts: Facts) -> None:
    (folder / "lieux.yaml").write_text("trouves: Voici 3 lieux.\n", encoding="utf-8")
    assert refused(folder, facts).startswith("lieux.yaml: trouves: a figure")


def test_files_of_other_rooms_are_left_alone(folder: Path, facts: Facts) -> None:
    (folder / "autre.yaml").write_text("textes: {prix: 10 €}\n", encoding="utf-8")
    assert load_answers(folder, facts).topics
