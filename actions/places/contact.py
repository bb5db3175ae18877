"""Telephone numbers of France and its overseas territories, read by ``phonenumbers``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_REGIONS = {
    "971": "GP",
    "972": "MQ",
    "973": "GF",
    "974": "RE",
    "975": "PM",
    "976": "YT",
    "977": "BL",
    "978": "MF",
    "986": "WF",
    "987": "PF",
    "988": "NC",
}
"""Département or collectivité → region of the numbering plan, where it is not France's."""
_CODES = ("33", "262", "508", "590", "594", "596", "681", "687", "689")
_SEVERAL = re.compile(r"[/;|,\n]+|\b(?:ou|et|puis)\b|\s[-–]\s(?=[+(\d])")
_WHOLE_NUMBER = re.compile(r"(?<!\d)0[1-9](?:[ .\u00a0-]?\d{2}){4}")
_EXTENSION = re.compile(r"\b(?:poste|ext|interne|int)\b.*", re.IGNORECASE | re.DOTALL)
_SHORT = re.compile(r"^\D*(?!00)(\d{4}|\d{2} ?\d{2}|1[578]|1\d\d|11\d{4})(?=$|\s*[(:,A-Za-zà-ÿ])")
_WITH_TRUNK_ZERO = {"33", "590", "594", "596", "262"}
WHOLE = 10
"""Digits of a number with its trunk zero."""
_OVERSEAS = frozenset(
    "590 594 596 262 269 639 690 691 692 693 694 696 697".split()  # noqa: SIM905
)
"""First digits, after the zero, of the numbers of the overseas départements."""
SIX_FIGURES = 6
"""Length of a number of the territories without a trunk zero (Nouméa, Saint-Pierre…)."""
_PLAIN = re.compile(r"(?:\+33 ?|0)([1-9](?:[ .]?\d\d){4})")


def _french_plan() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a French number: whatever it is, then those of homes and mobiles."""
    french: Any = phonenumbers.PhoneMetadata.metadata_for_region("FR")
    kinds = (french.general_desc, french.fixed_line, french.mobile)
    return tuple(re.compile(kind.national_number_pattern) for kind in kinds)


_FRENCH_PLAN = _french_plan()
_PREFIX = re.compile(r"^(33|590|594|596|262|508|681|687|689)")


def normalise_phone(text: str, departement: str = "") -> str:
    """Return the first number of ``text`` as ``+33387000000``; empty if none can be read.

    A short number (3960) is kept as it is. Numbers without a country's code are those of the
    département, else of metropolitan France.
    """
    region = _REGIONS.get(departement, "FR")
    if region == "FR" and (plain := _plainly_written(text)):
        return plain
    for part in _SEVERAL.split(text.removesuffix(".0")):
        short = _SHORT.match(part)
        if short:
            return short[1].replace(" ", "")
        for number, where in _readings(part, region):
            try:
                parsed = phonenumbers.parse(number, where)
            except NumberParseException:
                continue
            if str(parsed.country_code) in _CODES and _is_real(parsed, number):
                return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if whole := _WHOLE_NUMBER.search(text):  # «03 87 00 00 01-02», or two with a space between
        return normalise_phone(whole[0], departement) if whole[0] != text else ""
    for where in dict.fromkeys((region, "FR")):
        # A number among other words: «de 9 h à 12 h au 03 87…».
        for match in phonenumbers.PhoneNumberMatcher(text, where):
            if str(match.number.country_code) in _CODES:
                return phonenumbers.format_number(match.number, PhoneNumberFormat.E164)
    return ""


def _plainly_written(text: str) -> str:
    """Return a number of metropolitan France that nothing surrounds; empty for any other text.

    It is weighed by the library's own patterns, without its parser: a directory holds 20 000.
    """
    found = _PLAIN.fullmatch(text)
    if not found:
        return ""
    digits = re.sub(r"[ .]", "", found[1])
    real = any(pattern.fullmatch(digits) for pattern in _FRENCH_PLAN[1:])
    return f"+33{digits}" if real and _FRENCH_PLAN[0].fullmatch(digits) else ""


def _is_real(parsed: phonenumbers.PhoneNumber, written: str) -> bool:
    """Whether a number can be one: the plans of six figures are newer than the library's."""
    if len(written) == SIX_FIGURES and str(parsed.country_code) not in _WITH_TRUNK_ZERO:
        return phonenumbers.is_possible_number(parsed)
    return phonenumbers.is_valid_number(parsed)


def _readings(part: str, region: str) -> Iterator[tuple[str, str]]:
    """Yield what a number may be, the likeliest first: as written, then what was left out."""
    plain = re.sub(r"\(0\)", "", _EXTENSION.sub("", part))
    digits = re.sub(r"\D", "", plain)
    if "+" in plain or digits.startswith("00"):
        international = digits.removeprefix("00")
        yield f"+{international}", region
        # «+33 03 87…»: the zero that is dialled inside France.
        for code in _CODES:
            if international.startswith(f"{code}0"):
                yield f"+{code}{international[len(code) + 1 :]}", region
        return
    far = _REGIONS.values() if len(digits) == WHOLE and digits[1:4] in _OVERSEAS else ()
    regions = dict.fromkeys((region, "FR", *far))
    for each in regions:
        yield digits, each
    if len(digits) == 9:
        for each in regions:
            yield f"0{digits}", each
    yield f"+{digits}", region


def spoken_phone(phone: str) -> str:
    """Return a normalised number as people write it: ``03 87 00 00 00``."""
    found = _PREFIX.match(phone.removeprefix("+"))
    if not phone.startswith("+") or not found:
        return phone
    rest = phone[1 + found.end() :]
    if found[1] in _WITH_TRUNK_ZERO:
        rest = "0" + rest
    return " ".join(rest[i : i + 2] for i in range(0, len(rest), 2))
