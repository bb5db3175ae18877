"""Draws the picture of ``docs/architecture.md`` from the imports, and checks it.

    python -m scripts.architecture           # draws it again
    python -m scripts.architecture --check   # 1 when it is not what the imports say

Rooms are the packages of ``bot`` and ``actions``. An arrow is an import; one that follows from two
others is left out. What imports nothing of ours is one box: everyone may use it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import grimp

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "architecture.md"
PACKAGES = ("bot", "actions")
BEGIN, END = "<!-- drawn by scripts/architecture.py -->", "<!-- end -->"
TOOLS = "actions: for all"

Rooms = Mapping[str, frozenset[str]]
"""What each room imports."""


def rooms() -> Rooms:
    """Return the rooms and what each imports, read from the code."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    found: dict[str, set[str]] = {}
    for module in graph.modules:
        if module in PACKAGES:
            continue
        here = _room(module)
        found.setdefault(here, set()).update(
            _room(other)
            for other in graph.find_modules_directly_imported_by(module)
            if other not in PACKAGES and _room(other) != here
        )
    return {room: frozenset(others) for room, others in found.items()}


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def reduced(imports: Rooms) -> Rooms:
    """Leave out what follows from the rest: a → c, where a → b → c."""

    def reach(room: str) -> frozenset[str]:
        seen: set[str] = set()
        left = list(imports[room])
        while left:
            one = left.pop()
            if one not in seen:
                seen.add(one)
                left += imports[one]
        return frozenset(seen)

    reached = {room: reach(room) for room in imports}
    return {
        room: frozenset(
            one for one in others if not any(one in reached[other] for other in others - {one})
        )
        for room, others in imports.items()
    }


def drawn(imports: Rooms) -> str:
    """Return the picture, in Mermaid: a Markdown reader draws it."""
    return "\n".join(["```mermaid", "flowchart TD", *_lines(imports), "```"])


def _lines(imports: Rooms) -> Iterator[str]:
    tools = {room for room, others in imports.items() if not others and room.startswith("actions")}
    kept = reduced({room: others - tools for room, others in imports.items() if room not in tools})
    for package in PACKAGES:
        yield f"  subgraph {package}"
        for room in sorted(kept):
            if room.startswith(f"{package}."):
                yield f'    {_id(room)}["{room.partition(".")[2]}"]'
        yield "  end"
    names = ", ".join(sorted(room.partition(".")[2] for room in tools))
    yield f'  tools["{TOOLS}<br>{names}"]'
    yield '  nlu["nlu (Rasa, its own environment)"]'
    for room in sorted(kept):
        for other in sorted(kept[room]):
            yield f"  {_id(room)} --> {_id(other)}"
    yield "  bot_conversation -. HTTP .-> nlu"
    yield "  nlu -. HTTP .-> actions_server"


def _id(room: str) -> str:
    return room.replace(".", "_")


def redrawn(page: str, picture: str) -> str:
    """Return the page with its picture replaced."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{picture}\n{END}{after}"


def missing(page: str) -> list[str]:
    """Return the files and folders that the page names and that are not there."""
    named = re.findall(r"`([\w./-]+/[\w./-]*)`", page)
    return [name for name in named if not (PROJECT / name).exists()]


def main(arguments: list[str]) -> int:
    """Draw, or check."""
    page = PAGE.read_text(encoding="utf-8")
    wanted = redrawn(page, drawn(rooms()))
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if wanted != page:
        print("docs/architecture.md is not what the imports say: make docs")
    for name in missing(page):
        print(f"docs/architecture.md names what is not there: {name}")
    return int(wanted != page or bool(missing(page)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
