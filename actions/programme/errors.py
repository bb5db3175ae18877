"""What can go wrong in the programme's core.

Exceptions carry data, never sentences; the wording is in ``data/answers/``.

    ProgrammeError
    ├── FactsError            a data file that breaks the format
    ├── UnknownFactError      an id that no file defines
    │   └── NotYetKnownError  a fact that starts after the day asked
    └── NoRuleInForceError    no call for projects had published its rules on that day
"""

from __future__ import annotations

from datetime import date

from actions.errors import PasserelleError, ToldError


class ProgrammeError(PasserelleError):
    """Base of the tree."""


class FactsError(ProgrammeError, ToldError):
    """A data file that breaks the format; the message is one line: file, fact, what is wrong."""

    def __init__(self, file: str, fact: str, problem: str) -> None:
        super().__init__(f"{file}: {fact or '(fichier)'}: {problem}")
        self.file = file
        self.fact = fact
        self.problem = problem


class UnknownFactError(ProgrammeError, KeyError):
    """An id that no file defines."""

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


class NotYetKnownError(UnknownFactError):
    """A fact that starts after the day asked (an event still to come)."""

    def __init__(self, fact: str, starts: date) -> None:
        super().__init__(fact)
        self.starts = starts


class NoRuleInForceError(ProgrammeError):
    """No call for projects had published its rules on that day."""

    def __init__(self, on: date) -> None:
        super().__init__(on.isoformat())
        self.on = on
