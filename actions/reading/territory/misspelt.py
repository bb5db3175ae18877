"""Find the name behind misspelt words."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from actions.reading.territory.area_building import Within
from actions.reading.territory.mentions import (
    Mention,
    announced,
    bears_article,
    follows_a_name,
    is_another_word,
)
from actions.reading.territory.names import NameIndex
from actions.reading.territory.place_vocabulary import FILLERS, LINKS
from actions.reading.territory.territories import FULL, Hit, words_of
from actions.reading.territory.unknown_words import is_foreign, unexplained
from actions.reading.territory.written_words import WrittenText

_BRAND = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
"""A capital inside a word."""

MOST_WINDOWS = 6
"""Parts of one stretch that are compared with the names."""

MOST_TRIES = 10
"""Stretches of a text compared with the names."""


def misspelt(words: WrittenText, index: NameIndex, within: Within | None) -> Mention | None:
    """Return the likeliest name behind the words that nothing explains."""
    best: Mention | None = None
    tried = 0
    if is_foreign(words, index):
        return None
    for run in unexplained(words, index):
        windows = [(run.first, run.last)]
        if not run.whole:
            windows = _windows(words, run.first, run.last, run.strange)
        for first, last in windows:
            if tried >= MOST_TRIES:
                return best
            tried += 1
            if not run.strange.intersection(range(first, last)):
                continue
            written = [words.word(i) for i in range(first, last)]
            if _is_no_slip(words, index, first, last) or announced(words, first) < 0:
                continue
            if not run.surely and all(
                index.is_slip_of_everyday(words.word(i)) for i in run.strange if first <= i < last
            ):
                continue  # «réeultats» is no Castres
            near = index.similar(written, anywhere=within is None)
            hits = _as_announced(near, words, first)
            hits = [h for h in hits if not is_another_word(words, first, last, h)]
            sure = last - first > 1 or announced(words, first) >= 1.5
            sure = sure or (run.cued and len(written[0]) >= 5)
            if not sure or run.least_weight:
                hits = [h for h in hits if h.named.kind == "commune" or len(written[0]) > 6]
            if within is not None:
                hits = [hit for hit in hits if within.holds(hit.named)]
            if not hits or (within is None and hits[0].weight < run.least_weight):
                continue
            if best is None or hits[0].weight > best.hits[0].weight:
                best = Mention(first, last, hits, 1.0 + announced(words, first))
            break
    return best


def _is_no_slip(words: WrittenText, index: NameIndex, first: int, last: int) -> bool:
    """Say whether a stretch is right as it is: a name weighed already, a brand, initials."""
    written = [words.word(i) for i in range(first, last)]
    proper = last - first == 1 and written[0] in index.gazetteer.proper
    somebody = last - first == 1 and _is_full_name(words, first)
    if (proper or somebody) and announced(words, first) < 1.5:
        return True  # «Macron» is no Mâcon, «Valérie Dupont» is somebody
    known = index.exact(" ".join(written))
    if any(hit.share == FULL for hit in known) or (known and last - first < len(words.tokens)):
        return True
    if last - first > 1:
        return False
    raw = words.raw(first)
    brand = _BRAND.search(raw) is not None  # «ChatGPT»
    initials = raw.isupper() and len(raw) <= 4 and len(words.tokens) > 1 and not words.shouted()
    surname = raw[0].isupper() and announced(words, first) < 1.5 and follows_a_name(words, first)
    return written[0] in FILLERS or len(set(raw)) == 1 or brand or initials or surname


def _is_full_name(words: WrittenText, first: int) -> bool:
    """Whether a capital word goes with another one: a first name and a surname."""
    at = first + 1
    if words.shouted() or not words.tokens[first].capital or words.ends(at):
        return False
    return words.tokens[at].capital and words.word(at)[0].isalpha()


def _as_announced(hits: list[Hit], words: WrittenText, first: int) -> list[Hit]:
    """Drop the communes that would take an article they do not have: «au Lion» is no Lyon."""
    if words.word(first) in ("le", "les"):
        return [hit for hit in hits if hit.named.kind != "commune" or bears_article(hit)]
    return [hit for hit in hits if announced(words, first, [hit]) >= 0]


def completed(mention: Mention, words: WrittenText, index: NameIndex, named: set[int]) -> Mention:
    """Read a misspelt longer name of which only a part was found («clermont ferand»)."""
    first, last = mention.first, mention.last
    if mention.hits[0].named.kind != "commune" and last - first > 1:
        return mention
    while first > 0 and last - first < 6 and _goes_on(first - 1, first, words, named):
        first -= 1
    while last < len(words.tokens) and last - first < 6 and _goes_on(last, last, words, named):
        last += 1
    while first < mention.first and words.word(first) in LINKS:
        first += 1
    while last > mention.last and words.word(last - 1) in LINKS:
        last -= 1
    if (first, last) == (mention.first, mention.last):
        return mention
    for start, end in dict.fromkeys([(first, last), (mention.first, last), (first, mention.last)]):
        if end - start > mention.last - mention.first:
            hits = index.similar([words.word(i) for i in range(start, end)])
            hits = [hit for hit in hits if _holds(hit, words, mention)]
            if hits and len(hits[0].named.label) > 5:
                return Mention(start, end, hits, mention.strength + 1, mention.landmark)
    return mention


def _holds(hit: Hit, words: WrittenText, mention: Mention) -> bool:
    """Whether a longer name has the words of the part that was read: no Yenne for Mayenne."""
    named = words_of(hit.named.label)
    part = [words.word(i) for i in range(mention.first, mention.last)]
    return all(
        any(OSA.distance(word, each) <= (1 if len(word) > 4 else 0) for each in named)
        for word in part
        if word not in LINKS
    )


def _goes_on(i: int, border: int, words: WrittenText, named: set[int]) -> bool:
    """Say whether a word may be more of the name beside it."""
    if words.tokens[border].after_break or (words.used[i] and i not in named):
        return False
    word = words.word(i)
    if word in ("celle", "celui") and words.word(i - 1) != "la":  # «Cosne, celle de la Nièvre»
        return False
    return word[0].isalpha() and (word in LINKS or word not in FILLERS)


def apart(mentions: list[Mention]) -> list[Mention]:
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


def _windows(
    words: WrittenText, first: int, last: int, strange: frozenset[int]
) -> list[tuple[int, int]]:
    """Parts of a stretch that may be the name, the whole first; each has a strange word."""
    spans = [(first, last)]
    spans.extend((start, last) for start in range(first + 1, last))
    spans.extend((first, end) for end in range(last - 1, first, -1))
    return [
        (start, end)
        for start, end in dict.fromkeys(spans)
        if words.word(start) not in LINKS - {"le", "la", "les", "l"}
        and words.word(end - 1) not in LINKS
        and not strange.isdisjoint(range(start, end))
    ][:MOST_WINDOWS]
