"""Passes and carnets to buy: «4 000 carnets de 10 pass à 10 €»."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actions.reading.quantities.cursor import Cursor
from actions.reading.quantities.quantities import Amount, CountedThings, Lot, plausible
from actions.reading.quantities.tokens import Token
from actions.reading.quantities.vocabulary import AFTER, CARNET, HOLDING, PASS, WORTH

HIGHEST_FACE = 50
"""Euros: more than this is not the value of one pass, but of several."""
HIGHEST_BARE_FACE = 20
"""The same, where no currency is written («600 pass à 10»)."""
SUM_OF_PASSES = 1_000_000
"""«3 millions de pass» are euros: all of France bought fewer passes."""
HIGHEST_UNIT_PRICE = 200
"""Euros: the price of one pass or of one carnet is not more."""


def lot_amount(lot: Lot) -> Amount | None:
    """Price a lot of passes; ``None`` when their face value is not said."""
    if not lot.face_values:
        return None
    low, high = lot.passes_low * min(lot.face_values), lot.passes_high * max(lot.face_values)
    return Amount(low, high, lot.start, lot.end, "purchase", valid=plausible(low, high))


class LotReader(Cursor):
    """Reads lots into ``lots``, carnets of unknown size into ``carnets``, priced ones too."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__(tokens)
        self.lots: list[Lot] = []
        self.carnets: list[CountedThings] = []
        self.priced: list[Amount] = []

    def read(self, i: int) -> int:
        """Read a lot, or the price of one pass, that starts here; return the index after, or 0."""
        return self._carnet_lot(i) or self._pass_lot(i) or self._unit_price(i)

    def _carnet_lot(self, i: int) -> int:
        count, j = self._counted(i)
        j = self.noun(j, CARNET) if count else 0
        if not count or not j:
            return 0
        size_at = self.skip(j, HOLDING)
        size = self.number(size_at)
        if size is None:
            size_at = self.skip(j, WORTH)
            size = self.number(size_at)
        low, high = count
        if size is None:
            self.carnets.append(CountedThings(high, "carnets", *self.span(i, j)))
            return j
        after_size = size_at + 1
        if after := self.euro(after_size):
            # «carnets de 50 €»: the value of one carnet.
            low, high = low * size.value, high * size.value
            fits = plausible(low, high)
            self.priced.append(Amount(low, high, *self.span(i, after), "purchase", valid=fits))
            return after
        if self.text(after_size) == "x" and (face := self.number(after_size + 1)):
            after = self.euro(after_size + 2) or after_size + 2
            span = self.span(i, after)
            self.lots.append(Lot(low * size.value, high * size.value, *span, (face.value,), high))
            return after
        after_noun = self.noun(after_size, PASS) or after_size
        faces, after = self._faces(after_noun)
        span = self.span(i, after)
        self.lots.append(Lot(low * size.value, high * size.value, *span, faces, high))
        return after

    def _pass_lot(self, i: int) -> int:
        count, j = self._counted(i)
        j = self.noun(j, PASS) if count else 0
        if not count or not j:
            return 0
        faces, after = self._faces(j)
        if not faces and count[1] >= SUM_OF_PASSES and self.tokens[i].scaled:
            return 0
        self.lots.append(Lot(*count, *self.span(i, after), faces))
        return after

    def _counted(self, i: int) -> tuple[tuple[Decimal, Decimal] | None, int]:
        """Read «600» or «entre 500 et 600»: the ends, and where the noun should be."""
        number = self.number(i)
        if number is None or self.euro(i + 1):
            return None, i
        second = self.number(i + 2)
        if second is not None and self.text(i + 1) in ("a", "et", "ou", "-"):
            nouns = PASS | CARNET
            if self.noun(i + 3, nouns) and number.value < second.value:
                return (number.value, second.value), i + 3
        return (number.value, number.value), i + 1

    def _faces(self, i: int) -> tuple[tuple[Decimal, ...], int]:
        """Read «de 10 €», «à 5 ou 10 €»: the face values, and what follows."""
        at = self.skip(i, WORTH)
        first = self.number(at) if at > i else None
        if first is None:
            return (), i
        if first.value > HIGHEST_FACE:
            return (), i  # «600 pass à 6 000 €»: the price of all of them
        values, after = [first.value], self.euro(at + 1)
        other = self.number(after + 1 if after else at + 2)
        link = after or at + 1
        if other is not None and self.text(link) in ("et", "ou", "a", "/") and other.value <= 20:
            values.append(other.value)
            after = self.euro(link + 2) or link + 2
        counts_else = self.word(at + 1) and self.word(at + 1) not in AFTER
        if not after and (counts_else or first.value > HIGHEST_BARE_FACE):
            return (), i  # «600 pass à 12 communes»
        return tuple(sorted(set(values))), after or at + 1

    def _unit_price(self, i: int) -> int:
        """Skip the price of one pass or carnet («des pass à 10 €»): it is no budget."""
        if self.word(i) not in PASS | CARNET or self.number(i - 1) is not None:
            return 0
        after_noun = self.noun(i, PASS | CARNET)
        at = self.skip(after_noun, WORTH)
        number = self.number(at)
        if number is None or at == after_noun or number.scaled or number.value > HIGHEST_UNIT_PRICE:
            return 0
        if after := self.euro(at + 1):
            return after
        if self.text(at + 1) == "x" and self.number(at + 2):
            return self.euro(at + 3) or at + 3
        if after_passes := self.noun(at + 1, PASS):
            return self._faces(after_passes)[1]
        return at + 1 if number.value <= 20 else 0
