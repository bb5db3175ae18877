"""The reference database: the directory of places, imported and searched.

``open_directory`` is what a composition root needs; ``Importer`` is for the command line.
"""

from __future__ import annotations

from pathlib import Path

from actions.places.services import load_services
from actions.reading.territory.gazetteer import Gazetteer, load_gazetteer
from actions.reference.errors import (
    BadDirectoryError,
    DirectoryError,
    ShrunkError,
    SourceUnreachableError,
)
from actions.reference.importing import (
    Importer,
    ImportReport,
    RowNote,
    needs_demonstration,
    refresh,
)
from actions.reference.locator import Locator
from actions.reference.sql_directory import SqlDirectory
from actions.reference.tables import open_engine

__all__ = [
    "BadDirectoryError",
    "DirectoryError",
    "ImportReport",
    "Importer",
    "RowNote",
    "ShrunkError",
    "SourceUnreachableError",
    "SqlDirectory",
    "open_directory",
    "open_importer",
    "refresh",
]


def open_importer(url: str, folder: Path, gazetteer: Gazetteer | None = None) -> Importer:
    """Return what loads directories into the database of ``url``.

    ``folder`` is ``data/places``; the gazetteer is read from it unless given.
    """
    locator = Locator(gazetteer or load_gazetteer(folder))
    return Importer(open_engine(url), locator, load_services(folder))


def open_directory(url: str, folder: Path, gazetteer: Gazetteer | None = None) -> SqlDirectory:
    """Return the directory of ``url``; the fictional places where nothing was imported.

    ``folder`` is ``data/places``.
    """
    engine = open_engine(url)
    demonstration = folder / "demonstration.csv"
    if needs_demonstration(engine, demonstration):
        locator = Locator(gazetteer or load_gazetteer(folder))
        Importer(engine, locator, load_services(folder)).load_demonstration(demonstration)
    return SqlDirectory(engine)
