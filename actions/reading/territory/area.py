"""Where people say they are.

``parse_area`` reads a whole sentence or a bare «57», with the slips of people who type
little: no accents, phone shorthand, dictation, misspelt names. Pure: no network, no clock.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.geo import distance_m
from actions.reading.fold import fold
from actions.reading.territory.addresses import Street, find_street
from actions.reading.territory.area_building import Within, choice, communes_among, found, resolve
from actions.reading.territory.area_building import within as within_all
from actions.reading.territory.area_result import ASK_POSITION, UNKNOWN, Area, Candidate
from actions.reading.territory.arrondissements import find_arrondissement
from actions.reading.territory.departement_numbers import find_departement
from actions.reading.territory.gazetteer import Gazetteer
from actions.reading.territory.mentions import Mention, find_names, inside_name
from actions.reading.territory.misspelt import apart, completed, misspelt
from actions.reading.territory.names import NameIndex, name_index
from actions.reading.territory.place_vocabulary import (
    ARTICLES,
    DWELLING,
    FILLERS,
    HERE,
    LINKS,
    LIVED_IN,
    ORIGIN,
)
from actions.reading.territory.postcode_area import at_postcode, in_arrondissements
from actions.reading.territory.postcodes import find_postcode, spoken_postcode
from actions.reading.territory.territories import FULL, SHORT, Hit, Named, best_of_each
from actions.reading.territory.written_words import WrittenText

__all__ = ["Area", "Candidate", "parse_area"]

LONGEST_TEXT = 4_096
"""Characters that are read: a Telegram message."""

_GROUPING = re.compile(
    r"\b(?:agglo(?:meration)?|(?:euro)?metropole|com ?com|interco(?:mmunalite)?"
    r"|communaute (?:de communes|urbaine|d agglo(?:meration)?))(?: de la| de l| du| des| de| d)?$"
)
"""What makes a commune's name that of its intercommunalité, when it stands right before."""

MOST_CHOICES = 5
"""Communes proposed for a longer name that nothing bears."""

LARGE_COMMUNE = 10_000
"""A commune that bears the name of its département («Vienne») is as likely from this size."""


def parse_area(text: str, gazetteer: Gazetteer, *, asked: bool = False) -> Area:
    """Read where a person says they are, in a sentence or alone.

    Args:
        text: What was written; beyond ``LONGEST_TEXT`` characters it is not read.
        gazetteer: The territories; its index is built at the first call (under a second).
        asked: The text answers «where are you?»: «mer», alone, is the town.

    Returns:
        ``found``; ``ambiguous`` when no bearer of a name outweighs the others;
        ``ask_position`` for «près de chez moi»; ``unknown`` otherwise. Never raises.
    """
    return _Reading(text[:LONGEST_TEXT], name_index(gazetteer), asked=asked).area()


class _Reading:
    """One text being read."""

    def __init__(self, text: str, index: NameIndex, *, asked: bool) -> None:
        self.index = index
        self.words = WrittenText.of(text, asked=asked)
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
        spans = [(m.first, m.last) for m in mentions if communes_among(m.hits)]
        departement = find_departement(words, index, spans)
        area = UNKNOWN
        if arrondissement is not None:
            area = in_arrondissements(arrondissement.codes, postcode, self.index)
        elif postcode is not None:
            area = at_postcode(postcode, mentions, words, index)
        else:
            within: list[Named] = []
            if departement is not None:
                within.append(self._departement(departement.code))
            area = self._named(mentions, within, foreign)
        if area is UNKNOWN:
            return ASK_POSITION if HERE.search(words.folded) else UNKNOWN
        return self._with_address(area, street)

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
                longer = words.word(last) in ("sur", "sous", "les")  # «bologne sur mer»
                longer = longer or self._begins_misspelt(first, last)
                if longer or inside_name(words, self.index, first, last):
                    continue
                here = communes_among(self.index.exact(name))
                if here and here[0].weight >= 3_000:
                    continue
                words.use(first, last)
                spans.append((first, last))
                break
        return spans

    def _begins_misspelt(self, first: int, last: int) -> bool:
        """Whether the next word makes a misspelt town of a foreign name: «porto vechio»."""
        after = self.words.word(last)
        if not after.isalpha() or after in self.index.gazetteer.words or after in FILLERS:
            return False
        written = [self.words.word(i) for i in range(first, last + 1)]
        near = self.index.similar(written)
        return bool(near) and set(fold(near[0].named.label).split()).issuperset(written[:-1])

    def _abroad(self, mention: Mention, foreign: list[tuple[int, int]]) -> bool:
        """Say whether a country right after a name takes it abroad («Vienne en Autriche»)."""
        for first, _ in foreign:
            between = [self.words.word(i) for i in range(mention.last, first)]
            if 0 <= first - mention.last <= 2 and all(word in LINKS for word in between):
                return True
        return False

    # -- names ------------------------------------------------------------------------------

    def _departement(self, code: str) -> Named:
        if code == "20":
            return self.index.territories.regions["94"]
        return self.index.territories.departements[code]

    def _named(
        self, mentions: list[Mention], within: list[Named], foreign: list[tuple[int, int]]
    ) -> Area:
        kept = apart(
            [
                completed(m, self.words, self.index, self.named)
                for m in mentions
                if not self._abroad(m, foreign)
            ]
        )
        kept = [mention for mention in kept if not self._is_cut_off(mention)]
        if len(kept) < len(mentions) and not kept:
            return UNKNOWN
        places, larger = self._sort_kinds(kept, within_all(within))
        said = [m for m in larger if not self._denied(m)]
        if not (said or within or places):
            said = larger
        within = within + [hit.named for m in said for hit in m.hits[:1]]
        if not places:
            fuzzy = misspelt(self.words, self.index, within_all(within))
            if fuzzy is not None and fuzzy.hits[0].named.kind != "commune":
                within.append(fuzzy.hits[0].named)
            elif fuzzy is not None:
                places = [fuzzy]
        if places:
            carried = self._carried_on(places[0]) if len(places) == 1 else []
            if carried:
                return (
                    resolve(carried, self.index)
                    if len(carried) == 1
                    else choice([hit.named for hit in carried])
                )
            return self._communes_said(places, within_all(within))
        return self._larger(within)

    def _is_cut_off(self, mention: Mention) -> bool:
        """Say whether hyphens carry a name on: «Saint-Étienne-de-Fursac» is no Saint-Étienne."""
        tokens, text, at = self.words.tokens, self.words.text, mention.last
        if at + 1 >= len(tokens) or tokens[at].word not in LINKS:
            return False
        before = text[tokens[at - 1].end : tokens[at].start]
        after = text[tokens[at].end : tokens[at + 1].start]
        return before == "-" and after in ("-", "'", "’")

    def _carried_on(self, mention: Mention) -> list[Hit]:
        """Return whose longer name was begun, where the words go on as no name that is known.

        «Verdun sur le Doubs» is not Verdun: the communes that begin so are asked about.
        """
        word, at = self.words.word, mention.last
        if word(at) not in ("sur", "sous", "les") or self.words.tokens[at].after_break:
            return []
        at += 1
        while word(at) in ARTICLES:
            at += 1
        known = word(at) in self.index.gazetteer.words and not self._is_capital(at)
        if not word(at).isalpha() or word(at) in FILLERS or known:
            return []
        begun = " ".join(word(i) for i in range(mention.first, mention.last))
        longer = [
            hit
            for phrase in self.index.longer.get(word(mention.first), ())
            if phrase.startswith(f"{begun} ")
            for hit in self.index.exact(phrase)
            if hit.named.kind == "commune" and hit.share == FULL
        ]
        same = [hit for hit in longer if word(at) in fold(hit.named.label).split()]
        return same[:1] or best_of_each([*longer, *communes_among(mention.hits)])[:MOST_CHOICES]

    def _is_capital(self, at: int) -> bool:
        return self.words.tokens[at].capital and not self.words.shouted()

    def _sort_kinds(
        self, mentions: list[Mention], within: Within | None
    ) -> tuple[list[Mention], list[Mention]]:
        """Tell communes from larger territories, where a name is both («Vienne»)."""
        places: list[Mention] = []
        larger: list[Mention] = []
        for mention in mentions:
            communes = communes_among(mention.hits)
            others = [hit for hit in mention.hits if hit.named.kind != "commune"]
            inside = [hit for hit in communes if within and within.holds(hit.named)]
            if not others:
                places.append(mention)
            elif within and inside and not any(within.holds(hit.named) for hit in others):
                places.append(replace(mention, hits=inside))  # «La Marne 44»
            elif (
                not communes
                or self._means_larger(mention, communes, others)
                or (communes[0].share == SHORT and others[0].share == FULL)
            ):
                larger.append(replace(mention, hits=others))
            elif communes[0].named.population >= LARGE_COMMUNE and not self._at_town(mention):
                places.append(replace(mention, hits=[communes[0], others[0]]))
            else:
                places.append(replace(mention, hits=communes))
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

    def _communes_said(self, places: list[Mention], within: Within | None) -> Area:
        places = [m for m in places if not self._denied(m)] or places
        main = self._main(places)
        hits = main.hits
        if _GROUPING.search(" ".join(self.words.word(i) for i in range(main.first))):
            epci = self._grouping(hits, within)
            if epci is not None:
                return found(epci, self.index)
        if within is not None:
            inside = [hit for hit in hits if within.holds(hit.named)]
            if inside:
                return resolve(inside, self.index)
            longer = [hit for hit in self._continued(main) if within.holds(hit.named)]
            if longer:
                return resolve(longer, self.index)
            written = [self.words.word(i) for i in range(main.first, main.last)]
            near = self.index.similar(written, anywhere=False)  # «Rodés, Aveyron»
            alike = [hit for hit in near if within.holds(hit.named)]
            if alike and alike[0].named.population >= hits[0].named.population:
                return resolve(alike, self.index)
        landmarks = [m for m in places if m is not main and (m.landmark or main.strength < 2)]
        area = resolve(hits, self.index)
        if area.status == "ambiguous" and landmarks:
            return self._nearest(hits, landmarks[0])
        rivals = [
            m
            for m in places
            if m is not main
            and not m.landmark
            and (
                m.strength >= max(1.5, main.strength - 1.5)
                or self._joined(m, main)
                or self._lives_apart(m, main)
            )
            and not _same_city(m.hits[0].named, hits[0].named)
        ]
        elsewhere = any(self._lives_apart(m, main) for m in rivals)
        if rivals and area.status == "found" and (elsewhere or not self._dwells(main)):
            return choice([hits[0].named, *(m.hits[0].named for m in rivals)])
        return area

    def _grouping(self, hits: list[Hit], within: Within | None) -> Named | None:
        """Return the EPCI of the commune said («l'agglo de Metz»)."""
        for hit in communes_among(hits):
            commune = hit.named.commune
            if commune is not None and (within is None or within.holds(hit.named)):
                return self.index.territories.epcis.get(commune.epci_siren)
        return None

    def _main(self, places: list[Mention]) -> Mention:
        """Return the place one is at: the one after «j'habite», else the surest, else the first."""
        dwelt = [m for m in places if self._dwells(m)]
        dwelt = [m for m in dwelt if not self._comes_from(m)] or dwelt
        dwelt = [m for m in dwelt if self._lives(m)] or dwelt
        direct = [m for m in places if not m.landmark]
        group = dwelt or direct or places
        best = max(m.strength for m in group)
        return next(m for m in group if m.strength >= best - 1)

    def _denied(self, mention: Mention) -> bool:
        """Say whether a place is named to be ruled out («pas à Metz»)."""
        at = mention.first - 1
        while self.words.word(at) in LINKS or self.words.word(at) in ("celui", "celle"):
            at -= 1
        return self.words.word(at) == "pas"

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

    def _comes_from(self, mention: Mention) -> bool:
        """Say whether one only comes from a place: «je viens de Brest mais j'habite à Gap»."""
        before = [self.words.word(i) for i in range(max(0, mention.first - 4), mention.first)]
        return not ORIGIN.isdisjoint(before) and LIVED_IN.isdisjoint(before)

    def _lives(self, mention: Mention) -> bool:
        before = [self.words.word(i) for i in range(max(0, mention.first - 4), mention.first)]
        return not LIVED_IN.isdisjoint(before)

    def _lives_apart(self, rival: Mention, main: Mention) -> bool:
        """Say whether somebody else lives at another place, told in another part of the sentence.

        «ma mère vit à Tulle, moi je suis à Bordeaux»: whose place is meant must be asked.
        """
        apart_from = self.words.segment(rival.first) != self.words.segment(main.first)
        same_rank = self._lives(rival) == self._lives(main) and not self._comes_from(rival)
        return apart_from and same_rank and self._dwells(rival) and self._dwells(main)

    def _continued(self, mention: Mention) -> list[Hit]:
        """Return communes whose longer name starts as said («Villeneuve» in the 59)."""
        start = " ".join(self.words.word(i) for i in range(mention.first, mention.last)) + " "
        return best_of_each(
            hit
            for phrase in self.index.longer.get(self.words.word(mention.first), ())
            if phrase.startswith(start)
            for hit in communes_among(self.index.exact(phrase))
        )

    def _nearest(self, hits: list[Hit], landmark: Mention) -> Area:
        at = landmark.hits[0].named.point
        nearest = min(communes_among(hits) or hits, key=lambda hit: distance_m(hit.named.point, at))
        return found(nearest.named, self.index)

    def _larger(self, within: list[Named]) -> Area:
        """Return the smallest of the territories said, or the choice between strangers."""
        if not within:
            return UNKNOWN
        smallest = min(within, key=lambda named: len(named.departements))
        parts = set(smallest.departements)
        strangers = [n for n in within if not parts.intersection(n.departements)]
        if strangers:
            return choice([smallest, *strangers])
        return found(smallest, self.index)

    # -- results ----------------------------------------------------------------------------

    def _with_address(self, area: Area, street: Street | None) -> Area:
        if street is None or area.status != "found":
            return area
        tokens = self.words.tokens
        text = self.words.text[tokens[street.first].start :]
        return replace(area, address=" ".join(re.split(r"[\n?!]", text)[0].split())[:200])


def _same_city(a: Named, b: Named) -> bool:
    """Say whether two names are of one commune, or of a part of it («Lyon Part-Dieu»)."""
    return a is b or (
        a.commune is not None and b.commune is not None and a.commune.city == b.commune.city
    )
