"""Opening the operational database and bringing it to the current schema."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from contextvars import copy_context
from importlib.resources import files
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from actions.errors import ToldError
from bot.store.claims import check, fence
from bot.store.writer import Writer

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

JOURNAL_ATTEMPTS = 50
JOURNAL_PAUSE_S = 0.1
"""How often, and how far apart, the journal is tried while another process holds the file."""
BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite writer waits for another before it gives up."""

JOURNAL_TIMEOUT_MS = 500
"""How long the journal's emptying waits for those who read; others wait behind it meanwhile."""

OVERWRITES = 1
"""``user_version`` of a SQLite file in which nothing that was deleted is left."""

THREADS = 8
"""Threads that wait for the database: its own, so that nothing else keeps it waiting."""

MIGRATION_LOCK = 7_213_544_816
"""PostgreSQL advisory lock: two processes that start together migrate once."""


def open_engine(url: str) -> sa.Engine:
    """Open SQLite or PostgreSQL by its SQLAlchemy URL; a SQLite file's folder is made.

    A SQLite file is its owner's alone (mode 0600), and what is deleted from it is overwritten.
    SQLite runs in WAL mode with foreign keys, and a transaction takes the write lock when
    it begins: two writers wait for each other instead of failing halfway. Errors never repeat
    what was to be written: it can be what a person said.
    """
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        return sa.create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:" and not parsed.query.get("uri"):
        keep_private(Path(parsed.database))
    engine = sa.create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def keep_private(path: Path) -> None:
    """Make a SQLite file for its owner alone, its folder too, or take away others' rights.

    Its journals have the rights of the file. What cannot be done here is left for SQLite to say.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        # It is there. Never opened here: closing it would free the locks of this process.
        with suppress(OSError):
            for file in path.parent.glob(f"{path.name}*"):
                if file.is_file() and file.stat().st_mode & 0o077:
                    file.chmod(0o600)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # sqlite3 would begin transactions on its own, late, and commit before DDL.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _keep_a_journal(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Whatever is deleted is overwritten: an erased person must not stay in freed pages.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _keep_a_journal(cursor: Any) -> None:
    """Turn the journal on; its waiting for another process is not that of ``busy_timeout``."""
    for attempt in range(JOURNAL_ATTEMPTS):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if attempt == JOURNAL_ATTEMPTS - 1:
                raise
            time.sleep(JOURNAL_PAUSE_S)


def _rewrite_once(engine: sa.Engine) -> None:
    """Rewrite a file made before deletions were overwritten: what was deleted then is in it yet."""
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        try:
            if cursor.execute("PRAGMA user_version").fetchone()[0] < OVERWRITES:
                cursor.execute("VACUUM")
                cursor.execute(f"PRAGMA user_version = {OVERWRITES}")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError:
            logger.warning("the database could not be rewritten: tried again at the next start")
        finally:
            cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def migration_config() -> Config:
    """Return Alembic's configuration, found beside this module wherever it is installed."""
    config = Config()
    folder = str(files("bot.store").joinpath("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config


def migrate(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database to ``revision``, in one transaction: all or nothing.

    Raises:
        SchemaError: It is at a revision that this version does not know.
        sqlalchemy.exc.SQLAlchemyError: It cannot be opened or written.
    """
    config = migration_config()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            if not isinstance(error.__cause__, ResolutionError):
                raise
            raise SchemaError from error


def _look(connection: sa.Connection) -> None:
    connection.execute(sa.select(1))


class SchemaError(ToldError):
    """The database was written by a later version. The message is one line fit for a person."""

    def __init__(self) -> None:
        super().__init__(
            "la base de données vient d'une version plus récente de Passerelle : "
            "mettez le programme à jour"
        )


class Store:
    """The operational database, for code that waits (async) and code that does not.

    The rooms' functions (``bot.store.outbox.put``…) take a connection: whoever calls
    several of them in one ``begin`` gets all of their effects or none.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        self._writer = Writer(engine) if engine.dialect.name == "sqlite" else None

    @classmethod
    def open(cls, url: str) -> Store:
        """Open a database and migrate it."""
        engine = open_engine(url)
        migrate(engine)
        if engine.dialect.name == "sqlite":
            _rewrite_once(engine)
        return cls(engine)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a transaction: committed at the end, rolled back by an exception."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a transaction that only reads: on SQLite it never waits for a writer."""
        with self.engine.connect().execution_options(reading=True) as connection:
            yield connection

    def drain_journal(self) -> bool:
        """Empty SQLite's journal: what was erased is then in no file.

        Returns whether it is empty: not while someone still reads what was there before. On
        PostgreSQL there is no such file, and nothing to do.
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with closing(self.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {JOURNAL_TIMEOUT_MS}")
            try:
                busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
                cursor.close()
        return not busy

    async def write(
        self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``work(connection, …)`` in a transaction, in a thread; on SQLite, in one thread.

        Raises:
            bot.store.claims.LostClaimError: The lane that is moved was taken over: nothing is
                written.
        """

        def fenced(connection: sa.Connection) -> T:
            if (number := fence.get()) is not None:
                check(connection, number, lock=True)
            return work(connection, *args, **kwargs)

        def in_transaction() -> T:
            with self.begin() as connection:
                return fenced(connection)

        if self._writer:
            written: T = await self._writer.run(fenced)
            return written
        return await self._in_thread(in_transaction)

    async def is_writable(self, within_s: float) -> bool:
        """Tell whether the database takes what is to be kept: neither locked, read-only nor away.

        Args:
            within_s: How long a transaction may take to begin.
        """
        try:
            async with asyncio.timeout(within_s):
                await self.write(_look)
        except (TimeoutError, SQLAlchemyError):
            return False
        return True

    async def drain(self) -> bool:
        """Empty SQLite's journal (see ``drain_journal``), in a thread."""
        return await self._in_thread(self.drain_journal)

    async def read(
        self, work: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``work(connection, …)`` that only reads, in a thread."""

        def in_transaction() -> T:
            with self.reading() as connection:
                if (number := fence.get()) is not None:
                    check(connection, number, lock=False)
                return work(connection, *args, **kwargs)

        return await self._in_thread(in_transaction)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, copy_context().run, work)

    def close(self) -> None:
        """Write what waits, and close the pool."""
        if self._writer:
            self._writer.close()
        self._threads.shutdown()
        self.engine.dispose()
