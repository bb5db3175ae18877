"""Find the postcode that says where one is, in figures or dictated, CEDEX included."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from actions.reading.fold import fold
from actions.reading.territory.arrondissements import CITIES
from actions.reading.territory.gazetteer import Commune
from actions.reading.territory.names import NameIndex
from actions.reading.territory.place_vocabulary import ASKED, BARE_WORDS, FILLERS, SOFT_UNITS
from actions.reading.territory.spoken import number_length, read_number
from actions.reading.territory.written_words import WrittenText

_POSTCODE_CUES = frozenset("a au dans ds sur postal cp code habite vers f".split())  # noqa: SIM905


_OWNERS = frozenset({"on", "il", "elle", "qui", "y"})
"""Who has an amount: «on a 15000»."""

_COUNTED = frozenset(
    "dossier ticket cheque reference ref facture commande colis contrat allocataire client siret"  # noqa: SIM905
    " demande recepisse abonne compteur serie".split()
)
"""What a number after it is that of: «mon dossier est le 45210», «ticket n° 13004»."""

_NUMBER_SIGNS = frozenset({"n", "no", "numero", "num", "est", "le", "c"})
"""Small words between them."""

_WANTED = frozenset(
    "cours aide aider formation initiation apprendre ateliers atelier tablette tablettes"  # noqa: SIM905
    " ordinateur ordi informatique numerique mail smartphone telephone internet imprimer"
    " imprimante demarches caf impots samedi gratuit lieu lieux".split()
)
"""What people look for right before or after their postcode: «54000 cours tablette»."""


@dataclass(frozen=True, slots=True)
class PostcodeMention:
    """A postcode as written, and the communes it is for."""

    code: str
    first: int
    last: int
    communes: tuple[Commune, ...]
    cedex: bool
    """Not a geographic postcode: its communes are those of the post office."""


def find_postcode(words: WrittenText, index: NameIndex) -> PostcodeMention | None:
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


def _five_digits(words: WrittenText, i: int, index: NameIndex) -> tuple[str, int] | None:
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
    if _is_a_reference(words, i, last, word, index):
        return None
    soft = words.word(last) in SOFT_UNITS and not round_number
    if words.counts(last) and not soft:
        return None
    if (round_number or last - i > 1) and not _is_code(words, i, last, index):
        return None
    return word, last


def _is_a_reference(words: WrittenText, first: int, last: int, code: str, index: NameIndex) -> bool:
    """Tell the number of a file or a ticket from a postcode: «mon dossier est le 45210»."""
    at = first - 1
    while at >= 0 and first - at < 4 and words.word(at) in _NUMBER_SIGNS:
        at -= 1
    if words.word(at) not in _COUNTED or words.tokens[first].after_break:
        return False
    return not _named_there(words.word(last) or "-", code, index)


def _is_code(words: WrittenText, first: int, last: int, index: NameIndex) -> bool:
    """Tell a postcode in thousands from an amount («aide pour 85000», «on est à 38 000»)."""
    before = words.word(first - 1)
    spaced = last - first > 1 and not words.only_but(first, last, BARE_WORDS | FILLERS | ASKED)
    owned = before == "a" and words.word(first - 2) in _OWNERS
    cued = before in _POSTCODE_CUES and not spaced and not owned
    if words.only_but(first, last, BARE_WORDS) or cued:
        return True
    if words.segment(first) == (first, last) and not spaced:
        return True  # «38000, un atelier»
    if (first == 0 and words.word(last) in _WANTED) or (
        last == len(words.tokens) and words.word(first - 1) in _WANTED
    ):
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


def _post_office(code: str, index: NameIndex) -> tuple[Commune, ...]:
    """Communes that a CEDEX code most likely belongs to: the post office's first digits tell."""
    if code.startswith("75"):
        return (index.gazetteer.communes[CITIES["paris"][0]],)
    if re.match(r"69[234]", code):
        return (index.gazetteer.communes[CITIES["lyon"][0]],)
    if re.match(r"13[234]", code):
        return (index.gazetteer.communes[CITIES["marseille"][0]],)
    for base in (f"{code[:4]}0", f"{code[:3]}00"):
        if base in index.territories.by_postcode:
            return (index.territories.by_postcode[base][0],)
    near = [
        communes[0]
        for other, communes in index.territories.by_postcode.items()
        if other[:3] == code[:3]
    ]
    return (max(near, key=lambda commune: commune.population),) if near else ()


def spoken_postcode(words: WrittenText, index: NameIndex) -> PostcodeMention | None:
    """Return a postcode dictated in words («cinquante-sept mille»)."""
    for i, token in enumerate(words.tokens):
        if token.word != "mille" or words.used[i]:
            continue
        first = i
        while first > 0 and number_length([words.word(first - 1)], 0):
            first -= 1
        code = read_number([t.word for t in words.tokens[first:i]])
        beyond = number_length([t.word for t in words.tokens[i + 1 : i + 7]], 0)
        if code is None or len(code) != 2 or words.counts(i + 1 + beyond):
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
