"""What the files and the directory of a home hold: each read at its first use, once a process.

Every command and every process is composed from this: what two of them need is read by one line.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from actions.answers.answers import Answers
from actions.answers.loader import load_answers
from actions.places.seeking import Seeker
from actions.places.services import Needs, load_services
from actions.programme.fact import Facts
from actions.programme.facts import load_facts
from actions.programme.simulation import Simulator, load_simulator
from actions.reading import Reader
from actions.reading.territory.gazetteer import Gazetteer, load_gazetteer
from actions.reading.territory.names import name_index
from actions.shelf import Keep, open_shelf
from actions.words import Words, load_words
from bot.settings import Settings

if TYPE_CHECKING:  # slow to import: only where places are asked for
    from actions.reference import SqlDirectory


class HomeData:
    """The data of a home. What cannot be used is found when it is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._words: dict[str, Words] = {}

    @cached_property
    def keep(self) -> Keep:
        """Where what is worked out from the files is kept from one start to the next."""
        return open_shelf(self._settings.cache_dir, self._settings.data_dir).keep

    @property
    def places_folder(self) -> Path:
        """``data/places``."""
        return self._settings.data_dir / "places"

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The communes, and the index of their names."""
        gazetteer = load_gazetteer(self.places_folder)
        name_index(gazetteer, self.keep)
        return gazetteer

    @cached_property
    def reader(self) -> Reader:
        """Reads a message, facet by facet."""
        return Reader(self.gazetteer)

    @cached_property
    def needs(self) -> Needs:
        """What places help with, and how people ask for it."""
        return load_services(self.places_folder)

    @cached_property
    def facts(self) -> Facts:
        """What is known of the programme."""
        return load_facts(self._settings.data_dir / "programme")

    @cached_property
    def answers(self) -> Answers:
        """What is answered, by topic."""
        return load_answers(
            self._settings.data_dir / "answers",
            self.facts,
            retention_days=self._settings.retention_days,
            keep=self.keep,
        )

    @cached_property
    def simulator(self) -> Simulator:
        """What computes the aid of a project."""
        return load_simulator(self._settings.data_dir, self.gazetteer, self.facts)

    @cached_property
    def directory(self) -> SqlDirectory:
        """The places, as they were imported; nothing is written to them."""
        from actions.reference import SqlDirectory  # noqa: PLC0415
        from actions.reference.tables import open_engine  # noqa: PLC0415

        return SqlDirectory(open_engine(self._settings.reference_url))

    @cached_property
    def filled_directory(self) -> SqlDirectory:
        """The places; the fictional ones are loaded where nothing was imported."""
        from actions.reference import open_directory  # noqa: PLC0415

        return open_directory(self._settings.reference_url, self.places_folder, self.gazetteer)

    def seeker(self, directory: SqlDirectory) -> Seeker:
        """Return what finds the places that a text asks for."""
        return Seeker(self.gazetteer, directory, self.needs)

    def words(self, name: str) -> Words:
        """Return the sentences of a file of ``data/answers``, such as ``mecanique.yaml``."""
        if name not in self._words:
            self._words[name] = load_words(self._settings.data_dir / "answers" / name)
        return self._words[name]
