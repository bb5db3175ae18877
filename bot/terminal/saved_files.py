"""Files that a person is given in the terminal: written where they stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

from actions.messages import Document, Sheet


def save_nothing(message: Sheet | Document) -> str:
    """Name the file without writing it: for commands that only print."""
    return f"[{message.filename if isinstance(message, Document) else 'fiche PDF'}]"


class FileSaver:
    """Writes files into a folder, never over another."""

    def __init__(self, folder: Path, draw: Callable[[str, date], bytes]) -> None:
        """Prepare.

        Args:
            folder: Where files go.
            draw: Makes the PDF of a request, by the rules of a day.
        """
        self._folder = folder
        self._draw = draw

    def __call__(self, message: Sheet | Document) -> str:
        """Write the file; say where it is."""
        if isinstance(message, Sheet):
            name = "simulation-pass-numerique.pdf"
            content = self._draw(message.request, date.fromisoformat(message.on))
        else:
            # Only the last part of a name: it never leads out of the folder.
            name, content = Path(message.filename).name or "fichier.txt", message.content.encode()
        path = self._free(name)
        path.write_bytes(content)
        return f"Fichier\u00a0: {path}"

    def _free(self, name: str) -> Path:
        path = self._folder / name
        numbers = count(2)
        while path.exists():
            path = self._folder / f"{Path(name).stem}-{next(numbers)}{Path(name).suffix}"
        return path
