"""What ``evaluate`` tells the model's environment."""

from __future__ import annotations

from pathlib import Path

from bot.command_line.model import DANGERS, _alarms


def test_words_that_tell_a_danger_are_told_to_the_measure(tmp_path: Path) -> None:
    table = tmp_path / "set.tsv"
    table.write_text(
        "text\ttopic\nmon père ne respire plus\turgence\ncette attente me tue\tplainte\n"
        "bonjour\tsaluer\n",
        encoding="utf-8",
    )
    told = _alarms(table)
    assert told["plain"] == ["mon père ne respire plus"]
    assert told["exaggerated"] == ["cette attente me tue"]


def test_no_lookalike_of_the_set_is_plainly_a_danger() -> None:
    labels = dict(
        reversed(line.split("\t")) for line in DANGERS.read_text(encoding="utf-8").splitlines()[1:]
    )
    plain = _alarms(DANGERS)["plain"]
    assert {labels[text] for text in plain} == {"urgence"}
