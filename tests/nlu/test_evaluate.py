from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nlu.components.decision import Reading
from nlu.evaluate import Alarms
from nlu.judge import calibration_error, confusions, count_alarms, measure

ROOT = Path(__file__).resolve().parents[2]
TOPICS = {
    "carte": ["ma carte est bloquée", "je veux une carte", "carte volée", "code de ma carte"],
    "virement": ["faire un virement", "virement non reçu", "annuler un virement", "délai virement"],
    "ouvrir un compte": ["ouvrir un compte", "un compte joint", "compte enfant", "nouveau compte"],
}


def evaluate(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nlu.evaluate", *map(str, arguments)],
        cwd=ROOT,
        env={"PASSERELLE_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_a_foreign_set_is_learned_judged_and_reported(tmp_path: Path) -> None:
    table = tmp_path / "foreign.tsv"
    rows = [f"{topic}\t{text}" for topic, texts in TOPICS.items() for text in texts]
    table.write_text("topic\ttext\n" + "\n".join(rows) + "\n", "utf-8")
    done = evaluate(
        "--train", table, "--data", table, "--json", "--no-stock", "--report", tmp_path / "report",
        home=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert {"n", "accuracy", "macro_f1", "ece", "oos_recall", "in_scope_refused"} <= set(summary)
    assert (summary["dangers"], summary["false_alarms"]) == (None, 0)
    assert summary["n"] == 12
    assert summary["accuracy"] == 1.0
    assert summary["oos_recall"] is None
    report = (tmp_path / "report" / "report.md").read_text("utf-8")
    assert "ouvrir un compte" in report
    assert len(list((tmp_path / "report").glob("*.png"))) == 4


@pytest.mark.parametrize("content", [None, "", "topic\ttext\na\tb\n"])
def test_bad_input_is_one_line_and_an_error(tmp_path: Path, content: str | None) -> None:
    table = tmp_path / "bad.tsv"
    if content is not None:
        table.write_text(content, "utf-8")
    done = evaluate("--train", table, "--data", table, "--json", "--no-stock", home=tmp_path)
    assert done.returncode == 1
    assert not done.stdout
    assert len(done.stderr.strip().splitlines()) == 1


def test_measures_by_hand() -> None:
    labels = ["a", "a", "b", "hors_sujet", "hors_sujet"]
    readings = [
        Reading("answer", "a", 0.95),
        Reading("answer", "b", 0.95),
        Reading("refuse", "hors_sujet", 0.8),
        Reading("refuse", "hors_sujet", 0.9),
        Reading("named", "a", 0.5),
    ]
    m = measure(labels, readings)
    assert (m.n, m.accuracy, m.oos_recall) == (5, 0.4, 0.5)
    assert m.in_scope_accuracy == pytest.approx(1 / 3)
    assert m.in_scope_refused == pytest.approx(1 / 3)
    assert (m.confident_wrong, m.named_wrong) == (pytest.approx(0.2), pytest.approx(0.2))
    assert confusions(["x"] * 5, labels, readings)[0][2] == 1


def test_alarms_are_those_of_words_and_of_the_model() -> None:
    alarms = Alarms(frozenset({"il ne respire plus"}), frozenset({"cette attente me tue"}))
    assert alarms.rings("il ne respire plus", "pass_valeur")
    assert alarms.rings("au secours", "urgence")
    assert not alarms.rings("cette attente me tue", "urgence")
    assert not alarms.rings("bonjour", "saluer")
    rung = [("urgence", True), ("urgence", False), ("saluer", True), ("plainte", False)]
    assert count_alarms(rung) == {"dangers": 0.5, "false_alarms": 1}
    assert count_alarms([("saluer", False)]) == {"dangers": None, "false_alarms": 0}


def test_a_damaged_file_of_alarms_is_one_line_and_an_error(tmp_path: Path) -> None:
    table, alarms = tmp_path / "set.tsv", tmp_path / "alarms.json"
    table.write_text("topic\ttext\na\tb\nc\td\n", "utf-8")
    alarms.write_text("[]", "utf-8")
    done = evaluate("--train", table, "--data", table, "--alarms", alarms, home=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_calibration_error_of_the_perfect_and_of_the_boastful() -> None:
    assert calibration_error([1.0, 1.0], [True, True]) == 0
    assert calibration_error([1.0, 1.0], [False, False]) == 1
