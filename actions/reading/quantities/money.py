"""Euros: exact, in a range, multiplied; and what they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from actions.reading.quantities.cursor import Cursor
from actions.reading.quantities.quantities import Amount, plausible
from actions.reading.quantities.tokens import Token
from actions.reading.quantities.vocabulary import (
    AFTER,
    AID,
    ANOTHER_COST,
    ASKING,
    CARNET,
    CORRECTION,
    CUE,
    LINK,
    NOT_BEFORE,
    OWN_AFTER,
    OWN_BEFORE,
    PASS,
)

SMALLEST_BARE = 1000
"""Figures in a row, below this, count something else than a budget."""
BEYOND_POSTCODES = 100_000
"""Six figures in a row are no postcode."""
LARGEST_BARE = 10**8
"""Nine figures without a currency are a SIREN."""
YEARS = range(1900, 2101)


class MoneyReader(Cursor):
    """Reads euros into ``amounts``."""

    def __init__(self, tokens: Sequence[Token], alone: bool) -> None:
        super().__init__(tokens)
        self.amounts: list[Amount] = []
        self._alone = alone

    def read(self, i: int) -> int:
        """Read an amount whose number is here; return the index after it, or 0."""
        return self._range(i) or self._product(i) or self._times(i) or self._money(i)

    def _range(self, i: int) -> int:
        first = self.tokens[i]
        after_first = self.euro(i + 1)
        at = (after_first or i + 1) + 1
        link = self.text(at - 1)
        second = self.number(at)
        if second is None or link not in ("et", "a", "ou", "-", "/"):
            return 0
        opened = self._opened(i)
        rounded = link == "/" and first.value < 1000 <= second.value and first.bare
        if link in ("et", "/") and opened != "entre" and not rounded:
            return 0
        if link == "a" and self.noun(at + 1, PASS | CARNET):
            return 0
        after = self.euro(at + 1)
        if not after and not self._range_without_currency(i, at, opened):
            return 0
        low, high = first.value, second.value
        if second.scaled and not first.scaled and not first.grouped and not after_first:
            low = self._scaled_like(first, second)
        elif low < 1000 <= high and first.bare and not after_first:
            low *= 1000
        if low > high:
            return 0
        end = after or at + 1
        self._amount(i, end, low, high)
        return end

    def _range_without_currency(self, i: int, at: int, opened: str) -> bool:
        second = self.tokens[at]
        if opened and self._accepts(i) and self._follows(at + 1):
            return True
        return (second.scaled or second.grouped) and self._accepts(i, second)

    def _scaled_like(self, first: Token, second: Token) -> Decimal:
        for scale in (10**9, 10**6, 1000):
            if second.value >= scale and first.value * scale <= second.value:
                return first.value * scale
        return first.value

    def _opened(self, i: int) -> str:
        for back in (1, 2, 3):
            word = self.word(i - back)
            if word in ("entre", "fourchette"):
                return "entre"
            if word == "de" and back == 1:
                return "de"
            if word not in LINK:
                break
        return ""

    def _product(self, i: int) -> int:
        times, factor = self.tokens[i], self.number(i + 2)
        if self.text(i + 1) not in ("x", "*", "fois") or factor is None or times.value > 100_000:
            return 0
        after = self.euro(i + 3)
        if not after and not (factor.grouped or factor.scaled or self._accepts(i, factor)):
            return 0
        value = times.value * factor.value
        self._amount(i, after or i + 3, value, value)
        return after or i + 3

    def _times(self, i: int) -> int:
        """Read «10 000 € x 4»."""
        at = self.euro(i + 1)
        times = self.number(at + 1) if at and self.text(at) in ("x", "*", "fois") else None
        if times is None or not times.bare or self.euro(at + 2):
            return 0
        value = self.tokens[i].value * times.value
        self._amount(i, at + 2, value, value)
        return at + 2

    def _money(self, i: int) -> int:
        number = self.tokens[i]
        after = self.euro(i + 1)
        before = self.text(i - 1) in ("€", "eur")
        if after and self._cents(after):
            number = replace(number, value=number.value + self.tokens[after].value / 100)
            after += 1
        elif after and self.word(after) == "et" and self.word(after + 2) in ("centimes", "cts"):
            number = replace(number, value=number.value + self.tokens[after + 1].value / 100)
            after += 3
        if not after and not before and not (self._accepts(i) and self._follows(i + 1)):
            return 0
        value = -number.value if number.negative or self._minus(i) else number.value
        self._amount(i, after or i + 1, value, value)
        return after or i + 1

    def _cents(self, i: int) -> bool:
        """Tell «20 515 €50» and «20 515 euros 50» from «100 euros 20 personnes»."""
        number = self.number(i)
        if number is None or not number.bare or len(number.text) != 2 or number.value > 99:
            return False
        return not self.word(i + 1) or self.word(i + 1) in AFTER | {"centimes", "cts"}

    def _minus(self, i: int) -> bool:
        return self.word(i - 1) == "moins" and self.word(i - 2) not in ("au", "du", "ou")

    def _accepts(self, i: int, like: Token | None = None) -> bool:
        """Tell whether a figure without a currency is an amount, by what comes before it."""
        number = like or self.tokens[i]
        if number.value >= LARGEST_BARE and not number.scaled:
            return False
        if self._alone:
            return True
        if not (number.grouped or number.scaled) and number.value < SMALLEST_BARE:
            return False
        if number.bare and number.value in YEARS:
            return False
        if number.bare and like is None and self._bought(i):
            return True
        certain = number.grouped or (number.bare and number.value >= BEYOND_POSTCODES)
        if certain and number.value >= SMALLEST_BARE and self.word(i - 1) not in NOT_BEFORE:
            return True
        if not number.bare and self._first(i):
            return True
        j = i - 1
        while j >= 0 and (self.word(j) in LINK or self.text(j) in ("'", ":", "=", "(", "~", "-")):
            if self.word(j) in CUE:
                return True
            j -= 1
        if self.word(j) in CUE:
            return True
        return number.scaled and self.word(i - 1) not in NOT_BEFORE

    def _bought(self, i: int) -> bool:
        """Read «25000 de pass», and «30000 pour une agglo» where it opens the text."""
        if self.word(i + 1) == "pour":
            return self._first(i)
        passes = {self.word(i + 2), self.word(i + 3)} & PASS
        return self.word(i + 1) in ("de", "en") and bool(passes)

    def _first(self, i: int) -> bool:
        return all(self.word(j) in LINK for j in range(i))

    def _follows(self, i: int) -> bool:
        """Refuse a figure that counts something else: «1 500 habitants»."""
        word = self.word(i)
        return not word or word in AFTER

    def _amount(self, first: int, after: int, low: Decimal, high: Decimal) -> None:
        self.amounts.append(
            Amount(
                low,
                high,
                *self.span(first, after),
                self._role(first, after),
                valid=plausible(low, high),
                joined=self._joined(first),
                corrects=self._corrects(first),
                bound=self._bound(first) or self._floor(after),
            )
        )

    def _bound(self, i: int) -> str:
        if self.word(i - 1) != "de":
            return "more" if (self.word(i - 2), self.word(i - 1)) == ("au", "moins") else ""
        return {"moins": "less", "plus": "more"}.get(self.word(i - 2), "")

    def _floor(self, after: int) -> str:
        return "more" if self.word(after) in ("minimum", "mini") else ""

    def _joined(self, first: int) -> str:
        link = self.text(first - 1)
        return link if link in ("et", "plus", "+", "puis") else ""

    def _corrects(self, first: int) -> bool:
        words = {self.word(j) for j in range(max(0, first - 5), first)}
        return bool(words & CORRECTION)

    def _role(self, first: int, after: int) -> str:
        following = [self.text(j) for j in range(after, min(after + 7, len(self.tokens)))]
        before = [self.word(j) for j in range(max(0, first - 4), first)]
        of = following[:1] in (["de"], ["d"])
        if (of and AID & set(following[1:3])) or ASKING & set(before[-3:]):
            return "aid"
        if before[-2:] in (["aide", "de"], ["aide", "d"]):
            return "aid"
        if OWN_BEFORE & set(before) or OWN_AFTER & set(following[:4]):
            return "share"
        if (of or following[:1] == ["en"]) and (PASS | CARNET) & set(following[1:4]):
            return "purchase"
        if "dont" in before[-2:] or ANOTHER_COST & set(following[1:3]):
            return "part"
        return "budget"
