"""Every name of every territory, found exactly, by sound, or despite a slip of the keyboard.

Made from tables (`name_tables`) that are written once for a gazetteer, then only read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from functools import partial
from itertools import chain
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from actions.reading.fold import fold
from actions.reading.territory.gazetteer import Gazetteer
from actions.reading.territory.name_tables import ENDING, Made, Territories, name_tables
from actions.reading.territory.phonetic import sound, sound_of_word
from actions.reading.territory.place_vocabulary import LINKS
from actions.reading.territory.territories import SHORT, Hit, best_of_each
from actions.shelf import Keep, made_anew

LARGER_AT_MOST = 100_000.0
"""Weight of a misspelt département or région: they all have more people than most communes."""

DOMINANT = 4.0
"""A name is taken for its most populous bearer when it outweighs the next this many times."""

EDIT_COST = 1.3
"""Powers of ten of population that one wrong letter costs."""

SOUND_COST = 0.6
"""The same for a name written as it sounds."""

_SLIPS: Any = OSA.distance  # its stub and that of ``process.extract`` disagree
"""Letters wrong, missing, extra or swapped with their neighbour."""

FIRST_LETTER_FREE = 6
"""Letters from which even the first may be wrong: «ugap» is no Gap."""

KNOWN_WHEN_SHORT = 5_000
"""Population from which a name cut short is recognised though it is misspelt."""

WITHIN_SHARE = 0.1
"""Share of the people that a misspelt commune needs where its département is said."""

LONGEST_NAME = 8
"""Words in the longest name looked for."""

_GLUED_SAINT = re.compile(r"^st(?=[bcdfghjklmnpqv])|^st(e)(?=[bcdfghjklmnpqv])")
"""«stdenis», «stemarie»."""


class NameIndex:
    """Names of a gazetteer. Immutable once built; safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer, tables: Mapping[str, Any]) -> None:
        """Read what ``name_tables`` wrote of the same gazetteer."""
        self.gazetteer = gazetteer
        self.territories = Territories(gazetteer, tables)
        self.phrases: Mapping[str, list[Hit]] = Made(tables["phrases"], self.territories.hits)
        """Words joined by a space → readings."""
        self.pairs: Mapping[str, int] = tables["pairs"]
        """First two words of a longer name → words in the longest name that starts so."""
        self.longer: Mapping[str, list[str]] = tables["longer"]
        """First word → phrases of several words that start with it."""
        self.glued: Mapping[str, list[str]] = tables["glued"]
        """Words joined without a space → phrases."""
        self.pieces: Set[str] = tables["pieces"]
        """Words of the names of several words."""
        self.foreign_starts = {name.split()[0] for name in gazetteer.foreign}
        """First words of the names of foreign places."""
        self._sounds: Mapping[str, list[str]] = tables["sounds"]
        self._start: Mapping[tuple[str, int], list[str]] = tables["starts"]
        self._end: Mapping[tuple[str, int], list[str]] = tables["ends"]
        self._everyday: Set[str] = tables["everyday"]
        self._stems: Set[str] = tables["stems"]
        self._common: dict[tuple[str, int], list[str]] = {}
        """First letter, or last two, and length → everyday words."""
        for word in gazetteer.words:
            for key in (word[0], word[-2:]):
                self._common.setdefault((key, len(word)), []).append(word)

    def exact(self, phrase: str) -> list[Hit]:
        """Return the readings of a phrase of normal words."""
        return self.phrases.get(phrase, [])

    def similar(self, words: list[str], *, anywhere: bool = True) -> list[Hit]:
        """Return likely readings of misspelt words, the most likely first; empty if none is.

        The weight of each is its population divided by what its mistakes cost. Where a
        département is said (not ``anywhere``), a smaller commune may be meant.
        """
        compact = "".join(words)
        length = len(compact)
        if not 3 <= length <= 45:
            return []
        costs: dict[str, float] = {}
        if compact not in self.glued:
            compact = _GLUED_SAINT.sub(lambda m: "saint" + (m[1] or ""), compact)
            length = len(compact)
        for phrase in self.glued.get(compact, ()):
            costs[phrase] = 0.1
        if not costs:
            content = "".join(word for word in words if word not in LINKS)
            if len(content) >= 5 and content in self.territories.loose:
                return self.territories.loose[content]
        heard = sound(" ".join(words))
        together = sound(compact)
        for key in {heard, together}:
            if len(key) >= 3 or length >= 4:
                for phrase in self._sounds.get(key, ()):
                    costs.setdefault(phrase, SOUND_COST + 0.1 * abs(len(phrase) - length))
        allowed = _allowed_slips(compact)
        if allowed:
            for other, slips, _ in process.extract(
                compact,
                self._near(compact, allowed),
                scorer=_SLIPS,
                score_cutoff=allowed,
                limit=None,
            ):
                cost = EDIT_COST * slips
                if other[0] != compact[0]:
                    cost += 0.5
                for phrase in self.glued[other]:
                    costs[phrase] = min(cost, costs.get(phrase, cost))
        return self._weigh(costs, compact, 1.0 if anywhere else WITHIN_SHARE)

    def sounds_everyday(self, word: str) -> bool:
        """Say whether a word sounds like a common French one («ouver», «kalkul»)."""
        return sound_of_word(word) in self._everyday

    def ends_everyday(self, raw: str) -> bool:
        """Say whether a word is a French one but for its ending in «é» («carné» for carnet)."""
        stem = ENDING.sub("", raw.lower())
        return stem != raw.lower() and sound_of_word(fold(stem)) in self._stems

    def is_slip_of_everyday(self, word: str) -> bool:
        """Say whether a word is a common French one with one slip («réeultats»)."""
        lengths = range(len(word) - 1, len(word) + 2)
        near = chain.from_iterable(
            self._common.get((key, length), ())
            for length in lengths
            for key in (word[0], word[-2:])
        )
        return process.extractOne(word, near, scorer=_SLIPS, score_cutoff=1) is not None

    def _weigh(self, costs: dict[str, float], compact: str, share: float) -> list[Hit]:
        hits: list[Hit] = []
        for phrase, cost in costs.items():
            for hit in self.phrases[phrase]:
                people = hit.weight
                if hit.named.kind != "commune":
                    people = min(people, LARGER_AT_MOST)
                weight = (people + 10) / 10**cost
                if hit.share == SHORT and cost > 0.1 and hit.named.population < KNOWN_WHEN_SHORT:
                    continue
                if cost <= 0.1 or hit.weight >= share * _least_population(compact, cost):
                    hits.append(Hit(hit.named, weight, False, hit.share))
        return best_of_each(hits)

    def _near(self, compact: str, allowed: int) -> Iterable[str]:
        lengths = range(len(compact) - allowed, len(compact) + allowed + 1)
        first, last = compact[0], compact[-2:]
        lists = (
            bucket.get((key, length), [])
            for length in lengths
            for bucket, key in ((self._start, first), (self._end, last))
            if bucket is self._start or len(compact) >= FIRST_LETTER_FREE
        )
        return chain.from_iterable(lists)


_latest: list[NameIndex] = []


def name_index(gazetteer: Gazetteer, keep: Keep = made_anew) -> NameIndex:
    """Return the index of a gazetteer, made at the first call.

    Args:
        gazetteer: The names.
        keep: Where the tables may be kept from one start to the next.
    """
    for index in _latest:
        if index.gazetteer is gazetteer:
            return index
    index = NameIndex(gazetteer, keep("names", partial(name_tables, gazetteer)))
    _latest[:] = [index, *_latest[:1]]
    return index


def _allowed_slips(compact: str) -> int:
    """Wrong, missing, extra or swapped letters that a name of this length may have."""
    length = len(compact)
    if compact.startswith("saint"):
        length -= 4  # five letters that thousands of names share tell nothing
    if length <= 3:
        return 0
    if length <= 6:
        return 1
    return 2 if length <= 12 else 3


def _least_population(compact: str, cost: float) -> float:
    """People a commune needs for a misspelling of this cost to be taken for it."""
    length = len(compact) - (4 if compact.startswith("saint") else 0)
    if cost < EDIT_COST:  # sounds the same
        return 20_000 if length <= 3 else 1_000 if length <= 5 else 300
    if cost < 2 * EDIT_COST:  # one slip
        return 20_000 if length <= 4 else 3_000 if length <= 5 else 200 if length <= 7 else 50
    if length <= 7:  # two slips in a short name
        return 40_000
    return 4_000 if length <= 9 else 1_000
