"""A name means one thing: in this project, and in one where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import lint_names


def written(project: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return project


@pytest.fixture(autouse=True)
def nothing_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_names, "SAME_CLASS", {})
    monkeypatch.setattr(lint_names, "SAME_FILE", {})


def test_this_project_names_each_thing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert lint_names.check(lint_names.PROJECT) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("class Ticket:\n    pass\n", "class Ticket:\n    pass\n"),
        ("class Ticket:\n    pass\n", "Ticket = dict[str, str]\n"),
        ("class A:\n    class Ticket:\n        pass\n", "Ticket = int | str\n"),
    ],
)
def test_a_class_that_means_two_things_is_told(tmp_path: Path, first: str, second: str) -> None:
    project = written(tmp_path, {"bot/one.py": first, "actions/two.py": second})
    [said] = lint_names.check(project)
    assert "bot/one.py:" in said and "actions/two.py:" in said
    assert said.endswith("Ticket means several things")


def test_what_is_private_or_a_constant_is_its_files_own(tmp_path: Path) -> None:
    text = "class _Ticket:\n    pass\n\nMAX = int\nT = int\nmoment = dict[str, str]\n"
    assert lint_names.check(written(tmp_path, {"bot/one.py": text, "bot/two.py": text})) == []


def test_a_file_that_means_two_things_is_told(tmp_path: Path) -> None:
    project = written(tmp_path, {"bot/a/records.py": "", "nlu/records.py": ""})
    said = "bot/a/records.py nlu/records.py: records means several things"
    assert lint_names.check(project) == [said]


def test_a_command_is_named_after_what_it_commands(tmp_path: Path) -> None:
    project = written(tmp_path, {"bot/command_line/facts.py": "", "actions/facts.py": ""})
    assert lint_names.check(project) == []


def test_a_name_that_is_guessed_is_told(tmp_path: Path) -> None:
    [said] = lint_names.check(written(tmp_path, {"bot/utils.py": ""}))
    assert said == "bot/utils.py: a name that only its author guesses"


def test_what_is_allowed_for_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lint_names, "SAME_FILE", {"errors": "a room's"})
    [said] = lint_names.check(written(tmp_path, {"bot/errors.py": ""}))
    assert "errors is allowed twice, and is there once" in said
