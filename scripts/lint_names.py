"""No name with two meanings, and none that only its author guesses.

    python -m scripts.lint_names

Whoever looks for a class finds one, and whoever looks for a file finds it by what it holds. Private
classes are their file's own business. Where one name means one thing in several rooms (a room's
errors, a channel's rendering), it is named below, with why.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDERS = ("actions", "bot", "nlu", "scripts", "voice")

SAME_CLASS: Mapping[str, str] = {
    "Point": "nlu/pictures.py draws on paper, and runs apart: it imports nothing of ours",
    "Reading": "what a message is read as: by the model in nlu, by the cores in actions",
}
SAME_FILE: Mapping[str, str] = {
    "bootstrap": "the composition root of a process",
    "errors": "the errors of a room",
    "frontend": "a channel, assembled",
    "language": "two questions, two readers: docs/adr/0010",
    "ports": "what a room needs from others",
    "reception": "what a channel takes in",
    "rendering": "every meaning, laid out for a channel",
    "server": "what a process answers over HTTP",
    "tables": "a room's tables",
}
NAMED_AFTER = ("bot/command_line/", "scripts/bench/", "scripts/soak/")
"""Folders whose files are named after what they command, measure or try: found beside it."""

GUESSED = frozenset(
    [
        "after",
        "care",
        "common",
        "head",
        "helpers",
        "kept",
        "misc",
        "parts",
        "posts",
        "pump",
        "things",
        "traces",
        "unexplained",
        "upkeep",
        "utils",
    ]
)
"""File names that tell nothing to who did not write them."""

_TYPES = (ast.Name, ast.Subscript, ast.BinOp)
"""What a type that is named is made of."""


def names(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each public class, and of each type named at the top."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.lineno, node.name
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, _TYPES):
            for target in node.targets:
                if isinstance(target, ast.Name) and re.match("[A-Z].*[a-z]", target.id):
                    yield node.lineno, target.id


def check(project: Path, folders: tuple[str, ...] = FOLDERS) -> list[str]:
    """Return one line a fault: what is named twice, guessed, or allowed for nothing."""
    classes: dict[str, list[str]] = {}
    files: dict[str, list[str]] = {}
    said = []
    for folder in folders:
        for path in sorted((project / folder).rglob("*.py")):
            name = path.relative_to(project).as_posix()
            if "/.venv/" in name or "/migrations/" in name:
                continue
            for line, found in names(path.read_text(encoding="utf-8")):
                classes.setdefault(found, []).append(f"{name}:{line}")
            if not path.stem.startswith("__") and not name.startswith(NAMED_AFTER):
                files.setdefault(path.stem, []).append(name)
            if path.stem in GUESSED:
                said.append(f"{name}: a name that only its author guesses")
    for found, allowed in ((classes, SAME_CLASS), (files, SAME_FILE)):
        twice = {name: where for name, where in found.items() if len(where) > 1}
        said += [
            f"{' '.join(where)}: {name} means several things"
            for name, where in sorted(twice.items())
            if name not in allowed
        ]
        said += [
            f"scripts/lint_names.py: {name} is allowed twice, and is there once"
            for name in sorted(allowed.keys() - twice.keys())
        ]
    return said


def main() -> int:
    """Say every fault; 1 when there is one."""
    found = check(PROJECT)
    for line in found:
        print(line)
    if found:
        print("name each for what someone looks for, in the field's terms")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
