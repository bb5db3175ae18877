"""Find, in a person's words, every name that may say where they are."""

from __future__ import annotations

from dataclasses import dataclass

from actions.reading.territory.names import LONGEST_NAME, NameIndex
from actions.reading.territory.spoken import number_length
from actions.reading.territory.territories import BARE, SHORT, Hit, words_of
from actions.reading.territory.tokens import Words
from actions.reading.territory.words import (
    ARTICLES,
    BARE_WORDS,
    DWELLING,
    EVERYDAY_CITIES,
    FILLERS,
    LINKS,
    MONTHS,
    NEAR,
    PLACE_NOUNS,
    PREPOSITIONS,
)

KNOWN_CITY = 60_000
"""From this population a commune whose name is also a word («cannes») is taken for itself."""

LONGEST_GROUPING = 16
"""Words in the longest name of an EPCI."""

MOST_NAMES = 8
"""Names after which a message is a list, not a place."""

KNOWN_SHORT = 1_500.0
"""Weight from which an everyday word is a commune's name cut short («Le Puy»)."""

KNOWN_ALONE = 4_000
"""Population from which a capital word by itself is a commune's name cut short."""

_NOT_A_PLACE_BEFORE = frozenset({"europeenne", "europeen", "europeens", "t"})
"""«L'Union européenne» is not L'Union."""

_DONE_NOT_PLACES = frozenset({"reunion"})
"""After «en», written small, what people do: «on se voit en réunion»."""

_COMPASS = ("nord", "sud", "est", "ouest", "centre")
_NEVER_ALONE = FILLERS | MONTHS | PREPOSITIONS


@dataclass(slots=True)
class Mention:
    """A piece of the text and what it may mean."""

    first: int
    """Index of its first token."""
    last: int
    """Index after its last token."""
    hits: list[Hit]
    strength: float
    landmark: bool = False
    """Said as a landmark («près de Metz»)."""


def find_names(words: Words, index: NameIndex) -> list[Mention]:
    """Return the names written exactly that are places here, in the order of the text."""
    mentions: list[Mention] = []
    shouted = words.shouted() and len(words.tokens) > 4
    for _ in range(2):  # what is around a name tells more once it is read
        _read_names(words, index, mentions, shouted)
    for mention in mentions:
        now = evidence(words, index, mention.first, mention.last, mention.hits, shouted=shouted)
        mention.strength = max(mention.strength, now)
    return sorted(mentions, key=lambda mention: mention.first)


def _read_names(words: Words, index: NameIndex, mentions: list[Mention], shouted: bool) -> None:
    i = 0
    while i < len(words.tokens) and len(mentions) < MOST_NAMES:
        found = None if words.used[i] else _longest(words, index, i)
        if found is None:
            i += 1
            continue
        last, hits = found
        strength = evidence(words, index, i, last, hits, shouted=shouted)
        if not _is_commune(hits[0]) and any(_adjoins(words, m.last, i) for m in mentions):
            strength += 2.0
        if strength >= 1:
            mentions.append(Mention(i, last, hits, strength, _is_landmark(words, i)))
            words.use(i, last)
            i = last
        else:
            i += 1


def _longest(words: Words, index: NameIndex, start: int) -> tuple[int, list[Hit]] | None:
    tokens = words.tokens
    first = tokens[start].word
    if not first[0].isalpha():
        return None
    longest = index.pairs.get(f"{first} {words.word(start + 1)}", 1)
    grouping = first == "communaute"  # «Communauté de communes de Vitry, Champagne et Der»
    end = min(start + min(longest, LONGEST_GROUPING if grouping else LONGEST_NAME), len(tokens))
    for last in range(end, start, -1):
        if not grouping and any(
            words.used[i] or tokens[i].after_break for i in range(start + 1, last)
        ):
            continue
        hits = index.exact(" ".join(token.word for token in tokens[start:last]))
        if hits:
            return last, hits
    return None


def inside_name(words: Words, index: NameIndex, first: int, last: int) -> bool:
    """Say whether a span is only a part of a longer name («Poilcourt-Sydney»)."""
    for start in range(max(0, first - 4), first + 1):
        found = _longest(words, index, start)
        if found and found[0] >= last and found[0] - start > last - first:
            return True
    return False


def evidence(
    words: Words, index: NameIndex, first: int, last: int, hits: list[Hit], *, shouted: bool
) -> float:
    """Say how surely a name is a place here; under 1 it is not."""
    tokens, vocabulary = words.tokens, index.gazetteer.words
    best = hits[0]
    content = [t.word for t in tokens[first:last] if t.word not in LINKS]
    if not content or (last - first == 1 and content[0] in _NEVER_ALONE):
        return 3.0 if len(tokens) == 1 and best.weight >= KNOWN_SHORT else 0.0
    if _is_another_word(words, first, last):
        return 0.0
    bare = words.only_but(first, last, BARE_WORDS)
    cut = all(hit.share == SHORT for hit in hits)
    unlikely = not bare or best.weight < KNOWN_SHORT
    if cut and len(content) == 1 and content[0] in vocabulary and unlikely:
        return 1.0 if _alone_as_a_name(words, first, last, best) else 0.0
    if words.word(last) in ("de", "d") and content[-1] in _COMPASS:
        return 0.0
    everyday = _is_everyday(words, index, first, content, best)
    if content[0] in vocabulary and number_length([words.word(first - 1)], 0) > 0:
        return 0.0  # «deux cannes»
    score = announced(words, first, hits)
    if words.only_but(first, last, ()):
        score += 3.5
    elif bare:
        score += 2.0
    elif words.only_but(first, last, FILLERS):
        score += 0.5 if everyday else 2.0
    score += _capitals(words, first, last, shouted)
    if not everyday:
        score += 1.5 if best.weight >= 20_000 else 1.0 if best.weight >= 1_000 else 0.5
        return score + (1.0 if len(content) > 1 else 0.0)
    if not _is_commune(best):
        return score - 2.0 if len(content) == 1 else score + 1.5
    if best.weight >= 10_000:
        return score - (1.0 if content[0] in EVERYDAY_CITIES else 0.5)
    return score - (1.5 if len(content) > 1 else 2.5)


def _is_everyday(words: Words, index: NameIndex, first: int, content: list[str], best: Hit) -> bool:
    """Whether a name is made of words of everyday French, as written or as they sound."""
    alone = len(content) == 1
    if content[0] in EVERYDAY_CITIES:
        return True
    if not alone and content[0] in ("saint", "sainte"):
        return False
    if alone and _is_known_city(best):
        return False
    if all(word in index.gazetteer.words for word in content):
        return True
    return alone and not words.tokens[first].capital and index.sounds_everyday(content[0])


def _is_another_word(words: Words, first: int, last: int) -> bool:
    """Whether what stands beside says that a word is none of a place: «y aura-t-il»."""
    small = not words.tokens[first].capital
    if small and words.word(first - 1) == "en" and words.word(first) in _DONE_NOT_PLACES:
        return True
    return words.word(last) in _NOT_A_PLACE_BEFORE or words.word(first - 1) == "y"


def _alone_as_a_name(words: Words, first: int, last: int, best: Hit) -> bool:
    """Whether a message is a short name and nothing else: «La Charité», «Carry»."""
    tokens = words.tokens[first:last]
    capitals = all(token.capital for token in tokens)
    alone = words.only_but(first, last, ()) and capitals
    number = number_length([tokens[0].word], 0) > 0
    return alone and not number and (len(tokens) > 1 or best.named.population >= KNOWN_ALONE)


def _is_commune(hit: Hit) -> bool:
    return hit.named.kind == "commune"


def _is_known_city(hit: Hit) -> bool:
    return _is_commune(hit) and hit.weight >= KNOWN_CITY


def _capitals(words: Words, first: int, last: int, shouted: bool) -> float:
    """Capitals where they mean something: several of them, or one inside a sentence."""
    if shouted:
        return 0.0
    proper = [t for t in words.tokens[first:last] if t.word not in LINKS]
    if all(token.capital for token in proper):
        if len(proper) > 1:
            return 2.0
        opens = first == 0 or "." in words.text[words.tokens[first - 1].end : proper[0].start]
        return 0.5 if opens else 1.5
    return 0.0


def bears_article(hit: Hit) -> bool:
    """Whether a name begins with an article of its own («Le Havre»)."""
    return words_of(hit.named.label)[0] in ARTICLES


def announced(words: Words, first: int, hits: list[Hit] | None = None) -> float:
    """Say how clearly the words before a position announce a place.

    Args:
        words: The text.
        first: Where the name starts.
        hits: Its readings, when known: «au Plaisir» announces no commune called Plaisir,
            «dans la Manche» surely announces a département.
    """
    before = first - 1
    article = words.word(first) in ARTICLES
    while before >= 0 and words.word(before) in ARTICLES:
        before -= 1
        article = True
    cue = words.word(before)
    verb = any(words.word(i) in DWELLING for i in range(max(0, first - 4), first))
    bonus = 1.0 if verb else 0.0
    if cue in ("chez", "quartier"):  # «chez Orange», «Perpignan quartier Saint-Jacques»
        return -4.0
    if hits is not None and _is_commune(hits[0]):
        article = article or cue in ("au", "aux", "du", "des")
        own = hits[0].share == BARE or bears_article(hits[0])
        if article and not own:
            return -1.5
    elif hits is not None and cue in ("en", "dans", "ds"):
        return 3.5
    if cue in ("a", "au", "aux", "vers", "habite", "habitant"):
        return 2.0 + bonus
    if cue in ("de", "du", "des", "d"):
        noun = words.word(before - 1)
        article = article or cue in ("du", "des")
        if article and hits is not None and not _is_commune(hits[0]):
            return 2.0 if noun in PLACE_NOUNS else 1.5
        return (2.0 if noun in PLACE_NOUNS or noun in DWELLING else 0.5) + bonus
    if cue in ("en", "dans", "ds", "sur"):
        return 1.5 + bonus
    return (1.0 if cue in PREPOSITIONS or cue in PLACE_NOUNS else 0.0) + bonus


def _adjoins(words: Words, end: int, start: int) -> bool:
    """Say whether only small words are between a name and the territory it is in."""
    return 0 <= start - end <= 3 and all(
        words.word(i) in LINKS or words.word(i) in ("dans", "ds") for i in range(end, start)
    )


def _is_landmark(words: Words, first: int) -> bool:
    before = [words.word(i) for i in range(max(0, first - 3), first)]
    return any(word in NEAR for word in before)
