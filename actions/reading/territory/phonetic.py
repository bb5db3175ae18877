"""How a French name sounds, roughly: what people write when they write what they hear."""

from __future__ import annotations

import re
from functools import lru_cache

# Applied in order to an ASCII lower-case word. Capitals and digits are sounds:
# C «ch», U «ou», W «oi», Y «ill», 1 «in», 2 «an», 3 «on».
_RULES: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (needed, re.compile(pattern), sound)
    for needed, pattern, sound in (
        ("ph", r"ph", "f"),
        ("h", r"sch|ch|sh", "C"),
        ("h", r"h", ""),
        ("", r"(.)\1+", r"\1"),
        ("ai", r"ail(?=l|e|$)l?", "aY"),
        ("e", r"eil(?=l|e|$)l?|ey$", "eY"),
        ("oui", r"ouil(?=l|e|$)l?", "UY"),
        ("au", r"eau|au", "o"),
        ("ou", r"ou", "U"),
        ("oin", r"oin", "W1"),
        ("o", r"oi|oy", "W"),
        ("q", r"qu?", "k"),
        ("ck", r"ck", "k"),
        ("c", r"c(?=[eiy])", "s"),
        ("c", r"c", "k"),
        ("gu", r"gu(?=[eiy])", "g"),
        ("g", r"ge(?=[ao])|g(?=[eiy])", "j"),
        ("ien", r"ien(?![aeiouy])", "i1"),
        ("n", r"(?:ain|ein|in|yn|un)(?![aeiouynm])", "1"),
        ("m", r"(?:aim|eim|im|ym|um)(?![aeiouynm])", "1"),
        ("n", r"(?:an|en)(?![aeiouynm])", "2"),
        ("m", r"(?:am|em)(?![aeiouynm])", "2"),
        ("on", r"on(?![aeiouynm])", "3"),
        ("om", r"om(?![aeiouynm])", "3"),
        ("i", r"ai|ei", "e"),
        ("y", r"ay|ey", "e"),
        ("oe", r"oe", "e"),
        ("y", r"y", "i"),
        ("w", r"w", "v"),
        ("z", r"z", "s"),
        ("", r"(?<=..)es?$|(?<=..)[stdxpg]+$", ""),
        ("", r"(.)\1+", r"\1"),
    )
)
"""Letters without which a rule has nothing to do, what it looks for, the sound it writes."""


@lru_cache(maxsize=65_536)
def sound_of_word(word: str) -> str:
    """Return the sound of one folded word."""
    for needed, pattern, written in _RULES:
        if needed in word:
            word = pattern.sub(written, word)
    return word


def sound(folded: str) -> str:
    """Return the sound of a folded name; equal for «clermont ferrand» and «clermon feran»."""
    return "".join(sound_of_word(word) for word in folded.split())
