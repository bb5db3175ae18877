"""Find the municipal arrondissement named: «Lyon 3e», «dans le XVe», «marseille 4eme»."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.reading.territory.place_vocabulary import CITY_WORDS, ORDINAL_ENDINGS
from actions.reading.territory.spoken import DIGITS, ORDINALS, ROMANS, read_number
from actions.reading.territory.written_words import WrittenText

CITIES = {"paris": ("75056", "751"), "lyon": ("69123", "6938"), "marseille": ("13055", "132")}
"""Name → INSEE code of the commune, first digits of its arrondissements' codes."""

_CARDINALS = "|".join(
    (
        "dix (?:sept|huit|neuf)|vingt|onze|douze|treize|quatorze|quinze|seize|dix|un|deux|trois",
        "quatre|cinq|six|sept|huit|neuf",
    )
)
_ORDINAL_WORDS = "|".join(sorted(ORDINALS, key=len, reverse=True))
_ORDINAL = rf"(?P<word>dix (?:sept|huit|neuv)ieme|{_ORDINAL_WORDS})"
_ENDING = "|".join(sorted(ORDINAL_ENDINGS, key=len, reverse=True))
_ROMAN = rf"(?P<roman>{'|'.join(sorted(ROMANS, key=len, reverse=True))})(?:e|eme|er)"
_BARE_ROMAN = "|".join(sorted((r for r in ROMANS if len(r) > 1), key=len, reverse=True))
_CITY = r"(?P<city>paris|lyon|marseille)"
_ARR = "|".join(CITY_WORDS)
_NUMBER = rf"(?:(?P<digits>\d{{1,2}})(?: (?P<ending>{_ENDING}))?|{_ORDINAL}|{_ROMAN})"

_AFTER_CITY = re.compile(
    rf"\b{_CITY} (?:(?:dans|ds|sur|a|en) )?(?:(?:le|l|au|du) )?"
    rf"(?:{_NUMBER}|(?P<cardinal>{_CARDINALS})|(?P<bare>{_BARE_ROMAN}))(?P<arr> (?:{_ARR}))?\b"
)
_BEFORE_CITY = re.compile(rf"\b{_NUMBER}(?P<arr> (?:{_ARR}))?(?: (?:de|d|a|sur|dans))? {_CITY}\b")
_ALONE = re.compile(
    rf"\b(?P<cue>(?:(?:dans|ds) )?(?:le |du |au |l )?)(?:{_NUMBER}|(?P<cardinal>{_CARDINALS}))"
    rf"(?P<arr> (?:{_ARR}))?\b"
)


@dataclass(frozen=True, slots=True)
class ArrondissementMention:
    """Municipal arrondissements that a number may mean; one when the city is said."""

    codes: tuple[str, ...]
    first: int
    last: int


def find_arrondissement(words: WrittenText) -> ArrondissementMention | None:
    """Return the municipal arrondissement named, and mark its tokens."""
    for pattern in (_AFTER_CITY, _BEFORE_CITY):
        for match in pattern.finditer(words.folded):
            number = _number_of(match)
            first, last = words.at(match.start()), words.at(match.end() - 1) + 1
            if not number or words.counts(last) or any(words.used[first:last]):
                continue
            bare = not (match["arr"] or match["ending"] or match["word"] or match["roman"])
            if pattern is _BEFORE_CITY and bare:
                continue
            if bare and (words.tokens[last - 1].bracketed or words.word(last).isdigit()):
                continue
            code = _code(match["city"], number)
            if code:
                words.use(first, last)
                return ArrondissementMention((code,), first, last)
    for match in _ALONE.finditer(words.folded):
        number = _number_of(match)
        first, last = words.at(match.start()), words.at(match.end() - 1) + 1
        said = bool(match["arr"])
        ordinal = bool(match["ending"] or match["word"]) and bool(match["cue"].strip())
        at_end = last == len(words.tokens) or words.tokens[last].after_break
        placed = (
            "dans" in match["cue"]
            or "ds" in match["cue"]
            or words.word(first - 1) in ("habite", "jhabite", "vis", "reside")
        )
        if not number or words.counts(last) or not (said or (ordinal and at_end and placed)):
            continue
        codes = tuple(code for city in CITIES if (code := _code(city, number)))
        if codes:
            words.use(first, last)
            return ArrondissementMention(codes, first, last)
    return None


def _number_of(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups["digits"]:
        return int(groups["digits"])
    if groups["word"]:
        return ORDINALS.get(groups["word"].replace(" ", ""), 0)
    roman = groups["roman"] or groups.get("bare")
    if roman:
        return ROMANS[roman]
    spoken = groups.get("cardinal")
    if not spoken:
        return 0
    return DIGITS.get(spoken) or int(read_number(spoken.split()) or 0)


def _code(city: str, number: int) -> str:
    most = {"paris": 20, "lyon": 9, "marseille": 16}[city]
    prefix = CITIES[city][1]
    return f"{prefix}{number:0{5 - len(prefix)}d}" if 1 <= number <= most else ""
