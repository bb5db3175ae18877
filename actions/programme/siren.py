"""What a SIREN says of a public body, beyond the list of intercommunalités.

INSEE gives public bodies numbers that start with 1 or 2; the number of a commune holds its
code (``21`` + département + commune + key), see the documentation of the SIRENE register.
"""

from __future__ import annotations

import re

_SIREN = re.compile(
    r"(?:\bsire[nt]\b\D{0,15})(\d(?:[ .\u00a0\u202f]?\d){8})|(?<![\d.,€])(\d{9})(?:\d{5})?(?!\d)",
    re.IGNORECASE,
)
_KINDS = {
    "21": "commune",
    "22": "departement",
    "23": "region",
    "25": "syndicat",
    "26": "ccas",
}


def read_sirens(text: str) -> tuple[str, ...]:
    """Return the SIREN numbers of a text, those of a SIRET included."""
    found = []
    for match in _SIREN.finditer(text):
        digits = re.sub(r"\D", "", match.group(1) or match.group(2))
        if match.group(1) or is_siren(digits):
            found.append(digits)
    return tuple(found)


def is_siren(digits: str) -> bool:
    """Check the key of a SIREN (Luhn)."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if index % 2 else 1)
        total += number - 9 if number > 9 else number
    return len(digits) == 9 and total % 10 == 0


def reading_of_siren(siren: str) -> tuple[str, str]:
    """Return the kind of applicant that a number outside the list tells, and an INSEE code.

    The code is empty when the number is not that of a commune.
    """
    if not is_siren(siren):
        return "collectivite", ""
    kind = _KINDS.get(siren[:2], "collectivite")
    if kind != "commune":
        return kind, ""
    overseas = siren[2:4] == "97"
    return kind, f"97{siren[4]}{siren[6:8]}" if overseas else f"{siren[2:4]}{siren[5:8]}"
