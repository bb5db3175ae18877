"""Shares: percentages and fractions, in figures and in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actions.reading.quantities.cursor import Cursor
from actions.reading.quantities.quantities import Share
from actions.reading.quantities.tokens import Token

_FRACTIONS = {
    ("la", "moitie"): "0.5", ("moitie", ""): "0.5", ("un", "tiers"): "1/3", ("le", "tiers"): "1/3",
    ("deux", "tiers"): "2/3", ("un", "quart"): "0.25", ("le", "quart"): "0.25",
    ("trois", "quarts"): "0.75", ("trois", "quart"): "0.75", ("un", "cinquieme"): "0.2",
    ("deux", "cinquiemes"): "0.4", ("trois", "cinquiemes"): "0.6",
    ("quatre", "cinquiemes"): "0.8", ("un", "dixieme"): "0.1",
}  # fmt: skip


class ShareReader(Cursor):
    """Reads shares into ``shares``."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__(tokens)
        self.shares: list[Share] = []

    def read(self, i: int) -> int:
        """Read a share that starts here; return the index after it, or 0."""
        return self._fraction(i) or self._percent(i)

    def _fraction(self, i: int) -> int:
        if self.word(i) in ("moitie", "demi") and self.word(i - 1) != "la":
            return self._share(Decimal("0.5"), i, i + 1)
        value = _FRACTIONS.get((self.text(i), self.word(i + 1)))
        if value is None and self.number(i) is not None and self.word(i + 1):
            names = {2: "deux", 3: "trois", 4: "quatre", 1: "un"}
            name = names.get(int(self.tokens[i].value), "")
            value = _FRACTIONS.get((name, self.word(i + 1)))
        if value is not None:
            upper, _, lower = value.partition("/")
            return self._share(Decimal(upper) / Decimal(lower or 1), i, i + 2)
        return self._slashed(i)

    def _slashed(self, i: int) -> int:
        """Read «1/3», «2 sur 3»; a date such as «15/10» is none."""
        top_number, bottom_number = self.number(i), self.number(i + 2)
        if top_number is None or bottom_number is None or self.text(i + 1) not in ("/", "sur"):
            return 0
        top, bottom = top_number.value, bottom_number.value
        glued = self.tokens[i].end == self.tokens[i + 1].start or self.text(i + 1) == "sur"
        if not glued or not (0 < top < bottom <= 10 or (bottom == 100 and top <= 100)):
            return 0
        return self._share(top / bottom, i, i + 3)

    def _percent(self, i: int) -> int:
        number = self.number(i)
        if number is None:
            return 0
        if after := self._percent_sign(i + 1):
            return self._share(number.value / 100, i, after)
        second = self.number(i + 2)
        if second is None or self.text(i + 1) not in ("a", "et", "ou", "-"):
            return 0
        if not (after := self._percent_sign(i + 3)):
            return 0
        return self._share(second.value / 100, i, after, number.value / 100)

    def _percent_sign(self, i: int) -> int:
        if self.text(i) in ("%", "pourcent", "pourcents", "pct"):
            return i + 1
        if self.word(i) == "pour" and self.word(i + 1) in ("cent", "cents"):
            return i + 2
        return 0

    def _share(self, value: Decimal, first: int, after: int, low: Decimal | None = None) -> int:
        bound = ""
        for back in (1, 2, 3):
            if self.word(first - back) in ("moins", "plus") and self.word(first - back - 1) != "au":
                bound = "less" if self.word(first - back) == "moins" else "more"
        start, end = self.span(first, after)
        self.shares.append(Share(value, start, end, bound, low))
        return after
