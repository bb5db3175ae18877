"""Where people say they are.

``parse_area`` reads a whole sentence or a bare «57», with the slips of people who type
little: no accents, phone shorthand, dictation, misspelt names. Pure: no network, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from actions.places.addresses import Street, find_street
from actions.places.area_result import ASK_POSITION, UNKNOWN, Area, Candidate
from actions.places.codes import (
    PostcodeMention,
    find_arrondissement,
    find_departement,
    find_postcode,
    spoken_postcode,
)
from actions.places.gazetteer import ARRONDISSEMENT, Commune, Gazetteer
from actions.places.geo import distance_m
from actions.places.mentions import Mention, Words, announced, find_names, inside_name, unexplained
from actions.places.names import (
    DOMINANT,
    FULL,
    SHORT,
    Hit,
    Named,
    NameIndex,
    best_of_each,
    name_index,
    words_of,
)
from actions.places.words import DWELLING, FILLERS, HERE, LINKS

__all__ = ["Area", "Candidate", "parse_area"]

LONGEST_TEXT = 4_096
"""Characters that are read: a Telegram message."""

_GROUPING = re.compile(
    r"\b(?:agglo(?:meration)?|(?:euro)?metropole|com ?com|interco(?:mmunalite)?"
    r"|communaute (?:de communes|urbaine|d agglo(?:meration)?))(?: de la| de l| du| des| de| d)?$"
)
"""What makes a commune's name that of its intercommunalité, when it stands right before."""

MOST_CANDIDATES = 6
"""Choices offered for one ambiguous name."""

SAME_POSTCODE_RATIO = 70.0
"""How alike (0 to 100) a misspelt name and a commune of the postcode beside it must be."""

DOMINANT_MISSPELT = 1.5
"""The same as ``DOMINANT`` between readings of a misspelt name: slips already cost."""

LARGE_TOWN = 15_000
"""Population from which a name cut short is rather the town than a village of that name."""

LARGE_COMMUNE = 10_000
"""A commune that bears the name of its département («Vienne») is as likely from this size."""


def parse_area(text: str, gazetteer: Gazetteer) -> Area:
    """Read where a person says they are, in a sentence or alone.

    Args:
        text: What was written; beyond ``LONGEST_TEXT`` characters it is not read.
        gazetteer: The territories; its index is built at the first call (under a second).

    Returns:
        ``found``; ``ambiguous`` when no bearer of a name outweighs the others;
        ``ask_position`` for «près de chez moi»; ``unknown`` otherwise. Never raises.
    """
    return _Reading(text[:LONGEST_TEXT], name_index(gazetteer)).area()


@dataclass(frozen=True, slots=True)
class _Within:
    """What a commune must be in: a département or a région said beside it."""

    departements: frozenset[str]

    def holds(self, named: Named) -> bool:
        return bool(self.departements.intersection(named.departements))


class _Reading:
    """One text being read."""

    def __init__(self, text: str, index: NameIndex) -> None:
        self.index = index
        self.words = Words.of(text)
        self.named: set[int] = set()
        """Indexes of the words that are part of a name found."""

    def area(self) -> Area:
        words, index = self.words, self.index
        postcode = find_postcode(words, index) or spoken_postcode(words, index)
        street = find_street(words, index)
        arrondissement = find_arrondissement(words)
        foreign = self._foreign()
        mentions = find_names(words, index)
        self.named = {i for m in mentions for i in range(m.first, m.last)}
        spans = [(m.first, m.last) for m in mentions if _communes(m.hits)]
        departement = find_departement(words, index, spans)
        found = UNKNOWN
        if arrondissement is not None:
            found = self._arrondissements(arrondissement.codes, postcode)
        elif postcode is not None:
            found = self._at_postcode(postcode, mentions)
        else:
            within: list[Named] = []
            if departement is not None:
                within.append(self._departement(departement.code))
            found = self._named(mentions, within, foreign)
        if found is UNKNOWN:
            return ASK_POSITION if HERE.search(words.folded) else UNKNOWN
        return self._with_address(found, street)

    # -- foreign places ---------------------------------------------------------------------

    def _foreign(self) -> list[tuple[int, int]]:
        """Find the names of foreign places, and mark them so that nothing is guessed there."""
        spans: list[tuple[int, int]] = []
        words, foreign = self.words, self.index.gazetteer.foreign
        for first in range(len(words.tokens)):
            if words.word(first) not in self.index.foreign_starts:
                continue
            for last in range(min(first + 4, len(words.tokens)), first, -1):
                name = " ".join(words.word(i) for i in range(first, last))
                if name not in foreign or any(words.used[first:last]):
                    continue
                if inside_name(words, self.index, first, last):
                    continue
                here = _communes(self.index.exact(name))
                if here and here[0].weight >= 3_000:
                    continue
                words.use(first, last)
                spans.append((first, last))
                break
        return spans

    def _abroad(self, mention: Mention, foreign: list[tuple[int, int]]) -> bool:
        """Say whether a country right after a name takes it abroad («Vienne en Autriche»)."""
        for first, _ in foreign:
            between = [self.words.word(i) for i in range(mention.last, first)]
            if 0 <= first - mention.last <= 2 and all(
                word in LINKS for word in between
            ):
                return True
        return False

    # -- postcodes and arrondissements ------------------------------------------------------

    def _arrondissements(self, codes: tuple[str, ...], postcode: PostcodeMention | None) -> Area:
        named = [self.index.commune_named[code] for code in codes]
        if postcode is not None:
            agreed = [n for n in named if n.commune and n.commune.postcodes[0] == postcode.code]
            if not agreed and len(named) == 1:
                return self._found(named[0])
            named = agreed or named
        return self._found(named[0]) if len(named) == 1 else _choice(named)

    def _at_postcode(self, postcode: PostcodeMention, mentions: list[Mention]) -> Area:
        inside = {commune.code for commune in postcode.communes}
        cities = {commune.city for commune in postcode.communes}
        named = [m for m in mentions if _communes(m.hits)]
        for mention in named:
            for hit in _communes(mention.hits):
                commune = hit.named.commune
                if commune is None:
                    continue
                if commune.code in inside:
                    return replace(self._found(hit.named), postcode=postcode.code)
                if commune.code in cities:  # «Paris 75012»
                    arrondissement = self.index.commune_named[postcode.communes[0].code]
                    return replace(self._found(arrondissement), postcode=postcode.code)
        misspelt = self._misspelt_at(postcode)
        if misspelt is not None:
            return replace(self._found(misspelt), postcode=postcode.code)
        strong = [m for m in named if m.strength >= 1.5]
        if strong:
            return self._disagreement(strong[-1], postcode)
        if len(postcode.communes) == 1:
            only = self.index.commune_named[postcode.communes[0].code]
            return replace(self._found(only), postcode=postcode.code)
        return self._postcode(postcode)

    def _postcode(self, postcode: PostcodeMention) -> Area:
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

    def _misspelt_at(self, postcode: PostcodeMention) -> Named | None:
        """Return the commune of a postcode that the words beside it most look like."""
        words = self.words
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
                named = self.index.commune_named[commune.city]
                name = "".join(word for word in words_of(named.label) if word not in LINKS)
                likeness = fuzz.ratio(written, name)
                if likeness > best[0]:
                    best = likeness, self.index.commune_named[commune.code]
        return best[1]

    def _disagreement(self, mention: Mention, postcode: PostcodeMention) -> Area:
        """A commune and a postcode that is not its own: ask, unless the postcode is near."""
        departements = {commune.departement for commune in postcode.communes}
        hits = _communes(mention.hits)
        close = [hit for hit in hits if departements.intersection(hit.named.departements)]
        if close:
            return replace(self._resolve(close), postcode=postcode.code)
        if postcode.cedex:
            return self._resolve(hits)
        other = self.index.commune_named[postcode.communes[0].code]
        return _choice([hits[0].named, other])

    # -- names ------------------------------------------------------------------------------

    def _departement(self, code: str) -> Named:
        if code == "20":
            return self.index.named_regions["94"]
        return self.index.named_departements[code]

    def _completed(self, mention: Mention) -> Mention:
        """Read a misspelt longer name of which only a part was found («clermont ferand»)."""
        words = self.words
        first, last = mention.first, mention.last
        if mention.hits[0].named.kind != "commune" and last - first > 1:
            return mention
        while first > 0 and last - first < 6 and self._goes_on(first - 1, first):
            first -= 1
        while last < len(words.tokens) and last - first < 6 and self._goes_on(last, last):
            last += 1
        while first < mention.first and words.word(first) in LINKS:
            first += 1
        while last > mention.last and words.word(last - 1) in LINKS:
            last -= 1
        if (first, last) == (mention.first, mention.last):
            return mention
        for start, end in dict.fromkeys(
            [(first, last), (mention.first, last), (first, mention.last)]
        ):
            if end - start > mention.last - mention.first:
                hits = self.index.similar([words.word(i) for i in range(start, end)])
                if hits and len(hits[0].named.label) > 5:
                    return Mention(start, end, hits, mention.strength + 1, mention.landmark)
        return mention

    def _goes_on(self, i: int, border: int) -> bool:
        """Say whether a word may be more of the name beside it."""
        words = self.words
        if words.tokens[border].after_break or (words.used[i] and i not in self.named):
            return False
        word = words.word(i)
        return word[0].isalpha() and (word in LINKS or word not in FILLERS)

    def _named(
        self, mentions: list[Mention], within: list[Named], foreign: list[tuple[int, int]]
    ) -> Area:
        kept = _apart([self._completed(m) for m in mentions if not self._abroad(m, foreign)])
        if len(kept) < len(mentions) and not kept:
            return UNKNOWN
        places, larger = self._sort_kinds(kept)
        within = within + [hit.named for m in larger for hit in m.hits[:1]]
        if not places:
            fuzzy = self._misspelt(_within(within))
            if fuzzy is not None and fuzzy.hits[0].named.kind != "commune":
                within.append(fuzzy.hits[0].named)
            elif fuzzy is not None:
                places = [fuzzy]
        if places:
            return self._communes_said(places, _within(within))
        return self._larger(within)

    def _sort_kinds(self, mentions: list[Mention]) -> tuple[list[Mention], list[Mention]]:
        """Tell communes from larger territories, where a name is both («Vienne»)."""
        places: list[Mention] = []
        larger: list[Mention] = []
        for mention in mentions:
            communes = _communes(mention.hits)
            others = [hit for hit in mention.hits if hit.named.kind != "commune"]
            if not others:
                places.append(mention)
            elif not communes or self._means_larger(mention, communes, others):
                larger.append(replace_hits(mention, others))
            elif communes[0].share == SHORT and others[0].share == FULL:
                larger.append(replace_hits(mention, others))
            elif communes[0].named.population >= LARGE_COMMUNE and not self._at_town(mention):
                places.append(replace_hits(mention, [communes[0], others[0]]))
            else:
                places.append(replace_hits(mention, communes))
        return places, larger

    def _means_larger(self, mention: Mention, communes: list[Hit], others: list[Hit]) -> bool:
        word = self.words.word
        before = word(mention.first - 1)
        inside = word(mention.first)
        if others[0].named.departements[0] >= "97" and others[0].named.kind != "epci":
            return others[0].weight >= communes[0].weight
        if before in ("le", "la", "les", "l", "en") or inside in ("le", "la", "les", "l"):
            return True
        if before in ("departement", "region", "dept", "dep") or word(mention.first - 2) in (
            "departement",
            "region",
        ):
            return True
        if self._at_town(mention):
            return False
        return communes[0].named.population < LARGE_COMMUNE

    def _at_town(self, mention: Mention) -> bool:
        return self.words.word(mention.first - 1) in ("a", "vers", "sur", "ville", "commune")

    def _communes_said(self, places: list[Mention], within: _Within | None) -> Area:
        places = [m for m in places if not self._denied(m)] or places
        main = self._main(places)
        hits = main.hits
        if _GROUPING.search(" ".join(self.words.word(i) for i in range(main.first))):
            epci = self._grouping(hits, within)
            if epci is not None:
                return self._found(epci)
        if within is not None:
            inside = [hit for hit in hits if within.holds(hit.named)]
            if inside:
                return self._resolve(inside)
            longer = [hit for hit in self._continued(main) if within.holds(hit.named)]
            if longer:
                return self._resolve(longer)
        landmarks = [m for m in places if m is not main and (m.landmark or main.strength < 2)]
        area = self._resolve(hits)
        if area.status == "ambiguous" and landmarks:
            return self._nearest(hits, landmarks[0])
        rivals = [
            m
            for m in places
            if m is not main
            and not m.landmark
            and (m.strength >= max(1.5, main.strength - 1.5) or self._joined(m, main))
            and m.hits[0].named is not hits[0].named
        ]
        if rivals and area.status == "found" and not self._dwells(main):
            return _choice([hits[0].named, *(m.hits[0].named for m in rivals)])
        return area

    def _grouping(self, hits: list[Hit], within: _Within | None) -> Named | None:
        """Return the EPCI of the commune said («l'agglo de Metz»)."""
        for hit in _communes(hits):
            commune = hit.named.commune
            if commune is not None and (within is None or within.holds(hit.named)):
                return self.index.named_epcis.get(commune.epci_siren)
        return None

    def _main(self, places: list[Mention]) -> Mention:
        """Return the place one is at: the one after «j'habite», else the surest, else the first."""
        dwelt = [m for m in places if self._dwells(m)]
        direct = [m for m in places if not m.landmark]
        group = dwelt or direct or places
        best = max(m.strength for m in group)
        return next(m for m in group if m.strength >= best - 1)

    def _denied(self, mention: Mention) -> bool:
        """Say whether a place is named to be ruled out («pas à Metz»)."""
        before = [self.words.word(mention.first - 1), self.words.word(mention.first - 2)]
        return before[0] == "pas" or (before[1] == "pas" and before[0] in LINKS)

    def _joined(self, a: Mention, b: Mention) -> bool:
        """Say whether only «ou» or «et» stands between two places."""
        first, second = sorted((a, b), key=lambda mention: mention.first)
        between = [self.words.word(i) for i in range(first.last, second.first)]
        return bool(between) and all(word in ("ou", "et", "a", "sur") for word in between)

    def _dwells(self, mention: Mention) -> bool:
        return any(
            self.words.word(i) in DWELLING and self.words.word(i) not in ("travaille", "bosse")
            for i in range(max(0, mention.first - 4), mention.first)
        )

    def _continued(self, mention: Mention) -> list[Hit]:
        """Return communes whose longer name starts as said («Villeneuve» in the 59)."""
        start = " ".join(self.words.word(i) for i in range(mention.first, mention.last)) + " "
        return best_of_each(
            hit
            for phrase in self.index.longer.get(self.words.word(mention.first), ())
            if phrase.startswith(start)
            for hit in _communes(self.index.exact(phrase))
        )

    def _nearest(self, hits: list[Hit], landmark: Mention) -> Area:
        at = landmark.hits[0].named.point
        nearest = min(_communes(hits) or hits, key=lambda hit: distance_m(hit.named.point, at))
        return self._found(nearest.named)

    def _larger(self, within: list[Named]) -> Area:
        """Return the smallest of the territories said, or the choice between strangers."""
        if not within:
            return UNKNOWN
        smallest = min(within, key=lambda named: len(named.departements))
        parts = set(smallest.departements)
        strangers = [n for n in within if not parts.intersection(n.departements)]
        if strangers:
            return _choice([smallest, *strangers])
        return self._found(smallest)

    # -- misspelt names ---------------------------------------------------------------------

    def _misspelt(self, within: _Within | None) -> Mention | None:
        best: Mention | None = None
        tried = 0
        for run in unexplained(self.words, self.index):
            windows = [(run.first, run.last)]
            if not run.whole:
                windows = _windows(self.words, run.first, run.last)
            for first, last in windows:
                if tried >= 10:
                    return best
                tried += 1
                if not run.strange.intersection(range(first, last)):
                    continue
                written = [self.words.word(i) for i in range(first, last)]
                if len(written) == 1 and written[0] in FILLERS:
                    continue
                hits = self.index.similar(written)
                sure = last - first > 1 or announced(self.words, first) >= 1.5
                sure = sure or (run.cued and len(written[0]) >= 5)
                if not sure or run.least_weight:
                    hits = [h for h in hits if h.named.kind == "commune" or len(written[0]) > 6]
                if within is not None:
                    hits = [hit for hit in hits if within.holds(hit.named)]
                if not hits or (within is None and hits[0].weight < run.least_weight):
                    continue
                if best is None or hits[0].weight > best.hits[0].weight:
                    best = Mention(first, last, hits, 1.0 + announced(self.words, first))
                break
        return best

    # -- results ----------------------------------------------------------------------------

    def _resolve(self, hits: list[Hit]) -> Area:
        """Take the dominant bearer of a name, or offer the choice."""
        hits = _full_names_first(hits)
        first = hits[0]
        dominant = DOMINANT if first.exact else DOMINANT_MISSPELT
        rivals = [
            hit
            for hit in hits[1:]
            if hit.weight * dominant > first.weight
            and not (first.share == FULL and hit.share == SHORT and hit.weight < first.weight)
        ]
        if first.named.kind == "commune" and len(hits) > 1 and hits[1].named.kind != "commune":
            rivals = [hits[1]]
        if not rivals:
            return self._found(first.named)
        shown = [hit.named for hit in hits if hit.weight * DOMINANT * 2 > first.weight]
        return _choice(shown[:MOST_CANDIDATES])

    def _found(self, named: Named) -> Area:
        return Area(
            "found",
            named.kind,
            named.codes,
            label=_label(named),
            point=named.point,
            departements=named.departements,
            communes=self.index.gazetteer.epcis[named.codes[0]].members
            if named.kind == "epci"
            else (),
        )

    def _with_address(self, area: Area, street: Street | None) -> Area:
        if street is None or area.status != "found":
            return area
        tokens = self.words.tokens
        text = self.words.text[tokens[street.first].start :]
        return replace(area, address=" ".join(re.split(r"[\n?!]", text)[0].split())[:200])


def _full_names_first(hits: list[Hit]) -> list[Hit]:
    """Let a name cut short give way to the communes that bear exactly that name.

    Unless it is a large town's: «Évry» is Évry-Courcouronnes before a village of 350 people.
    """
    full = [h for h in hits if h.share == FULL and h.exact and h.named.kind == "commune"]
    if not full or hits[0].share == FULL or hits[0].named.population >= LARGE_TOWN:
        return hits
    if hits[0].share == SHORT and hits[0].weight > full[0].weight:
        return [replace(full[0], weight=hits[0].weight), *(h for h in hits if h is not full[0])]
    return full


def _apart(mentions: list[Mention]) -> list[Mention]:
    """Drop the mentions that lie inside a longer one."""
    return [
        m
        for m in mentions
        if not any(
            other is not m
            and other.first <= m.first
            and m.last <= other.last
            and other.last - other.first > m.last - m.first
            for other in mentions
        )
    ]


def replace_hits(mention: Mention, hits: list[Hit]) -> Mention:
    """Return the same mention with fewer readings."""
    return Mention(mention.first, mention.last, hits, mention.strength, mention.landmark)


def _windows(words: Words, first: int, last: int) -> list[tuple[int, int]]:
    """Parts of a stretch that may be the name, the whole first."""
    spans = [(first, last)]
    spans.extend((start, last) for start in range(first + 1, last))
    spans.extend((first, end) for end in range(last - 1, first, -1))
    return [
        (start, end)
        for start, end in dict.fromkeys(spans)
        if words.word(start) not in LINKS - {"le", "la", "les", "l"}
        and words.word(end - 1) not in LINKS
    ][:6]


def _within(named: Collection[Named]) -> _Within | None:
    if not named:
        return None
    sets = [frozenset(each.departements) for each in named]
    common = frozenset.intersection(*sets)
    return _Within(common or frozenset.union(*sets))


def _communes(hits: list[Hit]) -> list[Hit]:
    return [hit for hit in hits if hit.named.kind == "commune"]


def _choice(named: list[Named]) -> Area:
    candidates = tuple(_candidate(each) for each in dict.fromkeys(named))
    return Area(
        "ambiguous",
        candidates[0].kind,
        tuple(code for candidate in candidates for code in candidate.codes),
        candidates=candidates,
    )


def _candidate(named: Named) -> Candidate:
    commune: Commune | None = named.commune
    return Candidate(
        named.kind,
        named.codes,
        _label(named),
        named.within if commune else "",
        commune.postcodes[0] if commune and commune.postcodes else "",
        named.point,
    )


def _label(named: Named) -> str:
    """«Lyon 3e» for an arrondissement, else the name."""
    if named.commune is not None and named.commune.kind == ARRONDISSEMENT:
        return named.label.removesuffix(" Arrondissement")
    return named.label
