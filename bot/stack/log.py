"""The log of one process: what it prints, in a file that cannot grow for ever."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 2_000_000
"""Size at which a log is put aside."""

KEPT = 3
"""Older logs kept beside the current one."""


class RotatingLog:
    """Appends bytes to a file; at ``max_bytes`` it becomes ``name.1``, and so on."""

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._file = self._open()

    def write(self, chunk: bytes) -> None:
        """Append, then turn the page when it is full."""
        self._file.write(chunk)
        self._file.flush()
        if self._file.tell() >= self._max_bytes:
            self._file.close()
            self._rotate()
            self._file = self._open()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _open(self) -> BinaryIO:
        file = self.path.open("ab")
        self.path.chmod(0o600)
        return file

    def _rotate(self) -> None:
        for number in range(KEPT, 0, -1):
            older = self.path.with_name(f"{self.path.name}.{number}")
            newer = (
                self.path.with_name(f"{self.path.name}.{number - 1}") if number > 1 else self.path
            )
            if newer.exists():
                newer.replace(older)
