"""Both databases, ready before anything serves."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from bot.stack.errors import StackError
from bot.stack.supervisor import Say
from bot.store.engine import Store


def prepare_databases(settings: Settings, say: Say) -> None:
    """Migrate the operational database; fill the reference one with the demonstration if empty.

    Raises:
        StackError: A database cannot be opened, in one line.
    """
    try:
        Store.open(settings.database_url).close()
    except SQLAlchemyError as error:
        raise StackError(f"la base des conversations ne s'ouvre pas ({_why(error)})") from None


def _why(error: SQLAlchemyError) -> str:
    """Name the error without the address, which may hold a password."""
    return type(getattr(error, "orig", None) or error).__name__
