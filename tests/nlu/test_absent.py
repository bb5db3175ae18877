"""What Rasa imports by name and is not installed: named, subclassed, never run."""

from __future__ import annotations

import importlib
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from nlu import rasa_absent
from nlu.rasa_absent import ABSENT, AbsentPackageError, UnexpectedRasaError, stand_in

ROOT = Path(__file__).resolve().parents[2]


def test_what_is_absent_can_be_named_and_subclassed_but_not_used() -> None:
    stand_in()
    keras = importlib.import_module("tensorflow.keras.layers")

    class Layer(keras.Layer):
        pass

    with pytest.raises(AbsentPackageError, match="Layer"):
        Layer()


def test_any_other_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda _name: "3.7.0")
    with pytest.raises(UnexpectedRasaError, match=r"3\.7\.0"):
        stand_in()


def test_a_missing_package_that_is_not_listed_is_missing() -> None:
    stand_in()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_package_at_all")


def test_what_is_installed_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = rasa_absent._AbsentFinder(frozenset({"redis"}))
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    assert importlib.import_module("redis").__file__


def test_nothing_absent_is_in_the_lock() -> None:
    installed = set(metadata.packages_distributions())
    assert not ABSENT & installed, "installed, and listed as absent"


def test_the_process_that_serves_does_not_load_what_training_needs() -> None:
    program = (
        "from nlu.rasa_runtime import prepare\n"
        "prepare(learns=False)\n"
        "import sys, nlu.server\n"
        "print(getattr(sys.modules['sklearn'], '__file__', None))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "None"
