"""The ears within ``run``: there where ``make voice`` has installed them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import PROJECT_ROOT, Settings
from bot.voice import Ears, Hear
from bot.voice.ears import command


@asynccontextmanager
async def open_ears(settings: Settings) -> AsyncIterator[Hear | None]:
    """Yield what turns a sound into words; nothing where the extra is not installed."""
    room = PROJECT_ROOT / "voice"
    found = command(
        room / ".venv" / "bin" / "python",
        room / "ear.py",
        settings.voice_model or settings.home / "voice",
        settings.data_dir / "voice" / "indices.txt",
    )
    if found is None:
        yield None
        return
    async with Ears(found) as ears:
        yield ears.hear
