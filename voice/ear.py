"""Turns sounds into words: one after the other, from standard input to standard output.

python voice/ear.py MODEL-FOLDER HINTS-FILE

Each sound comes as its length (four bytes, the most significant first) and its bytes; each
answer is a line of JSON: ``{"text": …}`` or ``{"error": "long" | "unreadable" | "silent"}``.
Nothing is written anywhere else. It runs at the lowest priority, and alone in its environment.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import av
import numpy as np
from faster_whisper import WhisperModel

RATE = 16_000
LONGEST_S = 60
SURE = -1.0
"""Average log-probability of a word under which what was heard is noise."""
SILENT = 0.6
NICE = 10


def main(model_folder: str, hints: str) -> None:
    """Answer until the input ends."""
    os.nice(NICE)
    model = WhisperModel(model_folder, device="cpu", compute_type="int8", cpu_threads=2)
    words = Path(hints).read_text(encoding="utf-8").strip()
    answer({"ready": True})
    source = sys.stdin.buffer
    while head := source.read(4):
        sound = source.read(int.from_bytes(head, "big"))
        answer(heard(model, sound, words))
        del sound


def answer(said: dict[str, Any]) -> None:
    """Write one line."""
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def heard(model: WhisperModel, sound: bytes, words: str) -> dict[str, Any]:
    """Return what a sound says."""
    try:
        samples = decoded(sound)
    except (OSError, ValueError):  # PyAV's errors are both
        return {"error": "unreadable"}
    if samples is None:
        return {"error": "long"}
    if len(samples) < RATE // 4:
        return {"error": "silent"}
    segments, _ = model.transcribe(
        samples,
        language="fr",
        beam_size=5,
        temperature=0.0,
        initial_prompt=words,
        condition_on_previous_text=False,
        without_timestamps=True,
    )
    said = [part for part in segments if part.avg_logprob > SURE and part.no_speech_prob < SILENT]
    text = " ".join(part.text.strip() for part in said).strip()
    return {"text": text} if text else {"error": "silent"}


def decoded(sound: bytes) -> np.ndarray | None:
    """Return the samples of a sound, 16 000 a second; nothing when it is too long.

    Read piece by piece: a small file can hold hours.
    """
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    pieces: list[np.ndarray] = []
    length = 0
    with av.open(io.BytesIO(sound), metadata_errors="ignore") as container:
        if not container.streams.audio:
            raise ValueError("no sound")
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                samples = piece.to_ndarray().reshape(-1)
                length += len(samples)
                if length > LONGEST_S * RATE:
                    return None
                pieces.append(samples)
    if not pieces:
        raise ValueError("no sound")
    return np.concatenate(pieces).astype(np.float32) / 32768.0


if __name__ == "__main__":
    main(*sys.argv[1:])
