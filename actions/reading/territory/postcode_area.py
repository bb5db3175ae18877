"""Read an area from a postcode and the names beside it."""

from __future__ import annotations

from dataclasses import replace

from rapidfuzz import fuzz

from actions.reading.territory.area_building import choice, communes_among, found, resolve
from actions.reading.territory.area_result import Area
from actions.reading.territory.mentions import Mention
from actions.reading.territory.names import NameIndex
from actions.reading.territory.place_vocabulary import LINKS
from actions.reading.territory.postcodes import PostcodeMention
from actions.reading.territory.territories import Named, words_of
from actions.reading.territory.written_words import WrittenText

SAME_POSTCODE_RATIO = 70.0
"""How alike (0 to 100) a misspelt name and a commune of the postcode beside it must be."""


def in_arrondissements(
    codes: tuple[str, ...], postcode: PostcodeMention | None, index: NameIndex
) -> Area:
    """Return the arrondissement a number means; a choice when no city was said."""
    named = [index.territories.communes[code] for code in codes]
    if postcode is not None:
        agreed = [n for n in named if n.commune and n.commune.postcodes[0] == postcode.code]
        if not agreed and len(named) == 1:
            return found(named[0], index)
        named = agreed or named
    return found(named[0], index) if len(named) == 1 else choice(named)


def at_postcode(
    postcode: PostcodeMention, mentions: list[Mention], words: WrittenText, index: NameIndex
) -> Area:
    """Return the commune of a postcode that is named beside it, else the postcode's own area."""
    inside = {commune.code for commune in postcode.communes}
    cities = {commune.city for commune in postcode.communes}
    named = [m for m in mentions if communes_among(m.hits) and not _is_its_own(m, postcode)]
    for mention in named:
        for hit in communes_among(mention.hits):
            commune = hit.named.commune
            if commune is None:
                continue
            if commune.code in inside:
                return replace(found(hit.named, index), postcode=postcode.code)
            if commune.code in cities:  # «Paris 75012»
                arrondissement = index.territories.communes[postcode.communes[0].code]
                return replace(found(arrondissement, index), postcode=postcode.code)
    misspelt = _misspelt_at(postcode, words, index)
    if misspelt is not None:
        return replace(found(misspelt, index), postcode=postcode.code)
    strong = [m for m in named if m.strength >= 1.5]
    if strong:
        return _disagreement(strong[-1], postcode, index)
    if len(postcode.communes) == 1:
        only = index.territories.communes[postcode.communes[0].code]
        return replace(found(only, index), postcode=postcode.code)
    return _postcode(postcode)


def _is_its_own(mention: Mention, postcode: PostcodeMention) -> bool:
    """Whether a name is that of the postcode's département: «10000, ville de l'Aube»."""
    inside = {commune.departement for commune in postcode.communes}
    within = {code for hit in mention.hits for code in hit.named.departements}
    return any(
        hit.named.kind == "departement" and not inside.isdisjoint(hit.named.departements)
        for hit in mention.hits
    ) and not inside.issuperset(within)


def _postcode(postcode: PostcodeMention) -> Area:
    return Area(
        "found",
        "postcode",
        (postcode.code,),
        label=postcode.code,
        point=postcode.communes[0].point,
        postcode=postcode.code,
        communes=tuple(commune.code for commune in postcode.communes),
        departements=tuple(dict.fromkeys(c.departement for c in postcode.communes)),
    )


def _misspelt_at(postcode: PostcodeMention, words: WrittenText, index: NameIndex) -> Named | None:
    """Return the commune of a postcode that the words beside it most look like."""
    beside: list[list[str]] = []
    after = postcode.last
    while after < len(words.tokens) and words.word(after).isalpha():
        after += 1
    following = [words.word(i) for i in range(postcode.last, min(after, postcode.last + 6))]
    beside.extend(following[:length] for length in range(len(following), 0, -1))
    beside.extend(
        [words.word(i) for i in range(first, postcode.first)]
        for first in range(max(0, postcode.first - 6), postcode.first)
    )
    best: tuple[float, Named | None] = (SAME_POSTCODE_RATIO, None)
    for group in beside:
        written = "".join(word for word in group if word not in LINKS)
        if len(written) < 3:
            continue
        for commune in postcode.communes:
            named = index.territories.communes[commune.city]
            name = "".join(word for word in words_of(named.label) if word not in LINKS)
            likeness = fuzz.ratio(written, name)
            if likeness > best[0]:
                best = likeness, index.territories.communes[commune.code]
    return best[1]


def _disagreement(mention: Mention, postcode: PostcodeMention, index: NameIndex) -> Area:
    """A commune and a postcode that is not its own: ask, unless the postcode is near."""
    departements = {commune.departement for commune in postcode.communes}
    hits = communes_among(mention.hits)
    close = [hit for hit in hits if departements.intersection(hit.named.departements)]
    if close:
        return replace(resolve(close, index), postcode=postcode.code)
    if postcode.cedex:
        return resolve(hits, index)
    other = index.territories.communes[postcode.communes[0].code]
    return choice([hits[0].named, other])
