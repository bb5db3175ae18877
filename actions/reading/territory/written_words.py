"""Cut what a person wrote into words that remember how they were written."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import accumulate

from actions.reading.fold import fold
from actions.reading.territory.place_vocabulary import LINKS, UNITS
from actions.reading.territory.territories import normal

_WORD = re.compile(r"[^\W\d_]+|\d+")
_BREAK = re.compile(r"[,;:.!?\n()\[\]/]")
_SHORTHAND = (
    (re.compile(r"\bs/s\b|\bs/", re.IGNORECASE), "sur "),
    (re.compile(r"\bs[ts]/s", re.IGNORECASE), "sur "),
)


MOST_AROUND = 25
"""Words beyond which a text surely says something else too."""


MOST_TOKENS = 200
"""Words that are read; what comes after in a very long message is not where one is."""


@dataclass(frozen=True, slots=True)
class WrittenWord:
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


def tokenize(text: str, most: int) -> tuple[str, list[WrittenWord]]:
    """Return the text that positions refer to («s/» spelled out) and its first ``most`` tokens."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    for pattern, full in _SHORTHAND:
        text = pattern.sub(full, text)
    tokens: list[WrittenWord] = []
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
            WrittenWord(
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


@dataclass(slots=True)
class WrittenText:
    """A text cut in tokens, and which of them are already explained."""

    text: str
    tokens: list[WrittenWord]
    folded: str = ""
    """The tokens joined by spaces."""
    offsets: list[int] = field(default_factory=list)
    used: list[bool] = field(default_factory=list)
    asked: bool = False
    """The text answers «where are you?»: even an everyday word alone is a town."""

    @classmethod
    def of(cls, raw: str, *, asked: bool = False) -> WrittenText:
        """Cut a text."""
        text, tokens = tokenize(raw, MOST_TOKENS)
        offsets = [0, *accumulate(len(token.word) + 1 for token in tokens)]
        folded = " ".join(token.word for token in tokens)
        return cls(text, tokens, folded, offsets, [False] * len(tokens), asked)

    def at(self, offset: int) -> int:
        """Return the index of the token at an offset of ``folded``."""
        return bisect_right(self.offsets, offset) - 1

    def word(self, index: int) -> str:
        """Return a token's word; empty outside the text."""
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def raw(self, index: int) -> str:
        """Return a token as it was written."""
        token = self.tokens[index]
        return self.text[token.start : token.end]

    def segment(self, index: int) -> tuple[int, int]:
        """Return the part of the text, between punctuation marks, that a token is in."""
        first = last = index
        while first > 0 and not self.tokens[first].after_break:
            first -= 1
        last += 1
        while last < len(self.tokens) and not self.tokens[last].after_break:
            last += 1
        return first, last

    def ends(self, last: int) -> bool:
        """Say whether a sentence, or a part of it, ends before a token."""
        return last >= len(self.tokens) or self.tokens[last].after_break

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

    def counts(self, after: int) -> bool:
        """Say whether what follows a number is what it counts («20 515 € de pass»).

        Args:
            after: Index after the number's last token; 1 at least.
        """
        if self.text[self.tokens[after - 1].end :].lstrip(" \u00a0\u202f").startswith(("€", "%")):
            return True
        following = self.word(after)
        return (self.word(after + 1) if following == "de" else following) in UNITS

    def shouted(self) -> bool:
        """Say whether capitals tell nothing: all words have one, or none of a long text has."""
        letters = [token for token in self.tokens if token.word[0].isalpha()]
        return sum(token.capital for token in letters) * 10 > len(letters) * 7
