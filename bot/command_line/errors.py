"""What a command cannot do, in one line for the person who typed it."""

from __future__ import annotations

import errno
import sys


class CommandError(Exception):
    """Bad input, or a state in which the command cannot run. The message is one line."""


class Stopped(Exception):  # noqa: N818  an order, not an error
    """A signal asked the command to stop, and everything it started has stopped."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


def explain(error: Exception) -> str | None:
    """Return one line for an exception whose message is fit for a person, else ``None``.

    Modules are looked up rather than imported: an exception's module is loaded already.
    """
    for module, name in (
        ("bot.stack.errors", "StackError"),
        ("actions.reference.errors", "DirectoryError"),
        ("bot.helpdesk.staff", "StaffError"),
        ("bot.store.engine", "SchemaError"),
        ("bot.store.persons", "KeyFileError"),
        ("bot.telegram.frontend", "TokenRefusedError"),
        ("bot.telegram.frontend", "WebhookRefusedError"),
    ):
        known = getattr(sys.modules.get(module), name, None)
        if known and isinstance(error, known):
            return str(error)
    database = getattr(sys.modules.get("sqlalchemy.exc"), "SQLAlchemyError", None)
    if database and isinstance(error, database):
        from bot.store.trouble import trouble  # noqa: PLC0415  loaded already, or soon

        if words := trouble(error):
            return f"la base de données ne peut pas servir : {words}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} : {_REASONS.get(error.errno or 0, error.strerror)}"
    return None


_REASONS = {
    errno.ENOENT: "ce fichier n'existe pas",
    errno.EACCES: "accès refusé",
    errno.EISDIR: "c'est un dossier, pas un fichier",
    errno.ENOSPC: "le disque est plein",
}
