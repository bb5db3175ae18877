"""One message and what it says, each facet read when it is first asked, and once."""

from __future__ import annotations

from copy import copy
from functools import cached_property, lru_cache, partial

from actions.reading import replies
from actions.reading.danger import Danger, read_danger
from actions.reading.fold import fold
from actions.reading.quantities.amounts import read_quantities
from actions.reading.quantities.quantities import Quantities
from actions.reading.question import Question, read_question
from actions.reading.territory.area import parse_area
from actions.reading.territory.area_result import Area
from actions.reading.territory.gazetteer import Gazetteer

REMEMBERED = 64
"""Readings kept by a reader: a turn asks several times for that of its message."""


class Reading:
    """A message, and its facets.

    A facet is a property, computed by its reader at the first use: a turn that needs no
    territory pays for none.
    """

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        """As the person wrote it; empty for a button or a shared position."""
        self._gazetteer = gazetteer

    @cached_property
    def folded(self) -> str:
        """The words alone, in lower case without accents."""
        return fold(self.text)

    @cached_property
    def area(self) -> Area:
        """Where the message says to be."""
        return parse_area(self.text, self._gazetteer)

    @cached_property
    def area_asked(self) -> Area:
        """Where the message says to be, when that is what was asked: «mer» is the town."""
        return parse_area(self.text, self._gazetteer, asked=True)

    @property
    def names_a_place(self) -> bool:
        """A territory is named, be it one of several namesakes."""
        return self.area.status in ("found", "ambiguous")

    @cached_property
    def quantities(self) -> Quantities:
        """Euros, passes, carnets, people and shares."""
        return read_quantities(self.text)

    @cached_property
    def question(self) -> Question:
        """The call meant, the value to confirm, the kind of question."""
        return read_question(self.text, self.quantities)

    def meaning(self, question: Question) -> Reading:
        """Return the same reading, of a question that what was said before completes."""
        completed = copy(self)
        completed.question = question
        return completed

    @cached_property
    def danger(self) -> Danger | None:
        """The danger that is plainly told."""
        return read_danger(self.text)

    @cached_property
    def wants_human(self) -> bool:
        """A person is asked for."""
        return replies.wants_human(self.text)

    @cached_property
    def says_yes(self) -> bool:
        """The whole message is a yes."""
        return replies.says_yes(self.text)

    @cached_property
    def says_no(self) -> bool:
        """The whole message is a no."""
        return replies.says_no(self.text)

    @cached_property
    def cancels(self) -> bool:
        """The whole message asks to stop what is under way."""
        return replies.cancels(self.text)


class Reader:
    """Reads messages, and remembers the last ones: who asks again gets the same reading."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        # Keyed by the text alone, in memory: a turn's actions share one reading.
        self._read = lru_cache(REMEMBERED)(partial(Reading, gazetteer=gazetteer))

    def read(self, text: str) -> Reading:
        """Return the reading of a message; any text whatever, never an error."""
        return self._read(text)
