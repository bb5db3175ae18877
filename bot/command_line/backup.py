"""``backup``, ``restore`` and ``move``: what is precious, kept, put back, and moved."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

import bot.helpdesk.tables
import bot.web.tables  # noqa: F401  every room's tables are moved
from actions.clock import utc_now
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.settings import Settings, load_settings
from bot.stack.home import exclusive, prepare_home
from bot.store import SchemaError, Store, open_engine
from bot.store.database_trouble import damaged, trouble
from bot.store.move_to_postgresql import MoveError, move

OURS, RASA, KEY, MANIFEST = "passerelle.sqlite", "rasa.sqlite", "pseudonym.key", "manifest.json"
"""What a backup holds."""

_BROKEN = (
    tarfile.TarError,
    zlib.error,
    EOFError,
    ValueError,
    KeyError,
    sqlite3.Error,
    sa.exc.SQLAlchemyError,
)
"""How an archive that is not whole, or not ours, shows."""


def backup(options: argparse.Namespace) -> None:
    """Write an archive of what is precious, while everything runs.

    Raises:
        CommandError: There is nothing to keep here, or it is on a database server.
    """
    settings = load_settings()
    database = _file(settings)
    if not database.is_file():
        raise CommandError(f"{database} n'existe pas encore : rien à sauvegarder")
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".backup-") as folder:
        found: dict[str, Path] = {OURS: Path(folder) / OURS}
        _copy(database, found[OURS])
        rasa = settings.home / RASA
        if rasa.is_file():
            found[RASA] = Path(folder) / RASA
            _copy(rasa, found[RASA])
        if (settings.home / KEY).is_file():
            found[KEY] = settings.home / KEY
        counts = _counts(found[OURS])
        manifest = {
            "made_at": utc_now().isoformat(timespec="seconds"),
            "counts": counts,
            "sha256": {name: _digest(path) for name, path in found.items()},
        }
        draft = Path(f"{options.file}.part")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as tar:
            data = json.dumps(manifest, indent=1).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
            for name, path in found.items():
                tar.add(path, name, recursive=False)
        draft.replace(options.file)
    lines.say(f"{options.file} : {sum(counts.values())} lignes de {len(counts)} tables.")
    lines.progress("Gardez-la pour vous seul, et pas plus longtemps que les conversations.")


def restore(options: argparse.Namespace) -> None:
    """Put an archive back in a home where nothing runs.

    Raises:
        CommandError: The archive is not whole, something runs, or the home is not empty.
    """
    settings = load_settings()
    prepare_home(settings)
    database = _file(settings)
    with _alone(settings), tempfile.TemporaryDirectory(dir=settings.home, prefix=".in-") as raw:
        if database.exists() and not options.replace:
            raise CommandError(f"{database} existe déjà : --replace le remplace")
        folder = Path(raw)
        counts = _unpack(options.file, folder)
        try:
            Store.open(f"sqlite:///{folder / OURS}").close()
        except SchemaError as error:
            raise CommandError(str(error)) from None
        for name in (OURS, RASA, KEY):
            wanted = database if name == OURS else settings.home / name
            for journal in ("-wal", "-shm"):
                Path(f"{wanted}{journal}").unlink(missing_ok=True)
            if (folder / name).is_file():
                (folder / name).chmod(0o600)
                (folder / name).replace(wanted)
    lines.say(f"{sum(counts.values())} lignes de {len(counts)} tables sont remises.")
    lines.progress(
        "Effacez ce qui a dépassé sa durée : passerelle purge. Qui a demandé l'effacement depuis "
        "cette sauvegarde est à effacer de nouveau."
    )


def move_to(options: argparse.Namespace) -> None:
    """Move everything to PostgreSQL, and check that every row arrived.

    Raises:
        CommandError: Something runs, the target is not empty or not PostgreSQL, a count differs.
    """
    settings = load_settings()
    database = _file(settings)
    try:
        if sa.engine.make_url(options.url).get_backend_name() != "postgresql":
            raise CommandError("l'adresse d'arrivée doit être celle d'une base PostgreSQL")
        target = open_engine(options.url)
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        raise CommandError(f"l'adresse d'arrivée : {trouble(error) or 'inconnue'}") from None
    if not database.is_file():
        raise CommandError(f"{database} n'existe pas encore : rien à déplacer")
    with _alone(settings):
        source = Store.open(settings.database_url)
        try:
            Store.open(options.url).close()
            counts = move(source.engine, target, settings.home / RASA)
        except MoveError as error:
            raise CommandError(f"{error}. Rien n'a été déplacé") from None
        finally:
            source.close()
            target.dispose()
    for table, rows in counts.items():
        if options.json:
            lines.emit({"table": table, "rows": rows})
        elif rows:
            lines.say(f"{table} : {rows}")
    lines.progress(
        f"Toutes les lignes sont arrivées. Écrivez l'adresse dans PASSERELLE_DATABASE_URL, puis "
        f"relancez ; effacez {database.name} et {RASA} une fois rassuré."
    )


def _file(settings: Settings) -> Path:
    """Return the database's file.

    Raises:
        CommandError: It is on a server.
    """
    url = sa.engine.make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise CommandError(
            "la base est sur un serveur PostgreSQL : sauvegardez-la avec pg_dump, et gardez "
            f"{settings.home / KEY} (docs/running.md)"
        )
    return Path(url.database)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Keep this home from starting meanwhile.

    Raises:
        CommandError: It runs.
    """
    with exclusive(settings.home / "stack.lock", wait=False) as held:
        if not held:
            raise CommandError(f"un assistant tourne dans {settings.home} : arrêtez-le d'abord")
        yield


def _copy(source: Path, target: Path) -> None:
    """Copy a SQLite database that may be written meanwhile: one moment of it, whole."""
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)
    target.chmod(0o600)


def _digest(file: Path) -> str:
    """Return a file's SHA-256; nothing for a file that is not there."""
    if not file.is_file():
        return ""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _counts(file: Path) -> dict[str, int]:
    """Return the rows of each table of a SQLite file."""
    with closing(sqlite3.connect(file)) as reading:
        names = reading.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {
            name: int(reading.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
            for (name,) in sorted(names)
        }


def _unpack(archive: Path, folder: Path) -> dict[str, int]:
    """Unpack an archive in a folder, and check that it is whole; return its counts."""
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.name in (OURS, RASA, KEY, MANIFEST) and member.isreg():
                    tar.extract(member, folder, filter="data")
        if not all((folder / name).is_file() for name in (MANIFEST, OURS)):
            raise tarfile.ReadError("not ours")
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        counts: dict[str, int] = manifest["counts"]
        digests: dict[str, str] = manifest["sha256"]
        whole = all(_digest(folder / name) == digest for name, digest in digests.items())
        engine = open_engine(f"sqlite:///{folder / OURS}")
        with engine.connect() as connection:
            whole = whole and not damaged(connection)
        engine.dispose()
    except _BROKEN as error:
        raise CommandError(
            f"{archive} n'est pas une sauvegarde de Passerelle, ou pas entière "
            f"({type(error).__name__})"
        ) from None
    if not whole:
        raise CommandError(f"{archive} est abîmée : elle ne contient pas ce qu'elle annonce")
    return counts
