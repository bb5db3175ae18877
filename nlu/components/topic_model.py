"""The classifier: features of a message → a score for each topic, and its confidence.

A cascade: words and letters decide what they are sure of (half of the messages, 1 ms each), the
light encoder the next quarter; the heavy one, four fifths of the price of a reading, reads only
what is doubtful yet. Nothing here knows Rasa. What is learned is kept as arrays and plain JSON,
never pickled.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nlu.components import text as forms
from nlu.components.decision import Decision, Reading, fit_decision, sure_from
from nlu.components.encoders import CORES, Encoders
from nlu.components.features import MANY, Features, Look
from nlu.components.language import detect_language
from nlu.components.spelling import Speller

OUT_OF_SCOPE = "hors_sujet"
"""The topic of what is not about the programme; a foreign data set may not have it."""

_INFORMATIONAL = ("pass_", "aap_", "programme_", "structure_", "lieu_", "trouver_")
"""Topics that are questions: two of them may be asked in one message."""
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


@dataclass(frozen=True)
class Head:
    """A linear classifier over the terms and the first encoders, and what to make of its scores.

    Attributes:
        encoders: How many of the model's encoders it reads, in their order.
        weights: A row a column of its features, a column a topic, in half precision: a message
            reads some hundred of their seventy thousand rows.
        bias: A value a topic.
        decision: How its scores are read.
        sure: Confidence from which its answer is kept without asking the next head.
    """

    encoders: int
    weights: Any
    bias: Any
    decision: Decision
    sure: float

    @classmethod
    def fit(cls, encoders: int, features: Any, labels: Any, topics: int) -> Head:
        """Learn to tell topics apart; scores alone, the decision comes later."""
        from sklearn.svm import LinearSVC  # 75 MB that a process which only reads never loads

        classifier = LinearSVC(C=0.3, tol=0.1, random_state=0).fit(features, labels)
        weights = np.zeros((features.shape[1], topics), dtype=np.float32)
        bias = np.full(topics, -2.0, dtype=np.float32)
        if len(classifier.classes_) == 2:
            weights[:, classifier.classes_] = np.hstack([-classifier.coef_.T, classifier.coef_.T])
            bias[classifier.classes_] = [-classifier.intercept_[0], classifier.intercept_[0]]
        else:
            weights[:, classifier.classes_] = classifier.coef_.T
            bias[classifier.classes_] = classifier.intercept_
        return cls(encoders, weights.astype(np.float16), bias, Decision.empty(), NEVER)


NEVER = 2.0
"""A confidence that no reading has."""

_KEPT = 160
"""Dimensions of each encoder that are kept to look for the nearest example."""


class Neighbours:
    """The examples' vectors, an array an encoder, in order of topic, narrowed to what tells most.

    Whole, they took 48 MB and the longest part of a reading that asks the light encoder alone.
    """

    def __init__(
        self, blocks: Sequence[Any], projections: Sequence[Any], topics: Any, count: int
    ) -> None:  # fmt: skip
        """Keep examples.

        Args:
            blocks: An array an encoder: a row an example, narrowed.
            projections: What narrows a vector of each encoder.
            topics: The topic (a number) of each example, in ascending order.
            count: How many topics there are.
        """
        self.blocks = [np.asarray(block, dtype=np.float32) for block in blocks]
        self.projections = [np.asarray(matrix, dtype=np.float32) for matrix in projections]
        self.topics = topics
        self._count = count
        self._known, self._starts = np.unique(topics, return_index=True)

    @classmethod
    def learn(cls, blocks: Sequence[Any], topics: Any, count: int) -> Neighbours:
        """Keep the principal components of the examples' vectors (of unit length, centred)."""
        order = np.argsort(topics, kind="stable")
        projections = [np.linalg.eigh(b.T @ b)[1][:, : -_KEPT - 1 : -1] for b in blocks]
        narrowed = [b[order] @ p for b, p in zip(blocks, projections, strict=True)]
        return cls(narrowed, projections, np.asarray(topics)[order], count)

    def near(self, blocks: Sequence[Any]) -> Any:
        """Return, a topic, the nearness (−1 to 1) of its nearest example: a row a message.

        Args:
            blocks: Vectors of the first encoders, whole.
        """
        near = np.full((len(blocks[0]) if blocks else 1, self._count), -1.0, dtype=np.float32)
        if blocks:
            every = zip(blocks, self.projections, self.blocks, strict=False)
            similarity = sum(block @ narrow @ known.T for block, narrow, known in every)
            near[:, self._known] = np.maximum.reduceat(
                similarity / len(blocks), self._starts, axis=1
            )
        return near


class TopicModel:
    """Reads messages: fit once, then `read` each."""

    def __init__(
        self, topics: list[str], features: Features, heads: Sequence[Head],
        neighbours: Neighbours, speller: Speller,
    ) -> None:  # fmt: skip
        self.topics = topics
        self._features = features
        self._heads = tuple(heads)
        self._neighbours = neighbours
        self._speller = speller

    @classmethod
    def fit(cls, examples: Sequence[Example], encoders: Encoders, seed: int = 0) -> TopicModel:
        """Learn from examples; confidence is learned on hands left out in turn."""
        speller = _learn_speller(examples)
        texts = [standard(e.text, speller) for e in examples]
        previous = [e.previous for e in examples]
        topics = sorted({e.topic for e in examples})
        labels = np.array([topics.index(e.topic) for e in examples])
        vectors = encoders.encode(texts)
        stages = _stages(len(examples), len(encoders.names))
        scores = np.zeros((len(stages), len(examples), len(topics)), dtype=np.float32)
        near = np.zeros_like(scores)

        def learn(rows: Any) -> TopicModel:
            return cls._fit_classifiers(
                texts, vectors, previous, topics, labels, encoders, rows, speller, stages
            )

        def judge(inside: Any, outside: Any) -> None:
            asked = [texts[n] for n in outside], [v[outside] for v in vectors]
            told = learn(inside)._judge_all(*asked, [previous[n] for n in outside])
            for stage, (some, nearest) in enumerate(told):
                scores[stage, outside], near[stage, outside] = some, nearest

        # liblinear releases Python's lock: as many fits side by side as there are cores.
        with ThreadPoolExecutor(CORES) as pool:
            whole = pool.submit(learn, np.arange(len(examples)))
            parts = [pool.submit(judge, *part) for part in _folds(examples, labels, seed)]
            for part in parts:
                part.result()
            model = whole.result()
        decisions = [
            fit_decision(s, n, labels, topics, OUT_OF_SCOPE)
            for s, n in zip(scores, near, strict=True)
        ]
        readings = [
            [decision.read(s, n, "fr") for s, n in zip(scores[stage], near[stage], strict=True)]
            for stage, decision in enumerate(decisions if len(stages) > 1 else ())
        ]
        truth = [e.topic for e in examples]
        model._heads = tuple(
            replace(
                head, decision=decision,
                sure=sure_from(readings[n], readings[-1], truth) if n + 1 < len(stages) else NEVER,
            )
            for n, (head, decision) in enumerate(zip(model._heads, decisions, strict=True))
        )  # fmt: skip
        return model

    @classmethod
    def _fit_classifiers(
        cls, texts: list[str], vectors: list[Any], previous: list[str], topics: list[str],
        labels: Any, encoders: Encoders, rows: Any, speller: Speller, stages: Sequence[int],
    ) -> TopicModel:  # fmt: skip
        some = [texts[n] for n in rows]
        some_vectors = [v[rows] for v in vectors]
        features = Features(encoders)
        features.fit(some, some_vectors, topics)
        matrix = features.matrix(some, some_vectors, [previous[n] for n in rows])
        heads = [
            Head.fit(stage, matrix[:, features.columns(stage)], labels[rows], len(topics))
            for stage in stages
        ]
        neighbours = Neighbours.learn(features.dense(some_vectors), labels[rows], len(topics))
        return cls(topics, features, heads, neighbours, speller)

    def _judge_all(
        self, texts: list[str], vectors: list[Any], previous: list[str]
    ) -> list[tuple[Any, Any]]:
        """Return scores and nearnesses, a head each: what `_judge` says, of many at once."""
        matrix = self._features.matrix(texts, vectors, previous)
        dense = self._features.dense(vectors)
        return [
            (
                np.asarray(
                    matrix[:, self._features.columns(h.encoders)] @ h.weights.astype(np.float32)
                    + h.bias
                ),
                self._neighbours.near(dense[: h.encoders]),
            )
            for h in self._heads
        ]

    def _judge(self, head: Head, text: str, look: Look) -> tuple[Any, Any]:
        """Return a head's scores of one tidied text, and the nearness of each topic."""
        vectors = self._features.encoders.encode([text], head.encoders)
        dense = self._features.dense(vectors)
        scores = head.bias + look.values @ head.weights[look.columns].astype(np.float32)
        start = self._features.terms
        for block in dense:
            end = start + block.shape[1]
            weights = head.weights[start:end].astype(np.float32)
            scores += self._features.weighed(block[0]) @ weights
            start = end
        if look.context_value:
            scores += look.context_value * head.weights[start + look.context]
        return scores, self._neighbours.near(dense)[0]

    @classmethod
    def best_topics(
        cls, examples: Sequence[Example], data: Sequence[Example], encoders: Encoders
    ) -> list[str]:
        """Learn from examples and return the best topic of each message, nothing else."""
        speller = _learn_speller(examples)
        texts = [standard(e.text, speller) for e in examples]
        topics = sorted({e.topic for e in examples})
        labels = np.array([topics.index(e.topic) for e in examples])
        model = cls._fit_classifiers(
            texts, encoders.encode(texts), [e.previous for e in examples], topics, labels,
            encoders, np.arange(len(examples)), speller, [len(encoders.names)],
        )  # fmt: skip
        asked = [standard(e.text, speller) for e in data]
        scores, _ = model._judge_all(asked, encoders.encode(asked), [e.previous for e in data])[-1]
        return [topics[n] for n in scores.argmax(axis=1)]

    def read(self, text: str, previous: str = "") -> Reading:
        """Read one message; any text whatever, never an error."""
        cleaned = forms.clean(text)
        tidied = standard(text, self._speller)
        language = detect_language(cleaned)
        if not any(c.isalnum() for c in tidied):
            return Reading.not_understood(language)
        reading = self._read(tidied, previous, language)
        return replace(reading, second=self._second(tidied, reading))

    def _read(self, tidied: str, previous: str, language: str) -> Reading:
        """Return what the first head that is sure says, else the last."""
        look = self._features.look(tidied, previous)
        for head in self._heads[:-1]:
            reading = head.decision.read(*self._judge(head, tidied, look), language)
            if reading.settles(head.sure):
                return reading
        last = self._heads[-1]
        return last.decision.read(*self._judge(last, tidied, look), language)

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
            read = (self._read(part, "", reading.language) for part in parts)
            topics = [
                part.reading
                for part in read
                if part.reading.startswith(_INFORMATIONAL)
                and (part.confidence >= _SURE or part.ranking[0][1] >= _PLAIN)
            ]
            if len(set(topics)) == 2 and reading.reading in topics:
                return next(topic for topic in topics if topic != reading.reading)
        return ""

    def save(self, folder: Path) -> None:
        """Write the model into a folder."""
        vocabulary, arrays = self._features.state()
        heads = []
        for number, head in enumerate(self._heads):
            heads.append(
                {"encoders": head.encoders, "sure": head.sure, "decision": head.decision.state()}
            )
            arrays[f"weights_{number}"] = head.weights
            arrays[f"bias_{number}"] = head.bias
        for number, block in enumerate(self._neighbours.blocks):
            arrays[f"neighbours_{number}"] = block.astype(np.float16)
            arrays[f"projection_{number}"] = self._neighbours.projections[number]
        description = {
            "topics": self.topics, "features": vocabulary, "heads": heads,
            "speller": self._speller.state(),
        }  # fmt: skip
        (folder / "model.json").write_text(json.dumps(description, ensure_ascii=False), "utf-8")
        np.savez(folder / "model.npz", neighbour_topics=self._neighbours.topics, **arrays)

    @classmethod
    def load(cls, folder: Path) -> TopicModel:
        """Read a saved model.

        Raises:
            MissingEncoderError: It was trained with an encoder this machine lacks.
        """
        description = json.loads((folder / "model.json").read_text("utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            features = Features.restore(description["features"], arrays)
            heads = [
                Head(
                    head["encoders"], arrays[f"weights_{n}"], arrays[f"bias_{n}"],
                    Decision.restore(head["decision"]), head["sure"],
                )
                for n, head in enumerate(description["heads"])
            ]  # fmt: skip
            encoders = range(len(features.encoders.names))
            neighbours = Neighbours(
                [arrays[f"neighbours_{n}"] for n in encoders],
                [arrays[f"projection_{n}"] for n in encoders],
                arrays["neighbour_topics"], len(description["topics"]),
            )  # fmt: skip
        speller = Speller.restore(description["speller"])
        return cls(description["topics"], features, heads, neighbours, speller)


def _stages(examples: int, encoders: int) -> list[int]:
    """Return how many encoders each head reads; with few examples nothing tells who is sure."""
    return [encoders] if examples < MANY or encoders < 2 else [0, 1, encoders]


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
