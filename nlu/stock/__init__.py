"""Rasa as it comes, in an environment of its own: what the assistant is compared with."""

from __future__ import annotations

import subprocess
from pathlib import Path

_FOLDER = Path(__file__).resolve().parent
_ROOT = _FOLDER.parents[1]
STOCK_PYTHON = _FOLDER / ".venv" / "bin" / "python"


def installed() -> bool:
    """Whether the environment has been made, whole."""
    return (_FOLDER / ".venv" / ".ready").is_file()


def install() -> None:
    """Make the environment unless it is there: some 1.7 GB, a few minutes the first time.

    Raises:
        RuntimeError: It could not be made.
    """
    if installed():
        return
    made = subprocess.run(
        ["/bin/sh", "scripts/environment.sh", "nlu/stock/.venv", "nlu/stock/requirements.lock",
         "Rasa d'origine"],
        cwd=_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        said = made.stderr.strip().splitlines()[-1:]
        raise RuntimeError(f"stock Rasa cannot be installed: {said}")
    (_FOLDER / ".venv" / ".ready").touch()
