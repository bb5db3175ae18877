"""Measures of how well messages are read: pure, on labels and readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sklearn.metrics import f1_score, precision_recall_fscore_support

from nlu.components.decision import ALARM, Reading
from nlu.components.topic_model import OUT_OF_SCOPE

BINS = 10


@dataclass(frozen=True)
class Measures:
    """Shares from 0 to 1; ``None`` where the labels give nothing to measure.

    ``oos_recall``: out-of-scope messages read as such; ``in_scope_refused``: in-scope ones
    refused; ``confident_wrong`` and ``named_wrong``: answered, and wrongly, of all messages;
    ``ece``: expected calibration error of the confidence, ten bins.
    """

    n: int
    accuracy: float
    macro_f1: float
    in_scope_accuracy: float | None
    ece: float
    oos_recall: float | None
    in_scope_refused: float | None
    confident_wrong: float
    named_wrong: float
    answered: float
    named: float
    clarified: float
    refused: float

    def to_json(self) -> dict[str, Any]:
        """Return the measures, rounded to four decimals."""
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


def measure(labels: Sequence[str], readings: Sequence[Reading]) -> Measures:
    """Compare readings with labels."""
    read = [r.reading for r in readings]
    right = np.array([a == b for a, b in zip(labels, read, strict=True)])
    inside = np.array([label != OUT_OF_SCOPE for label in labels])
    tiers = np.array([r.tier for r in readings])
    return Measures(
        n=len(labels),
        accuracy=float(right.mean()),
        macro_f1=float(f1_score(labels, read, labels=sorted(set(labels)), average="macro")),
        in_scope_accuracy=float(right[inside].mean()) if inside.any() else None,
        ece=calibration_error([r.confidence for r in readings], right),
        oos_recall=float(right[~inside].mean()) if (~inside).any() else None,
        in_scope_refused=float((tiers[inside] == "refuse").mean()) if inside.any() else None,
        confident_wrong=float(((tiers == "answer") & ~right).mean()),
        named_wrong=float(((tiers == "named") & ~right).mean()),
        answered=float((tiers == "answer").mean()),
        named=float((tiers == "named").mean()),
        clarified=float((tiers == "clarify").mean()),
        refused=float((tiers == "refuse").mean()),
    )


def count_alarms(rung: Sequence[tuple[str, bool]]) -> dict[str, Any]:
    """Count dangers that were recognised and other messages that raised an alarm.

    Args:
        rung: The label of each message, and whether it was answered as a danger.

    Returns:
        ``dangers``: share of the dangers recognised, ``None`` where there are none;
        ``false_alarms``: how many other messages were taken for one.
    """
    dangers = [alarm for label, alarm in rung if label == ALARM]
    others = [alarm for label, alarm in rung if label != ALARM]
    share = round(sum(dangers) / len(dangers), 4) if dangers else None
    return {"dangers": share, "false_alarms": sum(others)}


def bins(confidence: Sequence[float], right: Any) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share right, how many) of each tenth of the scale."""
    chance, right = np.asarray(confidence, dtype=float), np.asarray(right, dtype=bool)
    which = np.minimum((chance * BINS).astype(int), BINS - 1)
    return [
        (float(chance[which == b].mean()), float(right[which == b].mean()), int((which == b).sum()))
        for b in range(BINS)
        if (which == b).any()
    ]


def calibration_error(confidence: Sequence[float], right: Any) -> float:
    """Return the mean distance between confidence and share right, weighted by bin."""
    return float(sum(abs(c - r) * n for c, r, n in bins(confidence, right)) / max(1, len(right)))


def per_topic(labels: Sequence[str], read: Sequence[str]) -> list[dict[str, Any]]:
    """Return precision, recall, F1 and number of messages, a topic each, worst first."""
    topics = sorted(set(labels))
    p, r, f, n = precision_recall_fscore_support(labels, read, labels=topics, zero_division=0)
    columns = zip(topics, p.tolist(), r.tolist(), f.tolist(), n.tolist(), strict=True)
    names = ("topic", "precision", "recall", "f1", "n")
    rows = [dict(zip(names, column, strict=True)) for column in columns]
    return sorted(rows, key=lambda row: row["f1"])


def confusions(
    texts: Sequence[str], labels: Sequence[str], readings: Sequence[Reading], limit: int = 15
) -> list[tuple[str, str, int, list[str]]]:
    """Return the commonest (label, reading, times, messages)."""
    wrong: Counter[tuple[str, str]] = Counter()
    messages: dict[tuple[str, str], list[str]] = {}
    for text, label, reading in zip(texts, labels, readings, strict=True):
        if label != reading.reading:
            pair = (label, reading.reading)
            wrong[pair] += 1
            messages.setdefault(pair, []).append(text)
    return [(*pair, times, messages[pair]) for pair, times in wrong.most_common(limit)]
