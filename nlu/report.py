"""The report that `nlu.evaluate` writes: Markdown, with pictures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlu import pictures
from nlu.components.decision import Reading
from nlu.judge import bins, confusions, per_topic

_CONFUSION = "confusion.png"
_HISTOGRAM = "confidence.png"
_CALIBRATION = "calibration.png"
_CURVE = "learning_curve.png"


def write_report(
    folder: Path,
    texts: Sequence[str],
    labels: Sequence[str],
    readings: Sequence[Reading],
    summary: dict[str, Any],
    curve: Sequence[tuple[int, float]],
) -> Path:
    """Write `report.md` and its pictures into a folder, and return the report's path."""
    folder.mkdir(parents=True, exist_ok=True)
    _pictures(folder, labels, readings, curve)
    path = folder / "report.md"
    path.write_text(_text(texts, labels, readings, summary, curve), "utf-8")
    return path


def _text(
    texts: Sequence[str], labels: Sequence[str], readings: Sequence[Reading],
    summary: dict[str, Any], curve: Sequence[tuple[int, float]],
) -> str:  # fmt: skip
    lines = ["# How well messages are read", "", "| measure | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in summary.items()]
    lines += ["", "## Confidence", "", f"![]({_HISTOGRAM}) ![]({_CALIBRATION})", ""]
    lines += ["## Learning curve", "", f"![]({_CURVE})", ""]
    lines += ["| examples | accuracy |", "|---|---|"]
    lines += [f"| {n} | {accuracy:.3f} |" for n, accuracy in curve]
    lines += ["", "## By topic", "", "| topic | precision | recall | F1 | messages |"]
    lines += ["|---|---|---|---|---|"]
    for row in per_topic(labels, [r.reading for r in readings]):
        lines.append(
            f"| {row['topic']} | {row['precision']:.2f} | {row['recall']:.2f} "
            f"| {row['f1']:.2f} | {row['n']} |"
        )
    lines += ["", "## Worst confusions", "", f"![]({_CONFUSION})", ""]
    for label, read, times, messages in confusions(texts, labels, readings):
        lines += [f"### {label} read as {read}: {times}", ""]
        lines += [f"- {_escaped(message)}" for message in messages[:6]] + [""]
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_[]<>#|" else c for c in text[:300])


def _pictures(
    folder: Path, labels: Sequence[str], readings: Sequence[Reading],
    curve: Sequence[tuple[int, float]],
) -> None:  # fmt: skip
    read = [r.reading for r in readings]
    topics = sorted(set(labels) | set(read))
    counts = np.zeros((len(topics), len(topics)))
    for label, reading in zip(labels, read, strict=True):
        counts[topics.index(label), topics.index(reading)] += 1
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    pictures.matrix(folder / _CONFUSION, shares.tolist(), topics)  # across: read as; down: label

    right = np.array([a == b for a, b in zip(labels, read, strict=True)])
    chance = np.array([r.confidence for r in readings])
    groups = {"right": chance[right].tolist(), "wrong": chance[~right].tolist()}
    pictures.histogram(folder / _HISTOGRAM, groups, ("confidence", "messages"))
    points = [(float(p[0]), float(p[1])) for p in bins(list(chance), right)]
    names = ("confidence", "share right")
    pictures.curves(folder / _CALIBRATION, {"": points}, names, unit_square=True)
    learned = {"": [(float(n), accuracy) for n, accuracy in curve]}
    pictures.curves(folder / _CURVE, learned, ("examples learned from", "accuracy"))
