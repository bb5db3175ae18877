"""Fixtures for everyone: the real stack, and a person who talks with it.

Rasa's own tests run in another environment: nothing of ours is imported before a fixture runs.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.databases import (
    any_database,
    database_url,
    migrated_postgres,
    migrated_sqlite,
    postgres_server,
    postgres_url,
    store,
)

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.stack.endpoint import Endpoint
    from tests.dialogue import Chat

__all__ = [
    "any_database",
    "database_url",
    "migrated_postgres",
    "migrated_sqlite",
    "postgres_server",
    "postgres_url",
    "store",
]

with suppress(ModuleNotFoundError):  # Rasa's environment has none
    from hypothesis import HealthCheck, settings

    # How long an example takes says how busy the machine is, not whether the code is right.
    settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent.parent
PASSERELLE = Path(sys.executable).with_name("passerelle")
START_SECONDS = 240
MEMORY = Path("/dev/shm")  # noqa: S108
ROOM_BYTES = 4 * 1024**3


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Have tests write in memory, where there is room: databases wait for the disk at each commit.

    Their processes do too. ``TMPDIR`` says another place.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir():
        return
    place = os.statvfs(MEMORY)
    if place.f_bavail * place.f_frsize > ROOM_BYTES and not place.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it is looked up again


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what talks with the real stack, so that nobody forgets to.

    Where there are several workers (``-n 2 --dist loadgroup``), one has the stack, and each file
    stays whole, so that what it prepares is prepared once.
    """
    group = item.path.as_posix()
    if "stack" in getattr(item, "fixturenames", ()):
        item.add_marker("stack")
        group = "stack"
    item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def stack_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home of its own, with the demonstration directory and nothing of this machine's."""
    from bot.settings import load_settings

    home = tmp_path_factory.mktemp("maison")
    return load_settings({"PASSERELLE_HOME": str(home)}, dotenv=None)


def clean_environment(home: Path) -> dict[str, str]:
    """Return this environment without what configures an assistant, but for the home."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PASSERELLE_", "TELEGRAM_"))
    }
    return {**kept, "PASSERELLE_HOME": str(home), "PASSERELLE_HTTP": "127.0.0.1:0"}


@pytest.fixture(scope="session")
def stack(stack_settings: Settings) -> Iterator[Endpoint]:
    """The real Rasa and the real action server, under ``passerelle run``."""
    from bot.stack.endpoint import published

    # The model is made, where it is stale, in the project's own home: once for many runs.
    subprocess.run(
        [PASSERELLE, "train"], check=True, cwd=ROOT, env=clean_environment(ROOT / ".passerelle")
    )
    home = stack_settings.home
    process = subprocess.Popen(
        [PASSERELLE, "run"],
        cwd=ROOT,
        env=clean_environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while (endpoint := published(home)) is None:
            if process.poll() is not None:
                assert process.stderr is not None
                pytest.fail(f"the stack did not start: {process.stderr.read()}", pytrace=False)
            assert time.monotonic() < deadline, "the stack takes too long to start"
            time.sleep(0.05)
        yield endpoint
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


@pytest.fixture
async def chat(stack: Endpoint, stack_settings: Settings) -> AsyncIterator[Chat]:
    """A new person who talks with the assistant: see ``tests/dialogue.py``."""
    from bot.bootstrap import open_front
    from tests.dialogue import Chat

    async with open_front(stack_settings, stack, listening=True) as front:
        yield Chat(front)
