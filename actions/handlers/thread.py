"""The thread of a conversation: the answer just given, and the call that the talk is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from actions.answers.topics import Topic

SLOT = "precision"
"""Slot of the dialogue that keeps it."""
SIDES = frozenset({"citoyens", "structures", "collectivites"})
"""Families that tell who is speaking."""
COMPUTED = "aap_simulation"


@dataclass(frozen=True, slots=True)
class Thread:
    """What a few words go on from. Plain JSON.

    An aside (a thank-you, a question about the person who answers, another programme) changes
    ``row`` alone: «et en 2019 ?» still goes on from the last call that was spoken of.
    """

    row: str = ""
    """The precise answer just given; what its pronouns stand for is its own."""
    topic: str = ""
    """The last topic about a call for projects, or ``aap_simulation`` for a computation."""
    told: str = ""
    """The precise answer that was given of it; empty for a whole answer."""
    call: int | None = None
    """The call that it was about, where it was about one."""
    side: str = ""
    """Family of what was last asked by who speaks: citoyens, structures, collectivites."""

    @classmethod
    def read(cls, slots: Mapping[str, Any]) -> Self:
        """Read what ``to_slot`` wrote; an absent or older slot is a new thread."""
        try:
            return cls(**(slots.get(SLOT) or {}))
        except TypeError:
            return cls()

    def to_slot(self) -> dict[str, Any]:
        """Return what the dialogue keeps."""
        return asdict(self)

    def said(
        self, topic: Topic, row: str = "", call: int | None = None, *, sure: bool = True
    ) -> Self:
        """Return the thread once an answer was given.

        Args:
            topic: Of the answer.
            row: The precise answer; empty for a whole one.
            call: The call that it is about, where it is about one.
            sure: Whether the topic was read without a doubt: who speaks is told by nothing less.
        """
        side = topic.family if sure and topic.family in SIDES else self.side
        now = replace(self, row=row, side=side)
        if call is None and not is_of_a_call(topic.name):
            return now
        return replace(now, topic=topic.name, told=row if call is not None else "", call=call)

    def computed(self) -> Self:
        """Return the thread once a computation was told: it holds its own call."""
        return replace(self, row="", topic=COMPUTED, told="", call=None, side="collectivites")


def is_of_a_call(topic: str) -> bool:
    """Say whether a topic is about the calls for projects."""
    return topic.startswith("aap_") or topic == "programme_budget"
