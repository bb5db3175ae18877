"""The command ``passerelle`` as a process, and what it prints."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import PASSERELLE, ROOT, clean_environment

SECONDS = 200
"""Longest that a command may take: the first one of a stack waits for Rasa."""


def passerelle(
    home: Path, *arguments: str, stdin: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in a home, with no configuration but the variables given."""
    return subprocess.run(
        [str(PASSERELLE), *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**clean_environment(home), **variables},
        check=False,
        timeout=SECONDS,
    )


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return the JSON objects that a command printed, one a line; it must have succeeded."""
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
