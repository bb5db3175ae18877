"""What was worked out from files, kept on disk until one of them changes.

A start works out the same tables from the same files each time: every form of every name of a
commune, what each template of an answer may use. They are plain values (numbers, texts, tuples,
lists, sets, dictionaries) in the form of Python's own compiled files, each under the fingerprint of
all that they were made from, code and Python's version included. A file that is missing, cut short
or of other sources is made again; a folder that cannot be written costs time, nothing else.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

_CODE = Path(__file__).parent
_DIGEST = 32
"""Bytes of a fingerprint, and of the digest that shows a file to be whole."""


class Keep(Protocol):
    """Return what a name was kept under, else make it (and keep it)."""

    def __call__(self, name: str, make: Callable[[], Any], /) -> Any:
        """Return a plain value, never to be changed."""


def made_anew(_name: str, make: Callable[[], Any], /) -> Any:
    """Keep nothing."""
    return make()


class Shelf:
    """A folder of plain values; use its ``keep``."""

    def __init__(self, folder: Path, made_from: bytes) -> None:
        self._folder = folder
        self._made_from = made_from

    def keep(self, name: str, make: Callable[[], Any], /) -> Any:
        """Return a value from the folder; made, and written there, where it has none."""
        path = self._folder / f"{name}.kept"
        with suppress(OSError, ValueError, EOFError, TypeError):
            raw = path.read_bytes()
            digest, made_from, body = raw[:_DIGEST], raw[_DIGEST : 2 * _DIGEST], raw[2 * _DIGEST :]
            if made_from == self._made_from and hashlib.sha256(body).digest() == digest:
                return marshal.loads(body)  # noqa: S302  our own file, in the owner's folder
        value = make()
        body = marshal.dumps(value)
        draft = path.with_name(f".{name}.{os.getpid()}")
        with suppress(OSError):  # read-only, or full: made again at the next start
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(hashlib.sha256(body).digest() + self._made_from + body)
            draft.replace(path)
        return value


def open_shelf(folder: Path, data_dir: Path) -> Shelf:
    """Return the shelf of what is made from the data files that actions read."""
    digest = hashlib.sha256(f"{sys.version} jinja2 {version('jinja2')}".encode())
    sources = [
        *_CODE.rglob("*.py"),
        *(p for name in ("answers", "places", "programme") for p in (data_dir / name).rglob("*")),
    ]
    for path in sorted(sources):
        if path.is_file():
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)} ".encode())
            digest.update(content)
    return Shelf(folder, digest.digest())
