"""Cut what a person wrote into words that remember how they were written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from actions.places.names import normal
from actions.places.text import fold

_WORD = re.compile(r"[^\W\d_]+|\d+")
_BREAK = re.compile(r"[,;:.!?\n()\[\]/]")
_SHORTHAND = (
    (re.compile(r"\bs/s\b|\bs/", re.IGNORECASE), "sur "),
    (re.compile(r"\bs[ts]/s", re.IGNORECASE), "sur "),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number."""

    word: str
    """Folded; «st» is «saint»."""
    start: int
    end: int
    capital: bool
    glued: bool
    """Nothing stands between it and the token before («13» and «eme»)."""
    after_break: bool
    """Punctuation or a new line stands before it."""
    bracketed: bool


def tokenize(text: str, most: int) -> tuple[str, list[Token]]:
    """Return the text that positions refer to («s/» spelled out) and its first ``most`` tokens."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    for pattern, full in _SHORTHAND:
        text = pattern.sub(full, text)
    tokens: list[Token] = []
    end = 0
    for match in _WORD.finditer(text):
        if len(tokens) == most:
            break
        raw = match.group()
        word = raw.lower() if raw.isascii() else fold(raw).replace(" ", "")
        if not word:
            continue
        between = text[end : match.start()]
        if tokens and tokens[-1].word in ("saint", "sainte") and between.startswith("."):
            between = between[1:]  # «st. etienne»
        tokens.append(
            Token(
                normal(word),
                match.start(),
                match.end(),
                raw[0].isupper(),
                bool(tokens) and not between,
                bool(tokens) and bool(_BREAK.search(between)),
                "(" in between,
            )
        )
        end = match.end()
    return text, tokens
