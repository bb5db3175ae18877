"""The services of the national schema, and how people ask for them in their own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import OSA

from actions.reading.fold import fold

SERVICE_IDS = (
    "demarches",
    "ordinateur",
    "smartphone",
    "quotidien",
    "culture",
    "emploi",
    "internet",
    "materiel",
    "equipement",
    "entreprise",
    "creation",
    "sante",
    "citoyennete",
    "parentalite",
    "securite",
)
"""As in ``data/places/services.yaml``; their order is that of the stored bits."""

_SHORTEST_PREFIX = 4
"""Shorter words must be equal: «rsa» is not the beginning of anything."""
_SHORTEST_TYPO = 5
"""Shorter words are not forgiven a typo: one letter makes another word."""
_TWO_TYPOS = 9
_GLUED = "ldjmn"
"""Articles and pronouns that people write without their apostrophe: «lordinateur»."""
_FILLERS = frozenset({"de", "d", "du", "des", "un", "une", "le", "la", "les", "l"})


class ServicesError(ValueError):
    """``services.yaml`` is missing or damaged."""


@dataclass(frozen=True, slots=True)
class Service:
    """Something that a place helps with."""

    id: str
    title: str
    """In French, after «pour»: «faire ses démarches en ligne»."""
    labels: tuple[str, ...]
    """Names in both versions of the national schema."""
    words: tuple[tuple[int, tuple[str, ...]], ...]
    """Weight and beginnings of words, all needed."""


@dataclass(frozen=True, slots=True)
class Services:
    """Every service, by id, and the readers of people's and of sources' words."""

    by_id: Mapping[str, Service]
    _by_label: Mapping[str, frozenset[str]]

    def offered(self, labels: Iterable[str]) -> tuple[str, ...]:
        """Return the ids behind labels of either schema; a label unknown to both is lost."""
        found = {one for label in labels for one in self._by_label.get(fold(label), ())}
        return tuple(one for one in SERVICE_IDS if one in found)

    def understand(self, text: str) -> Service | None:
        """Return the service that a person's sentence asks for; ``None`` if it names none.

        «j'arrive pas à ouvrir ma boîte mail» → ``quotidien``. The most specific words win;
        of equals, those said first.
        """
        ranked = self.ranking(text)
        return ranked[0] if ranked else None

    def ranking(self, text: str) -> list[Service]:
        """Return all the services that a sentence evokes, best first."""
        tokens = [token for token in fold(text).split() if token not in _FILLERS]
        scored: list[tuple[float, int, str]] = []
        for service in self.by_id.values():
            hits = [hit for weight, stems in service.words if (hit := _hit(weight, stems, tokens))]
            if hits:
                best = max(score for score, _ in hits)
                first = min(position for score, position in hits if score == best)
                scored.append((-best, first, service.id))
        return [self.by_id[one] for *_, one in sorted(scored)]


def load_services(folder: Path) -> Services:
    """Read ``services.yaml`` of ``folder`` (``data/places``).

    Raises:
        ServicesError: The file is missing, damaged, or its ids are not ``SERVICE_IDS``.
    """
    path = folder / "services.yaml"
    try:
        raw: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
        by_id = {one: _service(one, raw[one]) for one in SERVICE_IDS}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ServicesError(f"{path.name}: {error}") from error
    if set(raw) != set(SERVICE_IDS):
        raise ServicesError(f"{path.name}: services inconnus {set(raw) - set(SERVICE_IDS)}")
    labels: dict[str, set[str]] = {}
    for service in by_id.values():
        for label in service.labels:
            labels.setdefault(fold(label), set()).add(service.id)
    return Services(by_id, {label: frozenset(ids) for label, ids in labels.items()})


def _service(one: str, raw: dict[str, Any]) -> Service:
    words = tuple(
        (int(weight), tuple(fold(str(phrase)).split()))
        for weight, phrases in raw["words"].items()
        for phrase in phrases
    )
    return Service(one, str(raw["title"]), (*raw["v0"], *raw["v1"]), words)


def _hit(weight: int, stems: tuple[str, ...], tokens: list[str]) -> tuple[float, int] | None:
    """Return the score and position of an expression in a sentence, its words in any order.

    Words of an expression must stand close: at most three others between them.
    """
    positions: list[int] = []
    exact = 0
    for stem in stems:
        found = next(
            (n for n, t in enumerate(tokens) if t.startswith(stem) and _whole(stem, t)), -1
        )
        if found >= 0:
            exact += 1
        else:
            found = next((n for n, token in enumerate(tokens) if _misspelt(stem, token)), -1)
        if found < 0 or found in positions:
            return None
        positions.append(found)
    if max(positions) - min(positions) > len(stems) + 2:
        return None
    return weight + 0.5 * (len(stems) - 1) - (1 - exact / len(stems)), min(positions)


def _whole(stem: str, token: str) -> bool:
    return len(stem) >= _SHORTEST_PREFIX or token == stem or token == stem + "s"


def _misspelt(stem: str, token: str) -> bool:
    if len(stem) >= _SHORTEST_PREFIX and token[0] in _GLUED and token[1:].startswith(stem):
        return True
    if len(stem) < _SHORTEST_TYPO or len(token) < _SHORTEST_TYPO:
        return False
    if token[0] != stem[0] or len(token) > len(stem) + 4:
        return False
    allowed = 2 if len(stem) >= _TWO_TYPOS else 1
    return any(
        OSA.distance(stem, token[:length], score_cutoff=allowed) <= allowed
        for length in (len(stem) - 1, len(stem), len(stem) + 1)
    )
