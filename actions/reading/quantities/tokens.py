"""Texts cut into figures, words and symbols.

``20 515``, ``20.515,00``, ``1.2M``, ``150k`` and ``2M5`` are read exactly. What only looks like
a quantity (dates, hours, phone numbers, SIREN, addresses of pages) is set aside first.
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


class TokenKind(Enum):
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

    kind: TokenKind
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

SCALES = {
    "mille": 1000, "mil": 1000, "milles": 1000, "millier": 1000, "milliers": 1000,
    "million": 10**6, "millions": 10**6, "milion": 10**6, "milions": 10**6, "mio": 10**6,
    "milliard": 10**9, "milliards": 10**9, "miliard": 10**9, "miliards": 10**9,
}  # fmt: skip
"""Words that multiply the number before them."""


def pieces(text: str) -> Iterator[Token]:
    """Cut a text into tokens, numbers written in words still word by word."""
    flat = flatten(text)
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
    for pattern, kind in ((_NONSENSE, TokenKind.NONSENSE), (_ASIDE, TokenKind.ASIDE)):
        match = None if after_word else pattern.match(flat, at)
        if match:
            return Token(kind, match.group(), at, match.end())
    if not after_word and (match := _PART_OF_SCALE.match(flat, at)):
        value = Decimal(match.group(1)) / Decimal(match.group(2))
        return Token(TokenKind.NUMBER, match.group(), at, match.end(), value)
    opens = at == 0 or flat[at - 1] == " "
    if flat[at] in ".," and opens and (match := _DECIMALS.match(flat, at + 1)):
        return _figures(text, flat, match, "0.")
    if flat[at].isdigit() and (match := _FIGURES.match(flat, at)):
        return _figures(text, flat, match)
    if match := _WORD.match(flat, at):
        return Token(TokenKind.WORD, match.group(), at, match.end())
    return Token(TokenKind.SYMBOL, flat[at], at, at + 1)


def _figures(text: str, flat: str, match: re.Match[str], before: str = "") -> Token:
    raw, end = before + match.group(), match.end()
    short = _SHORT.match(flat, end)
    if short and raw.isdigit() and text[short.start()] in "kKM":
        # «2M5» is two million and a half
        value = Decimal(f"{raw}.{short.group(2)}")
        scale = 1000 if short.group(1) == "k" else 10**6
        return Token(TokenKind.NUMBER, raw, match.start(), short.end(), value * scale, scaled=True)
    scale_match = _SCALE.match(flat, end)
    scale = 1
    if scale_match and _is_scale(text, scale_match):
        scale = 1000 if scale_match.group(1) else 10**6 if scale_match.group(2) else 10**9
        end = scale_match.end()
    followed = _WORD.match(flat, end + 1) if flat[end : end + 1] == " " else None
    scaled = scale > 1 or bool(followed and followed.group() in SCALES)
    value, grouped = _value(raw, scaled)
    negative = _negative(flat, match.start())
    return Token(
        TokenKind.NUMBER,
        raw,
        match.start(),
        end,
        value * scale,
        grouped,
        scale > 1,
        negative=negative,
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
