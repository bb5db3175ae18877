"""The classifier: features of a message → a score for each topic, and its confidence.

Nothing here knows Rasa. What is learned is kept as arrays and plain JSON, never pickled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from nlu.components import text as forms
from nlu.components.decision import Decision, Reading, fit_decision
from nlu.components.encoders import Encoders
from nlu.components.language import detect_language
from nlu.components.spelling import Speller

OUT_OF_SCOPE = "hors_sujet"
"""The topic of what is not about the programme; a foreign data set may not have it."""

_EMBEDDING_WEIGHT = 0.7
_EMBEDDING_WEIGHT_FEW = 1.2
"""With few examples what an encoder already knows counts for more."""
_CONTEXT_WEIGHT = 2.5

_INFORMATIONAL = ("pass_", "aap_", "programme_", "structure_", "lieu_", "trouver_")
"""Topics that are questions: two of them may be asked in one message."""
_MANY = 2000
"""Examples from which a term seen once is left out; with few, each one counts."""
_PARTS = 5
"""Cross-validation's parts: whole hands are never split, two hands may share a part."""
_HINT = 0.004
_SURE = 0.75
_PLAIN = 0.75
"""Probability from which a part as short as «c'est quoi», never sure alone, is taken as read."""
_MOST_HALVES = 2


@dataclass(frozen=True)
class Example:
    """A message to learn from.

    ``previous`` is the topic talked about just before («» when none); ``hand`` tells who
    wrote it: cross-validation leaves one hand out at a time («» when unknown).
    """

    text: str
    topic: str
    previous: str = ""
    hand: str = ""


_CONTEXT = re.compile(r"^(?P<previous>[a-z]+(?:_[a-z]+)*) > (?P<text>.+)$", re.DOTALL)


def example_of(text: str, topic: str, metadata: dict[str, Any] | None = None) -> Example:
    """Return an example as `data/nlu` writes it.

    «previous_topic > text» is a follow-up in its context: Rasa refuses one text under two
    intents, and «et le deuxième ?» belongs to many.
    """
    hand = str((metadata or {}).get("hand", ""))
    if context := _CONTEXT.match(text):
        return Example(context["text"], topic, context["previous"], hand)
    return Example(text, topic, "", hand)


class Features:
    """Word and character n-grams, sentence embeddings and the last topic, side by side."""

    def __init__(self, encoders: Encoders) -> None:
        self._encoders = encoders
        self._words = TfidfVectorizer(
            ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32,
            token_pattern=r"\w+",  # noqa: S106 not a password
        )  # fmt: skip
        self._characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32
        )
        self._centres: list[Any] = []
        self._topics: list[str] = []
        self._weight = _EMBEDDING_WEIGHT

    def embed(self, texts: Sequence[str]) -> list[Any]:
        """Return the encoders' vectors of tidied texts."""
        return self._encoders.encode(texts)

    def fit(self, texts: Sequence[str], vectors: list[Any], topics: Sequence[str]) -> None:
        """Learn vocabularies, the centre of the vectors, and the topics a context can name."""
        folded = [forms.fold(text) for text in texts]
        rare = 2 if len(texts) >= _MANY else 1
        self._weight = _EMBEDDING_WEIGHT if len(texts) >= _MANY else _EMBEDDING_WEIGHT_FEW
        self._words.set_params(min_df=rare)
        self._characters.set_params(min_df=rare)
        self._words.fit(folded)
        self._characters.fit(folded)
        self._centres = [v.mean(axis=0) for v in vectors]
        self._topics = sorted(set(topics))

    def dense(self, vectors: list[Any]) -> Any:
        """Return the centred vectors at unit length, encoders side by side."""
        blocks = []
        for vector, centre in zip(vectors, self._centres, strict=True):
            moved = vector - centre
            blocks.append(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6))
        return np.hstack(blocks) if blocks else np.zeros((0, 0), dtype=np.float32)

    def matrix(self, texts: Sequence[str], vectors: list[Any], previous: Sequence[str]) -> Any:
        """Return the features of tidied texts, a row each."""
        folded = [forms.fold(text) for text in texts]
        context = sp.lil_matrix((len(texts), 2 * len(self._topics)), dtype=np.float32)
        for row, topic in enumerate(previous):
            if topic in self._topics:
                column = self._topics.index(topic)
                # A long message speaks for itself; a fragment lives from what came before.
                weight = _CONTEXT_WEIGHT / (1 + 0.15 * len(folded[row].split()))
                context[row, column] = weight
        dense = sp.csr_matrix(self._weight * self.dense(vectors))
        return sp.hstack(
            [self._words.transform(folded), self._characters.transform(folded), dense, context]
        ).tocsr()

    def state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what was learned, as JSON and arrays."""
        arrays = {"words_idf": self._words.idf_, "characters_idf": self._characters.idf_}
        arrays |= {f"centre_{n}": centre for n, centre in enumerate(self._centres)}
        vocabulary = {
            "encoders": list(self._encoders.names),
            "topics": self._topics,
            "weight": self._weight,
            "words": list(self._words.get_feature_names_out()),
            "characters": list(self._characters.get_feature_names_out()),
        }
        return vocabulary, arrays

    @classmethod
    def restore(cls, vocabulary: dict[str, Any], arrays: Any) -> Features:
        """Rebuild what `state` returned."""
        self = cls(Encoders(vocabulary["encoders"]))
        self._topics = vocabulary["topics"]
        self._weight = vocabulary["weight"]
        for vectorizer, name in ((self._words, "words"), (self._characters, "characters")):
            vectorizer.set_params(vocabulary={t: n for n, t in enumerate(vocabulary[name])})
            vectorizer.idf_ = arrays[f"{name}_idf"]
        self._centres = [arrays[f"centre_{n}"] for n in range(len(vocabulary["encoders"]))]
        return self


class TopicModel:
    """Reads messages: fit once, then `read` each."""

    def __init__(
        self, topics: list[str], features: Features, weights: Any, bias: Any, decision: Decision,
        neighbours: Any, neighbour_topics: Any, speller: Speller,
    ) -> None:  # fmt: skip
        self.topics = topics
        self._features = features
        # Column by topic, in one piece: SciPy would copy anything else at every message.
        self._weights = np.ascontiguousarray(weights.T, dtype=np.float32)
        self._bias = bias
        self._decision = decision
        self._speller = speller
        order = np.argsort(neighbour_topics, kind="stable")
        self._neighbours = np.asarray(neighbours, dtype=np.float32)[order]
        self._neighbour_topics = np.asarray(neighbour_topics)[order]
        self._known, self._starts = np.unique(self._neighbour_topics, return_index=True)

    @classmethod
    def fit(cls, examples: Sequence[Example], encoders: Encoders, seed: int = 0) -> TopicModel:
        """Learn from examples; confidence is learned on hands left out in turn."""
        speller = _learn_speller(examples)
        texts = [standard(e.text, speller) for e in examples]
        previous = [e.previous for e in examples]
        topics = sorted({e.topic for e in examples})
        labels = np.array([topics.index(e.topic) for e in examples])
        vectors = encoders.encode(texts)
        scores = np.zeros((len(examples), len(topics)), dtype=np.float32)
        near = np.zeros((len(examples), len(topics)), dtype=np.float32)
        for inside, outside in _folds(examples, labels, seed):
            fold = cls._fit_classifier(
                texts, vectors, previous, topics, labels, encoders, inside, speller
            )
            scores[outside], near[outside] = fold._raw(
                [texts[n] for n in outside], [v[outside] for v in vectors],
                [previous[n] for n in outside],
            )  # fmt: skip
        decision = fit_decision(scores, near, labels, topics, OUT_OF_SCOPE)
        every = np.arange(len(examples))
        model = cls._fit_classifier(
            texts, vectors, previous, topics, labels, encoders, every, speller
        )
        model._decision = decision
        return model

    @classmethod
    def _fit_classifier(
        cls, texts: list[str], vectors: list[Any], previous: list[str], topics: list[str],
        labels: Any, encoders: Encoders, rows: Any, speller: Speller,
    ) -> TopicModel:  # fmt: skip
        some = [texts[n] for n in rows]
        some_vectors = [v[rows] for v in vectors]
        features = Features(encoders)
        features.fit(some, some_vectors, topics)
        matrix = features.matrix(some, some_vectors, [previous[n] for n in rows])
        classifier = LinearSVC(C=0.3, tol=0.1, random_state=0).fit(matrix, labels[rows])
        weights = np.zeros((len(topics), matrix.shape[1]), dtype=np.float32)
        bias = np.full(len(topics), -2.0, dtype=np.float32)
        if len(classifier.classes_) == 2:
            weights[classifier.classes_] = np.vstack([-classifier.coef_, classifier.coef_])
            bias[classifier.classes_] = [-classifier.intercept_[0], classifier.intercept_[0]]
        else:
            weights[classifier.classes_] = classifier.coef_
            bias[classifier.classes_] = classifier.intercept_
        dense = features.dense(some_vectors)
        return cls(
            topics, features, weights, bias, Decision.empty(), dense, labels[rows], speller,
        )  # fmt: skip

    def _raw(self, texts: list[str], vectors: list[Any], previous: list[str]) -> tuple[Any, Any]:
        """Return the scores and, a topic, the nearness of its nearest example (−1 to 1)."""
        matrix = self._features.matrix(texts, vectors, previous)
        scores = np.asarray(matrix @ self._weights + self._bias)
        dense = self._features.dense(vectors)
        near = np.full((len(texts), len(self.topics)), -1.0, dtype=np.float32)
        if dense.shape[1]:
            similarity = dense @ self._neighbours.T / len(vectors)
            near[:, self._known] = np.maximum.reduceat(similarity, self._starts, axis=1)
        return scores, near

    @classmethod
    def best_topics(
        cls, examples: Sequence[Example], data: Sequence[Example], encoders: Encoders
    ) -> list[str]:
        """Learn from examples and return the best topic of each message, nothing else."""
        speller = _learn_speller(examples)
        texts = [standard(e.text, speller) for e in examples]
        topics = sorted({e.topic for e in examples})
        labels = np.array([topics.index(e.topic) for e in examples])
        model = cls._fit_classifier(
            texts, encoders.encode(texts), [e.previous for e in examples], topics, labels,
            encoders, np.arange(len(examples)), speller,
        )  # fmt: skip
        asked = [standard(e.text, speller) for e in data]
        scores, _ = model._raw(asked, encoders.encode(asked), [e.previous for e in data])
        return [topics[n] for n in scores.argmax(axis=1)]

    def read(self, text: str, previous: str = "") -> Reading:
        """Read one message; any text whatever, never an error."""
        cleaned = forms.clean(text)
        tidied = standard(text, self._speller)
        language = detect_language(cleaned)
        if not any(c.isalnum() for c in tidied):
            return Reading.not_understood(language)
        scores, near = self._raw([tidied], self._features.embed([tidied]), [previous])
        reading = self._decision.read(scores[0], near[0], language)
        return replace(reading, second=self._second(tidied, reading))

    def _second(self, tidied: str, reading: Reading) -> str:
        """Return another topic asked in the same message, or «».

        The message is taken apart only when its ranking already hints at two topics: each
        part is embedded anew, which is what reading costs.
        """
        likely = [topic for topic, chance in reading.ranking if chance >= _HINT]
        if reading.tier == "refuse" or len(likely) < 2:
            return ""
        for parts in forms.halves(tidied)[:_MOST_HALVES]:
            if not all(map(forms.asks, parts)):
                continue
            scores, near = self._raw(list(parts), self._features.embed(parts), ["", ""])
            topics = [
                part.reading
                for part in (
                    self._decision.read(s, n, reading.language)
                    for s, n in zip(scores, near, strict=True)
                )
                if part.reading.startswith(_INFORMATIONAL)
                and (part.confidence >= _SURE or part.ranking[0][1] >= _PLAIN)
            ]
            if len(set(topics)) == 2 and reading.reading in topics:
                return next(topic for topic in topics if topic != reading.reading)
        return ""

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""
        vocabulary, arrays = self._features.state()
        vocabulary["speller"] = self._speller.state()
        description = {
            "topics": self.topics, "features": vocabulary, "decision": self._decision.state(),
        }  # fmt: skip
        (folder / "model.json").write_text(json.dumps(description, ensure_ascii=False), "utf-8")
        np.savez(
            folder / "model.npz", weights=self._weights.T.astype(np.float16), bias=self._bias,
            neighbours=self._neighbours.astype(np.float16),
            neighbour_topics=self._neighbour_topics, **arrays,
        )  # fmt: skip

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        """Read a saved model.

        Raises:
            MissingEncoderError: It was trained with an encoder this machine lacks.
        """
        description = json.loads((folder / "model.json").read_text("utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        features = Features.restore(description["features"], arrays)
        return cls(
            description["topics"], features, arrays["weights"].astype(np.float32), arrays["bias"],
            Decision.restore(description["decision"]), arrays["neighbours"],
            arrays["neighbour_topics"], Speller.restore(description["features"]["speller"]),
        )  # fmt: skip


def standard(text: str, speller: Speller) -> str:
    """Return a message as features read it: cleaned, tidied and, in French, repaired."""
    cleaned = forms.clean(text)
    tidied = forms.tidy(cleaned)
    return speller.repair(tidied) if detect_language(cleaned) == "fr" else tidied


def _learn_speller(examples: Sequence[Example]) -> Speller:
    cleaned = [forms.clean(e.text) for e in examples]
    return Speller.learn([forms.tidy(text) for text in cleaned if detect_language(text) == "fr"])


def _folds(examples: Sequence[Example], labels: Any, seed: int) -> list[tuple[Any, Any]]:
    """Return (learn, judge) row numbers: some hands at a time, else random parts."""
    hands = sorted({e.hand for e in examples})
    if len(hands) > 2:
        of = np.array([hands.index(e.hand) % _PARTS for e in examples])
    else:
        of = np.random.default_rng(seed).permutation(len(examples)) % _PARTS
    parts = [(np.flatnonzero(of != n), np.flatnonzero(of == n)) for n in range(of.max() + 1)]
    return [(inside, outside) for inside, outside in parts if len(np.unique(labels[inside])) > 1]
