"""Measure the ears: ``python -m scripts.bench.voice RECORDINGS [TEXTS] [--limit N]``.

Human recordings (Debian's ``asterisk-core-sounds-fr-g722``) are sent as a telephone sends them
(Opus) and heard. With a list of what they say, which the package does not hold, what is heard and
what is written are understood side by side. ``make voice``, ``make train`` and ``ffmpeg`` come
first. Nothing of the recordings is kept.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from actions.reading.fold import fold
from bot.settings import PROJECT_ROOT, load_settings
from bot.voice import Ears, NotHeardError
from bot.voice.ears import command

LEAST_WORDS = 4
"""Shorter prompts are pieces of sentences («dollars», «et»): nobody asks with them."""
LEAST_S = 1.5
"""The same, where texts are not known."""
LONG_S = 10.0


def texts_of(path: Path) -> dict[str, str]:
    """Read a list of recordings: ``name: text``, a line each, but for what is no speech."""
    found = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        name, colon, text = line.partition(":")
        text = text.strip()
        if colon and text and not line.startswith(";") and not re.match(r"[\[(<]", text):
            found[name.strip()] = text
    return found


def note(program: str, sources: list[Path]) -> bytes:
    """Return recordings, one after the other, as one voice note of a telephone."""
    raw = b"".join(source.read_bytes() for source in sources)
    return subprocess.run(
        [program, "-loglevel", "error", "-f", "g722", "-i", "-", "-c:a", "libopus", "-b:a", "32k",
         "-f", "ogg", "-"],
        input=raw, capture_output=True, check=True,
    ).stdout  # fmt: skip


def seconds_of(sources: list[Path]) -> float:
    """Return how long recordings last: G.722 takes 8 000 bytes a second."""
    return sum(source.stat().st_size for source in sources) / 8000


def errors(said: str, heard: str) -> tuple[int, int]:
    """Return how many words are wrong, missing or added, and how many there were."""
    a, b = (re.findall(r"\w+", fold(text)) for text in (said, heard))
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1], len(a)


def readings(texts: list[str]) -> list[dict[str, Any]]:
    """Return how each text is understood, through ``passerelle parse``."""
    passerelle = Path(sys.executable).with_name("passerelle")
    done = subprocess.run(
        [passerelle, "parse", "--json"], input="\n".join(texts) + "\n", capture_output=True,
        text=True, check=True, cwd=PROJECT_ROOT,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


async def measure(folder: Path, texts: dict[str, str], limit: int) -> dict[str, Any]:
    """Hear and understand recordings; return the figures."""
    settings = load_settings()
    found = command(
        PROJECT_ROOT / "voice" / ".venv" / "bin" / "python",
        PROJECT_ROOT / "voice" / "ear.py",
        settings.voice_model or settings.home / "voice",
        settings.data_dir / "voice" / "indices.txt",
    )
    program = shutil.which("ffmpeg")
    if found is None or program is None:
        sys.exit("il faut « make voice » et ffmpeg")
    known = {path.stem: path for path in _recordings(folder)}
    if texts:
        known = {
            name: path
            for name, path in known.items()
            if len(re.findall(r"\w+", texts.get(name, ""))) >= LEAST_WORDS
        }
    else:
        known = {name: path for name, path in known.items() if seconds_of([path]) >= LEAST_S}
    names = list(known)[:: max(len(known) // limit, 1)][:limit]
    said, heard, waits, wrong, words, silent = [], [], [], 0, 0, 0
    async with Ears(found) as ears:
        await _heard(ears, note(program, [known[names[0]]]))  # it starts
        for name in names:
            sound = note(program, [known[name]])
            begun = time.perf_counter()
            text = await _heard(ears, sound)
            waits.append((time.perf_counter() - begun, seconds_of([known[name]])))
            silent += not text
            if name in texts:
                said.append(texts[name])
                heard.append(text or "…")
                bad, count = errors(texts[name], text)
                wrong, words = wrong + bad, words + count
        # Notes of ten seconds: several sentences one after the other.
        notes, taken, kept = [], [], []
        for name in names:
            kept.append(known[name])
            if seconds_of(kept) >= LONG_S:
                sound = note(program, kept)
                begun, worked = time.perf_counter(), _children_s(ears)
                await _heard(ears, sound)
                taken.append(time.perf_counter() - begun)
                notes.append((seconds_of(kept), _children_s(ears) - worked))
                kept = []
        most_kb = _most_memory_kb(ears)
    figures = {
        "recordings": len(names),
        "not heard": silent,
        "seconds, median": round(statistics.median(w for w, _ in waits), 2),
        "real-time factor": round(sum(w for w, _ in waits) / sum(s for _, s in waits), 2),
        "notes of 10 s": len(notes),
        "their length, median s": round(statistics.median(s for s, _ in notes), 1),
        "heard in, median s": round(statistics.median(taken), 2),
        "heard in, longest s": round(max(taken), 2),
        "processor time, median s": round(statistics.median(c for _, c in notes), 2),
        "memory, most MB": most_kb // 1024,
    }
    if texts:
        figures["words wrong %"] = round(100 * wrong / words, 1)
        figures |= compared(said, heard)
    return figures


def compared(said: list[str], heard: list[str]) -> dict[str, Any]:
    """Return how often what was heard is understood as what is written."""
    pairs = list(zip(readings(said), readings(heard), strict=True))
    same = [a["intent"] == b["intent"] for a, b in pairs]
    return {
        "same topic as written %": round(100 * sum(same) / len(pairs), 1),
        "differ": [
            {"written": a["text"], "heard": b["text"], "topics": [a["intent"], b["intent"]]}
            for a, b in pairs
            if a["intent"] != b["intent"]
        ],
    }


def _recordings(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.g722"))


async def _heard(ears: Ears, sound: bytes) -> str:
    try:
        return await ears.hear(sound)
    except NotHeardError:
        return ""


def _children_s(ears: Ears) -> float:
    """Return the processor time of the process that listens, in seconds."""
    fields = Path(f"/proc/{ears.process_id}/stat").read_text(encoding="ascii").rsplit(")", 1)[1]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / 100


def _most_memory_kb(ears: Ears) -> int:
    status = Path(f"/proc/{ears.process_id}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


def main() -> None:
    """Measure, and print what was found as JSON."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.voice")
    parser.add_argument("recordings", type=Path, help="folder of .g722 files")
    parser.add_argument("texts", type=Path, nargs="?", help="what they say: «name: text» a line")
    parser.add_argument("--limit", type=int, default=120)
    options = parser.parse_args()
    found = asyncio.run(
        measure(options.recordings, texts_of(options.texts) if options.texts else {}, options.limit)
    )
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
