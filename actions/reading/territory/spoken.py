"""Numbers as people say them: «quatre-vingt-treize», «neuf trois», «douzième», «XIIe»."""

from __future__ import annotations

from collections.abc import Sequence

DIGITS = {
    "zero": 0,
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
}
_TEENS = {
    "dix": 10,
    "onze": 11,
    "douze": 12,
    "treize": 13,
    "quatorze": 14,
    "quinze": 15,
    "seize": 16,
}
_TENS = {
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "octante": 80,
    "huitante": 80,
    "nonante": 90,
}
_WORDS = {*DIGITS, *_TEENS, *_TENS, "et", "cent", "cents"}

ORDINALS = {
    "premier": 1,
    "deuxieme": 2,
    "second": 2,
    "troisieme": 3,
    "quatrieme": 4,
    "cinquieme": 5,
    "sixieme": 6,
    "septieme": 7,
    "huitieme": 8,
    "neuvieme": 9,
    "dixieme": 10,
    "onzieme": 11,
    "douzieme": 12,
    "treizieme": 13,
    "quatorzieme": 14,
    "quinzieme": 15,
    "seizieme": 16,
    "dixseptieme": 17,
    "dixhuitieme": 18,
    "dixneuvieme": 19,
    "vingtieme": 20,
}
_ROMAN = (
    "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()  # noqa: SIM905
)
ROMANS = {roman: value for value, roman in enumerate(_ROMAN, 1)}


def number_length(words: Sequence[str], start: int) -> int:
    """Return how many words from ``start`` may belong to a spelled-out number."""
    end = start
    while end < len(words) and end - start < 6 and words[end] in _WORDS:
        end += 1
    while end > start and words[end - 1] == "et":
        end -= 1
    return end - start


def read_number(words: Sequence[str]) -> str | None:
    """Read spelled-out words as the digits of a code.

    ``cinquante sept`` → ``57``; ``neuf trois`` → ``93``; ``neuf sept quatre`` → ``974``;
    ``None`` when the words are not one number.
    """
    if len(words) in (2, 3) and all(word in DIGITS for word in words):
        return "".join(str(DIGITS[word]) for word in words)
    total = 0
    rest = list(words)
    for mark in ("cent", "cents"):
        if mark in rest:
            at = rest.index(mark)
            before = rest[:at]
            if len(before) > 1 or (before and before[0] not in DIGITS):
                return None
            total += 100 * (DIGITS[before[0]] if before else 1)
            rest = rest[at + 1 :]
    below = _below_hundred([word for word in rest if word != "et"])
    if below is None:
        return None
    total += below
    return f"{total:02d}" if total >= 10 else None


def _below_hundred(words: list[str]) -> int | None:
    if not words:
        return 0
    if words[:2] in (["quatre", "vingt"], ["quatre", "vingts"]):
        value, rest = 80, words[2:]
    elif words[0] in _TENS:
        value, rest = _TENS[words[0]], words[1:]
    else:
        value, rest = 0, words
    if not rest:
        return value
    if rest[0] == "dix" and len(rest) == 2 and rest[1] in DIGITS and DIGITS[rest[1]] >= 7:
        return value + 10 + DIGITS[rest[1]]
    if len(rest) != 1:
        return None
    small = DIGITS.get(rest[0], _TEENS.get(rest[0]))
    return None if small is None else value + small
