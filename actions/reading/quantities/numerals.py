"""Numbers as people write them, in figures and in French words, read exactly.

``deux cent mille``, ``un million et demi``, ``3 millions 500 000``, ``une centaine de
milliers``; figures alone are read by ``actions.reading.quantities.tokens``.
"""

from __future__ import annotations

from decimal import Decimal

from actions.reading.quantities.tokens import SCALES, Token, TokenKind, flatten, pieces

_UNITS = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
    "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13,
    "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_TENS = {
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_ABOUT = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip


def tokenize(text: str) -> list[Token]:
    """Cut a text into numbers, words and symbols; numbers carry their exact value."""
    return _join(list(pieces(text)), flatten(text))


def _join(tokens: list[Token], flat: str) -> list[Token]:
    """Replace number words, and figures with their scale, by one number each."""
    joined: list[Token] = []
    index = 0
    while index < len(tokens):
        number, index_after = _Numeral(tokens, index, flat).read()
        if number is None:
            joined.append(tokens[index])
            index += 1
        else:
            joined.append(number)
            index = index_after
    return joined


class _Numeral:
    """Reads one number from a row of tokens, by French grammar."""

    def __init__(self, tokens: list[Token], index: int, flat: str) -> None:
        self.tokens = tokens
        self.start = index
        self.index = index
        self.flat = flat
        self.total = Decimal(0)
        self.scale = 10**12
        self.scaled = False
        self.spelled = False

    def read(self) -> tuple[Token | None, int]:
        while self._group():
            pass
        if self.index == self.start:
            return None, self.start
        first, last = self.tokens[self.start], self.tokens[self.index - 1]
        single = self.index == self.start + 1 and first.kind is TokenKind.NUMBER
        if single:
            return first, self.index
        text = self.flat[first.start : last.end]
        token = Token(
            TokenKind.NUMBER,
            text,
            first.start,
            last.end,
            self.total,
            first.grouped,
            self.scaled or first.scaled,
            self.spelled and first.kind is TokenKind.WORD,
            first.negative,
        )
        return token, self.index

    def _group(self) -> bool:
        """Read ``trois cent``, ``500 000`` or ``un demi`` and the scale after it."""
        before = self.index
        value, spelled = self._head()
        scale = self._scale(value)
        if scale is None and value is None:
            self.index = before
            return False
        if scale is not None and scale < self.scale:
            self.total += (Decimal(1) if value is None else value) * scale
            self.scale = scale
            self.scaled = True
            self.spelled = True
            self._and_a_half(scale)
            return scale > 1
        if value is None or not self._fits(value, spelled, before):
            self.index = before
            return False
        if spelled and value < 10 and self.scale == 10**6:
            value *= 100_000  # «un million cinq» is a million and a half
        self.total += value
        self.spelled = self.spelled or spelled
        return False

    def _fits(self, value: Decimal, spelled: bool, before: int) -> bool:
        """A remainder is smaller than the scale before it, and not another count."""
        if before == self.start:
            return True
        floor = 1 if spelled else self.scale // 1000 if self.scale > 1000 else 100
        return floor <= value < self.scale

    def _head(self) -> tuple[Decimal | None, bool]:
        token = self._peek()
        if token is None:
            return None, False
        if token.kind is TokenKind.NUMBER:
            if self.index > self.start and token.scaled:
                return None, False
            self.index += 1
            return token.value, False
        return self._words(), True

    def _words(self) -> Decimal | None:
        start = self.index
        if about := self._collective():
            return about
        value, room, started = 0, 1000, False
        while (
            token := self._peek(self.index > self.start)
        ) is not None and token.kind is TokenKind.WORD:
            word = token.text
            if word in ("demi", "demie") and not started:
                self._advance()
                return self._before_scale(Decimal("0.5"), start)
            if word in ("un", "une") and not started and self._half_ahead():
                self._advance()
                continue
            step = self._step(word, value, room, started)
            if step is None:
                break
            value, room = step
            started = True
            self._advance()
        return Decimal(value) if started else None

    def _step(self, word: str, value: int, room: int, started: bool) -> tuple[int, int] | None:
        if word == "et" and started and room in (10, 20):
            following = self._word_at(1)
            return (value, room) if following in ("un", "une", "onze") else None
        if word in ("vingt", "vingts") and started and value % 100 == 4 and room == 0:
            return value + 76, 20
        if word in ("cent", "cents"):
            if not started:
                return None if self._word_at(-1) == "pour" else (100, 100)
            # «quinze cents» is said as well as «mille cinq cents».
            return (value * 100, 100) if 1 < value < 20 and room == 0 else None
        if word in _TENS and room >= 100:
            return value + _TENS[word], 20 if word == "soixante" else 10
        unit = _UNITS.get(word)
        if unit is None or unit >= room or (started and unit == 0):
            return None
        if unit == 10 and room == 20:
            return value + 10, 10
        return value + unit, 10 if unit == 10 else 0

    def _collective(self) -> Decimal | None:
        """Read «une vingtaine de» before a scale: an order of size, taken as it is said."""
        count = _UNITS.get(self._word_at(0), 0)
        about = _ABOUT.get(self._word_at(1))
        if not count or about is None:
            return None
        start = self.index
        self.index += 2
        if self._word_at(0) in ("de", "d"):
            self.index += 1
        return self._before_scale(Decimal(count * about), start)

    def _scale(self, value: Decimal | None) -> int | None:
        token = self._peek(skip_hyphen=True)
        if token is None or token.kind is not TokenKind.WORD or token.text not in SCALES:
            return None
        scale = SCALES[token.text]
        lone = value is None and (scale > 1000 or token.text not in ("mille", "mil"))
        if lone or (value is None and self.index > self.start and scale >= self.scale):
            return None
        self._advance()
        return scale

    def _and_a_half(self, scale: int) -> None:
        if self._word_at(0) == "et" and self._word_at(1) in ("demi", "demie"):
            self.index += 2
            self.total += Decimal(scale) / 2
        elif [token.text for token in self.tokens[self.index : self.index + 3]] == ["1", "/", "2"]:
            self.index += 3
            self.total += Decimal(scale) / 2

    def _half_ahead(self) -> bool:
        return self._word_at(1) in ("demi", "demie")

    def _before_scale(self, value: Decimal, start: int) -> Decimal | None:
        """Keep «un demi» or «une vingtaine» only where thousands or millions follow."""
        token = self._peek(skip_hyphen=True)
        if token is not None and token.text in SCALES:
            return value
        self.index = start
        return None

    def _peek(self, skip_hyphen: bool = False) -> Token | None:
        index = self._next(skip_hyphen)
        return self.tokens[index] if index < len(self.tokens) else None

    def _next(self, skip_hyphen: bool = True) -> int:
        index = self.index
        if skip_hyphen and index < len(self.tokens) and self.tokens[index].text == "-":
            glued = index and self.tokens[index - 1].end == self.tokens[index].start
            if glued and index + 1 < len(self.tokens):
                return index + 1
        return index

    def _advance(self) -> None:
        self.index = self._next() + 1

    def _word_at(self, offset: int) -> str:
        """Return the word so many places from here, hyphens not counted; else nothing."""
        index = self._next()
        step = 1 if offset > 0 else -1
        for _ in range(abs(offset)):
            index += step
            if 0 <= index < len(self.tokens) and self.tokens[index].text == "-":
                index += step
        if not 0 <= index < len(self.tokens) or self.tokens[index].kind is not TokenKind.WORD:
            return ""
        return self.tokens[index].text
