"""What can go wrong with a directory of places; each message is one line for a person."""

from __future__ import annotations

from actions.errors import ToldError


class DirectoryError(ToldError):
    """Base: the directory is as it was before."""


class BadDirectoryError(DirectoryError):
    """The file cannot be read as a directory of places."""


class SourceUnreachableError(DirectoryError):
    """The file or address does not answer, or is too large."""


class ShrunkError(BadDirectoryError):
    """A source gives half of what it gave, or less: an accident, until someone says otherwise."""

    def __init__(self, before: int, now: int) -> None:
        """Tell how many places the source gave ``before``, and gives ``now``."""
        few = f"{now} lieu utilisable" if now == 1 else f"{now} lieux utilisables"
        super().__init__(
            f"cette source ne donne plus que {few}, au lieu de {before} : "
            "l'annuaire reste comme il était ; pour l'accepter, ajoutez « --force »"
        )
        self.before = before
        self.now = now
