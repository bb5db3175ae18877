"""From scores to a decision: answer, name what is answered, ask back, or say one does not know.

Three small models, fitted on messages of hands that the classifier had not seen: a
temperature makes scores into probabilities; one logistic model tells what is out of scope;
another tells how likely the best in-scope topic is right. The tiers come from costs.

- ``answer``: said as it is.
- ``named``: said, naming first the question that is answered, the other readings as buttons.
- ``clarify``: asked back, only between readings that lead to different acts.
- ``refuse``: out of scope, or not understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

COST_WRONG = 10.0
"""A wrong answer given as if it were right: it may be believed."""
COST_WRONG_NAMED = 3.0
"""A wrong answer that says which question it answers: the person sees the mistake."""
COST_NAMED = 0.7
"""Naming the question where it was right: some words to read for nothing."""
COST_QUESTION = 1.75
"""A question back: a turn from which people in difficulty may not come back."""
CLOSE = 3.0
"""How many times likelier than the second the first reading may be, and still be doubtful."""
REFUSED_IN_SCOPE = 0.03
"""Share of in-scope messages that the out-of-scope threshold may refuse, at most."""


ALARM = "urgence"
SURE_OF_DANGER = 0.55
"""Probability from which a danger is announced, before anything else; a false alarm frightens
for nothing, and plain words of danger are read before any model."""

FAINT_DANGER = 0.01
"""Probability of a danger from which every encoder is asked."""

HARM = 0.0005
"""Share of messages that deciding early may read wrongly where asking everybody reads right."""

SMALL_TALK = frozenset({"saluer", "remercier", "au_revoir", "affirmer", "nier"})
"""Never asked back: a wrong «de rien» costs nothing."""

_ACTS = {
    "trouver_lieu": "places",
    "besoin_aide": "places",
    "plus_de_lieux": "more places",
    "lieu_horaires": "a place",
    "lieu_contact": "a place",
    "lieu_itineraire": "a place",
    "lieu_accessibilite": "a place",
    "aap_simulation": "a computation",
    "parler_humain": "a person",
    "suivi_demande": "a person",
    "plainte": "a person",
    "urgence": "danger",
    "annuler": "stop",
    "affirmer": "yes",
    "nier": "no",
    "reformuler": "again",
}
"""What a topic leads to, where it is not a text: a text that was not wanted undoes nothing."""


def act(topic: str) -> str:
    """Return what the assistant does about a topic: two texts are one act."""
    return _ACTS.get(topic, "a text")


def tier_of(confidence: float, best: str, second: str, ratio: float) -> str:
    """Return the tier that costs least.

    Args:
        confidence: Calibrated probability that the best reading is right.
        best: The best in-scope topic.
        second: The next one.
        ratio: How many times likelier the first is than the second.
    """
    wrong = 1 - confidence
    if wrong * COST_WRONG <= COST_NAMED + wrong * COST_WRONG_NAMED:
        return "answer"
    doubtful = ratio < CLOSE and act(best) != act(second) and best not in SMALL_TALK
    if doubtful and COST_NAMED + wrong * COST_WRONG_NAMED > COST_QUESTION:
        return "clarify"
    return "named"


@dataclass(frozen=True)
class Reading:
    """How a message was understood.

    ``confidence`` (0 to 1) is the calibrated probability that ``reading`` is right;
    ``second`` another topic asked in the same message, or «».
    """

    tier: str
    reading: str
    confidence: float
    language: str = "fr"
    second: str = ""
    ranking: tuple[tuple[str, float], ...] = field(default=())

    def settles(self, sure: float) -> bool:
        """Whether nobody else need be asked: answered, surely, and no danger is likely."""
        alarm = dict(self.ranking).get(ALARM, 0.0)
        return self.tier == "answer" and self.confidence >= sure and alarm < FAINT_DANGER

    @classmethod
    def not_understood(cls, language: str) -> Reading:
        """Return the reading of a message without any word."""
        return cls("refuse", "hors_sujet", 0.0, language)


@dataclass(frozen=True)
class Decision:
    """The fitted models: temperature, out-of-scope and confidence weights, thresholds."""

    topics: tuple[str, ...]
    out: int
    temperature: float
    out_weights: tuple[float, ...]
    confidence_weights: tuple[float, ...]
    out_threshold: float

    @classmethod
    def empty(cls) -> Decision:
        """Return a decision for a classifier whose scores alone are of interest."""
        return cls((), -1, 1.0, (), (), 2.0)

    def read(self, scores: Any, near: Any, language: str) -> Reading:
        """Decide on one message from its scores and nearnesses, a topic each."""
        probabilities = softmax(scores[None] / self.temperature)
        order = np.argsort(-probabilities[0])
        ranking = tuple((self.topics[n], float(probabilities[0, n])) for n in order[:10])
        if self.topics[int(order[0])] == ALARM and ranking[0][1] >= SURE_OF_DANGER:
            return Reading("answer", ALARM, ranking[0][1], language, "", ranking)
        if self.out >= 0:
            features = _out_features(probabilities, near[None], self.out)
            out = float(_logistic(features, self.out_weights))
            if out >= self.out_threshold:
                chance = max(out, 0.5)
                return Reading("refuse", self.topics[self.out], chance, language, "", ranking)
        features = _confidence_features(probabilities, near[None], self.out)
        confidence = float(_logistic(features, self.confidence_weights))
        best, second = (int(n) for n in order[order != self.out][:2])
        if self.topics[best] == ALARM:
            # Exaggerations look like dangers: a likely one was announced above.
            best, second, confidence = second, best, 1 - confidence
        ratio = float(probabilities[0, best] / max(probabilities[0, second], 1e-9))
        tier = tier_of(confidence, self.topics[best], self.topics[second], ratio)
        return Reading(tier, self.topics[best], confidence, language, "", ranking)

    def state(self) -> dict[str, Any]:
        """Return what was fitted, as JSON."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def restore(cls, state: dict[str, Any]) -> Decision:
        """Rebuild what `state` returned."""
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in state.items()})


def fit_decision(
    scores: Any, near: Any, labels: Any, topics: list[str], out_topic: str
) -> Decision:
    """Fit the three models on scores of messages that the classifier had not seen."""
    temperature = _fit_temperature(scores, labels)
    probabilities = softmax(scores / temperature)
    out = topics.index(out_topic) if out_topic in topics else -1
    out_weights: tuple[float, ...] = ()
    threshold = 2.0
    kept = np.ones(len(labels), dtype=bool)
    if out >= 0:
        features = _out_features(probabilities, near, out)
        out_weights = _fit_logistic(features, labels == out)
        chance = _logistic(features, out_weights)
        threshold = float(np.quantile(chance[labels != out], 1 - REFUSED_IN_SCOPE))
        kept = chance < threshold
    in_scope = probabilities.copy()
    if out >= 0:
        in_scope[:, out] = 0
    right = in_scope.argmax(axis=1) == labels
    confidence_weights = _fit_logistic(
        _confidence_features(probabilities, near, out)[kept], right[kept]
    )
    return Decision(
        tuple(topics), out, temperature, out_weights, confidence_weights, threshold,
    )  # fmt: skip


def sure_from(
    early: Sequence[Reading], late: Sequence[Reading], truth: Sequence[str]
) -> float:  # fmt: skip
    """Return the confidence from which an early reading may be kept.

    The lowest for which at most a share `HARM` of all messages is read wrongly early and rightly
    late. The messages are of hands that neither had seen.
    """
    harmful = sorted(
        (
            one.confidence
            for one, other, topic in zip(early, late, truth, strict=True)
            if one.settles(0.0) and one.reading != topic and other.reading == topic
        ),
        reverse=True,
    )
    allowed = int(HARM * len(truth))
    # Just above the first that would be one too many.
    return float(np.nextafter(harmful[allowed], 2.0)) if len(harmful) > allowed else 0.0


def softmax(scores: Any) -> Any:
    """Return probabilities, a row each."""
    moved = np.exp(scores - scores.max(axis=1, keepdims=True))
    return moved / moved.sum(axis=1, keepdims=True)


def _fit_temperature(scores: Any, labels: Any) -> float:
    from scipy.optimize import minimize_scalar  # to learn only, as scikit-learn below

    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        probabilities = softmax(scores / np.exp(log_temperature))
        return float(-np.log(probabilities[rows, labels] + 1e-9).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-4, 2), method="bounded").x))


def _logit(p: Any) -> Any:
    p = np.clip(p, 1e-5, 1 - 1e-5)
    return np.log(p / (1 - p))


def _out_features(probabilities: Any, near: Any, out: int) -> Any:
    inside = np.delete(probabilities, out, axis=1)
    near_inside = np.delete(near, out, axis=1).max(axis=1)
    return np.column_stack(
        [_logit(probabilities[:, out]), _logit(inside.max(axis=1)), near[:, out], near_inside]
    )


def _confidence_features(probabilities: Any, near: Any, out: int) -> Any:
    inside = probabilities.copy()
    near = near.copy()
    if out >= 0:
        inside[:, out] = 0
        near[:, out] = -1
    best = inside.argmax(axis=1)
    rows = np.arange(len(best))
    second = np.sort(inside, axis=1)[:, -2]
    own = near[rows, best]
    other = near.copy()
    other[rows, best] = -1
    return np.column_stack(
        [
            _logit(inside[rows, best]),
            np.log(inside[rows, best] + 1e-5) - np.log(second + 1e-5),
            _logit(probabilities[:, out]) if out >= 0 else np.zeros(len(best)),
            own,
            own - other.max(axis=1),
        ]
    )


def _fit_logistic(features: Any, truth: Any) -> tuple[float, ...]:
    """Return scale-free weights and bias; a constant when there is nothing to tell apart."""
    if truth.all() or not truth.any():
        return (*([0.0] * features.shape[1]), 9.0 if truth.all() else -9.0)
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=10.0, max_iter=1000).fit(features, truth)
    return (*map(float, model.coef_[0]), float(model.intercept_[0]))


def _logistic(features: Any, weights: tuple[float, ...]) -> Any:
    value = features @ np.array(weights[:-1]) + weights[-1]
    result = 1 / (1 + np.exp(-np.clip(value, -30, 30)))
    return result if len(result) > 1 else result[0]
