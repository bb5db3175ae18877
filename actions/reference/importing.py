"""Load a directory: read, merge with the other sources, replace all in one transaction."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from hashlib import blake2b, sha256
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update

from actions import places as places_package
from actions.clock import Clock, civil_day, utc_now
from actions.places.attaching import Attached, attach
from actions.places.duplicates import SourcedRecord, merge_all
from actions.places.place import Place, Record
from actions.places.services import Needs
from actions.reference import tables
from actions.reference.errors import BadDirectoryError, ShrunkError
from actions.reference.fetch import Fetched, Progress, fetch, origin_name
from actions.reference.locator import Locator, UnlocatableError
from actions.reference.readers import read_rows
from actions.reference.record_reader import BadRowError, RecordReader
from actions.reference.storage import BATCH, publish, write_places
from actions.reference.transactions import exclusive

DEMONSTRATION = "démonstration"
"""Origin of the fictional places; the first real import removes it."""
_FEWEST_LOST = 2
"""A source that loses one place loses one place; from two on, half of them is an accident."""


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something about one row of the file."""

    line: int
    name: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did."""

    origin: str
    not_modified: bool = False
    """The source has not changed since last time: nothing was read again."""
    read: int = 0
    """Rows of the file."""
    kept: int = 0
    """Rows that are places."""
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    """Records of this source, compared with its previous import."""
    merged: int = 0
    """Rows of all sources that are the same place as another row."""
    aside: int = 0
    """Rows of all sources that are no place of digital help, as far as is known."""
    places: int = 0
    """Places in the whole directory afterwards."""
    labelled: int = 0
    skipped: list[RowNote] = field(default_factory=list)
    repaired: list[RowNote] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a source gave last time."""

    etag: str
    modified: str
    digest: str
    records: int


class Importer:
    """Loads directories into one reference database."""

    def __init__(
        self, engine: Engine, locator: Locator, services: Needs, clock: Clock = utc_now
    ) -> None:
        self.engine = engine
        self._locator = locator
        self._services = services
        self._clock = clock

    def load(
        self,
        location: str,
        *,
        progress: Progress | None = None,
        force: bool = False,
    ) -> ImportReport:
        """Import a file or a web address in place of its previous import.

        A source that says it has not changed, or gives the same bytes, is not read again.

        Args:
            location: The file or address.
            progress: Told what is being done.
            force: Read it even if unchanged, and accept it even if it has shrunk by half.

        Raises:
            SourceUnreachableError: Missing, silent or too large.
            BadDirectoryError: Not a directory of places, or nothing in it can be used.
            ShrunkError: It gives half of the places that it gave, or less.
                In all cases the directory is as it was.
        """
        name = origin_name(location)
        before = None if force else self._known(name)
        fetched = fetch(
            location,
            etag=before.etag if before else "",
            modified=before.modified if before else "",
            progress=progress,
        )
        if before and (fetched is None or before.digest == _digest(fetched.raw)):
            self._confirm(name, fetched, self._clock())
            return ImportReport(name, not_modified=True, unchanged=before.records)
        if fetched is None:
            raise BadDirectoryError("le serveur répond « inchangé » sans rien avoir donné")
        return self._load(name, fetched, progress, self._clock(), force=force)

    def load_demonstration(self, path: Path) -> None:
        """Serve the fictional places, unless something real has been imported."""
        self._load(DEMONSTRATION, Fetched(path.read_bytes()), None, self._clock())

    def _load(
        self,
        name: str,
        fetched: Fetched,
        progress: Progress | None,
        now: datetime,
        *,
        force: bool = False,
    ) -> ImportReport:
        with _keeping_everything():
            return self._replace(name, fetched, progress, now, force=force)

    def _replace(
        self,
        name: str,
        fetched: Fetched,
        progress: Progress | None,
        now: datetime,
        *,
        force: bool,
    ) -> ImportReport:
        report = ImportReport(name)
        records = self._read(name, fetched.raw, report, progress, civil_day(now))
        if not records:
            reason = f" ({report.skipped[0].reason})" if report.skipped else ""
            raise BadDirectoryError(f"aucun lieu utilisable dans ce fichier{reason}")
        row: dict[str, object] = {
            "name": name,
            "digest": _digest(fetched.raw),
            "etag": fetched.etag,
            "modified": fetched.modified,
            "records": len(records),
            "imported_at": now,
        }
        with exclusive(self.engine) as connection:
            if name == DEMONSTRATION and _others(connection):
                return report  # a real import won the race
            if not force and name != DEMONSTRATION:
                _check_size(connection, name, len(records))
            _write(connection, row, records, report, progress)
            publish(connection, demonstration=name == DEMONSTRATION, at=now)
        return report

    def _known(self, name: str) -> _Known | None:
        """Return what the source gave last time; nothing if it would be read otherwise today."""
        origin = tables.origin.c
        with self.engine.connect() as connection:
            found = connection.execute(
                select(origin.etag, origin.modified, origin.digest, origin.records).where(
                    origin.name == name
                )
            ).one_or_none()
        if found is None or not found.digest.startswith(f"{_reading()}:"):
            return None
        return _Known(found.etag, found.modified, found.digest, found.records)

    def _confirm(self, name: str, fetched: Fetched | None, now: datetime) -> None:
        """Note that what is known of a source is what it says today."""
        values: dict[str, object] = {"imported_at": now}
        if fetched is not None:
            values |= {"etag": fetched.etag, "modified": fetched.modified}
        with exclusive(self.engine) as connection:
            connection.execute(
                update(tables.origin).where(tables.origin.c.name == name).values(values)
            )
            connection.execute(update(tables.state).values(imported_at=now))

    def _read(
        self,
        name: str,
        raw: bytes,
        report: ImportReport,
        progress: Progress | None,
        on: date,
    ) -> list[Record]:
        reader = RecordReader(self._locator, self._services, name, on=on)
        records: list[Record] = []
        for line, row in read_rows(raw):
            report.read += 1
            if progress and report.read % 500 == 0:
                progress("lecture", report.read, 0)
            try:
                record, note = reader.read(row)
            except (BadRowError, UnlocatableError) as error:
                report.skipped.append(RowNote(line, row.get("nom", "")[:80], str(error)))
                continue
            if note:
                report.repaired.append(RowNote(line, record.name[:80], note))
            records.append(record)
        report.kept = len(records)
        return records


@contextmanager
def _keeping_everything() -> Iterator[None]:
    """Look for no garbage meanwhile: an import makes a million objects and needs them all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def refresh(
    importer: Importer,
    sources: Iterable[str],
    *,
    progress: Progress | None = None,
    force: bool = False,
) -> list[ImportReport | Exception]:
    """Import every configured source; one that fails or shrinks does not stop the others."""
    done: list[ImportReport | Exception] = []
    for source in sources:
        try:
            done.append(importer.load(source, progress=progress, force=force))
        except Exception as error:
            done.append(error)
    return done


def needs_demonstration(engine: Engine, path: Path) -> bool:
    """Whether nothing real was imported, and the fictional places are absent or outdated."""
    with engine.connect() as connection:
        rows = connection.execute(select(tables.origin.c.name, tables.origin.c.digest))
        digests = {row.name: row.digest for row in rows}
    real = digests.keys() - {DEMONSTRATION}
    return not real and digests.get(DEMONSTRATION) != _digest(path.read_bytes())


def _digest(raw: bytes) -> str:
    """Return what tells a file, and the code that reads it, from any other: 64 letters at most."""
    return f"{_reading()}:{blake2b(raw, digest_size=20).hexdigest()}"


@cache
def _reading() -> str:
    """Return what changes whenever the code does: another Passerelle reads every source again."""
    code = sha256()
    for package in (Path(__file__).parent, Path(places_package.__file__ or "").parent):
        for module in sorted(package.glob("*.py")):
            code.update(module.read_bytes())
    return code.hexdigest()[:16]


def _check_size(connection: Connection, name: str, now: int) -> None:
    """Refuse what is half of what it was, or less: an export cut short looks like that."""
    before = connection.scalar(select(tables.origin.c.records).where(tables.origin.c.name == name))
    if before and now * 2 <= before and before - now >= _FEWEST_LOST:
        raise ShrunkError(before, now)


def _others(connection: Connection) -> bool:
    return bool(
        connection.scalar(
            select(func.count())
            .select_from(tables.origin)
            .where(tables.origin.c.name != DEMONSTRATION)
        )
    )


def _write(
    connection: Connection,
    row: dict[str, object],
    records: Sequence[Record],
    report: ImportReport,
    progress: Progress | None,
) -> None:
    name = str(row["name"])
    if name != DEMONSTRATION:
        connection.execute(delete(tables.record).where(tables.record.c.origin == DEMONSTRATION))
        connection.execute(delete(tables.origin).where(tables.origin.c.name == DEMONSTRATION))
    origin = tables.origin
    rank = connection.scalar(select(origin.c.rank).where(origin.c.name == name))
    if rank is None:
        rank = (connection.scalar(select(func.max(origin.c.rank))) or 0) + 1
        connection.execute(insert(origin).values(**row, rank=rank))
    else:
        connection.execute(update(origin).where(origin.c.name == name).values(**row))
    written = {record.key: tables.dump(record) for record in records}
    sources = _all_sources(connection, (name, rank), records, written, report)
    if progress:
        progress("rapprochement", 0, len(sources))
    attached = attach(sources)
    groups = merge_all(attached.sources)
    report.places = len(groups)
    report.aside = len(attached.aside)
    report.merged = len(sources) - len(groups) - report.aside
    report.labelled = sum(place.labelled for place, _ in groups)
    _write_records(connection, _placed(attached, groups), name, written)
    write_places(connection, (place for place, _ in groups), progress, len(groups))


def _all_sources(
    connection: Connection,
    of: tuple[str, int],
    records: Sequence[Record],
    new: Mapping[str, str],
    report: ImportReport,
) -> list[SourcedRecord]:
    """Return every record of every origin, in the order of first imports; count what changes.

    Args:
        connection: Where the other origins' records are.
        of: Name and rank of the origin that is imported.
        records: What it gives.
        new: Key → how each of them is written.
        report: Told what was added, removed, changed.
    """
    name, rank = of
    origin, stored = tables.origin.c, tables.record.c
    rows = connection.execute(
        select(stored.origin, stored.key, stored.data, origin.rank)
        .join(tables.origin, origin.name == stored.origin)
        .order_by(origin.rank, stored.key)
    ).all()
    before = {row.key: row.data for row in rows if row.origin == name}
    report.added = len(new.keys() - before.keys())
    report.removed = len(before.keys() - new.keys())
    report.unchanged = sum(before.get(key) == data for key, data in new.items())
    report.updated = len(new) - report.added - report.unchanged
    mine = [SourcedRecord(name, record) for record in sorted(records, key=lambda r: r.key)]
    earlier = [
        SourcedRecord(row.origin, tables.load_record(row.data))
        for row in rows
        if row.origin != name and row.rank < rank
    ]
    later = [
        SourcedRecord(row.origin, tables.load_record(row.data))
        for row in rows
        if row.origin != name and row.rank > rank
    ]
    return [*earlier, *mine, *later]


def _placed(
    attached: Attached, groups: Sequence[tuple[Place, list[SourcedRecord]]]
) -> list[tuple[str, SourcedRecord]]:
    """Return the id of the place of each record; none for those that are aside."""
    return [
        *(
            (place.id, record)
            for place, sources in groups
            for source in sources
            for record in attached.members(source)
        ),
        *(("", record) for record in attached.aside),
    ]


def _write_records(
    connection: Connection,
    placed: Sequence[tuple[str, SourcedRecord]],
    name: str,
    written: Mapping[str, str],
) -> None:
    """Replace this origin's records, and move the others' where groups have changed."""
    stored = tables.record
    connection.execute(delete(stored).where(stored.c.origin == name))
    moved = [
        {"o": source.origin, "k": source.record.key, "p": place}
        for place, source in placed
        if source.origin != name
    ]
    if moved:
        known = {
            (row.origin, row.key): row.place_id
            for row in connection.execute(select(stored.c.origin, stored.c.key, stored.c.place_id))
        }
        moved = [one for one in moved if known.get((one["o"], one["k"])) != one["p"]]
    if moved:
        connection.execute(
            update(stored)
            .where(stored.c.origin == bindparam("o"), stored.c.key == bindparam("k"))
            .values(place_id=bindparam("p")),
            moved,
        )
    rows = [
        {
            "origin": name,
            "key": source.record.key,
            "place_id": place,
            "data": written[source.record.key],
        }
        for place, source in placed
        if source.origin == name
    ]
    for start in range(0, len(rows), BATCH):
        connection.execute(insert(stored), rows[start : start + BATCH])
