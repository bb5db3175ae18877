"""Writes ``docs/reading.md``: one message and its reading, as the code reads it.

python -m scripts.reading_page: writes it again; a test checks it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from actions.places.services import load_services
from actions.reading import Reader
from actions.reading.reading import Reading
from actions.reading.territory.gazetteer import load_gazetteer
from bot.command_line.trace import facets

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "reading.md"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MESSAGES = (
    "notre ville de Metz veut acheter 60 000 € de pass : en 2020, c'est bien 50 % ?",
    "je cherche un lieu gratuit et ouvert samedi à Nevers pour imprimer un papier",
    "passez-moi quelqu'un",
)
"""The first is the example; the others show what it does not say."""

OTHERS = {
    "needs": "What places help with (`actions/places/services.py`).",
    "wishes": "What the place must be (`actions/places/filters.py`).",
}


def page() -> str:
    """Return the page, whole."""
    folder = PROJECT / "data" / "places"
    reader, needs = Reader(load_gazetteer(folder)), load_services(folder)
    parts = [
        "# One message and its reading\n",
        "A message is read once (`actions/reading/reading.py`); each facet is read by one small",
        "reader, when it is first asked for. This page is written by `make docs` from what the",
        'code reads, and a test checks it. For any other message: `passerelle trace "…"`.\n',
    ]
    for text in MESSAGES:
        parts.append(f"## «{text}»\n")
        parts += _rows(facets(reader, needs, text, NOON))
    return "\n".join(parts).rstrip() + "\n"


def _rows(found: dict[str, object]) -> Iterator[str]:
    for name, value in found.items():
        yield f"**{name}** · {told(name)}\n"
        yield "```json"
        yield json.dumps(value, ensure_ascii=False, indent=1, default=str)
        yield "```\n"


def told(facet: str) -> str:
    """Return what a facet is, in the words of its own docstring."""
    if facet in OTHERS:
        return OTHERS[facet]
    return str(getattr(Reading, facet).__doc__).splitlines()[0]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
