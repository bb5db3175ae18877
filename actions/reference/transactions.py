"""Transactions that wait for each other: creating the tables, importing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

_ADVISORY_LOCK = 7_046_202
"""Any number of our own."""
SQLITE_BEGIN = "sqlite_begin"
"""Execution option: how a transaction of SQLite begins (``BEGIN`` unless set)."""


@contextmanager
def exclusive(engine: Engine) -> Iterator[Connection]:
    """Open a transaction, once no other process is in one of these; commit at the end.

    Readers are not held up: they see what was there before it.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.execution_options(**{SQLITE_BEGIN: "BEGIN IMMEDIATE"})
        else:  # what is read after the wait must be what the others have written
            connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _ADVISORY_LOCK})
            yield connection
