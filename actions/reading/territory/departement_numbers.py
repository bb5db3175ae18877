"""Find the département said by its number: «57», «dans le deux A», «le neuf trois»."""

from __future__ import annotations

from dataclasses import dataclass

from actions.reading.territory.names import NameIndex
from actions.reading.territory.place_vocabulary import (
    DWELLING,
    FILLERS,
    MONTHS,
    ORDINAL_ENDINGS,
    UNITS,
)
from actions.reading.territory.spoken import number_length, read_number
from actions.reading.territory.written_words import WrittenText

_DEPARTEMENT_CUES = frozenset(
    "le du au dans ds departement dept dep dpt en numero".split()  # noqa: SIM905
)
_CLOSE_CUES = frozenset("dans ds departement dept dep dpt numero".split())  # noqa: SIM905


_NUMBERED = frozenset({"numero", "no", "num", "demande", "ticket", "page", "article", "annexe"})
"""What a number after it counts: «ma demande numéro 12»."""


@dataclass(frozen=True, slots=True)
class DepartementMention:
    """A département said by its number."""

    code: str
    """``20`` stands for both of Corsica."""
    first: int
    last: int


def find_departement(
    words: WrittenText, index: NameIndex, names: list[tuple[int, int]]
) -> DepartementMention | None:
    """Return the département written as a number, and mark its tokens.

    Args:
        words: The text.
        index: Names, for the codes that exist.
        names: Spans of the communes found: a number beside one is its département.
    """
    for i in range(len(words.tokens)):
        read = None if words.used[i] else _departement_code(words, i)
        if read is None:
            continue
        code, last, sure = read
        if code not in index.gazetteer.departements and code != "20":
            continue
        if words.counts(last) or words.word(last) in ORDINAL_ENDINGS - {"e"}:
            continue
        beside = any(last == first or end == i for first, end in names)
        if beside or words.tokens[i].bracketed or _announced(words, i, last, sure):
            words.use(i, last)
            return DepartementMention(code, i, last)
    return None


def _announced(words: WrittenText, first: int, last: int, sure: bool) -> bool:
    """Say whether the words before a number make it a département."""
    cue, before = words.word(first - 1), words.word(first - 2)
    if cue in ("de", "d") and before in UNITS:
        return False  # «800 carnets de 10»
    if words.only_but(first, last, FILLERS) and len(words.tokens) <= 6:
        said_alone = last - first > 1 and words.only_but(first, last, ())
        return sure or said_alone or cue in _DEPARTEMENT_CUES
    if cue in _CLOSE_CUES or (cue in ("le", "du") and before in _CLOSE_CUES | DWELLING):
        return True
    at_end = words.ends(last)
    number = int(words.word(first)) if words.word(first).isdigit() else 0
    return at_end and (number > 970 or (cue in ("le", "du") and sure and number > 31))


def _reckoned(words: WrittenText, i: int) -> bool:
    """Say whether a sign of arithmetic stands after a digit («1+1»)."""
    between = words.text[words.tokens[i].end : words.tokens[i + 1].start]
    return bool(between.strip(" -.\u00a0\u2011"))


def _departement_code(words: WrittenText, i: int) -> tuple[str, int, bool] | None:
    """Read a code at a token: its text, the index after it, and whether digits were written."""
    word, following = words.word(i), words.word(i + 1)
    if words.word(i - 1) in _NUMBERED or (words.word(i - 1) == "les" and words.word(i).isdigit()):
        return None  # «et les 10 ?» are things, in no département
    if word.isdigit():
        if words.word(i - 1).isdigit():
            return None
        if word == "2" and following in ("a", "b") and words.tokens[i + 1].glued:
            return f"2{following.upper()}", i + 2, True
        if len(word) == 1 and len(following) == 1 and following.isdigit():
            if _reckoned(words, i):
                return None
            third = words.word(i + 2)
            if len(third) == 1 and third.isdigit():
                return word + following + third, i + 3, True
            return word + following, i + 2, True
        return (word, i + 1, True) if len(word) in (2, 3) and not following.isdigit() else None
    length = number_length([token.word for token in words.tokens[i : i + 7]], 0)
    if word == "deux" and following in ("a", "b") and words.word(i - 1) in _DEPARTEMENT_CUES:
        return f"2{following.upper()}", i + 2, False
    if length < 1 or words.word(i + length) in MONTHS:
        return None
    said = [token.word for token in words.tokens[i : i + length]]
    code = read_number(said)
    if code is None or (length == 1 and words.word(i - 1) not in _CLOSE_CUES | {"le"}):
        return None
    return code, i + length, False
