"""What a request says of its publics and of the 2019 grid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.reading.quantities.quantities import CountedThings, Quantities, Share
from actions.reading.quantities.tokens import flatten


@dataclass(frozen=True, slots=True)
class PicShare:
    """Part of the beneficiaries who are PIC publics: between two fractions of one."""

    low: Decimal
    high: Decimal

    @property
    def exact(self) -> bool:
        """One figure."""
        return self.low == self.high


_PIC = re.compile(
    r"\bpic\b|emploi(?! du temps)|chom\w+|insertion|\brsa\b|decroch\w+|sans qualification"
    r"|peu qualifie\w*|sans diplomes?|non diplome\w*|\bneet\b|pole emploi|mission locale"
    r"|investissement dans les comp"
)
_NOT_PIC = re.compile(
    r"retraite\w*|personnes? agees?|\bages\b|seniors?|\baines?\b|etudiant\w*|lyceen\w*|salaries?\b"
    r"|scolaires?|ehpad|enfants?|hors pic|non pic|tout public|troisieme age|\bagents?\b|familles?"
    r"|autres publics|grand public"
)
_PUBLIC = re.compile(r"\bpublics?\b|beneficiaires?|personnes|usagers?|habitants?|cible")
_MONEY = re.compile(
    r"aides?\b|subvention\w*|taux|\betat\b|financ\w*|budget|enveloppe|cout|prix|montant|tva|achat"
    r"|prise en charge|hausse|baisse|reduction|part de l|\bcarnets?\b|\bpass\b|depense\w*"
    r"|participation"
)
_ALL = (
    r"(?:uniquement|exclusivement|que|seulement|tous|toutes|totalite|integralite|entierement"
    r"|100 ?%)"
)
_MOST = (
    r"(?:majorite|majoritairement|principalement|surtout|essentiellement|plupart|plus de la moitie)"
)
_FEW = r"(?:minorite|minoritaires?|moins de la moitie|tres peu)"
_NONE = r"(?:aucune?s?|pas de|pas d|sans|zero|0|jamais de|ni)"
_FIGURE = re.compile(r"\D{0,20}?(\d{1,2}|100)\D{0,20}")
_CLAUSE = re.compile(r"[.;!?\n]|(?<!\d),(?!\d)|\bet\b|\bmais\b")
_GRID = {
    "publics": r"publics? cibles?|personnes? agees?|seniors?|retraite\w*|isole\w*|allophones?"
    r"|sans diplome|demandeurs? d.emploi|chomeurs?|\brsa\b|precar\w+|illectron\w+|handicap\w*",
    "structuration": r"structur\w*|recens\w*|cartograph\w*|mise? en reseau|reseau d.acteurs"
    r"|reseau des acteurs|coordination",
    "hub": r"\bhubs?\b",
    "achat_concerte": r"achats? (?:concerte|groupe|commun|mutualise|partage)\w*|concert\w+"
    r"|groupement de commandes?|autres porteurs",
    "fonds_europeens": r"europ\w+|feder\b|\bfse\b|\bleader\b|\bfeader\b",
}
_SOCIO = re.compile(
    r"(?:note|prime|bonus|socio\w*(?:.demographi\w+)?)[^.;,\d]{0,40}?"
    r"([0-5])(?: points?| ?/ ?5)?(?![\d%])"
    r"|([0-5])(?: points?)? (?:de|en|pour|au titre de la|sur la)[^.;,]{0,12} ?"
    r"(?:socio|pauvrete|demograph)"
)
_EVERY = re.compile(
    r"\b(?:tous|toutes) (?:les |nos )?(?:points?|criteres?|bonus|cases)|maximum de points"
    r"|(?:note|grille|score) maxim\w*|(?:meilleur|plus haut) taux|taux maxim\w*"
)
_NOT_EVERY = re.compile(r"\b(?:pas|sans|ni|sauf|presque)\b")
LARGEST_NOTE = 5
"""Of the territory: the points that it gives at most."""
_NEGATION = re.compile(
    r"\b(?:pas|sans|ni|aucune?s?|non|jamais|0)\b(?: \w+){0,2}(?: d.| de)?(?: \w+)? ?$|\bpas d.?$"
)
_NEGATED_AFTER = re.compile(r"^(?: \w+){0,2} ?:? ?\(?(?:non|pas|aucun)\b")


def read_pic_share(text: str, quantities: Quantities, *, alone: bool = False) -> PicShare | None:
    """Return the part of PIC publics that a text states; ``None`` when it does not.

    Args:
        text: As the person wrote it.
        quantities: What it counts.
        alone: The text answers «quelle part ?»: a bare share is that one.
    """
    flat = flatten(text)
    pic: list[PicShare] = []
    other = Decimal(0)
    for share in quantities.shares:
        kind = _kind_of(flat, share, quantities.shares, alone)
        if kind == "pic":
            pic.append(_bounds(share, flat))
        elif kind == "other":
            other += share.low if share.low is not None else share.value
    no_sum = all(amount.high <= 100 for amount in quantities.amounts)
    if alone and no_sum and not quantities.shares and (figure := _FIGURE.fullmatch(flat)):
        pic.append(PicShare(Decimal(figure.group(1)) / 100, Decimal(figure.group(1)) / 100))
    if pic:
        low, high = sum(p.low for p in pic), sum(p.high for p in pic)
        if high > 1:
            low, high = min(p.low for p in pic), max(p.high for p in pic)
        return PicShare(Decimal(low), min(Decimal(high), Decimal(1)))
    if Decimal("0.5") < other <= 1:
        return PicShare(Decimal(0), 1 - other)
    return _in_words(flat) or _by_counting(quantities.counts)


def _bounds(share: Share, flat: str) -> PicShare:
    low = share.value if share.low is None else share.low
    before = flat[max(0, share.start - 12) : share.start]
    if share.bound == "less" or re.search(
        r"(?:presque|a peine|pas|sans|n.avons plus) (?:meme )?(?:la )?$", before
    ):
        return PicShare(Decimal(0), share.value - Decimal("0.0001"))
    if share.bound == "more":
        return PicShare(share.value, Decimal(1))
    return PicShare(low, share.value)


def _kind_of(flat: str, share: Share, shares: Sequence[Share], alone: bool) -> str:
    """Tell what a share is of: ``pic``, ``other`` publics, or nothing of ours."""
    next_start = min((s.start for s in shares if s.start > share.start), default=len(flat))
    after = _CLAUSE.split(flat[share.end : min(next_start, share.end + 70)])[0]
    previous_end = max((s.end for s in shares if s.end < share.start), default=0)
    before = _CLAUSE.split(flat[max(previous_end, share.start - 60) : share.start])[-1]
    money_near = _MONEY.search(after[:30])
    for part in (after, before):
        found = [(m.start(), kind) for kind, pattern in _KINDS if (m := pattern.search(part))]
        if found and not (part is after and money_near and money_near.start() < min(found)[0]):
            return (min(found) if part is after else max(found))[1]
    if money_near or _MONEY.search(before[-30:]):
        return ""
    if _PUBLIC.search(after) or _PUBLIC.search(before):
        return "pic"
    wider = _PIC.search(flat[share.end : min(next_start, share.end + 70)]) or _PIC.search(
        flat[max(previous_end, share.start - 60) : share.start]
    )
    return "pic" if alone or wider else ""


_KINDS = (("pic", _PIC), ("other", _NOT_PIC))


def _in_words(flat: str) -> PicShare | None:
    """Read «uniquement des demandeurs d'emploi», «surtout des retraités», «aucun public PIC»."""
    half, none, every = Decimal("0.5"), Decimal(0), Decimal(1)
    gap = r"(?: \S+){0,4}? ?\S*?"
    if re.search(rf"\b{_NONE}{gap}(?:{_PIC.pattern})", flat):
        near = re.search(
            rf"\b{_NONE}(?: \w+){{0,2}} ?\S{{0,2}}(?:publics? )?(?:{_PIC.pattern})", flat
        )
        if near and not re.search(r"\bsans (?:emploi|qualif|diplome)|pas d.emploi", near.group()):
            return PicShare(none, none)
    readings = (
        (_ALL, _PIC, PicShare(every, every)),
        (_ALL, _NOT_PIC, PicShare(none, none)),
        (_MOST, _PIC, PicShare(half, every)),
        (_MOST, _NOT_PIC, PicShare(none, half - Decimal("0.0001"))),
        (_FEW, _PIC, PicShare(none, half - Decimal("0.0001"))),
    )
    for quantity, public, meaning in readings:
        if re.search(rf"\b{quantity}{gap}(?:{public.pattern})", flat):
            return meaning
    return None


def _by_counting(counts: Sequence[CountedThings]) -> PicShare | None:
    """Read «80 demandeurs d'emploi sur 200 bénéficiaires»."""
    pic = [c.value for c in counts if re.match(r"demandeu|chomeu|jeunes$", c.noun)]
    whole = [c.value for c in counts if re.match(r"benef|personnes|usagers|participants", c.noun)]
    if len(pic) == 1 and len(whole) == 1 and 0 <= pic[0] <= whole[0] > 0:
        return PicShare(pic[0] / whole[0], pic[0] / whole[0])
    return None


def read_grid(text: str) -> Mapping[str, int]:
    """Return what a text says of the 2019 grid: component → 1 (yes), 0 (no), or its note."""
    flat = flatten(text)
    grid: dict[str, int] = {}
    if _EVERY.search(flat) and not _NOT_EVERY.search(flat):
        return {**dict.fromkeys(_GRID, 1), "socio_demographie": LARGEST_NOTE}
    for component, words in _GRID.items():
        for match in re.finditer(rf"\b(?:{words})", flat):
            before = re.split(r"[.;,]", flat[max(0, match.start() - 30) : match.start()])[-1]
            said_no = _NEGATION.search(before) or _NEGATED_AFTER.match(flat[match.end() :])
            grid[component] = 0 if said_no else 1
            break
    if found := _SOCIO.search(flat):
        grid["socio_demographie"] = int(found.group(1) or found.group(2))
    return grid
