"""Where an exception came from, for a log that may hold nothing of what people wrote."""

from __future__ import annotations

import traceback


def trace(error: BaseException) -> str:
    """Return the type of an exception and its frames, without its text or its causes' text."""
    parts: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        frames = "".join(traceback.format_tb(cause.__traceback__))
        parts.append(f"{type(cause).__name__}\n{frames}")
        cause = cause.__cause__
    return "".join(parts).rstrip()
