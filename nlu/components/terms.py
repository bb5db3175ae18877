"""Words and runs of letters of a message, each weighed by how rare it is in the examples.

The usual tf-idf (sublinear, unit length), written out: scikit-learn's gives the same rows (a test
holds it) at four times the price for one message, and 75 MB to import.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

_WORD = re.compile(r"\w+")
_SHORTEST, _LONGEST = 2, 5
"""Letters of a run; a word's edges count as one letter each."""


def words(text: str) -> list[str]:
    """Return the words of a folded text, and its pairs of neighbouring words."""
    found = _WORD.findall(text)
    return found + [f"{a} {b}" for a, b in pairwise(found)]


def letters(text: str) -> list[str]:
    """Return the runs of two to five letters within each word, its edges marked by spaces."""
    found = []
    for word in text.split():
        edged = f" {word} "
        length = len(edged)
        for size in range(_SHORTEST, _LONGEST + 1):
            if size >= length:
                found.append(edged)  # a short word counts once
                break
            found.extend([edged[start : start + size] for start in range(length - size + 1)])
    return found


class Terms:
    """The terms of one kind that the examples hold: term → column, and its weight."""

    def __init__(
        self, split: Callable[[str], list[str]], known: Sequence[str], rarity: Any
    ) -> None:  # fmt: skip
        """Keep what was learned.

        Args:
            split: `words` or `letters`.
            known: The terms, in the order of their columns.
            rarity: Inverse document frequency of each.
        """
        self._split = split
        self._columns = {term: column for column, term in enumerate(known)}
        self.rarity = np.asarray(rarity, dtype=np.float32)

    @classmethod
    def learn(
        cls, split: Callable[[str], list[str]], texts: Iterable[str], fewest: int
    ) -> Terms:  # fmt: skip
        """Learn the terms that at least `fewest` texts hold."""
        texts = list(texts)
        holding = Counter(term for text in texts for term in set(split(text)))
        known = sorted(term for term, times in holding.items() if times >= fewest)
        rarity = [math.log((1 + len(texts)) / (1 + holding[term])) + 1 for term in known]
        return cls(split, known, rarity)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def known(self) -> list[str]:
        """The terms, in the order of their columns."""
        return list(self._columns)

    def row(self, text: str) -> tuple[Any, Any]:
        """Return the columns that a folded text fills, and its values: a vector of unit length."""
        columns = self._columns
        counted = Counter(columns[t] for t in self._split(text) if t in columns)
        where = np.fromiter(counted, dtype=np.int32, count=len(counted))
        times = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
        values = (1 + np.log(times)) * self.rarity[where]
        length = float(np.linalg.norm(values))
        return where, values / length if length else values
