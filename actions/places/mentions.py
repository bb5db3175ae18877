"""Find, in a person's words, every piece that may say where they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import accumulate

from actions.places.names import BARE, LONGEST_NAME, SHORT, Hit, NameIndex, words_of
from actions.places.tokens import Token, tokenize
from actions.places.words import (
    ABBREVIATIONS,
    ARTICLES,
    BARE_WORDS,
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

MOST_AROUND = 25
"""Words beyond which a text surely says something else too."""

UNCUED_WEIGHT = 5_000.0
"""Weight that a misspelt name needs where nothing announces a place."""

REAL_WORDS_WEIGHT = 20_000.0
"""Weight that it needs when every word is a real one («lion» for Lyon)."""

SOUNDS_REAL_WEIGHT = 400.0
"""Weight that it needs when it sounds like a real word."""

LONGEST_GROUPING = 16
"""Words in the longest name of an EPCI."""

MOST_NAMES = 8
"""Names after which a message is a list, not a place."""

LONG_NAME = 8
"""Letters from which a name of several words is told from any other despite slips."""

KNOWN_SHORT = 1_500.0
"""Weight from which an everyday word is a commune's name cut short («Le Puy»)."""

MOST_TOKENS = 200
"""Words that are read; what comes after in a very long message is not where one is."""

_COMPASS = ("nord", "sud", "est", "ouest", "centre")
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
        text, tokens = tokenize(raw, MOST_TOKENS)
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

    def only_but(self, first: int, last: int, allowed: Collection[str]) -> bool:
        """Say whether outside a span all words are allowed, small or explained already."""
        if len(self.tokens) - (last - first) > MOST_AROUND:
            return False
        return all(
            first <= i < last
            or self.used[i]
            or token.word in allowed
            or token.word in LINKS
            or token.word[0].isdigit()
            for i, token in enumerate(self.tokens)
        )

    def shouted(self) -> bool:
        """Say whether capitals tell nothing: all words have one, or none of a long text has."""
        letters = [token for token in self.tokens if token.word[0].isalpha()]
        return sum(token.capital for token in letters) * 10 > len(letters) * 7


def find_names(words: Words, index: NameIndex) -> list[Mention]:
    """Return the names written exactly that are places here, in the order of the text."""
    mentions: list[Mention] = []
    shouted = words.shouted() and len(words.tokens) > 4
    for _ in range(2):  # what is around a name tells more once it is read
        _read_names(words, index, mentions, shouted)
    return sorted(mentions, key=lambda mention: mention.first)


def _read_names(words: Words, index: NameIndex, mentions: list[Mention], shouted: bool) -> None:
    i = 0
    while i < len(words.tokens) and len(mentions) < MOST_NAMES:
        found = None if words.used[i] else _longest(words, index, i)
        if found is None:
            i += 1
            continue
        last, hits = found
        strength = evidence(words, index, i, last, hits, shouted)
        if not _is_commune(hits[0]) and any(_adjoins(words, m.last, i) for m in mentions):
            strength += 2.0
        if strength >= 1:
            mentions.append(Mention(i, last, hits, strength, _is_landmark(words, i)))
            words.use(i, last)
            i = last
        else:
            i += 1


def _longest(words: Words, index: NameIndex, start: int) -> tuple[int, list[Hit]] | None:
    tokens = words.tokens
    first = tokens[start].word
    if not first[0].isalpha():
        return None
    longest = index.pairs.get(f"{first} {words.word(start + 1)}", 1)
    grouping = first == "communaute"  # «Communauté de communes de Vitry, Champagne et Der»
    end = min(start + min(longest, LONGEST_GROUPING if grouping else LONGEST_NAME), len(tokens))
    for last in range(end, start, -1):
        if not grouping and any(
            words.used[i] or tokens[i].after_break for i in range(start + 1, last)
        ):
            continue
        hits = index.exact(" ".join(token.word for token in tokens[start:last]))
        if hits:
            return last, hits
    return None


def inside_name(words: Words, index: NameIndex, first: int, last: int) -> bool:
    """Say whether a span is only a part of a longer name («Poilcourt-Sydney»)."""
    for start in range(max(0, first - 4), first + 1):
        found = _longest(words, index, start)
        if found and found[0] >= last and found[0] - start > last - first:
            return True
    return False


def evidence(
    words: Words, index: NameIndex, first: int, last: int, hits: list[Hit], shouted: bool
) -> float:
    """Say how surely a name is a place here; under 1 it is not."""
    tokens, vocabulary = words.tokens, index.gazetteer.words
    best = hits[0]
    content = [t.word for t in tokens[first:last] if t.word not in LINKS]
    if not content or (last - first == 1 and content[0] in _NEVER_ALONE):
        return 3.0 if len(tokens) == 1 else 0.0
    bare = words.only_but(first, last, BARE_WORDS)
    cut = all(hit.share == SHORT for hit in hits)
    if cut and len(content) == 1 and content[0] in vocabulary:
        if not bare or best.weight < KNOWN_SHORT:
            return 0.0
    if words.word(last) in ("de", "d") and content[-1] in _COMPASS:
        return 0.0
    everyday = all(word in vocabulary for word in content)
    if everyday and last - first == 1 and _is_known_city(best):
        everyday = False
    if last - first == 1 and not tokens[first].capital and not _is_known_city(best):
        everyday = everyday or index.sounds_everyday(content[0])
    everyday = everyday and not (len(content) > 1 and content[0] in ("saint", "sainte"))
    everyday = everyday or content[0] in EVERYDAY_CITIES
    score = announced(words, first, hits)
    if words.only_but(first, last, ()):
        score += 3.5
    elif bare:
        score += 2.0
    elif words.only_but(first, last, FILLERS):
        score += 0.5 if everyday else 2.0
    score += _capitals(words, first, last, shouted)
    if not everyday:
        score += 1.5 if best.weight >= 20_000 else 1.0 if best.weight >= 1_000 else 0.5
        return score + (1.0 if len(content) > 1 else 0.0)
    if not _is_commune(best):
        return score - 2.0 if len(content) == 1 else score + 1.5
    if best.weight >= 10_000:
        return score - (1.0 if content[0] in EVERYDAY_CITIES else 0.5)
    return score - (1.5 if len(content) > 1 else 2.5)


def _is_commune(hit: Hit) -> bool:
    return hit.named.kind == "commune"


def _is_known_city(hit: Hit) -> bool:
    return _is_commune(hit) and hit.weight >= KNOWN_CITY


def _capitals(words: Words, first: int, last: int, shouted: bool) -> float:
    """Capitals where they mean something: several of them, or one inside a sentence."""
    if shouted:
        return 0.0
    proper = [t for t in words.tokens[first:last] if t.word not in LINKS]
    if all(token.capital for token in proper):
        if len(proper) > 1:
            return 2.0
        opens = first == 0 or "." in words.text[words.tokens[first - 1].end : proper[0].start]
        return 0.5 if opens else 1.5
    return 0.0


def announced(words: Words, first: int, hits: list[Hit] | None = None) -> float:
    """Say how clearly the words before a position announce a place.

    Args:
        words: The text.
        first: Where the name starts.
        hits: Its readings, when known: «au Plaisir» announces no commune called Plaisir,
            «dans la Manche» surely announces a département.
    """
    before = first - 1
    article = words.word(first) in ARTICLES
    while before >= 0 and words.word(before) in ARTICLES:
        before -= 1
        article = True
    cue = words.word(before)
    verb = any(words.word(i) in DWELLING for i in range(max(0, first - 4), first))
    bonus = 1.0 if verb else 0.0
    if cue in ("chez", "quartier"):  # «chez Orange», «Perpignan quartier Saint-Jacques»
        return -4.0
    if hits is not None and _is_commune(hits[0]):
        article = article or cue in ("au", "aux", "du", "des")
        own = hits[0].share == BARE or words_of(hits[0].named.label)[0] in ARTICLES
        if article and not own:
            return -1.5
    elif hits is not None and cue in ("en", "dans", "ds"):
        return 3.5
    if cue in ("a", "au", "aux", "vers", "habite", "habitant"):
        return 2.0 + bonus
    if cue in ("de", "du", "des", "d"):
        noun = words.word(before - 1)
        article = article or cue in ("du", "des")
        if article and hits is not None and not _is_commune(hits[0]):
            return 2.0 if noun in PLACE_NOUNS else 1.5
        return (2.0 if noun in PLACE_NOUNS or noun in DWELLING else 0.5) + bonus
    if cue in ("en", "dans", "ds", "sur"):
        return 1.5 + bonus
    return (1.0 if cue in PREPOSITIONS or cue in PLACE_NOUNS else 0.0) + bonus


def _adjoins(words: Words, end: int, start: int) -> bool:
    """Say whether only small words are between a name and the territory it is in."""
    return 0 <= start - end <= 3 and all(
        words.word(i) in LINKS or words.word(i) in ("dans", "ds") for i in range(end, start)
    )


def _is_landmark(words: Words, first: int) -> bool:
    before = [words.word(i) for i in range(max(0, first - 3), first)]
    return any(word in NEAR for word in before)


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
    whole: bool = False
    """Only all of it may be a name, not a part."""


def unexplained(words: Words, index: NameIndex) -> list[Run]:
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


def _may_be_in_name(words: Words, i: int, inside: bool) -> bool:
    word = words.word(i)
    if not word[0].isalpha():
        return False
    return inside if word in LINKS else word not in FILLERS


def _runs_in(words: Words, index: NameIndex, first: int, last: int) -> list[Run]:
    while last > first and words.word(last - 1) in LINKS:
        last -= 1
    bare = words.only_but(first, last, BARE_WORDS)
    dwells = any(words.word(i) in DWELLING for i in range(max(0, first - 4), first))
    strange = [i for i in range(first, last) if _is_strange(words, index, i, dwells)]
    letters = sum(len(words.word(i)) for i in range(first, last))
    if bare and 1 < last - first <= 7 and letters >= LONG_NAME:
        everything = frozenset(range(first, last))
        whole = [Run(first, last, everything, True, 0.0, whole=True)]
        return whole + _runs_of_part(words, index, first, last, strange, bare)
    return _runs_of_part(words, index, first, last, strange, bare)


def _runs_of_part(
    words: Words, index: NameIndex, first: int, last: int, strange: list[int], bare: bool
) -> list[Run]:
    if bare and last - first <= 7:
        named = all(
            i in strange or words.word(i) in LINKS or words.word(i) in index.pieces
            for i in range(first, last)
        )
        if strange and named:
            return [Run(first, last, frozenset(strange), True, 0.0)]
        unknown = [
            i
            for i in range(first, last)
            if words.word(i) not in index.gazetteer.words and words.word(i) not in LINKS
        ]
        if unknown and last - first <= 4:
            return [Run(first, last, frozenset(unknown), True, SOUNDS_REAL_WEIGHT)]
        if last - first <= 3:
            return [Run(first, last, frozenset(range(first, last)), True, REAL_WORDS_WEIGHT)]
    runs: list[Run] = []
    end = first
    for at in strange:
        if at < end:
            continue
        start, end = _stretch(words, index, first, last, at, strange)
        inside = frozenset(i for i in strange if start <= i < end)
        alone = words.only_but(start, end, FILLERS)
        cued = announced(words, start) >= 1.5 or alone
        runs.append(Run(start, end, inside, cued, 0.0 if cued else UNCUED_WEIGHT))
    return runs


def _is_strange(words: Words, index: NameIndex, i: int, sure: bool) -> bool:
    """Say whether a word is in no dictionary, not even as it sounds (unless a place is sure)."""
    word = words.word(i)
    vocabulary = index.gazetteer.words
    if word in LINKS or word in vocabulary or word in ABBREVIATIONS or len(word) < 3:
        return False
    capital = i > 0 and words.tokens[i].capital and not words.shouted()
    if sure or capital:
        return True
    return not (word.rstrip("s") in vocabulary or index.sounds_everyday(word))


def _stretch(
    words: Words, index: NameIndex, first: int, last: int, at: int, strange: list[int]
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
