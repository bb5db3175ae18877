"""French typography, so that whoever edits an answer need not think of it."""

from __future__ import annotations

import re

NBSP = "\u00a0"

_BEFORE = re.compile(r"[ \u00a0\u202f]+(?=[?!:;»€%])")
_AFTER = re.compile(r"(?<=«)[ \u00a0\u202f]*")
_UNSPACED_CLOSE = re.compile(r"(?<=[^\s\u00a0])»")
_DIGIT_GROUP = re.compile(r"(?<=\d)[ \u202f](?=\d)")
_RUNS = re.compile(r" {2,}")
_BLANKS = re.compile(r"(?m)^ +| +$")
_EMPTY_LINES = re.compile(r"\n{3,}")


def typeset(text: str) -> str:
    """Put no-break spaces and curly apostrophes where French wants them.

    Args:
        text: What an editor wrote: « ? », "l'aide", «oui» with plain spaces or none.

    Returns:
        The same words on the same lines, runs of blanks and of empty lines made one. Web
        addresses hold no blank before their colon, so they come out untouched. Idempotent.
    """
    text = text.replace("'", "’")
    text = _BEFORE.sub(NBSP, text)
    text = _AFTER.sub(NBSP, text)
    text = _UNSPACED_CLOSE.sub(f"{NBSP}»", text)
    text = _DIGIT_GROUP.sub(NBSP, text)
    text = _BLANKS.sub("", _RUNS.sub(" ", text))
    return _EMPTY_LINES.sub("\n\n", text).strip()
