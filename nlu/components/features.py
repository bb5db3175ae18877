"""What a classifier looks at in a message: terms, sentence vectors, and the topic talked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from nlu.components import text as forms
from nlu.components.encoders import DIMENSIONS, Encoders
from nlu.components.terms import Terms, letters, words

MANY = 2000
"""Examples from which a term seen once is left out; with few, each one counts."""

_EMBEDDING_WEIGHT = 0.7
_EMBEDDING_WEIGHT_FEW = 1.2
"""With few examples what an encoder already knows counts for more."""
_CONTEXT_WEIGHT = 2.5


@dataclass(frozen=True)
class Look:
    """One message: columns and values of its terms, and of the topic last talked about."""

    columns: Any
    values: Any
    context: int
    context_value: float


class Features:
    """Words, runs of letters, sentence vectors and the last topic, side by side.

    Columns come in this order: words, letters, one block an encoder, topics last talked about.
    """

    def __init__(self, encoders: Encoders) -> None:
        self.encoders = encoders
        self._words = Terms(words, (), ())
        self._letters = Terms(letters, (), ())
        self._centres: list[Any] = []
        self._topics: list[str] = []
        self._weight = _EMBEDDING_WEIGHT

    def fit(self, texts: Sequence[str], vectors: list[Any], topics: Sequence[str]) -> None:
        """Learn terms, the centre of the vectors, and the topics that a context can name."""
        folded = [forms.fold(text) for text in texts]
        fewest = 2 if len(texts) >= MANY else 1
        self._weight = _EMBEDDING_WEIGHT if len(texts) >= MANY else _EMBEDDING_WEIGHT_FEW
        self._words = Terms.learn(words, folded, fewest)
        self._letters = Terms.learn(letters, folded, fewest)
        self._centres = [v.mean(axis=0) for v in vectors]
        self._topics = sorted(set(topics))

    @property
    def terms(self) -> int:
        """How many columns hold terms; they come first."""
        return len(self._words) + len(self._letters)

    def dense(self, vectors: list[Any]) -> list[Any]:
        """Return the centred vectors at unit length, an array an encoder."""
        blocks = []
        for vector, centre in zip(vectors, self._centres, strict=False):
            moved = vector - centre
            blocks.append(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6))
        return blocks

    def weighed(self, block: Any) -> Any:
        """Return a block of `dense` as the classifier has it."""
        return self._weight * block

    def look(self, text: str, previous: str) -> Look:
        """Return what needs no encoder of a tidied text."""
        folded = forms.fold(text)
        (first, one), (second, other) = self._words.row(folded), self._letters.row(folded)
        known = previous in self._topics
        # A long message speaks for itself; a fragment lives from what came before.
        weight = _CONTEXT_WEIGHT / (1 + 0.15 * len(folded.split())) if known else 0.0
        return Look(
            np.concatenate([first, second + len(self._words)]), np.concatenate([one, other]),
            self._topics.index(previous) if known else 0, weight,
        )  # fmt: skip

    def matrix(self, texts: Sequence[str], vectors: list[Any], previous: Sequence[str]) -> Any:
        """Return the features of tidied texts, a row each, sparse."""
        looks = [self.look(text, topic) for text, topic in zip(texts, previous, strict=True)]
        terms = _sparse([(look.columns, look.values) for look in looks], self.terms)
        context = _sparse(
            [([look.context], [look.context_value]) for look in looks], len(self._topics)
        )
        context.eliminate_zeros()
        blocks = [sp.csr_matrix(self.weighed(block)) for block in self.dense(vectors)]
        return sp.hstack([terms, *blocks, context]).tocsr()

    def columns(self, encoders: int) -> Any:
        """Return the columns of a classifier that reads the first `encoders` alone."""
        widths = [DIMENSIONS[name] for name in self.encoders.names]
        read, every = self.terms + sum(widths[:encoders]), self.terms + sum(widths)
        return np.concatenate([np.arange(read), np.arange(every, every + len(self._topics))])

    def state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what was learned, as JSON and arrays."""
        arrays = {"words_idf": self._words.rarity, "letters_idf": self._letters.rarity}
        arrays |= {f"centre_{n}": centre for n, centre in enumerate(self._centres)}
        vocabulary = {
            "encoders": list(self.encoders.names),
            "topics": self._topics,
            "weight": self._weight,
            "words": self._words.known,
            "letters": self._letters.known,
        }
        return vocabulary, arrays

    @classmethod
    def restore(cls, vocabulary: dict[str, Any], arrays: Any) -> Features:
        """Rebuild what `state` returned."""
        self = cls(Encoders(vocabulary["encoders"]))
        self._topics = vocabulary["topics"]
        self._weight = vocabulary["weight"]
        self._words = Terms(words, vocabulary["words"], arrays["words_idf"])
        self._letters = Terms(letters, vocabulary["letters"], arrays["letters_idf"])
        self._centres = [arrays[f"centre_{n}"] for n in range(len(vocabulary["encoders"]))]
        return self


def _sparse(rows: Sequence[tuple[Any, Any]], width: int) -> Any:
    """Return rows of (columns, values) as one sparse matrix."""
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([np.asarray(c, dtype=np.int32) for c, _ in rows])
    values = np.concatenate([np.asarray(v, dtype=np.float32) for _, v in rows])
    return sp.csr_matrix((values, columns, starts), shape=(len(rows), width))
