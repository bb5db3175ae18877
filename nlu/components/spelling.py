"""Repairs single typing errors and restores accents, in French messages.

A word that neither the examples nor a list of common French words knows is replaced by the
most usual known word one error away. Names of communes are known words, left alone.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nlu.components.text import fold

_PLACES = Path(__file__).resolve().parents[2] / "data" / "places"
_WORD = re.compile(r"(?<!\w)[^\W\d_]{3,}(?!\w)", re.UNICODE)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST = 4
"""Letters from which an unknown word is repaired: shorter ones have too many neighbours."""
_TRUSTED = 2
"""Times an unlisted spelling must occur in the examples to count as a word."""

_MOSTLY = 0.8
"""Share of an accented form among a word's spellings, for it to be restored."""

_FRENCH = 0.3
"""Share of known words from which a message of several words is repaired at all."""
_ENOUGH = 4


class Speller:
    """Known words: folded spelling → (usual written form, weight)."""

    def __init__(self, words: dict[str, tuple[str, float]], names: Iterable[str] = ()) -> None:
        self._words = words
        self._names = frozenset(names)

    @classmethod
    def learn(cls, texts: Iterable[str], folder: Path = _PLACES) -> Speller:
        """Learn from examples and from the word lists of `data/places`, where present."""
        forms: dict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for word in _WORD.findall(text.lower()):
                forms[fold(word)][word] += 1
        listed = _read_words(folder / "french_words.txt.gz")
        words = {}
        for rank, word in enumerate(listed):
            words[word] = (word, 1 / (rank + 50))
        for folded, counter in forms.items():
            form, times = counter.most_common(1)[0]
            if folded in words or counter.total() >= _TRUSTED:
                # Restore accents only where the examples mostly write them.
                words[folded] = (
                    form if times > _MOSTLY * counter.total() else folded,
                    counter.total(),
                )
        return cls(words, _read_names(folder / "communes.csv.gz") - set(words))

    def repair(self, text: str) -> str:
        """Return a tidied French text with its words repaired."""
        words = [fold(word) for word in _WORD.findall(text)]
        known = sum(word in self._words for word in words)
        if len(words) >= _ENOUGH and known < _FRENCH * len(words):
            return text  # another language, or a creole: nothing to repair by
        bare = text == fold(text)  # who writes one accent writes the others
        return _WORD.sub(lambda match: self._repair_word(match[0], bare), text)

    def _repair_word(self, word: str, bare: bool) -> str:
        folded = fold(word)
        if known := self._words.get(folded):
            return known[0] if bare else word
        if len(folded) < _SHORTEST or folded in self._names:
            return word
        best, weight = word, 0.0
        for candidate in _one_error_away(folded):
            found = self._words.get(candidate)
            # People err less often on the first letter.
            if found and (worth := found[1] * (1.0 if candidate[0] == folded[0] else 0.2)) > weight:
                best, weight = found[0], worth
        return best

    def state(self) -> dict[str, Any]:
        """Return what was learned, as JSON."""
        return {
            "words": [[k, form, round(weight, 6)] for k, (form, weight) in self._words.items()],
            "names": sorted(self._names),
        }

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Speller:
        """Rebuild what `state` returned."""
        return cls({k: (form, weight) for k, form, weight in state["words"]}, state["names"])


def _one_error_away(word: str) -> set[str]:
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    found = {a + b[1:] for a, b in cuts if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    found |= {a + c + b[1:] for a, b in cuts if b for c in _LETTERS}
    found |= {a + c + b for a, b in cuts for c in _LETTERS}
    found.discard(word)
    found.discard("")
    return found


def _read_words(path: Path) -> list[str]:
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [word for line in lines if (word := line.strip()).isalpha()]


def _read_names(path: Path) -> set[str]:
    if not path.exists():
        return set()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return {word for row in csv.DictReader(file) for word in _WORD.findall(fold(row["name"]))}
