"""Find a street address, so that a street named after a town is not taken for the town."""

from __future__ import annotations

from dataclasses import dataclass

from actions.reading.territory.names import NameIndex
from actions.reading.territory.place_vocabulary import LINKS, MAYBE_STREETS, STREETS
from actions.reading.territory.written_words import WrittenText

LONGEST_STREET = 8
"""Words in the longest street name that is followed."""


_NOT_A_STREET = frozenset(
    "ou et est a entre pour vers avec qui que me le plus pas en dans".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Street:
    """Where a street address is in the text, the commune not included."""

    first: int
    last: int


def find_street(words: WrittenText, index: NameIndex) -> Street | None:
    """Return the first street address, and mark its tokens."""
    for i, token in enumerate(words.tokens):
        if words.used[i] or (token.word not in STREETS and token.word not in MAYBE_STREETS):
            continue
        number = _house_number(words, i)
        first = i if number is None else number
        if token.word in MAYBE_STREETS and number is None:
            continue
        if number is None and not _names_a_street(words, i):
            continue
        last = _street_end(words, index, i + 1)
        if last > i + 1:
            words.use(first, last)
            return Street(first, last)
    return None


def _house_number(words: WrittenText, street: int) -> int | None:
    """Return the index of the number before a street («12 bis, rue»), if there is one."""
    i = street - 1
    if words.word(i) in ("bis", "ter", "quater", "b", "t"):
        i -= 1
    return i if words.word(i).isdigit() and len(words.word(i)) <= 4 else None


def _names_a_street(words: WrittenText, street: int) -> bool:
    following = words.word(street + 1)
    return bool(following) and following.isalpha() and following not in _NOT_A_STREET


def _street_end(words: WrittenText, index: NameIndex, start: int) -> int:
    tokens = words.tokens
    end = start
    while end < min(len(tokens), start + LONGEST_STREET):
        token = tokens[end]
        if token.after_break or (token.word in ("a", "au") and end > start):
            return end
        if words.used[end]:
            break
        if token.word.isdigit() and len(token.word) in (2, 5):
            break
        end += 1
    return _before_commune(words, index, start, end)


def _before_commune(words: WrittenText, index: NameIndex, start: int, end: int) -> int:
    """Leave out the commune that ends a street written without a comma."""
    for first in range(start + 1, end):
        if words.word(first - 1) in LINKS:
            continue
        name = " ".join(words.word(i) for i in range(first, end))
        hits = index.exact(name)
        if hits and hits[0].named.kind == "commune":
            return first
    return end
