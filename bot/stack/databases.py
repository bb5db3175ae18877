"""Both databases, checked and ready before anything serves."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from actions.reference.tables import open_engine
from bot.settings import Settings
from bot.stack.errors import StackError
from bot.store import Store
from bot.store.database_trouble import trouble


def prepare_databases(settings: Settings) -> None:
    """Migrate the operational database; make the reference one's tables.

    The action server fills an empty reference database with the demonstration.

    Raises:
        StackError: A database cannot be opened, in one line.
    """
    try:
        Store.open(settings.database_url).close()
    except (SQLAlchemyError, ImportError) as error:
        raise StackError(
            f"la base des conversations (PASSERELLE_DATABASE_URL) ne s'ouvre pas : {_why(error)}"
        ) from None
    try:
        engine = open_engine(settings.reference_url)
        with engine.connect():
            pass
        engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        raise StackError(
            f"la base des lieux (PASSERELLE_REFERENCE_URL) ne s'ouvre pas : {_why(error)}"
        ) from None


def _why(error: Exception) -> str:
    """Name the error without the address, which may hold a password."""
    return trouble(error) or type(getattr(error, "orig", None) or error).__name__
