"""The process that listens: one sound at a time, and whatever happens to it."""

from __future__ import annotations

import asyncio
import io
import math
import os
import shutil
import struct
import subprocess
import sys
import wave
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import PROJECT_ROOT, load_settings
from bot.voice import BusyError, Ears, NotHeardError, ears
from bot.voice.ears import command

FAKE = [sys.executable, str(Path(__file__).with_name("fake_ear.py"))]
RECORDINGS = Path("/usr/share/asterisk/sounds")
"""Holds human French where Debian's ``asterisk-core-sounds-fr-g722`` is installed."""


async def test_sounds_are_heard_one_after_the_other_by_one_process() -> None:
    async with Ears(FAKE) as listening:
        said = await asyncio.gather(*(listening.hear(name) for name in (b"a", b"b", b"c")))
        process = listening.process_id
        assert said == ["entendu a", "entendu b", "entendu c"]
        assert await listening.hear(b"d") == "entendu d"
        assert listening.process_id == process
    assert listening.process_id is None


@pytest.mark.parametrize("sound", [b"crash", b"nonsense", b"silence"])
async def test_what_goes_wrong_is_told_and_the_next_is_heard(sound: bytes) -> None:
    async with Ears(FAKE) as listening:
        with pytest.raises(NotHeardError):
            await listening.hear(sound)
        assert await listening.hear(b"x") == "entendu x"


async def test_one_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Ears(FAKE) as listening:
        await listening.hear(b"x")
        process = listening.process_id
        monkeypatch.setattr(ears, "HEARING_S", 0.2)
        with pytest.raises(NotHeardError):
            await listening.hear(b"hang")
        assert process and not lives(process)
        monkeypatch.undo()
        assert await listening.hear(b"x") == "entendu x"


async def test_too_many_are_refused() -> None:
    async with Ears(FAKE) as listening:
        waiting = [asyncio.create_task(listening.hear(b"hang")) for _ in range(ears.MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError):
            await listening.hear(b"x")
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert await listening.hear(b"x") == "entendu x", "an answer is never another's"


async def test_it_rests_when_nobody_speaks() -> None:
    async with Ears(FAKE, idle_s=0.0) as listening:
        await listening.hear(b"x")
        await asyncio.sleep(0)  # the loop comes to what was due at once
        await asyncio.sleep(0)
        assert listening.process_id is None
        assert await listening.hear(b"y") == "entendu y"


def test_without_the_extra_there_are_no_ears(tmp_path: Path) -> None:
    assert command(Path(sys.executable), Path("ear.py"), tmp_path, Path("hints")) is None
    (tmp_path / "model.bin").touch()
    assert command(tmp_path / "python", Path("ear.py"), tmp_path, Path("hints")) is None
    assert command(Path(sys.executable), Path("ear.py"), tmp_path, Path("hints"))


def lives(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def most_memory_kb(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def voice_note(program: str, source: Path) -> bytes:
    """Return a recording as a telephone sends it."""
    return subprocess.run(
        [program, "-loglevel", "error", "-f", "g722", "-i", source, "-c:a", "libopus", "-b:a",
         "32k", "-f", "ogg", "-"],
        capture_output=True, check=True,
    ).stdout  # fmt: skip


@pytest.fixture
async def real() -> AsyncIterator[Ears]:
    settings = load_settings()
    found = command(
        PROJECT_ROOT / "voice" / ".venv" / "bin" / "python",
        PROJECT_ROOT / "voice" / "ear.py",
        settings.voice_model or settings.home / "voice",
        settings.data_dir / "voice" / "indices.txt",
    )
    if found is None:
        pytest.skip("the ears are not installed (make voice)")
    async with Ears(found) as listening:
        yield listening


def recorded(name: str) -> Path | None:
    return next(iter(RECORDINGS.glob(f"fr*/{name}.g722")), None)


def tone(seconds: float) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        count = int(seconds * 8000)
        samples = (int(9000 * math.sin(n / 3)) for n in range(count))
        out.writeframes(struct.pack(f"<{count}h", *samples))
    return file.getvalue()


async def test_what_is_no_voice_is_refused(real: Ears) -> None:
    for sound in (b"", b"\x00" * 5000, b"<html>", tone(0.1), tone(61.0)):
        with pytest.raises(NotHeardError):
            await real.hear(sound)
    assert real.process_id
    assert most_memory_kb(real.process_id) <= 500_000
    assert os.getpriority(os.PRIO_PROCESS, real.process_id) > 0


@pytest.mark.parametrize(
    ("recording", "words"),
    [
        ("all-circuits-busy-now", ["lignes", "occupées"]),
        ("check-number-dial-again", ["vérifier", "numéro"]),
        ("agent-pass", ["mot de passe"]),
    ],
)
async def test_a_human_voice_is_understood(real: Ears, recording: str, words: list[str]) -> None:
    source = recorded(recording)
    program = shutil.which("ffmpeg")
    if source is None or not program:
        pytest.skip("no recording of a human voice here (asterisk-core-sounds-fr-g722, ffmpeg)")
    text = await real.hear(await asyncio.to_thread(voice_note, program, source))
    assert all(word in text for word in words), text
