"""Moving everything that is precious from SQLite to PostgreSQL, all of it or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions.errors import ToldError
from bot.store.tables import metadata

ROWS_AT_ONCE = 500

dialogues = sa.Table(
    "events",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False, index=True),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
)
"""Rasa 3.6's own table (``rasa.core.tracker_store``): in a file apart on SQLite, beside ours on
PostgreSQL."""


class MoveError(ToldError):
    """Nothing was moved. The message is one line fit for a person."""


def move(source: sa.Engine, target: sa.Engine, rasa_file: Path | None = None) -> dict[str, int]:
    """Copy every table, Rasa's too; return the rows of each. One transaction on each side.

    Both databases are migrated. Whoever writes to the source waits meanwhile.

    Args:
        source: The SQLite database.
        target: The PostgreSQL one, empty.
        rasa_file: Rasa's SQLite file, if there is one.

    Raises:
        MoveError: The target holds rows already, or the counts differ in the end.
        sqlalchemy.exc.SQLAlchemyError: One of them fails.
    """
    counts: dict[str, int] = {}
    with source.begin() as reading, target.begin() as writing:
        for table in metadata.sorted_tables:
            if _count(writing, table):
                raise MoveError(f"la base d'arrivée n'est pas vide : la table {table.name}")
        for table in metadata.sorted_tables:
            rows = (dict(row._mapping) for row in reading.execute(sa.select(table)))
            _fill(writing, table, rows)
            counts[table.name] = _same(writing, table, _count(reading, table))
            _number_on(writing, table, _last_number(reading, table))
        if rasa_file is not None and rasa_file.is_file():
            counts["events"] = _move_dialogues(rasa_file, writing)
    return counts


def _move_dialogues(file: Path, writing: sa.Connection) -> int:
    dialogues.create(writing, checkfirst=True)
    if _count(writing, dialogues):
        raise MoveError("la base d'arrivée n'est pas vide : la table events")
    with closing(sqlite3.connect(file)) as reading:
        reading.row_factory = sqlite3.Row
        names = ", ".join(column.name for column in dialogues.c)
        rows = reading.execute(f"SELECT {names} FROM events ORDER BY id")  # noqa: S608  our names
        _fill(writing, dialogues, (dict(row) for row in rows))
        count = int(reading.execute("SELECT count(*) FROM events").fetchone()[0])
    moved = _same(writing, dialogues, count)
    _number_on(writing, dialogues, 0)
    return moved


def _fill(writing: sa.Connection, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append({name: _fit(value) for name, value in row.items()})
        if len(batch) == ROWS_AT_ONCE:
            writing.execute(sa.insert(table), batch)
            batch = []
    if batch:
        writing.execute(sa.insert(table), batch)


def _fit(value: Any) -> Any:
    """Return what PostgreSQL can hold: no zero byte in a text."""
    return value.replace("\0", "") if isinstance(value, str) else value


def _same(writing: sa.Connection, table: sa.Table, expected: int) -> int:
    arrived = _count(writing, table)
    if arrived != expected:
        raise MoveError(f"{table.name} : {expected} lignes au départ, {arrived} à l'arrivée")
    return arrived


def _count(connection: sa.Connection, table: sa.Table) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    return int(connection.execute(query).scalar_one())


def _last_number(reading: sa.Connection, table: sa.Table) -> int:
    """Return the last number that was ever given, to someone erased since maybe; 0 if unknown."""
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return 0
    query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return int(reading.execute(query, {"name": table.name}).scalar() or 0)


def _number_on(writing: sa.Connection, table: sa.Table, last: int) -> None:
    """Have numbers given from the last one on: one that was given names its row for ever."""
    column = table.autoincrement_column
    if column is None or writing.dialect.name != "postgresql":
        return
    highest = writing.execute(sa.select(sa.func.max(column))).scalar() or 0
    if number := max(int(highest), last):
        sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
        writing.execute(sa.select(sa.func.setval(sequence, number)))
