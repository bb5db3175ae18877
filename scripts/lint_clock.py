"""No wall clock and no unseeded chance outside the composition roots, tests included.

    python -m scripts.lint_clock [FOLDER…]

A part takes a ``Clock``, and what is drawn takes a seeded source: then a test says what day it is,
and a failure comes back. ``secrets`` is for keys and tokens, which must not be guessed: never in
a test. A steady clock (``time.monotonic``) measures how long something took: it tells no day.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FOLDERS = ("bot", "actions", "nlu", "scripts", "tests", "voice")
ROOTS = (
    "actions/clock.py",  # the one reader of the machine's clock
    "bot/command_line/",
    "bot/bootstrap.py",
    "scripts/bench/",  # measure this machine, today
    "scripts/soak/",
)
"""Files, and folders, that may read the clock: they hand it to the others."""

WALL_CLOCK = frozenset(
    f"{where}.{name}"
    for where, names in {
        "datetime.datetime": ("now", "utcnow", "today"),
        "datetime.date": ("today",),
        "time": ("time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime"),
    }.items()
    for name in names
)
OUR_CLOCK = "actions.clock.utc_now"
"""May be named as the default of a ``clock``, never called."""

UNSEEDED = frozenset({"uuid.uuid1", "uuid.uuid4", "random.SystemRandom"})
SEEDED = frozenset({"random.Random", "numpy.random.default_rng", "numpy.random.Generator"})
"""Sources of chance that take a seed: without one they are refused."""
UNGUESSABLE = ("secrets.", "os.urandom")


def faults(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each forbidden reading in a module's text.

    Args:
        text: The module.
        name: Its path in the project, with slashes: tests have one rule more.
    """
    tree = ast.parse(text)
    imported = dict(_imports(tree))
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Attribute, ast.Name)) or id(node) in inner:
            continue
        full = _full_name(node, imported)
        call = called.get(id(node))
        if full and _is_forbidden(full, call, in_tests=name.startswith("tests/")):
            yield node.lineno, full


def _is_forbidden(full: str, call: ast.Call | None, *, in_tests: bool) -> bool:
    if full in SEEDED:
        return call is not None and not (call.args or call.keywords)
    if full == OUR_CLOCK:
        return call is not None
    if in_tests and full.startswith(UNGUESSABLE):
        return True
    return full in WALL_CLOCK or full in UNSEEDED or full.startswith(("random.", "numpy.random."))


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                head = one.name.partition(".")[0]
                yield one.asname or head, one.name if one.asname else head
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


def _full_name(node: ast.expr, imported: dict[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in imported:
        return ""
    return ".".join([imported[node.id], *reversed(parts)])


def check(project: Path, folders: tuple[str, ...] = FOLDERS) -> list[str]:
    """Return one line a fault: file, line, what is read."""
    said = []
    for folder in folders:
        for path in sorted((project / folder).rglob("*.py")):
            name = path.relative_to(project).as_posix()
            if "/.venv/" in name or name.startswith(ROOTS):
                continue
            for line, full in faults(path.read_text(encoding="utf-8"), name):
                said.append(f"{name}:{line}: {full}")
    return said


def main() -> int:
    """Say every fault; 1 when there is one."""
    found = check(PROJECT)
    for line in found:
        print(line)
    if found:
        print("take a Clock (actions/clock.py, tests/clock.py) or a seeded source instead")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
