"""Find the numbers that say where one is: postcodes, départements, arrondissements."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from actions.places.gazetteer import Commune
from actions.places.names import NameIndex
from actions.places.spoken import DIGITS, ORDINALS, ROMANS, number_length, read_number
from actions.places.text import fold
from actions.places.tokens import Words
from actions.places.words import (
    BARE_WORDS,
    CITY_WORDS,
    DWELLING,
    FILLERS,
    MONTHS,
    ORDINAL_ENDINGS,
    SOFT_UNITS,
    UNITS,
)

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
_POSTCODE_CUES = frozenset("a au dans ds sur postal cp code habite vers".split())  # noqa: SIM905
_DEPARTEMENT_CUES = frozenset(
    "le du au dans ds departement dept dep dpt en numero".split()  # noqa: SIM905
)
_CLOSE_CUES = frozenset("dans ds departement dept dep dpt numero".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class PostcodeMention:
    """A postcode as written, and the communes it is for."""

    code: str
    first: int
    last: int
    communes: tuple[Commune, ...]
    cedex: bool
    """Not a geographic postcode: its communes are those of the post office."""


@dataclass(frozen=True, slots=True)
class ArrondissementMention:
    """Municipal arrondissements that a number may mean; one when the city is said."""

    codes: tuple[str, ...]
    first: int
    last: int


def find_postcode(words: Words, index: NameIndex) -> PostcodeMention | None:
    """Return the last postcode of the text, and mark its tokens."""
    found: PostcodeMention | None = None
    for i in range(len(words.tokens)):
        read = _five_digits(words, i, index)
        if read is None:
            continue
        code, last = read
        communes = tuple(index.territories.by_postcode.get(code, ()))
        cedex = not communes
        said = "cedex" in words.folded
        if cedex and (said or len(words.tokens) <= 8):
            communes = _post_office(code, index)
        if communes:
            found = PostcodeMention(code, i, last, communes, cedex)
    if found is not None:
        words.use(found.first, found.last)
    return found


def _five_digits(words: Words, i: int, index: NameIndex) -> tuple[str, int] | None:
    word, following = words.word(i), words.word(i + 1)
    if not word.isdigit() or words.word(i - 1).isdigit() or words.used[i]:
        return None
    last = i + 1
    if len(word) == 2 and len(following) == 3 and following.isdigit():
        word += following
        last += 1
        if word not in index.territories.by_postcode:
            return None
    if len(word) != 5 or words.word(last).isdigit():
        return None
    round_number = word.endswith("000")
    soft = words.word(last) in SOFT_UNITS and not round_number
    if _counts(words, last) and not soft:
        return None
    if round_number and not _is_code(words, i, last, index):
        return None
    return word, last


def _is_code(words: Words, first: int, last: int, index: NameIndex) -> bool:
    """Tell a postcode in thousands from an amount («aide pour 85000»)."""
    if words.only_but(first, last, BARE_WORDS) or words.word(first - 1) in _POSTCODE_CUES:
        return True
    beside = [words.word(last), words.word(first - 1)]
    return any(
        _named_there(word, "".join(words.word(i) for i in range(first, last)), index)
        for word in beside
        if word and word.isalpha()
    )


def _named_there(word: str, code: str, index: NameIndex) -> bool:
    """Say whether a word starts or ends the name of a commune of a postcode, more or less."""
    communes = index.territories.by_postcode.get(code, ())
    return any(
        fuzz.ratio(word, piece) >= 75
        for commune in communes
        for piece in fold(commune.name).split()
        if len(piece) > 2
    )


def _counts(words: Words, after: int) -> bool:
    """Say whether what follows a number is what it counts («20 515 € de pass»)."""
    following = words.word(after)
    if words.text[words.tokens[after - 1].end :].lstrip(" \u00a0\u202f").startswith(("€", "%")):
        return True
    if following == "de":
        following = words.word(after + 1)
    return following in UNITS


def _post_office(code: str, index: NameIndex) -> tuple[Commune, ...]:
    """Communes that a CEDEX code most likely belongs to: the post office's first digits tell."""
    if code.startswith("75"):
        return (index.gazetteer.communes["75056"],)
    if re.match(r"69[234]", code):
        return (index.gazetteer.communes["69123"],)
    if re.match(r"13[234]", code):
        return (index.gazetteer.communes["13055"],)
    for base in (f"{code[:4]}0", f"{code[:3]}00"):
        if base in index.territories.by_postcode:
            return (index.territories.by_postcode[base][0],)
    near = [
        communes[0]
        for other, communes in index.territories.by_postcode.items()
        if other[:3] == code[:3]
    ]
    return (max(near, key=lambda commune: commune.population),) if near else ()


def find_arrondissement(words: Words) -> ArrondissementMention | None:
    """Return the municipal arrondissement named, and mark its tokens."""
    for pattern in (_AFTER_CITY, _BEFORE_CITY):
        for match in pattern.finditer(words.folded):
            number = _number_of(match)
            first, last = words.at(match.start()), words.at(match.end() - 1) + 1
            if not number or _counts(words, last) or any(words.used[first:last]):
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
        if not number or _counts(words, last) or not (said or (ordinal and at_end and placed)):
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


@dataclass(frozen=True, slots=True)
class DepartementMention:
    """A département said by its number."""

    code: str
    """``20`` stands for both of Corsica."""
    first: int
    last: int


def find_departement(
    words: Words, index: NameIndex, names: list[tuple[int, int]]
) -> DepartementMention | None:
    """Return the département written as a number, and mark its tokens.

    Args:
        words: The text.
        index: Names, for the codes that exist.
        names: Spans of the communes found: a number beside one is its département.
    """
    for i in range(len(words.tokens)):
        read = None if words.used[i] else _departement_code(words, i)
        if read is None:
            continue
        code, last, sure = read
        if code not in index.gazetteer.departements and code != "20":
            continue
        if _counts(words, last) or words.word(last) in ORDINAL_ENDINGS - {"e"}:
            continue
        beside = any(last == first or end == i for first, end in names)
        if beside or words.tokens[i].bracketed or _announced(words, i, last, sure):
            words.use(i, last)
            return DepartementMention(code, i, last)
    return None


def _announced(words: Words, first: int, last: int, sure: bool) -> bool:
    """Say whether the words before a number make it a département."""
    cue, before = words.word(first - 1), words.word(first - 2)
    if words.only_but(first, last, FILLERS) and len(words.tokens) <= 6:
        said_alone = last - first > 1 and words.only_but(first, last, ())
        return sure or said_alone or cue in _DEPARTEMENT_CUES
    if cue in _CLOSE_CUES or (cue in ("le", "du") and before in _CLOSE_CUES | DWELLING):
        return True
    at_end = last == len(words.tokens) or words.tokens[last].after_break
    number = int(words.word(first)) if words.word(first).isdigit() else 0
    return at_end and (number > 970 or (cue in ("le", "du") and sure and number > 31))


def _departement_code(words: Words, i: int) -> tuple[str, int, bool] | None:
    """Read a code at a token: its text, the index after it, and whether digits were written."""
    word, following = words.word(i), words.word(i + 1)
    if word.isdigit():
        if words.word(i - 1).isdigit():
            return None
        if word == "2" and following in ("a", "b") and words.tokens[i + 1].glued:
            return f"2{following.upper()}", i + 2, True
        if len(word) == 1 and len(following) == 1 and following.isdigit():
            third = words.word(i + 2)
            if len(third) == 1 and third.isdigit():
                return word + following + third, i + 3, True
            return word + following, i + 2, True
        return (word, i + 1, True) if len(word) in (2, 3) and not following.isdigit() else None
    length = number_length([token.word for token in words.tokens[i : i + 7]], 0)
    if word == "deux" and following in ("a", "b") and words.word(i - 1) in _DEPARTEMENT_CUES:
        return f"2{following.upper()}", i + 2, False
    if length < 1 or words.word(i + length) in MONTHS:
        return None
    said = [token.word for token in words.tokens[i : i + length]]
    code = read_number(said)
    if code is None or (length == 1 and words.word(i - 1) not in _CLOSE_CUES | {"le"}):
        return None
    return code, i + length, False


def spoken_postcode(words: Words, index: NameIndex) -> PostcodeMention | None:
    """Return a postcode dictated in words («cinquante-sept mille»)."""
    for i, token in enumerate(words.tokens):
        if token.word != "mille" or words.used[i]:
            continue
        first = i
        while first > 0 and number_length([words.word(first - 1)], 0):
            first -= 1
        code = read_number([t.word for t in words.tokens[first:i]])
        beyond = number_length([t.word for t in words.tokens[i + 1 : i + 7]], 0)
        if code is None or len(code) != 2 or _counts(words, i + 1 + beyond):
            continue
        tail = read_number([t.word for t in words.tokens[i + 1 : i + 1 + beyond]]) if beyond else ""
        full = f"{code}{int(tail or 0):03d}"
        last = i + 1 + beyond
        alone = words.only_but(first, last, BARE_WORDS)
        if alone and full in index.territories.by_postcode:
            words.use(first, last)
            return PostcodeMention(
                full, first, last, tuple(index.territories.by_postcode[full]), False
            )
    return None
