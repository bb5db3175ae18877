"""The reference database: the directory of places, imported and searched.

``open_directory`` is what a composition root needs; ``Importer`` is for the command line.
"""

from __future__ import annotations

from pathlib import Path

from actions.places.gazetteer import Gazetteer, load_gazetteer
from actions.places.services import load_services
from actions.reference.errors import BadDirectoryError, DirectoryError, SourceUnreachableError
from actions.reference.importing import Importer, ImportReport, RowNote, refresh
from actions.reference.sql_directory import SqlDirectory
from actions.reference.tables import open_engine

__all__ = [
    "BadDirectoryError",
    "DirectoryError",
    "ImportReport",
    "Importer",
    "RowNote",
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
    return Importer(open_engine(url), gazetteer or load_gazetteer(folder), load_services(folder))


def open_directory(url: str, folder: Path, gazetteer: Gazetteer | None = None) -> SqlDirectory:
    """Return the directory of ``url``; the fictional places where nothing was imported."""
    importer = open_importer(url, folder, gazetteer)
    importer.load_demonstration(folder / "demonstration.csv")
    return SqlDirectory(importer.engine)
