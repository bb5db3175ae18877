"""The composition root of the action server: real adapters, built once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from actions.answers.answers import Answers
from actions.answers.loader import load_answers
from actions.places.directory import Directory
from actions.places.gazetteer import Gazetteer, load_gazetteer
from actions.programme.facts import Facts, load_facts


def utc_now() -> datetime:
    """Return the current moment; the one clock of a process unless another is handed in."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """What handlers need, and where a test puts its own."""

    gazetteer: Gazetteer
    directory: Directory
    facts: Facts
    answers: Answers
    clock: Callable[[], datetime] = utc_now
    today: date | None = None
    """A fixed day to live in; ``None``: the clock's."""


def bootstrap(
    data_dir: Path,
    directory: Directory,
    *,
    today: date | None = None,
    clock: Callable[[], datetime] = utc_now,
    retention_days: int = 30,
) -> Services:
    """Load the data files and return the services of a process.

    Raises:
        FactsError, AnswerFileError: A data file that cannot be used.
    """
    facts = load_facts(data_dir / "programme")
    return Services(
        gazetteer=load_gazetteer(data_dir / "places"),
        directory=directory,
        facts=facts,
        answers=load_answers(data_dir / "answers", facts, retention_days=retention_days),
        clock=clock,
        today=today,
    )
