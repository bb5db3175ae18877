"""Numbers as people write them, in figures and in French words, read exactly.

``20 515``, ``20.515,00``, ``1.2M``, ``150k``, ``2M5``, ``deux cent mille``, ``un million et
demi``, ``3 millions 500 000``, ``une centaine de milliers``. What only looks like a quantity
(dates, hours, phone numbers, SIREN, addresses of pages) is set aside first.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from actions.french import MONTHS

_SAME_LENGTH = str.maketrans(
    {"’": "'", "ʼ": "'", "`": "'", "×": "x", "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-"}
)


def flatten(text: str) -> str:
    """Lower case without accents, character for character: positions do not move."""
    return "".join(_flat(character) for character in text.translate(_SAME_LENGTH))


def _flat(character: str) -> str:
    if character.isspace():
        return " "
    base = unicodedata.normalize("NFKD", character)[0].lower()
    return base if len(base) == 1 else character


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    WORD = "word"
    SYMBOL = "symbol"
    NONSENSE = "nonsense"
    """A notation no one budgets in: ``10^15``, ``1e9``."""
    ASIDE = "aside"
    """A date, an hour, a phone number, a SIREN: figures that count nothing."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text."""

    kind: Kind
    text: str
    """Lower case, without accents."""
    start: int
    end: int
    value: Decimal = Decimal(0)
    grouped: bool = False
    """Written with its thousands apart."""
    scaled: bool = False
    """Written with k, M, mille, million…"""
    spelled: bool = False
    """Written in words."""
    negative: bool = False

    @property
    def bare(self) -> bool:
        """Nothing but figures in a row: it may be a postcode, a year, a count."""
        return not (self.grouped or self.scaled or self.spelled)


_MONTH = "|".join(flatten(month) for month in MONTHS) + "|janv|fevr|sept|oct|nov|dec"
_ASIDE = re.compile(
    r"\S+@\S+|https?://\S+|www\.\S+"
    r"|(?:\+33|0033|\b0)[ .-]?[1-9](?:[ .-]?\d{2}){4}(?!\d)"
    r"|\b(?:siren|siret)\b\D{0,12}\d(?:[ .]?\d){8,13}"
    r"|(?<![\d.,])\d{9}(?!\d)(?! ?(?:€|eur))|(?<!\d)\d{14}(?!\d)"
    r"|(?<!\d)\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})(?![\d€])|\b\d{4}-\d{2}-\d{2}\b"
    rf"|\b(?:1er|\d{{1,2}}) (?:{_MONTH})\b\.?(?: \d{{4}}\b(?! ?(?:€|eur)))?"
    rf"|\b(?:{_MONTH}) (?:19|20)\d{{2}}\b(?! ?(?:€|eur))"
    r"|\b\d{1,2} ?h(?: ?\d{2})?\b|\b\d{1,2}:\d{2}\b"
    r"|\b(?:art\.?|article|loi|decret|n°|no|num|numero|ref\.?|dossier|cp|code postal|insee)"
    r"(?![a-z]) ?:? ?(?:n° ?)?[a-z]{0,2}\.? ?\d[\d/.-]*"
)
_NONSENSE = re.compile(
    r"-?\d+(?:[.,]\d+)? ?(?:\^|\*\*) ?-?\d+|-?\d+(?:[.,]\d+)?e[+]?\d+\b|\d+ ?puissance ?\d+"
    r"|[-+]?\b(?:infini|inf|nan)\b(?= ?(?:€|eur))|\d{16,}"
)
_FIGURES = re.compile(
    r"[1-9]\d{0,2}(?: {1,2}\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?"
    r"|[1-9]\d{0,2}(?:\.\d{3})+(?![\d.])(?:,\d{1,2}(?!\d))?"
    r"|[1-9]\d{0,2}(?:,\d{3})+(?![\d,])(?:\.\d{1,2}(?!\d))?"
    r"|[1-9]\d{0,2}(?:['_]\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?"
    r"|\d+(?:[.,]\d+(?!\d))?"
)
_DECIMALS = re.compile(r"\d+")
"""What follows the mark of «,5 M€»."""
_PART_OF_SCALE = re.compile(r"([1-9])/([1-9])(?= (?:de )?mill?i(?:on|ard))")
_SCALE = re.compile(
    r" ?(?:(k)(?= ?(?:€|eur|e\b|\b))|(m)(?=ns? ?€|ns?\b| ?(?:€|eur|e\b|d'eur)|\b)|(mds?)\b)"
)
_SHORT = re.compile(r"(k|m)(\d{1,3})(?!\d)")
_WORD = re.compile(r"[a-zœæ]+")

_UNITS = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
    "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13,
    "quatorze": 14, "quinze": 15, "seize": 16,
}  # fmt: skip
_TENS = {
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
_SCALES = {
    "mille": 1000, "mil": 1000, "milles": 1000, "millier": 1000, "milliers": 1000,
    "million": 10**6, "millions": 10**6, "milion": 10**6, "milions": 10**6, "mio": 10**6,
    "milliard": 10**9, "milliards": 10**9, "miliard": 10**9, "miliards": 10**9,
}  # fmt: skip
_ABOUT = {
    "dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30,
    "quarantaine": 40, "cinquantaine": 50, "soixantaine": 60, "centaine": 100,
}  # fmt: skip


def tokenize(text: str) -> list[Token]:
    """Cut a text into numbers, words and symbols; numbers carry their exact value."""
    flat = flatten(text)
    return _join(list(_pieces(text, flat)), flat)


def _pieces(text: str, flat: str) -> Iterator[Token]:
    position = 0
    while position < len(flat):
        if flat[position] == " ":
            position += 1
            continue
        token = _piece(text, flat, position)
        yield token
        position = token.end


def _piece(text: str, flat: str, at: int) -> Token:
    after_word = at > 0 and (flat[at - 1].isalnum())
    for pattern, kind in ((_NONSENSE, Kind.NONSENSE), (_ASIDE, Kind.ASIDE)):
        match = None if after_word else pattern.match(flat, at)
        if match:
            return Token(kind, match.group(), at, match.end())
    if not after_word and (match := _PART_OF_SCALE.match(flat, at)):
        value = Decimal(match.group(1)) / Decimal(match.group(2))
        return Token(Kind.NUMBER, match.group(), at, match.end(), value)
    opens = at == 0 or flat[at - 1] == " "
    if flat[at] in ".," and opens and (match := _DECIMALS.match(flat, at + 1)):
        return _figures(text, flat, match, "0.")
    if flat[at].isdigit() and (match := _FIGURES.match(flat, at)):
        return _figures(text, flat, match)
    if match := _WORD.match(flat, at):
        return Token(Kind.WORD, match.group(), at, match.end())
    return Token(Kind.SYMBOL, flat[at], at, at + 1)


def _figures(text: str, flat: str, match: re.Match[str], before: str = "") -> Token:
    raw, end = before + match.group(), match.end()
    short = _SHORT.match(flat, end)
    if short and raw.isdigit() and text[short.start()] in "kKM":
        # «2M5» is two million and a half
        value = Decimal(f"{raw}.{short.group(2)}")
        scale = 1000 if short.group(1) == "k" else 10**6
        return Token(Kind.NUMBER, raw, match.start(), short.end(), value * scale, scaled=True)
    scale_match = _SCALE.match(flat, end)
    scale = 1
    if scale_match and _is_scale(text, scale_match):
        scale = 1000 if scale_match.group(1) else 10**6 if scale_match.group(2) else 10**9
        end = scale_match.end()
    followed = _WORD.match(flat, end + 1) if flat[end : end + 1] == " " else None
    scaled = scale > 1 or bool(followed and followed.group() in _SCALES)
    value, grouped = _value(raw, scaled)
    negative = _negative(flat, match.start())
    return Token(
        Kind.NUMBER, raw, match.start(), end, value * scale, grouped, scale > 1, negative=negative
    )


def _is_scale(text: str, match: re.Match[str]) -> bool:
    """Tell millions from metres: a lone ``m`` counts only as a capital or before a currency."""
    if not match.group(2):
        return True
    letter = text[match.start(2)]
    rest = flatten(text[match.end() : match.end() + 6])
    return letter == "M" or bool(re.match(r" ?(?:ns?)? ?(?:€|eur|d'eur|e\b)", rest))


def _value(raw: str, scaled: bool) -> tuple[Decimal, bool]:
    """Read figures; ``1.255`` is a thousand and more, but ``1.255 M€`` a million and more."""
    compact = re.sub(r"[ '_]", "", raw)
    if scaled and re.fullmatch(r"\d+[.,]\d+", compact):
        return Decimal(compact.replace(",", ".")), False
    for mark, decimal_mark in ((".", ","), (",", ".")):
        if re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+(?:\D\d{{1,2}})?", compact):
            whole = compact.replace(mark, "").replace(decimal_mark, ".")
            return Decimal(whole), True
    return Decimal(compact.replace(",", ".")), bool(re.search(r"\d[ '_]+\d", raw))


def _negative(flat: str, start: int) -> bool:
    """A minus touches its number and follows nothing, a space or an opening mark."""
    if start == 0 or flat[start - 1] != "-":
        return False
    before = flat[: start - 1]
    return not before or before[-1] in " (:=€"


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
        single = self.index == self.start + 1 and first.kind is Kind.NUMBER
        if single:
            return first, self.index
        text = self.flat[first.start : last.end]
        token = Token(
            Kind.NUMBER,
            text,
            first.start,
            last.end,
            self.total,
            first.grouped,
            self.scaled or first.scaled,
            self.spelled and first.kind is Kind.WORD,
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
        if token.kind is Kind.NUMBER:
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
        ) is not None and token.kind is Kind.WORD:
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
        if token is None or token.kind is not Kind.WORD or token.text not in _SCALES:
            return None
        scale = _SCALES[token.text]
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
        if token is not None and token.text in _SCALES:
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
        if not 0 <= index < len(self.tokens) or self.tokens[index].kind is not Kind.WORD:
            return ""
        return self.tokens[index].text
