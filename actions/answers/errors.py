"""What can be wrong with the answers' files.

AnswersError
├── AnswerFileError   a file that cannot be used: found when it is loaded
└── UnknownAnswerError     a topic or a key that no file has
"""

from __future__ import annotations

from actions.errors import PasserelleError, ToldError


class AnswersError(PasserelleError):
    """Base of this room's errors."""


class AnswerFileError(AnswersError, ToldError):
    """A file of ``data/answers`` that cannot be used.

    The message is one line for whoever edits the file: the file, the place in it, the reason.
    """

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        self.reason = " ".join(reason.split())
        super().__init__(f"{where}: {self.reason}")


class UnknownAnswerError(AnswersError, KeyError):
    """No answer, or no keyed text, has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"no answer named {self.name}"
