"""Answers as ``voice/ear.py`` does, by what the sound says: ``crash``, ``hang``, ``silence``…"""

from __future__ import annotations

import json
import sys
import time


def answer(**said: object) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


answer(ready=True)
source = sys.stdin.buffer
while head := source.read(4):
    sound = source.read(int.from_bytes(head, "big")).decode()
    if sound == "crash":
        sys.exit(1)
    if sound == "hang":
        time.sleep(600)
    if sound == "nonsense":
        sys.stdout.write("[\n")
        sys.stdout.flush()
    elif sound == "silence":
        answer(error="silent")
    else:
        answer(text=f"entendu {sound}")
