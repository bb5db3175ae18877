"""The kinds of applicants and what the texts say of each, read from data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.programme.errors import FactsError
from actions.programme.facts import Source, read_yaml

VERDICTS = frozenset({"oui", "non", "a_preciser"})
_OPTIONAL = frozenset({"capitals", "advice", "reason_2019", "proof"})
_NEEDED = frozenset({"id", "label", "patterns", "verdict", "reason", "sources"})


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of applicant."""

    id: str
    label: str
    pattern: re.Pattern[str]
    """On lower case words without accents."""
    capitals: re.Pattern[str] | None
    """Abbreviations, on the text as written."""
    verdicts: dict[int, str]
    """By call (2019, 2020): ``oui``, ``non`` or ``a_preciser``."""
    reasons: dict[int, str]
    """By call; ``{label}`` is the applicant."""
    advice: str
    sources: dict[int, tuple[Source, ...]]
    proof: str
    """Fact that names a winner of this kind; empty when the texts name none."""


def load_kinds(path: Path, sources: dict[str, Source]) -> tuple[Kind, ...]:
    """Read the kinds of applicants, in the order in which they win a tie.

    Raises:
        FactsError: The file breaks the format.
    """
    rows = read_yaml(path)
    if not isinstance(rows, list):
        raise FactsError(path.name, "", "il faut une liste de candidats")
    return tuple(_kind(path.name, row, sources) for row in rows)


def _kind(file: str, row: Any, sources: dict[str, Source]) -> Kind:
    name = str(row.get("id", "")) if isinstance(row, dict) else ""
    if not isinstance(row, dict) or set(row) - _OPTIONAL != _NEEDED:
        raise FactsError(file, name, f"il faut {', '.join(sorted(_NEEDED))}")
    verdict = row["verdict"]
    verdicts: dict[int, str] = (
        verdict if isinstance(verdict, dict) else {2019: str(verdict), 2020: str(verdict)}
    )
    if set(verdicts) != {2019, 2020} or not set(verdicts.values()) <= VERDICTS:
        raise FactsError(file, name, f"verdict inconnu : {verdict}")
    unknown = [s for given in row["sources"].values() for s in given if s not in sources]
    if unknown or set(row["sources"]) != {2019, 2020}:
        raise FactsError(file, name, f"sources inconnues ou incomplètes : {unknown}")
    if not all(isinstance(pattern, str) for pattern in row["patterns"]):
        raise FactsError(file, name, "chaque motif est un texte entre apostrophes")
    words = "|".join(f"(?:{pattern})" for pattern in row["patterns"])
    capitals = "|".join(map(re.escape, row.get("capitals", ())))
    return Kind(
        id=name,
        label=row["label"],
        pattern=re.compile(rf"\b(?:{words})\b".replace(" ?", r"\s*").replace(" ", r"\s+")),
        capitals=re.compile(rf"\b(?:{capitals})\b") if capitals else None,
        verdicts=verdicts,
        reasons={2019: str(row.get("reason_2019", row["reason"])), 2020: str(row["reason"])},
        advice=row.get("advice", ""),
        sources={call: tuple(sources[s] for s in given) for call, given in row["sources"].items()},
        proof=row.get("proof", ""),
    )
