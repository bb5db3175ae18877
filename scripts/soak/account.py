"""What one person read, held against what they should have read. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields


@dataclass
class Sums:
    """What is counted over everyone."""

    messages: int = 0
    unanswered: int = 0
    incomplete: int = 0
    """Answers of which a part never came."""
    doubled: int = 0
    excused: int = 0
    """Doubles of a message whose sending was cut off, or under way when the bot was killed."""
    out_of_order: int = 0
    failures: int = 0
    """Messages answered by «je n'arrive pas à répondre»."""
    unknown: int = 0
    """Answers that nobody else reads there."""
    notices: int = 0

    def add(self, other: Sums) -> None:
        """Add another's."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass
class Account:
    """The conversation of one person, read as it comes.

    A message's answer is a few texts; no two messages of a conversation have a text in common.
    """

    answers: tuple[tuple[str, ...], ...]
    """What each message should be answered, in order."""
    notices: frozenset[str]
    """What may be read besides, once a message."""
    failures: frozenset[str]
    sums: Sums = field(default_factory=Sums)
    _at: int = 0
    _missing: set[int] = field(default_factory=set)
    _stood_for: set[int] = field(default_factory=set)
    """Messages for whose answer something else stood."""
    _lost: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._flat = [
            (message, text) for message, texts in enumerate(self.answers) for text in texts
        ]
        if len({text for _, text in self._flat}) != len(self._flat):
            raise ValueError("two messages have the same answer")

    def lose(self, text: str) -> None:
        """The bot cannot know that this text arrived: it may come once more."""
        self._lost[text] += 1

    def answered(self, message: int) -> bool:
        """Whether a message has had all of its answer, or what stands for it."""
        return self._at >= len(self._flat) or self._flat[self._at][0] > message

    def hear(self, text: str) -> None:
        """Read what came next."""
        if text in self.notices:
            self.sums.notices += 1
            return
        place = next((n for n, (_, said) in enumerate(self._flat) if said == text), None)
        if place is None:
            failed = text in self.failures
            if self._lost[text] > 0 and not failed:
                self._lost[text] -= 1
                self.sums.excused += 1
                return
            self.sums.failures += failed
            self.sums.unknown += not failed
            self._skip_message()
        elif place >= self._at:
            self._missing.update(range(self._at, place))
            self._at = place + 1
        elif place in self._missing:
            self._missing.remove(place)
            self.sums.out_of_order += 1
        elif self._lost[text] > 0:
            self._lost[text] -= 1
            self.sums.excused += 1
        else:
            self.sums.doubled += 1

    def close(self, asked: int) -> Sums:
        """Return the sums, once nothing more comes.

        Args:
            asked: Messages that were sent.
        """
        due = {n for n, (message, _) in enumerate(self._flat) if message < asked}
        missing = {n for n in due if n >= self._at} | self._missing
        for message in set(range(asked)) - self._stood_for:
            parts = {n for n, (of, _) in enumerate(self._flat) if of == message}
            self.sums.unanswered += bool(parts) and parts <= missing
            self.sums.incomplete += bool(parts & missing) and not parts <= missing
        self.sums.messages += asked
        return self.sums

    def _skip_message(self) -> None:
        """Something else stands for the whole answer of the message whose turn it is."""
        if self._at < len(self._flat):
            message = self._flat[self._at][0]
            self._stood_for.add(message)
            while self._at < len(self._flat) and self._flat[self._at][0] == message:
                self._at += 1
