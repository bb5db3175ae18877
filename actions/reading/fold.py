"""One way of comparing what people write with what registers hold."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})
_COMMON_MARKS = re.compile("[\u0300-\u036f]+")
"""The accents of Latin letters."""
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Return ``text`` as lower-case ASCII words separated by one space.

    Accents, case, ligatures, hyphens, apostrophes and punctuation are lost:
    ``fold("L'Haÿ-les-Roses")`` is ``"l hay les roses"``. Letters of other alphabets
    separate words.
    """
    return _NOT_WORD.sub(" ", strip_accents(text)).strip()


def strip_accents(text: str) -> str:
    """Return ``text`` in lower case without accents or ligatures, all else kept."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered.translate(_LIGATURES))
    plain = _COMMON_MARKS.sub("", decomposed)
    if plain.isascii():  # nearly always, at a fifth of the price
        return plain
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LIGATURES)
