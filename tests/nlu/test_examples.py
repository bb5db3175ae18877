from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from nlu.components.text import fold
from nlu.components.topic_model import Example
from nlu.examples import InvalidExamplesError, read_folder, read_table

ROOT = Path(__file__).resolve().parents[2]
TEST_FILES = sorted((ROOT / "tests" / "nlu" / "data").glob("*.tsv"))
MECHANICS = {
    "clarifier", "incompris", "partager_position", "en_savoir_plus", "voir_carte",
    "recevoir_fiche", "rappeler_echeance", "demarrer",
}  # fmt: skip
INFORMATIONAL = ("pass_", "aap_", "programme_", "structure_", "lieu_")


def words(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())


def test_every_topic_has_enough_examples(examples: list[Example]) -> None:
    count = Counter(e.topic for e in examples)
    assert min(n for t, n in count.items() if t.startswith(INFORMATIONAL)) >= 150
    assert min(count["trouver_lieu"], count["hors_sujet"]) >= 400
    assert min(count.values()) >= 60


def test_examples_and_domain_agree(examples: list[Example]) -> None:
    domain = yaml.safe_load((ROOT / "nlu" / "domain.yml").read_text("utf-8"))
    declared = {i if isinstance(i, str) else next(iter(i)) for i in domain["intents"]}
    assert {e.topic for e in examples} <= declared
    assert declared - {e.topic for e in examples} <= MECHANICS


def test_no_message_has_two_labels(examples: list[Example]) -> None:
    labels: dict[tuple[str, str], str] = {}
    for example in examples:
        key = (example.previous, words(example.text) or example.text)
        assert labels.setdefault(key, example.topic) == example.topic, example


def test_the_test_part_is_never_learned_from(examples: list[Example]) -> None:
    learned = {(e.previous, words(e.text)) for e in examples}
    for path in TEST_FILES:
        for example in read_table(path):
            text = words(example.text)
            if len(text.split()) > 2:  # «merci beaucoup» belongs to nobody
                assert (example.previous, text) not in learned, example


def test_the_test_part_covers_every_topic(examples: list[Example]) -> None:
    count = Counter(e.topic for e in read_table(ROOT / "tests" / "nlu" / "data" / "test.tsv"))
    # «urgence» has a test part of its own, with what only looks like a danger.
    assert set(count) == {e.topic for e in examples} - {"urgence"}
    assert min(count.values()) >= 20


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "first line"),
        ("a\tb\nx\ty\n", "first line"),
        ("topic\ttext\n", "no labelled"),
        ("topic\ttext\nx\n", "line 2"),
    ],
)
def test_a_bad_table_is_said_in_one_line(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "x.tsv").write_text(content, "utf-8")
    with pytest.raises(InvalidExamplesError, match=said) as caught:
        read_table(tmp_path / "x.tsv")
    assert "\n" not in str(caught.value)


def test_a_follow_up_carries_its_context(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: lieu_horaires\n  metadata: {lang: fr, hand: "02"}\n'
        "  examples: |\n    - trouver_lieu > et le samedi ?\n    - ouvert ?\n",
        "utf-8",
    )
    assert read_folder(tmp_path) == [
        Example("et le samedi ?", "lieu_horaires", "trouver_lieu", "02"),
        Example("ouvert ?", "lieu_horaires", "", "02"),
    ]
