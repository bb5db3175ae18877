"""Find, in a person's words, every piece that may say where they are."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

from actions.places.names import LONGEST_NAME, Hit, NameIndex
from actions.places.tokens import Token, tokenize
from actions.places.words import (
    ARTICLES,
    DWELLING,
    EVERYDAY_CITIES,
    FILLERS,
    LINKS,
    MONTHS,
    NEAR,
    PLACE_NOUNS,
    PREPOSITIONS,
)

KNOWN_CITY = 60_000
"""From this population a commune whose name is also a word («cannes») is taken for itself."""

MOST_TOKENS = 400
"""Words that are read; what comes after in a very long message is not where one is."""

_NEVER_ALONE = FILLERS | MONTHS | PREPOSITIONS


@dataclass(slots=True)
class Mention:
    """A piece of the text and what it may mean."""

    first: int
    """Index of its first token."""
    last: int
    """Index after its last token."""
    hits: list[Hit]
    strength: float
    landmark: bool = False
    """Said as a landmark («près de Metz»)."""


@dataclass(slots=True)
class Words:
    """A text cut in tokens, and which of them are already explained."""

    text: str
    tokens: list[Token]
    folded: str = ""
    """The tokens joined by spaces."""
    offsets: list[int] = field(default_factory=list)
    used: list[bool] = field(default_factory=list)

    @classmethod
    def of(cls, raw: str) -> Words:
        """Cut a text."""
        text, tokens = tokenize(raw)
        tokens = tokens[:MOST_TOKENS]
        offsets = [0, *accumulate(len(token.word) + 1 for token in tokens)]
        folded = " ".join(token.word for token in tokens)
        return cls(text, tokens, folded, offsets, [False] * len(tokens))

    def at(self, offset: int) -> int:
        """Return the index of the token at an offset of ``folded``."""
        return bisect_right(self.offsets, offset) - 1

    def word(self, index: int) -> str:
        """Return a token's word; empty outside the text."""
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def use(self, first: int, last: int) -> None:
        """Mark tokens as explained."""
        self.used[first:last] = [True] * (last - first)

    def only_fillers_but(self, first: int, last: int) -> bool:
        """Say whether nothing outside a span could be a name."""
        return all(
            first <= i < last or self.used[i] or token.word in FILLERS or token.word in LINKS
            for i, token in enumerate(self.tokens)
        )

    def shouted(self) -> bool:
        """Say whether capitals tell nothing: all words have one, or none of a long text has."""
        letters = [token for token in self.tokens if token.word[0].isalpha()]
        return sum(token.capital for token in letters) * 10 > len(letters) * 7


def find_names(words: Words, index: NameIndex) -> list[Mention]:
    """Return the names written exactly that are places here, in the order of the text."""
    mentions: list[Mention] = []
    shouted = words.shouted() and len(words.tokens) > 2
    i = 0
    while i < len(words.tokens):
        found = None if words.used[i] else _longest(words, index, i)
        if found is None:
            i += 1
            continue
        last, hits = found
        strength = evidence(words, index, i, last, hits, shouted)
        if strength >= 1:
            mentions.append(Mention(i, last, hits, strength, _is_landmark(words, i)))
            i = last
        else:
            i += 1
    for mention in mentions:
        words.use(mention.first, mention.last)
    return mentions


def _longest(words: Words, index: NameIndex, start: int) -> tuple[int, list[Hit]] | None:
    tokens = words.tokens
    first = tokens[start].word
    if not first[0].isalpha():
        return None
    longest = index.pairs.get(f"{first} {words.word(start + 1)}", 1)
    end = min(start + min(longest, LONGEST_NAME), len(tokens))
    for last in range(end, start, -1):
        if any(words.used[i] or tokens[i].after_break for i in range(start + 1, last)):
            continue
        hits = index.exact(" ".join(token.word for token in tokens[start:last]))
        if hits:
            return last, hits
    return None


def evidence(
    words: Words, index: NameIndex, first: int, last: int, hits: list[Hit], shouted: bool
) -> float:
    """Say how surely a name is a place here; under 1 it is not."""
    tokens = words.tokens
    best = hits[0]
    content = [t.word for t in tokens[first:last] if t.word not in LINKS]
    alone = words.only_fillers_but(first, last)
    if not content or (last - first == 1 and content[0] in _NEVER_ALONE):
        return 3.0 if len(tokens) == 1 else 0.0
    score = announced(words, first)
    if alone:
        score += 3.5 if last - first == len(tokens) else 2.0
    starts = tokens[first].word in ARTICLES and last - first > 1
    if tokens[first + 1 if starts else first].capital and not shouted:
        score += 1.5 if first else 0.5
    everyday = all(word in index.gazetteer.words for word in content)
    if (everyday and best.weight < KNOWN_CITY) or content[0] in EVERYDAY_CITIES:
        score -= 1.5 if best.weight >= 10_000 else 2.0 if len(content) > 1 else 2.5
        score += 1.0 if best.weight >= 10_000 else 0.0
    else:
        score += 1.5 if best.weight >= 20_000 else 1.0 if best.weight >= 1_000 else 0.5
        score += 1.0 if len(content) > 1 else 0.0
    if words.word(last) == "de" and content[-1] in ("nord", "sud", "est", "ouest", "centre"):
        return 0.0
    return score


def announced(words: Words, first: int) -> float:
    """Say how clearly the words before a position announce a place."""
    before = first - 1
    while before >= 0 and words.word(before) in ARTICLES:
        before -= 1
    cue = words.word(before)
    verb = any(words.word(i) in DWELLING for i in range(max(0, first - 4), first))
    bonus = 1.0 if verb else 0.0
    if cue == "chez":
        return -2.0
    if cue in ("a", "au", "aux", "vers", "habite", "habitant"):
        return 2.0 + bonus
    if cue in ("de", "du", "des", "d"):
        noun = words.word(before - 1)
        return (2.0 if noun in PLACE_NOUNS or noun in DWELLING else 0.5) + bonus
    if cue in ("en", "dans", "ds", "sur"):
        return 1.5 + bonus
    return (1.0 if cue in PREPOSITIONS or cue in PLACE_NOUNS else 0.0) + bonus


def _is_landmark(words: Words, first: int) -> bool:
    before = [words.word(i) for i in range(max(0, first - 3), first)]
    return any(word in NEAR for word in before)


@dataclass(slots=True)
class Run:
    """Words that nothing explains: perhaps a misspelt name."""

    first: int
    last: int
    cued: bool


def unexplained(words: Words, index: NameIndex) -> list[Run]:
    """Return the stretches that may be a misspelt name, the most promising first."""
    runs: list[Run] = []
    start = None
    tokens = words.tokens
    for i in range(len(tokens) + 1):
        stop = (
            i == len(tokens)
            or words.used[i]
            or (tokens[i].after_break and start is not None)
            or not _may_be_in_name(words, i, start is not None)
        )
        if stop:
            if start is not None:
                runs.extend(_trimmed(words, index, start, i))
            start = None
            if i < len(tokens) and not words.used[i] and _may_be_in_name(words, i, False):
                start = i
        elif start is None:
            start = i
    return sorted(runs, key=lambda run: not run.cued)[:4]


def _may_be_in_name(words: Words, i: int, inside: bool) -> bool:
    word = words.word(i)
    if not word[0].isalpha():
        return False
    if word in LINKS:
        return inside
    return word not in FILLERS


def _trimmed(words: Words, index: NameIndex, first: int, last: int) -> list[Run]:
    while last > first and words.word(last - 1) in LINKS:
        last -= 1
    alone = words.only_fillers_but(first, last)
    vocabulary = index.gazetteer.words
    strange = [
        i
        for i in range(first, last)
        if words.word(i) not in vocabulary and words.word(i) not in LINKS
    ]
    if alone and last - first <= 7 and (strange or last - first <= 3):
        return [Run(first, last, True)]
    if not strange:
        return []
    runs: list[Run] = []
    at = 0
    while at < len(strange):
        start = end = strange[at]
        while (
            start > first
            and (words.word(start - 1) in LINKS or words.word(start - 1) in index.pieces)
            and strange[at] - start < 4
        ):
            start -= 1
        while start < strange[at] and words.word(start) in LINKS:
            start += 1
        while (
            end + 1 < last
            and (
                words.word(end + 1) in LINKS
                or words.word(end + 1) in index.pieces
                or end + 1 in strange
            )
            and end - strange[at] < 5
        ):
            end += 1
        while words.word(end) in LINKS:
            end -= 1
        runs.append(Run(start, end + 1, announced(words, start) >= 1.5 or alone))
        at = next((k for k in range(at + 1, len(strange)) if strange[k] > end), len(strange))
    return runs
