"""The directory in a SQL database: SQLite or PostgreSQL, the same answers from both.

The search index of each version is stored with it and held in memory (about 100 bytes a
place); a search reads the version, then the few places it found, in one transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, Engine, bindparam, func, select

from actions.geo import Point
from actions.places.directory import DirectoryStats, Filters, Found, Page, Query
from actions.places.place import Place
from actions.reference import tables
from actions.reference.snapshot import Snapshot, SnapshotBuilder

_AT_ONCE = 500
"""Places read together where all are."""


class SqlDirectory:
    """Search in the reference database. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    @property
    def is_demonstration(self) -> bool:
        """Whether only the fictional places are there."""
        with self.engine.connect() as connection:
            return bool(connection.scalar(select(tables.state.c.demonstration)))

    def search(self, query: Query) -> Page:
        """Return the places that match, exactly, nearest first.

        Raises:
            ValueError: A query with neither point nor area.
        """
        with self.engine.connect() as connection:
            hits, more = self._current(connection).search(query)
            places = self._read(connection, [identifier for identifier, _ in hits])
        return Page(tuple(Found(places[one], metres) for one, metres in hits), more)

    def get(self, ids: Sequence[str]) -> list[Place]:
        """Return the places of these ids, in that order; unknown ids are left out."""
        with self.engine.connect() as connection:
            places = self._read(connection, ids)
        return [places[one] for one in ids if one in places]

    def stats(self) -> DirectoryStats:
        """Count what the directory holds."""
        place, origin = tables.place.c, tables.origin.c
        with self.engine.connect() as connection:
            total, labelled, free = connection.execute(
                select(
                    func.count(),
                    func.count().filter(place.labelled),
                    func.count().filter(place.free),
                ).select_from(tables.place)
            ).one()
            sources = connection.execute(
                select(origin.name, origin.records).order_by(origin.rank)
            ).all()
            row = connection.execute(select(tables.state)).one_or_none()
        return DirectoryStats(
            places=total,
            labelled=labelled,
            free=free,
            sources=tuple((name, records) for name, records in sources),
            imported_at=row.imported_at if row else None,
            demonstration=bool(row.demonstration) if row else False,
        )

    def each(self) -> Iterator[Place]:
        """Yield every place, without holding them all."""
        rows = select(tables.place.c.id, tables.place.c.data).order_by(tables.place.c.id)
        with self.engine.connect().execution_options(yield_per=_AT_ONCE) as connection:
            for row in connection.execute(rows):
                yield tables.load_place(row.id, row.data)

    def rows(self) -> int:
        """Count the rows of all sources that are in a place."""
        record = tables.record.c
        with self.engine.connect() as connection:
            return (
                connection.scalar(
                    select(func.count()).select_from(tables.record).where(record.place_id != "")
                )
                or 0
            )

    def coverage(self) -> list[tuple[str, int, int, int]]:
        """Return (département, places, labelled, free) for each that has places."""
        place = tables.place.c
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(
                    place.departement,
                    func.count(),
                    func.count().filter(place.labelled),
                    func.count().filter(place.free),
                ).group_by(place.departement)
            ).all()
        return sorted((code, total, labelled, free) for code, total, labelled, free in rows)

    def dots(self) -> list[tuple[str, Point, bool, bool]]:
        """Return (département, point, labelled, free) of every place."""
        place = tables.place.c
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(place.departement, place.lat, place.lon, place.labelled, place.free)
            )
            return [(code, Point(lat, lon), took, free) for code, lat, lon, took, free in rows]

    def nearest_m(
        self, points: Iterable[Point], filters: Filters, reach_m: float
    ) -> list[float | None]:
        """Return how far the nearest place that fits is from each point, within reach."""
        with self.engine.connect() as connection:
            snapshot = self._current(connection)
        found: list[float | None] = []
        for point in points:
            hits, _ = snapshot.search(Query(point, reach_m, filters=filters, limit=1))
            found.append(hits[0][1] if hits else None)
        return found

    def _current(self, connection: Connection) -> Snapshot:
        version = connection.scalar(_VERSION) or 0
        snapshot = self._snapshot
        if snapshot is not None and snapshot.version == version:
            return snapshot
        with self._lock:
            if self._snapshot is None or self._snapshot.version != version:
                self._snapshot = _load(connection, version)
            return self._snapshot

    def _read(self, connection: Connection, ids: Sequence[str]) -> dict[str, Place]:
        if not ids:
            return {}
        rows = connection.execute(_PLACES, {"ids": list(ids)})
        return {row.id: tables.load_place(row.id, row.data) for row in rows}


def _load(connection: Connection, version: int) -> Snapshot:
    """Return the stored index; built again if it is missing or from another Passerelle."""
    parts = {row.name: row.data for row in connection.execute(_PARTS)}
    try:
        return Snapshot.load(version, parts)
    except KeyError:
        builder = SnapshotBuilder()
        for row in connection.execute(select(tables.place.c.id, tables.place.c.data)):
            builder.add(row.id, tables.load_place(row.id, row.data))
        return Snapshot.load(version, builder.build())


_VERSION = select(tables.state.c.version)
_PARTS = select(tables.index_part.c.name, tables.index_part.c.data)
_PLACES = select(tables.place.c.id, tables.place.c.data).where(
    tables.place.c.id.in_(bindparam("ids", expanding=True))
)
