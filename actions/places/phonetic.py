"""How a French name sounds, roughly: what people write when they write what they hear."""

from __future__ import annotations

import re
from functools import lru_cache

# Applied in order to an ASCII lower-case word. Capitals and digits are sounds:
# C «ch», U «ou», W «oi», Y «ill», 1 «in», 2 «an», 3 «on».
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"sch|ch|sh", "C"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
        (r"ail(?=l|e|$)l?", "aY"),
        (r"eil(?=l|e|$)l?|ey$", "eY"),
        (r"ouil(?=l|e|$)l?", "UY"),
        (r"eau|au", "o"),
        (r"ou", "U"),
        (r"oin", "W1"),
        (r"oi|oy", "W"),
        (r"qu?|ck", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"gu(?=[eiy])", "g"),
        (r"ge(?=[ao])|g(?=[eiy])", "j"),
        (r"ien(?![aeiouy])", "i1"),
        (r"(?:ain|aim|ein|eim|in|im|yn|ym|un|um)(?![aeiouynm])", "1"),
        (r"(?:an|am|en|em)(?![aeiouynm])", "2"),
        (r"(?:on|om)(?![aeiouynm])", "3"),
        (r"ai|ei|ay|ey|oe", "e"),
        (r"y", "i"),
        (r"w", "v"),
        (r"z", "s"),
        (r"(?<=..)es?$|(?<=..)[stdxpg]+$", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=65_536)
def sound_of_word(word: str) -> str:
    """Return the sound of one folded word."""
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word


def sound(folded: str) -> str:
    """Return the sound of a folded name; equal for «clermont ferrand» and «clermon feran»."""
    return "".join(sound_of_word(word) for word in folded.split())
