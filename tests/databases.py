"""Databases for tests: SQLite files, and a throw-away PostgreSQL server for the session.

Its fixtures are everyone's (``tests/conftest.py``): ``postgres_url`` is the SQLAlchemy URL of a new
database, ``any_database`` one of each kind that is served, ``store`` the operational database at
``database_url``. Those are empty, but for a test that asks for ``store``: migrations have their
own tests, and are not run again for each other one; it begins as a copy of what they make.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bot.store import Store

_NUMBERS = count(1)


def _binary(name: str) -> str | None:
    # Debian keeps the server's programs out of PATH; a link there may point to a wrapper.
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


def no_postgres() -> str:
    """Say why PostgreSQL cannot be started here; nothing where it can."""
    if not _binary("initdb") or not _binary("pg_ctl"):
        return "PostgreSQL's server programs (initdb, pg_ctl) are not installed"
    if os.getuid() == 0 and not shutil.which("setpriv"):
        return "root without setpriv: PostgreSQL cannot be started"
    return ""


def _as_other_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: return the prefix of a command that does not."""
    if os.getuid() != 0:
        return []
    nobody = 65534
    os.chown(folder, nobody, nobody)
    return ["setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"]


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """Run a server on a socket of its own; yields a ``psycopg`` connection string."""
    initdb, pg_ctl = str(_binary("initdb")), str(_binary("pg_ctl"))
    # A socket's path is at most 107 characters long: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    prefix = _as_other_user(folder)
    data = str(folder / "data")

    def run(*words: str) -> None:
        subprocess.run([*prefix, *words], check=True, cwd=folder, stdout=subprocess.DEVNULL)

    options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
    try:
        run(initdb, "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        run(pg_ctl, "-D", data, "-l", str(folder / "log"), "-o", options, "-w", "start")
        try:
            yield f"host={folder} user=tests"
        finally:
            run(pg_ctl, "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def throwaway_database(server: str, model: str = "template1") -> Iterator[str]:
    """Create a database on a server, empty or as another; yields its SQLAlchemy URL."""
    import psycopg

    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {model}")
    host = server.split(maxsplit=1)[0].removeprefix("host=")
    yield f"postgresql+psycopg://tests@/{name}?host={host}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A server for the whole session (see ``throwaway_postgres``)."""
    if why := no_postgres():
        pytest.skip(why)
    with throwaway_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file such as the migrations make, to copy."""
    from bot.store import Store

    path = tmp_path_factory.mktemp("migrated") / "store.sqlite"
    Store.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """The name of a database such as the migrations make, to copy."""
    from bot.store import Store

    with throwaway_database(postgres_server) as url:
        Store.open(url).close()
        yield url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_server: str) -> Iterator[str]:
    """The SQLAlchemy URL of a new database: empty, or migrated for who asks for ``store``."""
    migrated = "store" in request.fixturenames
    model = request.getfixturevalue("migrated_postgres") if migrated else "template1"
    with throwaway_database(postgres_server, model) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind that is served."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'a folder' / 'store.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """The URL of an empty SQLite database; a module may put ``any_database`` in its place."""
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


@pytest.fixture
def store(request: pytest.FixtureRequest, database_url: str) -> Iterator[Store]:
    """The operational database, migrated."""
    from bot.store import Store

    if database_url.startswith("sqlite:///"):
        path = Path(database_url.removeprefix("sqlite:///"))
        path.parent.mkdir(exist_ok=True)
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
    store = Store.open(database_url)
    yield store
    store.close()


@contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """Let the database not grow any more: SQLite says that the disk is full."""

    from sqlalchemy import event

    def cap(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(store.engine, "connect", cap)
    store.engine.dispose()
    try:
        yield
    finally:
        event.remove(store.engine, "connect", cap)
        store.engine.dispose()
