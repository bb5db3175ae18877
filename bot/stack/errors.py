"""What can go wrong with the stack."""

from __future__ import annotations

from actions.errors import ToldError


class StackError(ToldError):
    """The stack cannot serve. The message is one line fit for a person, with the log's place."""
