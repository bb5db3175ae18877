"""Values as French write them: ``1 500 000 €``, ``15 octobre 2020``, ``50 %``.

Every space inside a value is a no-break space (U+00A0), so a line never cuts a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

NBSP = "\u00a0"
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def french_number(value: int | Decimal) -> str:
    """Write a number with groups of three and a decimal comma: ``1 255``, ``77,5``.

    Five figures and more are grouped, and four too, as the texts of the programme do.
    """
    decimal = Decimal(value)
    sign = "−" if decimal < 0 else ""
    whole, _, cents = f"{abs(decimal):f}".partition(".")
    groups = f"{int(whole):,}".replace(",", NBSP)
    cents = cents.rstrip("0")
    return f"{sign}{groups},{cents}" if cents else f"{sign}{groups}"


def euros(value: int | Decimal) -> str:
    """Write an amount in euros: ``20 515 €``; two decimals when there are cents."""
    decimal = Decimal(value)
    if decimal == decimal.to_integral_value():
        return f"{french_number(int(decimal))}{NBSP}€"
    whole, _, cents = f"{abs(decimal):.2f}".partition(".")
    sign = "−" if decimal < 0 else ""
    return f"{sign}{french_number(int(whole))},{cents}{NBSP}€"


def percent(fraction: int | Decimal) -> str:
    """Write a fraction of one as a percentage: ``Decimal("0.5")`` is ``50 %``."""
    return f"{french_number((Decimal(fraction) * 100).normalize())}{NBSP}%"


def french_date(day: date) -> str:
    """Write a day: ``15 octobre 2020``, ``1er mars 2019``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]}{NBSP}{day.year}"


def french_month(day: date) -> str:
    """Write a month: ``mars 2019``."""
    return f"{MONTHS[day.month - 1]}{NBSP}{day.year}"


def counted(value: int | Decimal, singular: str, plural: str = "") -> str:
    """Write a count with its noun: ``1 jour``, ``12 jours``; French plurals start at 2."""
    noun = singular if abs(Decimal(value)) < 2 else plural or f"{singular}s"
    return f"{french_number(value)}{NBSP}{noun}"


def enumeration(items: Sequence[str], last: str = "et") -> str:
    """Join names: ``a, b et c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def typeset(text: str) -> str:
    """Put no-break spaces where French wants them: before ``: ; ? ! %`` ``€`` and inside « »."""
    for mark in (":", ";", "?", "!", "»", "%", "€"):
        text = text.replace(f" {mark}", f"{NBSP}{mark}")
    return text.replace("« ", f"«{NBSP}")
