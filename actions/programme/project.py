"""A project told in several messages: what was said, and what it answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from actions.programme.request import Request
from actions.programme.simulation import Simulator


@dataclass(frozen=True, slots=True)
class Project:
    """What a person said of a project, message after message. Plain JSON."""

    said: tuple[tuple[str, str], ...] = ()
    """Text of each message, and what had just been asked (``applicant``, ``budget``…)."""
    skipped: tuple[str, ...] = ()
    """What the person does not know or does not want to say."""
    misses: int = 0
    """Answers in a row in which nothing was understood."""

    @classmethod
    def read(cls, slot: Mapping[str, Any] | None) -> Self:
        """Read what ``to_slot`` wrote; an absent or older slot is a new project."""
        if not slot:
            return cls()
        try:
            said = tuple((str(text), str(asked)) for text, asked in slot["said"])
            skipped = tuple(str(name) for name in slot["skipped"])
            return cls(said, skipped, int(slot.get("misses", 0)))
        except (KeyError, TypeError, ValueError):
            return cls()

    @classmethod
    def loads(cls, text: str) -> Self:
        """Read what ``dumps`` wrote.

        Raises:
            ValueError: Not JSON.
        """
        return cls.read(json.loads(text))

    def to_slot(self) -> dict[str, Any]:
        """Return what the dialogue keeps."""
        return asdict(self)

    def dumps(self) -> str:
        """Return the project as a string, for a sheet that is computed again later."""
        return json.dumps(self.to_slot(), ensure_ascii=False)

    def saying(self, text: str, asked: str = "") -> Self:
        """Return the project with one more message."""
        return replace(self, said=(*self.said, (text, asked)), misses=0)

    def skipping(self, name: str) -> Self:
        """Return the project with a question that is not asked again."""
        return replace(self, skipped=(*self.skipped, name), misses=0)

    def request(self, simulator: Simulator) -> Request:
        """Read the whole request; what is said later wins."""
        request = Request(text="", problem="missing")
        for text, asked in self.said:
            request = request.completed(simulator.read_request(text, expecting=asked))
        return request
