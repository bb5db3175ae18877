"""Values and marks as French writes them: ``1 500 000 €``, ``15 octobre 2020``, ``9 h 30``, «oui».

Every space inside a value is a no-break space (U+00A0), so a line never cuts a figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

NBSP = "\u00a0"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
"""From Monday, as ``date.weekday()`` counts."""
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)

_BEFORE = re.compile(r"[ \u00a0\u202f]+(?=[?!:;»€%])")
_AFTER = re.compile(r"(?<=«)[ \u00a0\u202f]*")
_UNSPACED_CLOSE = re.compile(r"(?<=[^\s\u00a0])»")
_DIGIT_GROUP = re.compile(r"(?<=\d)[ \u202f](?=\d)")
_RUNS = re.compile(r" {2,}")
_BLANKS = re.compile(r"(?m)^ +| +$")
_EMPTY_LINES = re.compile(r"\n{3,}")


def french_number(value: int | Decimal) -> str:
    """Write a number with groups of three and a decimal comma: ``1 255``, ``77,5``.

    Four figures are grouped too, as the texts of the programme do.
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
    return f"{day_of_year(day)}{NBSP}{day.year}"


def day_of_year(day: date) -> str:
    """Write a day without its year: ``1er janvier``, ``28 novembre``."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]}"


def french_month(day: date) -> str:
    """Write a month: ``mars 2019``."""
    return f"{MONTHS[day.month - 1]}{NBSP}{day.year}"


def clock(moment: time) -> str:
    """Write a time of day: ``9 h``, ``14 h 30``, ``minuit``; seconds are left out."""
    if (moment.hour, moment.minute) == (0, 0):
        return "minuit"
    minutes = f"{NBSP}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


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
    """Put no-break spaces and curly apostrophes where French wants them.

    Args:
        text: What an editor wrote: « ? », "l'aide", «oui» with plain spaces or none.

    Returns:
        The same words on the same lines, runs of blanks and of empty lines made one. Web
        addresses hold no blank before their colon, so they come out untouched. Idempotent.
    """
    text = text.replace("'", "’")
    text = _BEFORE.sub(NBSP, text)
    text = _AFTER.sub(NBSP, text)
    text = _UNSPACED_CLOSE.sub(f"{NBSP}»", text)
    text = _DIGIT_GROUP.sub(NBSP, text)
    text = _BLANKS.sub("", _RUNS.sub(" ", text))
    return _EMPTY_LINES.sub("\n\n", text).strip()
