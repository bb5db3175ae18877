"""Looking around a row of tokens."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from actions.reading.quantities.tokens import Token, TokenKind
from actions.reading.quantities.vocabulary import ADJECTIVE, EURO, OF_NUMBERS


class Cursor:
    """A row of tokens; a place outside it holds nothing. Indexes after a match are never 0."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Return the positions in the text of the tokens from ``first`` to before ``after``."""
        return self.tokens[first].start, self.tokens[after - 1].end

    def kind(self, i: int) -> TokenKind | None:
        """Return what a token is."""
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else None

    def text(self, i: int) -> str:
        """Return the text of a token; nothing outside the row."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def word(self, i: int) -> str:
        """Return a word; nothing where there is none."""
        return self.tokens[i].text if self.kind(i) is TokenKind.WORD else ""

    def number(self, i: int) -> Token | None:
        """Return a number, where there is one."""
        return self.tokens[i] if self.kind(i) is TokenKind.NUMBER else None

    def skip(self, i: int, texts: Collection[str]) -> int:
        """Return the first place that holds none of the texts, nor an apostrophe."""
        while self.text(i) in texts or (i < len(self.tokens) and self.text(i) == "'"):
            i += 1
        return i

    def noun(self, i: int, nouns: frozenset[str]) -> int:
        """Return the index after a noun and its adjectives, or 0.

        «250k de pass» are euros; only «un millier de pass» counts passes across «de».
        """
        number = self.number(i - 1)
        if (
            number is not None
            and self.word(i) in ("de", "d")
            and not number.text.endswith(OF_NUMBERS)
        ):
            return 0
        for ahead in (0, 1, 2):
            word = self.word(i + ahead)
            if word in nouns:
                after = i + ahead + 1
                while self.word(after) in ADJECTIVE:
                    after += 1
                return after
            if word not in ("de", "d", "nouveaux", "nouveau", "petits", "autres", "gros"):
                return 0
        return 0

    def euro(self, i: int) -> int:
        """Return the index after a currency, or 0."""
        word = self.text(i)
        if word == "€":
            return i + 2 if self.word(i + 1) in ("uros", "uro") else i + 1
        if word in EURO:
            return i + 1
        if word in ("e", "k", "m") and self.kind(i - 1) is TokenKind.NUMBER:
            number = self.tokens[i - 1]
            if word == "e" and (number.scaled or number.grouped or number.value >= 1000):
                return i + 1
            return 0
        if word in ("d", "de"):
            at = i + 2 if self.text(i + 1) == "'" else i + 1
            if self.text(at) in EURO or self.text(at) == "€":
                return at + 1
        return 0
