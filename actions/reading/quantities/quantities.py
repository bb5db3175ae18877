"""What a text counts: euros, passes, people, shares."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

LARGEST = Decimal(10) ** 11
"""Beyond a hundred billion euros, a budget is a slip or a test."""


def plausible(low: Decimal, high: Decimal) -> bool:
    """Tell whether two ends can be a budget: more than zero, and not absurd."""
    return Decimal(0) < low <= high <= LARGEST


@dataclass(frozen=True, slots=True)
class Amount:
    """Euros, exact; a range has two different ends."""

    low: Decimal
    high: Decimal
    start: int
    end: int
    role: str = "budget"
    """``purchase`` (of passes), ``budget``, ``share`` (the porteur's own), ``aid`` (hoped for)."""
    valid: bool = True
    joined: str = ""
    """Word that adds it to the amount before it: «et», «puis», «+»."""
    corrects: bool = False
    """Follows «non, pardon»: it replaces the amount before it."""
    bound: str = ""
    """``less`` or ``more`` when the text says «moins de», «plus de»."""

    @property
    def exact(self) -> bool:
        """One figure, not a range nor a bound."""
        return self.low == self.high and not self.bound


@dataclass(frozen=True, slots=True)
class Lot:
    """Passes to buy: how many, and their face value when it is said."""

    passes_low: Decimal
    passes_high: Decimal
    start: int
    end: int
    face_values: tuple[Decimal, ...] = ()
    """Empty when the text does not say; several when it mixes them."""
    carnets: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CountedThings:
    """So many people, or things: ``noun`` is lower case, without accents."""

    value: Decimal
    noun: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of something, as a fraction of one."""

    value: Decimal
    start: int
    end: int
    bound: str = ""
    """``less`` or ``more`` when the text says «moins de», «plus de»."""
    low: Decimal | None = None
    """Lower end of a range («entre 40 et 60 %»), of which ``value`` is the upper one."""


@dataclass(frozen=True, slots=True)
class Quantities:
    """Everything a text counts."""

    amounts: tuple[Amount, ...]
    lots: tuple[Lot, ...]
    carnets: tuple[CountedThings, ...]
    """Carnets whose size the text does not say."""
    counts: tuple[CountedThings, ...]
    shares: tuple[Share, ...]
    nonsense: bool = False
    """A notation that no budget uses, such as ``10^15``."""
