"""Where an exception came from, for a log that may hold nothing of what people wrote."""

from __future__ import annotations

import traceback


def trace(error: BaseException) -> str:
    """Return the types and frames of an exception and of its causes, without any of their texts.

    An exception can repeat what a person wrote (``ValueError: could not convert «…»``).
    """
    parts: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        frames = "".join(traceback.format_tb(cause.__traceback__))
        parts.append(f"{type(cause).__name__}\n{frames}")
        cause = cause.__cause__
    return "".join(parts).rstrip()
