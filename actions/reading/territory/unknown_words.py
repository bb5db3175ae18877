"""Find, in a person's words, what may be a misspelt name."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from actions.reading.territory.mentions import CLEAR, announced
from actions.reading.territory.names import NameIndex
from actions.reading.territory.place_vocabulary import (
    ABBREVIATIONS,
    ASKED,
    BARE_WORDS,
    DWELLING,
    FILLERS,
    LINKS,
)
from actions.reading.territory.written_words import WrittenText

UNCUED_WEIGHT = 5_000.0
"""Weight that a misspelt name needs where nothing announces a place."""

REAL_WORDS_WEIGHT = 20_000.0
"""Weight that it needs when every word is a real one («lion» for Lyon)."""

SOUNDS_REAL_WEIGHT = 400.0
"""Weight that it needs when it sounds like a real word."""

_FOREIGN_LETTER = re.compile(r"[áíóúñãõåäößşğıÁÍÓÚÑÃÕÅÄÖŞĞİ¿¡Ѐ-ӿ\u0590-\u08ff\u3040-\u9fff]")
"""Letters and signs that French does not write."""

FOREIGN_FROM = 4
"""Words from which a sentence may be told from French."""

FOREIGN_SHARE = 0.6
"""Share of words that no French one resembles from which a sentence is foreign."""

GLUED_FROM = 5
"""Letters of a word that another one may be glued to."""

OPENING_WEIGHT = 1_000.0
"""Weight that a long misspelt name needs where it opens a message: «monbéliard je veux…»."""

LONG_NAME = 8
"""Letters from which a name of several words is told from any other despite slips."""


@dataclass(slots=True)
class Run:
    """Words that nothing explains: perhaps a misspelt name."""

    first: int
    last: int
    strange: frozenset[int]
    """Indexes of the words that no dictionary has."""
    cued: bool
    """Something announces a place, or nothing else is said."""
    least_weight: float
    """Weight that a misspelt name needs to be seen here."""
    surely: bool = False
    """A place is announced, or nothing else is said: even an everyday word misspelt is one."""
    whole: bool = False
    """Only all of it may be a name, not a part."""


def unexplained(words: WrittenText, index: NameIndex) -> list[Run]:
    """Return the stretches that may be a misspelt name, the most promising first."""
    runs: list[Run] = []
    start: int | None = None
    for i in range(len(words.tokens) + 1):
        inside = start is not None
        ends = (
            i == len(words.tokens)
            or words.used[i]
            or (words.tokens[i].after_break and inside)
            or not _may_be_in_name(words, i, inside)
        )
        if ends and start is not None:
            runs.extend(_runs_in(words, index, start, i))
            start = None
        can_start = i < len(words.tokens) and not words.used[i] and _may_be_in_name(words, i, False)
        if start is None and can_start:
            start = i
    return sorted(runs, key=lambda run: not run.cued)[:4]


def is_foreign(words: WrittenText, index: NameIndex) -> bool:
    """Say whether a sentence is not French: its letters, or most words even misspelt."""
    if _FOREIGN_LETTER.search(words.text):
        return True
    vocabulary = index.gazetteer.words
    told = [t.word for t in words.tokens if t.word[0].isalpha() and t.word not in LINKS]
    strange = sum(
        word not in vocabulary
        and word not in FILLERS
        and word not in DWELLING
        and not index.sounds_everyday(word)
        and not _is_glued(word, vocabulary)
        for word in told
    )
    return len(told) >= FOREIGN_FROM and strange >= FOREIGN_SHARE * len(told)


def _is_glued(word: str, vocabulary: Collection[str]) -> bool:
    """Whether a word is French but for what is glued to it: «lordinateur», «jvoudrai»."""
    if word[0] not in "ljdmnsct" or len(word) < GLUED_FROM:
        return False
    return word[1:] in vocabulary or word[1:] in FILLERS


def _may_be_in_name(words: WrittenText, i: int, inside: bool) -> bool:
    word = words.word(i)
    if not word[0].isalpha():
        return False
    return inside if word in LINKS else word not in FILLERS


def _runs_in(words: WrittenText, index: NameIndex, first: int, last: int) -> list[Run]:
    while last > first and words.word(last - 1) in LINKS:
        last -= 1
    bare = words.only_but(first, last, BARE_WORDS)
    dwells = any(words.word(i) in DWELLING for i in range(max(0, first - 4), first))
    strange = [i for i in range(first, last) if _is_strange(words, index, i, dwells)]
    letters = sum(len(words.word(i)) for i in range(first, last))
    if bare and 1 < last - first <= 7 and letters >= LONG_NAME:
        everything = frozenset(range(first, last))
        # Real words alone («ça marche») are a name only where it is well known.
        least = 0.0 if strange else REAL_WORDS_WEIGHT
        whole = [Run(first, last, everything, True, least, surely=True, whole=True)]
        return whole + _runs_of_part(words, index, first, last, strange=strange, bare=bare)
    return _runs_of_part(words, index, first, last, strange=strange, bare=bare)


def _runs_of_part(
    words: WrittenText, index: NameIndex, first: int, last: int, *, strange: list[int], bare: bool
) -> list[Run]:
    if bare and last - first <= 7:
        named = all(
            i in strange or words.word(i) in LINKS or words.word(i) in index.pieces
            for i in range(first, last)
        )
        if strange and named:
            return [Run(first, last, frozenset(strange), True, 0.0, surely=True)]
        unknown = [
            i
            for i in range(first, last)
            if words.word(i) not in index.gazetteer.words and words.word(i) not in LINKS
        ]
        if unknown and last - first <= 4:
            return [Run(first, last, frozenset(unknown), True, SOUNDS_REAL_WEIGHT, surely=True)]
        said = announced(words, first) >= 1.5 or words.only_but(first, last, ())
        if said and last - first <= 3:
            every = frozenset(range(first, last))
            return [Run(first, last, every, True, REAL_WORDS_WEIGHT, surely=True, whole=True)]
    runs: list[Run] = []
    end = first
    for at in strange:
        if at < end:
            continue
        start, end = _stretch(words, index, first, last, at, strange=strange)
        inside = frozenset(i for i in strange if start <= i < end)
        alone = words.only_but(start, end, FILLERS | ASKED)
        cue = max(announced(words, start), announced(words, at))  # «je vie a monluçon»
        cued = cue >= 1.5 or alone
        opens = start == 0 and end - start == 1 and len(words.word(start)) >= LONG_NAME
        least = 0.0 if cued else OPENING_WEIGHT if opens else UNCUED_WEIGHT
        runs.append(Run(start, end, inside, cued, least, surely=cue >= CLEAR or alone))
    return runs


def _is_strange(words: WrittenText, index: NameIndex, i: int, sure: bool) -> bool:
    """Say whether a word is in no dictionary, not even as it sounds (unless a place is sure)."""
    word = words.word(i)
    vocabulary = index.gazetteer.words
    if word in LINKS or word in vocabulary or word in ABBREVIATIONS or len(word) < 3:
        return False
    capital = i > 0 and words.tokens[i].capital and not words.shouted()
    if sure or capital:
        return True
    if word.rstrip("s") in vocabulary or index.sounds_everyday(word):
        return False
    return not index.ends_everyday(words.raw(i))


def _stretch(
    words: WrittenText, index: NameIndex, first: int, last: int, at: int, *, strange: list[int]
) -> tuple[int, int]:
    """Grow a strange word into the words around it that names of several words are made of."""

    def belongs(i: int) -> bool:
        return words.word(i) in LINKS or words.word(i) in index.pieces or i in strange

    start, end = at, at + 1
    while start > first and belongs(start - 1) and at - start < 4:
        start -= 1
    while end < last and belongs(end) and end - at < 5:
        end += 1
    while start < at and words.word(start) in LINKS:
        start += 1
    while words.word(end - 1) in LINKS:
        end -= 1
    return start, end
