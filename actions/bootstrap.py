"""The composition root of the action server: real adapters, built once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from actions.answers.answers import Answers
from actions.answers.loader import load_answers
from actions.answers.precise import Precisions, load_precisions
from actions.answers.topics import Topics, load_topics
from actions.clock import Clock, utc_now
from actions.places.directory import Directory
from actions.places.services import Needs, load_services
from actions.programme.facts import Facts
from actions.programme.simulation import Simulator, load_simulator
from actions.reading import Reader
from actions.reading.territory.area_result import Area
from actions.reading.territory.gazetteer import Gazetteer
from actions.reading.territory.names import name_index
from actions.shelf import Keep, made_anew


@dataclass(frozen=True)
class Services:
    """What handlers need, and where a test puts its own."""

    gazetteer: Gazetteer
    reader: Reader
    """Reads each message once."""
    directory: Directory
    needs: Needs
    """What places help with, and how people ask for it."""
    facts: Facts
    simulator: Simulator
    topics: Topics
    answers: Answers
    precisions: Precisions
    """The very facts, for precise questions."""
    clock: Clock = utc_now
    today: date | None = None
    """A fixed day to live in; ``None``: the clock's."""
    locate: Callable[[Area], Area] = lambda area: area
    """Makes the point of an address exact, where a service is configured."""


def bootstrap(
    data_dir: Path,
    gazetteer: Gazetteer,
    directory: Directory,
    *,
    today: date | None = None,
    clock: Clock = utc_now,
    retention_days: int = 30,
    locate: Callable[[Area], Area] = lambda area: area,
    keep: Keep = made_anew,
) -> Services:
    """Load the data files and return the services of a process, ready to answer at once.

    Raises:
        FactsError, AnswerFileError: A data file that cannot be used.
    """
    name_index(gazetteer, keep)
    simulator = load_simulator(data_dir, gazetteer)
    facts = simulator.facts
    return Services(
        gazetteer=gazetteer,
        reader=Reader(gazetteer),
        directory=directory,
        needs=load_services(data_dir / "places"),
        facts=facts,
        simulator=simulator,
        topics=load_topics(data_dir / "answers"),
        answers=load_answers(data_dir / "answers", facts, retention_days=retention_days, keep=keep),
        precisions=load_precisions(data_dir / "answers", facts, keep=keep),
        clock=clock,
        today=today,
        locate=locate,
    )
