"""Store a version of the places, with its search index, and publish it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from actions.places.place import Place
from actions.reference import tables
from actions.reference.fetch import Progress
from actions.reference.snapshot import SnapshotBuilder

BATCH = 2000
"""Rows sent at once."""


def write_places(
    connection: Connection,
    places: Iterable[Place],
    progress: Progress | None = None,
    expected: int = 0,
) -> None:
    """Make the directory hold exactly ``places``, and store their search index."""
    table = tables.place
    before = {
        row.id: hash(row.data) for row in connection.execute(select(table.c.id, table.c.data))
    }
    builder = SnapshotBuilder()
    changed: list[dict[str, object]] = []
    gone = set(before)
    for done, place in enumerate(places, 1):
        builder.add(place.id, place)
        data = tables.dump(place)
        if before.get(place.id) != hash(data):
            changed.append(_place_row(place, data))
        gone.discard(place.id)
        if len(changed) >= BATCH:
            _replace(connection, changed, before)
            changed = []
        if progress and done % 500 == 0:
            progress("enregistrement", done, expected)
    _replace(connection, changed, before)
    ids = sorted(gone)
    for start in range(0, len(ids), BATCH):
        connection.execute(delete(table).where(table.c.id.in_(ids[start : start + BATCH])))
    connection.execute(delete(tables.index_part))
    connection.execute(
        insert(tables.index_part),
        [{"name": name, "data": data} for name, data in builder.build().items()],
    )


def _place_row(place: Place, data: str) -> dict[str, object]:
    return {
        "id": place.id,
        "name": place.name,
        "departement": place.departement,
        "lat": place.point.lat,
        "lon": place.point.lon,
        "labelled": place.labelled,
        "free": place.free,
        "data": data,
    }


def _replace(connection: Connection, rows: list[dict[str, object]], before: dict[str, int]) -> None:
    old = [str(row["id"]) for row in rows if row["id"] in before]
    if old:
        connection.execute(delete(tables.place).where(tables.place.c.id.in_(old)))
    if rows:
        connection.execute(insert(tables.place), rows)


def publish(connection: Connection, *, demonstration: bool, at: datetime) -> None:
    """Tell readers that there is a new version."""
    version = connection.scalar(select(tables.state.c.version)) or 0
    connection.execute(delete(tables.state))
    connection.execute(
        insert(tables.state).values(
            id=1, version=version + 1, demonstration=demonstration, imported_at=at
        )
    )
