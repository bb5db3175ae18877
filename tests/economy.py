"""What is done once a session and not once a test: words are read, and passwords hashed lightly.

Fixtures that a room's ``conftest.py`` imports; they change what a test waits for, not what it sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher

from bot.helpdesk import assembly, staff
from bot.helpdesk.desk_words import DeskWords, load_desk_words
from bot.settings import PROJECT_ROOT

__all__ = ["desk_words_read_once", "light_hashes"]

FOLDER = PROJECT_ROOT / "data" / "answers"


@cache
def _desk_words(zone: ZoneInfo, topics: frozenset[tuple[str, str]]) -> DeskWords:
    return load_desk_words(FOLDER, zone, dict(topics))


def _load_desk_words(
    folder: Path, zone: ZoneInfo, topics: Mapping[str, str] | None = None
) -> DeskWords:
    if folder != FOLDER:
        return load_desk_words(folder, zone, topics)
    return _desk_words(zone, frozenset((topics or {}).items()))


@pytest.fixture(scope="session", autouse=True)
def desk_words_read_once() -> Iterator[None]:
    """Keep the helpdesk's sentences, in seven languages: nothing changes them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assembly, "load_desk_words", _load_desk_words)
        yield


@pytest.fixture(scope="session", autouse=True)
def light_hashes() -> Iterator[None]:
    """Hash passwords at the least strength; a hash says its own, and is verified at it."""
    with pytest.MonkeyPatch.context() as patched:
        light = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(staff, "PasswordHasher", light)
        yield
