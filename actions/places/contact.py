"""Telephone numbers of France and its overseas territories."""

from __future__ import annotations

import re

_OVERSEAS = {
    "971": "590",
    "977": "590",
    "978": "590",
    "973": "594",
    "972": "596",
    "974": "262",
    "976": "262",
    "975": "508",
    "986": "681",
    "987": "689",
    "988": "687",
}
"""Département or collectivité → country calling code."""
_WITH_TRUNK_ZERO = {"33", "590", "594", "596", "262"}
_PREFIX = re.compile(r"^(33|590|594|596|262|508|681|687|689)")


def normalise_phone(text: str, departement: str = "") -> str:
    """Return the first number of ``text`` as ``+33387000000``; empty if there is none.

    A short number (3960) is kept as it is.
    """
    first = re.split(r"[/;|]|\bou\b", text.strip())[0]
    digits = re.sub(r"\D", "", first.replace("(0)", ""))
    code = _OVERSEAS.get(departement, "33")
    if first.lstrip().startswith("+") or digits.startswith("00"):
        digits = digits.removeprefix("00")
        found = _PREFIX.match(digits)
        rest = digits[found.end() :].removeprefix("0") if found else ""
        return f"+{found[1]}{rest}" if found and 6 <= len(rest) <= 9 else ""
    if len(digits) == 4:
        return digits
    if len(digits) == 10 and digits[0] == "0":
        home = next((c for c in _WITH_TRUNK_ZERO if digits[1:4] == c), code)
        return f"+{home if home in _WITH_TRUNK_ZERO else '33'}{digits[1:]}"
    if len(digits) == 9 and digits[0] != "0":
        return f"+{digits[:3] if digits[:3] in _WITH_TRUNK_ZERO else '33'}{digits}"
    if len(digits) == 6 and code not in _WITH_TRUNK_ZERO:
        return f"+{code}{digits}"
    return ""


def spoken_phone(phone: str) -> str:
    """Return a normalised number as people write it: ``03 87 00 00 00``."""
    found = _PREFIX.match(phone.removeprefix("+"))
    if not phone.startswith("+") or not found:
        return phone
    rest = phone[1 + found.end() :]
    if found[1] in _WITH_TRUNK_ZERO:
        rest = "0" + rest
    return " ".join(rest[i : i + 2] for i in range(0, len(rest), 2))
