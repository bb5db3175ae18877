"""What a text says of money, passes, carnets, people and shares: one parser, exact.

Amounts are read in every notation of ``numerals``; counts of passes and carnets become
amounts by their face value; ranges keep both ends; what cannot be a budget (negative, zero,
``10^15``) is said invalid. Postcodes, years, populations and the like are not amounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from actions.reading.quantities.cursor import Cursor
from actions.reading.quantities.lots import LotReader
from actions.reading.quantities.money import MoneyReader
from actions.reading.quantities.numerals import tokenize
from actions.reading.quantities.quantities import Amount, CountedThings, Quantities, plausible
from actions.reading.quantities.shares import ShareReader
from actions.reading.quantities.tokens import Token, TokenKind
from actions.reading.quantities.vocabulary import EACH, PER, PERIOD


def read_quantities(text: str, *, alone: bool = False) -> Quantities:
    """Read everything a text counts.

    Args:
        text: As the person wrote it.
        alone: The text answers «combien ?»: figures in a row are euros, not a postcode.
    """
    return _QuantityReader(tokenize(text), alone).read()


class _QuantityReader(Cursor):
    """Reads a row of tokens once, from left to right; each figure is used once."""

    def __init__(self, tokens: Sequence[Token], alone: bool) -> None:
        super().__init__(tokens)
        self._shares = ShareReader(tokens)
        self._lots = LotReader(tokens)
        self._money = MoneyReader(tokens, alone)
        self._counts: list[CountedThings] = []

    def read(self) -> Quantities:
        index = 0
        while index < len(self.tokens):
            index = self._step(index)
        amounts = [*self._money.amounts, *self._lots.priced]
        return Quantities(
            tuple(sorted(self._multiplied(amounts), key=lambda amount: amount.start)),
            tuple(self._lots.lots),
            tuple(self._lots.carnets),
            tuple(self._counts),
            tuple(self._shares.shares),
            any(token.kind is TokenKind.NONSENSE for token in self.tokens),
        )

    def _step(self, i: int) -> int:
        if after := self._shares.read(i) or self._lots.read(i):
            return after
        if self.number(i) is None:
            return i + 1
        return self._money.read(i) or self._count(i)

    def _count(self, i: int) -> int:
        j = i + 1
        while self.word(j) in ("de", "d") or self.text(j) == "'":
            j += 1
        if noun := self.word(j):
            self._counts.append(CountedThings(self.tokens[i].value, noun, *self.span(i, j + 1)))
        return i + 1

    def _multiplied(self, amounts: Sequence[Amount]) -> Iterator[Amount]:
        """Multiply «100 € par bénéficiaire» by the number of beneficiaries.

        Without that number, the price for one is no budget.
        """
        for amount in amounts:
            noun = self._per(amount.end)
            counts = [count for count in self._counts if _singular(count.noun) == noun]
            if self._each(amount.end):
                counts = [count for count in self._counts if _singular(count.noun) in EACH]
                noun = "personne"
            if noun and len(counts) == 1:
                low, high = amount.low * counts[0].value, amount.high * counts[0].value
                yield replace(amount, low=low, high=high, valid=plausible(low, high))
            elif noun not in EACH:
                yield amount

    def _each(self, position: int) -> bool:
        """Tell whether «chacune» follows right after a place."""
        following = next((t.text for t in self.tokens if t.start >= position), "")
        return following in ("chacun", "chacune") and bool(self._counts)

    def _per(self, position: int) -> str:
        """Return the noun of «par bénéficiaire» right after a place; else the empty string."""
        index = next((i for i, t in enumerate(self.tokens) if t.start >= position), -1)
        noun = _singular(self.word(index + 1)) if self.text(index) in PER else ""
        return noun if noun in EACH | PERIOD else ""


def _singular(noun: str) -> str:
    return noun if noun == "pass" else noun.rstrip("s")
