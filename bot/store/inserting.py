"""Rows that may be there already: each database words it its own way."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert(table: sa.Table, dialect: str) -> Any:
    """Return the ``INSERT`` of a dialect (its name), which has ``on_conflict_do_…``."""
    own = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return own(table)


def insert_new(
    connection: sa.Connection, table: sa.Table, unique: str, **values: Any
) -> int | None:
    """Add a row unless another has its value of ``unique``; return its id where it is new."""
    adding = _insert_new(table, unique, connection.dialect.name)
    added: int | None = connection.execute(adding, values).scalar_one_or_none()
    return added


@cache
def _insert_new(table: sa.Table, unique: str, dialect: str) -> sa.Executable:
    adding: sa.Executable = (
        insert(table, dialect).on_conflict_do_nothing(index_elements=[unique]).returning(table.c.id)
    )
    return adding
