"""Questions with a premise, a year, an amount, something unknown: the right side, the right fact.

The rows are of our own (``data/premises.tsv``), and nothing is trained on them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.dialogue import Chat

ROWS = Path(__file__).parent / "data" / "premises.tsv"
RIGHT = 0.92
"""Share of the rows that must be answered right; none may be told the wrong side."""
_NAMED = re.compile(r"^Je réponds à la question : « [^»]* » ?")


def rows() -> list[tuple[str, str, str, str]]:
    lines = ROWS.read_text(encoding="utf-8").splitlines()
    cells = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    return [(day, said, verdict, fact) for day, said, verdict, fact in cells]


def verdict_of(text: str) -> str:
    said = _NAMED.sub("", text).lower()
    if re.match(r"(?:oui|non)\b", said):
        return said[:3]
    return "?" if said.startswith("je ne sais pas") else "-"


@pytest.mark.parametrize("day", sorted({day for day, *_ in rows()}))
async def test_premises_are_answered_on_the_right_side(chat: Chat, day: str) -> None:
    chat.lives_on(day)
    wrong, wrong_side, asked = [], [], [row for row in rows() if row[0] == day]
    for _, said, verdict, fact in asked:
        chat.is_someone_else()
        await chat.says(said)
        text = chat.text
        told = verdict_of(text)
        if verdict in ("oui", "non") and told in ("oui", "non") and told != verdict:
            wrong_side.append(f"{said} → {text[:80]}")
        if (verdict not in ("*", told)) or not re.search(fact, text):
            wrong.append(f"{said} → {text[:80]}")
    assert not wrong_side
    assert len(wrong) <= (1 - RIGHT) * len(asked), "\n".join(wrong)
