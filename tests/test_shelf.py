"""What is kept on disk between two starts: given back as it was, never out of date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.shelf import Shelf, open_shelf

VALUE: dict[str, Any] = {"metz": (1, 2.5, "57463"), "mots": {"a", "b"}, "rangs": [(0, "é")]}


class Making:
    """Makes a value, and counts."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, Any]:
        self.times += 1
        return VALUE


@pytest.fixture
def making() -> Making:
    return Making()


def shelf(folder: Path, made_from: bytes = b"x" * 32) -> Shelf:
    return Shelf(folder, made_from)


def test_a_value_is_made_once_for_all_starts(tmp_path: Path, making: Making) -> None:
    assert shelf(tmp_path / "cache").keep("names", making) == VALUE
    assert shelf(tmp_path / "cache").keep("names", making) == VALUE
    assert making.times == 1


def test_other_sources_make_it_again(tmp_path: Path, making: Making) -> None:
    shelf(tmp_path).keep("names", making)
    shelf(tmp_path, b"y" * 32).keep("names", making)
    assert making.times == 2
    shelf(tmp_path, b"y" * 32).keep("names", making)
    assert making.times == 2


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_file_that_is_not_whole_is_made_again(
    tmp_path: Path, making: Making, damage: bytes | None
) -> None:
    shelf(tmp_path).keep("names", making)
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1] if damage is None else damage)
    assert shelf(tmp_path).keep("names", making) == VALUE
    assert making.times == 2


def test_a_folder_that_cannot_be_written_costs_time_alone(tmp_path: Path, making: Making) -> None:
    taken = tmp_path / "cache"
    taken.write_text("a file, where the folder should be")
    assert shelf(taken).keep("names", making) == VALUE


def test_any_change_of_the_data_is_seen(tmp_path: Path, making: Making) -> None:
    for name in ("answers", "places", "programme"):
        (tmp_path / "data" / name).mkdir(parents=True)
    fact = tmp_path / "data" / "programme" / "faits.yaml"
    fact.write_text("a: 1")
    open_shelf(tmp_path / "cache", tmp_path / "data").keep("facts", making)
    open_shelf(tmp_path / "cache", tmp_path / "data").keep("facts", making)
    assert making.times == 1
    fact.write_text("a: 2")
    open_shelf(tmp_path / "cache", tmp_path / "data").keep("facts", making)
    assert making.times == 2
