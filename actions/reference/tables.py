"""Tables of the reference database: rebuilt from files at any time, read-only while serving."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    make_url,
)

from actions.geo import Point
from actions.places.place import Described, Place, Record, SourceRef
from actions.reference.postgis import prepare_postgis
from actions.reference.transactions import SQLITE_BEGIN, exclusive

metadata = MetaData()

state = Table(
    "directory_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("demonstration", Boolean, nullable=False),
    Column("imported_at", DateTime(timezone=True)),
)
"""One row; ``version`` grows with each import, and tells readers to load the index again."""

origin = Table(
    "directory_origin",
    metadata,
    Column("name", String(300), primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("etag", Text, nullable=False, default=""),
    Column("modified", Text, nullable=False, default=""),
    Column("records", Integer, nullable=False),
    Column("imported_at", DateTime(timezone=True), nullable=False),
)
"""What was imported; ``rank`` is the order of the first imports."""

record = Table(
    "directory_record",
    metadata,
    Column("origin", String(300), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("place_id", String(14), nullable=False, index=True),
    Column("data", Text, nullable=False),
)
"""What each origin says of each place."""

place = Table(
    "directory_place",
    metadata,
    Column("id", String(14), primary_key=True),
    Column("name", Text, nullable=False),
    Column("departement", String(3), nullable=False, index=True),
    Column("lat", Float(53), nullable=False),
    Column("lon", Float(53), nullable=False),
    Column("labelled", Boolean, nullable=False),
    Column("free", Boolean, nullable=False),
    Column("data", Text, nullable=False),
)
"""Places, sources merged."""

index_part = Table(
    "directory_index",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
"""Columns of the ``SpatialIndex`` of this version, and the lists its numbers point into."""


def open_engine(url: str) -> Engine:
    """Open the reference database, creating its folder and tables where missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            path = Path(parsed.database)
            path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # what is wrong with it, SQLite says
                path.touch(mode=0o600)
                path.chmod(0o600)
        engine = create_engine(parsed, connect_args={"timeout": 60})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
    else:
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(
            parsed, isolation_level="REPEATABLE READ", pool_pre_ping=True, pool_size=4
        )
    with exclusive(engine) as connection:
        metadata.create_all(connection)
    prepare_postgis(engine)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours: a read sees one version throughout
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql(options.get(SQLITE_BEGIN, "BEGIN"))


_DEFAULTS = {f.name: f.default for f in fields(Record)}
# ``asdict`` would copy each value of 50 000 records deeply.
_NAMES: dict[type[Described], tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(kind) if f.name != "id") for kind in (Record, Place)
}
_VALUES: dict[type[Described], Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*names) for kind, names in _NAMES.items()
}
_USUAL: dict[type[Described], tuple[Any, ...]] = {
    kind: tuple(_DEFAULTS.get(name, ()) for name in names) for kind, names in _NAMES.items()
}


def dump(described: Described) -> str:
    """Return a record or a place as compact JSON, defaults left out."""
    kind = type(described)
    data = {
        name: value
        for name, value, usual in zip(
            _NAMES[kind], _VALUES[kind](described), _USUAL[kind], strict=True
        )
        if value is not usual and value != usual
    }
    return _ENCODER.encode(data)


def _json(value: Any) -> Any:
    if isinstance(value, Point):
        return {"lat": value.lat, "lon": value.lon}
    if isinstance(value, SourceRef):
        return {"name": value.name, "updated": value.updated, "origin": value.origin}
    return str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_json)


def load_record(text: str) -> Record:
    """Read a record that ``dump`` wrote."""
    data = _common(text)
    data["updated"] = _day(data.get("updated"))
    return Record(**data)


def load_place(identifier: str, text: str) -> Place:
    """Read a place that ``dump`` wrote."""
    data = _common(text)
    data["sources"] = tuple(
        SourceRef(ref["name"], _day(ref["updated"]), ref["origin"])
        for ref in data.get("sources", ())
    )
    return Place(id=identifier, **data)


def _common(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text)
    data["point"] = Point(**data["point"])
    return {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
