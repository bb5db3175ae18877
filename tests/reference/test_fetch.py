"""Directories from the web: a real HTTP server that misbehaves on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine

from actions.geo import Point
from actions.places.directory import Query
from actions.places.services import load_services
from actions.reference import Importer, SqlDirectory
from actions.reference.errors import BadDirectoryError, ShrunkError, SourceUnreachableError
from actions.reference.fetch import fetch, origin_name
from tests.reference.conftest import DATA, locator
from tests.reference.files import as_csv, lieu

GOOD = as_csv([lieu("Un"), lieu("Deux", latitude="49.2")]).encode()


class Server(ThreadingHTTPServer):
    body = GOOD
    status = 200
    length: int | None = None
    etag = '"v1"'
    modified = ""
    tolerant = True
    """It answers 304 where it can; else it gives all, every time."""
    silent = False
    conditions: list[str | None]
    since: list[str | None]
    released: threading.Event


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.conditions.append(self.headers.get("If-None-Match"))
        if self.server.silent:
            self.server.released.wait(10)
            return
        self.server.since.append(self.headers.get("If-Modified-Since"))
        if self.server.tolerant and (
            (self.server.etag and self.headers.get("If-None-Match") == self.server.etag)
            or (self.server.modified and self.server.since[-1] == self.server.modified)
        ):
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(self.server.status)
        for name, value in (("ETag", self.server.etag), ("Last-Modified", self.server.modified)):
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(self.server.length or len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Handler)
    server.conditions, server.since, server.released = [], [], threading.Event()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def address(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}/lieux.csv"


def test_an_address_is_imported_once_a_version(
    server: Server, importer: Importer, directory: SqlDirectory
) -> None:
    told: list[tuple[str, int, int]] = []
    first = importer.load(address(server), progress=lambda *step: told.append(step))
    assert first.kept == 2
    assert ("téléchargement", len(GOOD), len(GOOD)) in told
    again = importer.load(address(server))
    assert again.not_modified
    assert server.conditions == [None, '"v1"']
    assert len(directory.search(Query(point=Point(49.12, 6.18))).found) == 2
    server.etag, server.body = '"v2"', as_csv([lieu("Un")]).encode()
    assert importer.load(address(server)).removed == 1


def test_a_server_that_knows_dates_only(server: Server, importer: Importer) -> None:
    server.etag, server.modified = "", "Wed, 02 Sep 2026 10:00:00 GMT"
    assert not importer.load(address(server)).not_modified
    again = importer.load(address(server))
    assert (again.not_modified, again.unchanged) == (True, 2)
    assert server.since == [None, server.modified]
    server.modified, server.body = "Thu, 03 Sep 2026 10:00:00 GMT", as_csv([lieu("Un")]).encode()
    assert importer.load(address(server)).removed == 1


def test_a_server_that_gives_the_same_bytes_again(
    server: Server, engine: Engine, directory: SqlDirectory
) -> None:
    moments = [datetime(2026, 9, 1, tzinfo=UTC)]
    importer = Importer(engine, locator(), load_services(DATA), clock=lambda: moments[-1])
    server.tolerant = False
    importer.load(address(server))
    server.etag = '"v2"'
    later = datetime(2026, 9, 8, tzinfo=UTC)
    moments.append(later)
    assert importer.load(address(server)).not_modified
    stats = directory.stats()
    assert stats.imported_at
    assert stats.imported_at.date() == later.date()  # known to be like its source on that day
    importer.load(address(server))
    assert server.conditions == [None, '"v1"', '"v2"']


def test_a_source_that_shrinks_by_half_is_not_believed(
    server: Server, importer: Importer, directory: SqlDirectory
) -> None:
    rows = [lieu(f"Lieu {n}", latitude=str(49 + n / 10)) for n in range(6)]
    server.etag, server.modified, server.body = '"v1"', "hier", as_csv(rows).encode()
    importer.load(address(server))
    server.etag, server.modified, server.body = '"v2"', "ce matin", as_csv(rows[:3]).encode()
    for _ in range(2):  # what was refused is asked for again, not taken as known
        with pytest.raises(ShrunkError, match="3 lieux utilisables, au lieu de 6") as error:
            importer.load(address(server))
        assert "--force" in str(error.value)
        assert directory.stats().places == 6
    assert server.conditions[-1] == '"v1"'
    assert importer.load(address(server), force=True).removed == 3
    assert server.conditions[-1] is None
    assert directory.stats().places == 3
    server.etag, server.modified, server.body = '"v3"', "", as_csv(rows[:2]).encode()
    assert importer.load(address(server)).removed == 1


def test_an_error_page_is_not_a_directory(server: Server, importer: Importer) -> None:
    server.status = 503
    with pytest.raises(SourceUnreachableError, match="erreur 503"):
        importer.load(address(server))
    server.status, server.body = 200, b"<html>Maintenance</html>"
    with pytest.raises(BadDirectoryError, match="HTML"):
        importer.load(address(server))


def test_a_download_cut_short_is_an_error(server: Server, importer: Importer) -> None:
    server.length = len(GOOD) + 100
    server.timeout = 1
    with pytest.raises((BadDirectoryError, SourceUnreachableError), match=r"127\.0\.0\.1"):
        importer.load(address(server))


def test_too_large_a_file_is_refused_before_it_is_read(server: Server) -> None:
    with pytest.raises(SourceUnreachableError, match="trop gros"):
        fetch(address(server), max_bytes=10)


def test_a_silent_server(server: Server) -> None:
    server.silent = True
    with pytest.raises(SourceUnreachableError, match="ne répond pas"):
        fetch(address(server), timeout_s=0.2)


@pytest.mark.parametrize("location", ["http://127.0.0.1:9/lieux.csv", "http://[/lieux.csv"])
def test_offline_or_a_wrong_address(location: str) -> None:
    with pytest.raises(SourceUnreachableError, match=r"injoignable|mal écrite"):
        fetch(location, timeout_s=2)


def test_an_address_is_named_without_its_secrets() -> None:
    assert origin_name("https://moi:secret@example.org/a.csv?cle=1") == "https://example.org/a.csv"
    assert origin_name("/quelque/part/lieux.csv") == "lieux.csv"
