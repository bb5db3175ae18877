"""What a command cannot do, in one line for the person who typed it."""

from __future__ import annotations

import errno

from actions.errors import PasserelleError, ToldError


class CommandError(ToldError):
    """Bad input, or a state in which the command cannot run. The message is one line."""


class Stopped(PasserelleError):  # noqa: N818  an order, not an error
    """A signal asked the command to stop, and everything it started has stopped."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


def explain(error: Exception) -> str | None:
    """Return one line for an exception whose message is fit for a person, else ``None``."""
    if isinstance(error, ToldError):
        return str(error)
    if is_of_the_database(error):
        from bot.store.database_trouble import trouble  # noqa: PLC0415  loaded already, or soon

        if words := trouble(error):
            return f"la base de données ne peut pas servir : {words}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} : {_REASONS.get(error.errno or 0, error.strerror)}"
    return None


def is_of_the_database(error: Exception) -> bool:
    """Whether SQLAlchemy raised it: asked by name, so that ``--help`` does not load it."""
    return any(kind.__module__ == "sqlalchemy.exc" for kind in type(error).__mro__)


_REASONS = {
    errno.ENOENT: "ce fichier n'existe pas",
    errno.EACCES: "accès refusé",
    errno.EISDIR: "c'est un dossier, pas un fichier",
    errno.ENOSPC: "le disque est plein",
}
