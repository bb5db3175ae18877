"""The kinds of applicants and what the texts say of each, read from data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from actions.messages import Eligible
from actions.programme.errors import FactsError
from actions.programme.facts import FactSource, read_yaml
from actions.words import Sentence, compile_words

VERDICTS: Mapping[str, Eligible] = {verdict: verdict for verdict in get_args(Eligible)}
KINDS_FILE = "candidats.yaml"
_OPTIONAL = frozenset({"capitals", "advice", "proof"})
_NEEDED = frozenset({"id", "label", "patterns", "verdict", "reason", "sources"})
REASON_VALUES = frozenset({"label", "call", "ouvert"})
"""What reasons and advice may hold: the applicant, the call's year, whether it is open."""
_JUDGED = frozenset({"verdict", "reason", "sources"})
_OTHERS = "autres"
"""Row of a call's own file for the kinds that it does not name."""


@dataclass(frozen=True, slots=True, eq=False)
class PorteurKind:
    """A kind of applicant."""

    id: str
    label: str
    pattern: re.Pattern[str]
    """On lower case words without accents."""
    capitals: re.Pattern[str] | None
    """Abbreviations, on the text as written."""
    verdicts: dict[int, Eligible]
    """By year of the call."""
    reasons: dict[int, Sentence]
    """By call; they may need ``REASON_VALUES``."""
    advice: Sentence | None
    sources: dict[int, tuple[FactSource, ...]]
    proof: str
    """Fact that names a winner of this kind; empty when the texts name none."""


def load_kinds(
    folder: Path, sources: Mapping[str, FactSource], calls: Sequence[int]
) -> tuple[PorteurKind, ...]:
    """Read the kinds of applicants, in the order in which they win a tie.

    Args:
        folder: Of ``candidats.yaml``, and of ``candidats_<year>.yaml`` for the calls that it
            does not tell of.
        sources: By id.
        calls: Years of the calls: each must judge each kind.

    Raises:
        FactsError: A file breaks the format.
    """
    path = folder / KINDS_FILE
    rows = read_yaml(path)
    if not isinstance(rows, list):
        raise FactsError(path.name, "", "il faut une liste de candidats")
    own = {
        call: read_yaml(later)
        for call in calls
        if (later := folder / f"candidats_{call}.yaml").exists()
    }
    names = {str(row.get("id")) for row in rows if isinstance(row, dict)} | {_OTHERS}
    for call, judged in own.items():
        file = f"candidats_{call}.yaml"
        if not isinstance(judged, dict):
            raise FactsError(file, "", "il faut un candidat par nom")
        for name, row in judged.items():
            if name not in names:
                raise FactsError(file, str(name), f"candidat inconnu de {KINDS_FILE}")
            if not isinstance(row, dict) or set(row) != _JUDGED:
                raise FactsError(file, str(name), f"il faut {', '.join(sorted(_JUDGED))}")
    return tuple(_kind(path.name, row, own, sources, calls) for row in rows)


def _kind(
    file: str,
    row: Any,
    own: Mapping[int, Mapping[str, Any]],
    sources: Mapping[str, FactSource],
    calls: Sequence[int],
) -> PorteurKind:
    name = str(row.get("id", "")) if isinstance(row, dict) else ""
    if not isinstance(row, dict) or set(row) - _OPTIONAL != _NEEDED:
        raise FactsError(file, name, f"il faut {', '.join(sorted(_NEEDED))}")
    if not all(isinstance(pattern, str) for pattern in row["patterns"]):
        raise FactsError(file, name, "chaque motif est un texte entre apostrophes")
    said = {call: _said(row, own, name, call) for call in calls}
    for call, (verdict, reason, cited) in said.items():
        if verdict not in VERDICTS or not reason:
            raise FactsError(file, name, f"verdict inconnu pour {call} : {verdict}")
        if not cited or any(source not in sources for source in cited):
            raise FactsError(file, name, f"sources inconnues ou incomplètes pour {call}")
    words = "|".join(f"(?:{pattern})" for pattern in row["patterns"])
    capitals = "|".join(map(re.escape, row.get("capitals", ())))
    return PorteurKind(
        id=name,
        label=row["label"],
        pattern=re.compile(rf"\b(?:{words})\b".replace(" ?", r"\s*").replace(" ", r"\s+")),
        capitals=re.compile(rf"\b(?:{capitals})\b") if capitals else None,
        verdicts={call: VERDICTS[verdict] for call, (verdict, _, _) in said.items()},
        reasons={
            call: compile_words({name: reason}, f"{file}, {call}")[name]
            for call, (_, reason, _) in said.items()
        },
        advice=compile_words({name: row["advice"]}, file)[name] if row.get("advice") else None,
        sources={call: tuple(sources[s] for s in cited) for call, (_, _, cited) in said.items()},
        proof=row.get("proof", ""),
    )


def _said(
    row: Mapping[str, Any], own: Mapping[int, Mapping[str, Any]], name: str, call: int
) -> tuple[str, str, Sequence[str]]:
    """Return verdict, reason and sources of a kind for a call; empty where nothing tells."""
    judged = own.get(call, {}).get(name) or own.get(call, {}).get(_OTHERS)
    if judged is None:
        judged = row if call in row["sources"] else {}

    def of_call(value: Any) -> Any:
        return value.get(call) if isinstance(value, dict) else value

    return (
        str(of_call(judged.get("verdict")) or ""),
        str(of_call(judged.get("reason")) or ""),
        of_call(judged.get("sources")) or (),
    )
