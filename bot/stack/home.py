"""The home: the one folder that holds everything an installation keeps."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.settings import Settings
from bot.stack.errors import StackError


def prepare_home(settings: Settings) -> None:
    """Make the home and its folders, readable by their owner alone.

    Raises:
        StackError: The folder cannot be made or written.
    """
    try:
        for folder in (
            settings.home,
            settings.models_dir,
            settings.logs_dir,
            settings.home / "secrets",
        ):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if folder.stat().st_uid == os.getuid():
                folder.chmod(0o700)
    except OSError as error:
        raise StackError(
            f"le dossier {settings.home} ne peut pas servir : {error.strerror}"
        ) from None


def secret_path(home: Path, name: str) -> Path:
    """Return where a secret of this installation lies."""
    return home / "secrets" / name


def secret(home: Path, name: str) -> str:
    """Return a secret, drawn at random (256 bits) the first time it is asked for."""
    path = secret_path(home, name)
    if not path.is_file():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside and linked: of two processes that start together, both read one value.
        draft = path.with_name(f".{name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


@contextmanager
def exclusive(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a file's lock; yields whether it is held (always, with ``wait``).

    The kernel releases it when the process ends, however it ends.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
