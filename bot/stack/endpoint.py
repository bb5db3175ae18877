"""Where a running stack answers, and the file by which others of the same home find it."""

from __future__ import annotations

import json
import os
import socket
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE_NAME = "stack.json"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The addresses of a stack; both servers listen on loopback only."""

    nlu_port: int
    actions_port: int
    secret: str = field(repr=False)

    @property
    def nlu_url(self) -> str:
        """Root of the understanding server."""
        return f"http://127.0.0.1:{self.nlu_port}"

    @property
    def actions_url(self) -> str:
        """Root of the action server."""
        return f"http://127.0.0.1:{self.actions_port}"


@dataclass(frozen=True, slots=True)
class _Published:
    pid: int
    nlu_port: int
    actions_port: int
    secret_file: str


def publish(endpoint: Endpoint, home: Path, secret_file: Path) -> None:
    """Write ``stack.json``, whole or not at all; it names the secret's file, not the secret."""
    published = _Published(
        pid=os.getpid(),
        nlu_port=endpoint.nlu_port,
        actions_port=endpoint.actions_port,
        secret_file=str(secret_file),
    )
    draft = home / f".{FILE_NAME}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(published)) + "\n", encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(home / FILE_NAME)


def withdraw(home: Path) -> None:
    """Remove ``stack.json``."""
    (home / FILE_NAME).unlink(missing_ok=True)


def published(home: Path) -> Endpoint | None:
    """Return the published stack whose supervisor lives, if there is one."""
    try:
        found = _Published(**json.loads((home / FILE_NAME).read_text(encoding="utf-8")))
        os.kill(found.pid, 0)
        return Endpoint(
            nlu_port=found.nlu_port,
            actions_port=found.actions_port,
            secret=Path(found.secret_file).read_text().strip(),
        )
    except (OSError, ValueError, TypeError):
        return None


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
