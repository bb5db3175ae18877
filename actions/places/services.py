"""The services of the national schema, and how people ask for them in their own words."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz.distance import OSA

from actions.errors import ToldError
from actions.reading.fold import fold
from actions.strict_yaml import load_yaml

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

NOT_IN_0_1 = frozenset({"securite"})
"""Services that version 0.1 of the schema has no label for: its lists are silent on them."""
MOST_NEEDS = 2
"""Needs of one sentence: more are hardly ever meant together."""
CLEAR = 2.0
"""Score from which words leave little doubt: that of a second need, at least."""
_SHORTEST_PREFIX = 4
"""Shorter words must be equal: «rsa» is not the beginning of anything."""
WORDS_FILE = "french_words.txt.gz"
TOWNS_FILE = "communes.csv.gz"
_LEAST_TOWN = 1_000
"""Population of a town whose name, where it is no other word, asks for nothing by itself:
«Arnas» is no «arnaq», «Chomérac» no «chômeur»."""
_SHORTEST_TYPO = 5
"""Shorter words are not forgiven a typo: one letter makes another word."""
_TWO_TYPOS = 9
_GLUED = "ldjmn"
"""Articles and pronouns that people write without their apostrophe: «lordinateur»."""
_NOTHING = "-"
"""Stands for a word that is of something else: no expression begins so."""
_FILLERS = frozenset({"de", "d", "du", "des", "un", "une", "le", "la", "les", "l"})


class ServicesError(ToldError):
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
    other: tuple[tuple[str, ...], ...] = ()
    """Words said together that are of something else."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Every service, by id, and the readers of people's and of sources' words."""

    by_id: Mapping[str, Service]
    _by_label: Mapping[str, frozenset[str]]
    _ordinary: frozenset[str] = frozenset()
    """Words of everyday French: written so, they are no misspelling of another word."""
    _towns: frozenset[str] = frozenset()
    """Names of towns that are no other word."""

    def offered(self, labels: Iterable[str]) -> tuple[str, ...]:
        """Return the ids behind labels of either schema; a label unknown to both is lost."""
        found = {one for label in labels for one in self._by_label.get(fold(label), ())}
        return tuple(one for one in SERVICE_IDS if one in found)

    def understand(self, text: str) -> Service | None:
        """Return the service that a person's sentence asks for; ``None`` if it names none.

        «j'arrive pas à ouvrir ma boîte mail» → ``quotidien``. The most specific words win;
        of equals, those said first.
        """
        wanted = self.wanted(text)
        return wanted[0] if wanted else None

    def wanted(self, text: str) -> tuple[Service, ...]:
        """Return the services that a sentence asks for: at most ``MOST_NEEDS``, best first.

        A second one must be as clear and told by other words: «ma CAF et imprimer un CV».
        A label of the national schema, of either version, is what it names.
        """
        folded = fold(text)
        named = {
            one
            for label, ids in self._by_label.items()
            if label in folded and len(label.split()) > 1
            for one in ids
        }
        if named:
            return tuple(self.by_id[one] for one in SERVICE_IDS if one in named)[:MOST_NEEDS]
        scored = self._scored(folded)
        if not scored:
            return ()
        best = scored[0]
        second = next(
            (one for one in scored[1:] if one.score >= CLEAR and not one.words & best.words), None
        )
        kept = [best, second] if second and best.score >= CLEAR else [best]
        return tuple(self.by_id[one.service] for one in kept)

    def is_clear(self, text: str) -> bool:
        """Tell whether the need of a sentence leaves little doubt."""
        scored = self._scored(fold(text))
        return bool(scored) and scored[0].score >= CLEAR

    def ranking(self, text: str) -> list[Service]:
        """Return all the services that a sentence evokes, best first."""
        return [self.by_id[one.service] for one in self._scored(fold(text))]

    def _scored(self, folded: str) -> list[_Evoked]:
        said_words = [
            _NOTHING if token in self._towns else token
            for token in folded.split()
            if token not in _FILLERS
        ]
        found: dict[tuple[str, ...], _Stems] = {}
        evoked: list[_Evoked] = []
        for service in self.by_id.values():
            tokens = _without(said_words, service.other)
            sentence = found.get(tuple(tokens))
            if sentence is None:
                sentence = found[tuple(tokens)] = _Stems(tokens, self._ordinary)
            hits = [
                hit for weight, stems in service.words if (hit := _hit(weight, stems, sentence))
            ]
            if hits:
                best = max(score for score, _ in hits)
                said = frozenset(n for _, positions in hits for n in positions)
                first = min(min(positions) for score, positions in hits if score == best)
                evoked.append(_Evoked(service.id, best, first, said))
        return sorted(evoked, key=lambda one: (-one.score, one.first, one.service))


@dataclass(frozen=True, slots=True)
class _Evoked:
    """A service, how clearly a sentence asks for it, and by which of its words."""

    service: str
    score: float
    first: int
    words: frozenset[int]


def load_services(folder: Path) -> Needs:
    """Read ``services.yaml`` of ``folder`` (``data/places``).

    Raises:
        ServicesError: The file is missing, damaged, or its ids are not ``SERVICE_IDS``.
    """
    path = folder / "services.yaml"
    try:
        raw: dict[str, dict[str, Any]] = load_yaml(path.read_text(encoding="utf-8"))
        by_id = {one: _service(one, raw[one]) for one in SERVICE_IDS}
        ordinary = frozenset(gzip.decompress((folder / WORDS_FILE).read_bytes()).decode().split())
        towns = _towns(folder / TOWNS_FILE) - ordinary
    except (OSError, EOFError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ServicesError(f"{path.name}: {error}") from error
    if set(raw) != set(SERVICE_IDS):
        raise ServicesError(f"{path.name}: services inconnus {set(raw) - set(SERVICE_IDS)}")
    labels: dict[str, set[str]] = {}
    for service in by_id.values():
        for label in service.labels:
            labels.setdefault(fold(label), set()).add(service.id)
    by_label = {label: frozenset(ids) for label, ids in labels.items()}
    return Needs(by_id, by_label, ordinary, towns)


def _towns(path: Path) -> frozenset[str]:
    """Return the names of one word that towns bear."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        header = next(rows)
        name, people = header.index("name"), header.index("population")
        names = [fold(row[name]) for row in rows if int(row[people]) >= _LEAST_TOWN]
        return frozenset(name for name in names if " " not in name)


def _service(one: str, raw: dict[str, Any]) -> Service:
    words = tuple(
        (int(weight), tuple(fold(str(phrase)).split()))
        for weight, phrases in raw["words"].items()
        for phrase in phrases
    )
    other = tuple(tuple(fold(str(phrase)).split()) for phrase in raw.get("not", ()))
    return Service(one, str(raw["title"]), (*raw["v0"], *raw["v1"]), words, other)


def _without(tokens: list[str], phrases: Iterable[tuple[str, ...]]) -> list[str]:
    """Blank the words of phrases, wherever they stand; the others keep their places."""
    kept = list(tokens)
    for phrase in phrases:
        for n in range(len(kept) - len(phrase) + 1):
            if tuple(kept[n : n + len(phrase)]) == phrase:
                kept[n : n + len(phrase)] = [_NOTHING] * len(phrase)
    return kept


class _Stems:
    """Where the stems of expressions stand in a sentence: many expressions share them."""

    def __init__(self, tokens: list[str], ordinary: frozenset[str]) -> None:
        self._tokens = tokens
        self._doubtful = [(n, t) for n, t in enumerate(tokens) if t not in ordinary]
        self._found: dict[str, tuple[int, bool]] = {}

    def find(self, stem: str) -> tuple[int, bool]:
        """Return the place of a stem, -1 where it is not said, and whether it is written so."""
        known = self._found.get(stem)
        if known is None:
            known = self._found[stem] = self._look(stem)
        return known

    def _look(self, stem: str) -> tuple[int, bool]:
        for n, token in enumerate(self._tokens):
            if token.startswith(stem) and _whole(stem, token):
                return n, True
        return next((n for n, token in self._doubtful if _misspelt(stem, token)), -1), False


def _hit(
    weight: int, stems: tuple[str, ...], sentence: _Stems
) -> tuple[float, tuple[int, ...]] | None:
    """Return the score and positions of an expression in a sentence, its words in any order.

    Words of an expression must stand close: at most three others between them.
    """
    positions: list[int] = []
    exact = 0
    for stem in stems:
        found, so_written = sentence.find(stem)
        if found < 0 or found in positions:
            return None
        exact += so_written
        positions.append(found)
    if max(positions) - min(positions) > len(stems) + 2:
        return None
    return weight + 0.5 * (len(stems) - 1) - (1 - exact / len(stems)), tuple(positions)


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
