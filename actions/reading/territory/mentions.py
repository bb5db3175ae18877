"""Find, in a person's words, every name that may say where they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from actions.reading.territory.names import LONGEST_NAME, NameIndex
from actions.reading.territory.others import is_of_something_else
from actions.reading.territory.place_vocabulary import (
    ARTICLES,
    ASKED,
    BARE_WORDS,
    BESIDE,
    DETERMINERS,
    DWELLING,
    EVERYDAY_CITIES,
    FILLERS,
    FIRST_NAMES,
    GREETINGS,
    KIN,
    LINKS,
    LIVED_IN,
    MONTHS,
    NAMED_AFTER_A_SAINT,
    NEAR,
    OWN,
    PERSON,
    PLACE_NOUNS,
    PREPOSITIONS,
    SAID_TO,
    SETTLEMENTS,
    SURROUNDINGS,
)
from actions.reading.territory.spoken import number_length
from actions.reading.territory.territories import FULL, SHORT, Hit, words_of
from actions.reading.territory.written_words import WrittenText

KNOWN_CITY = 60_000
"""From this population a commune whose name is also a word («cannes») is taken for itself."""

KNOWN_TOWN = 20_000
"""Weight from which a name is a place even where it could be somebody's («Bonjour Metz»)."""

LONGEST_GROUPING = 16
"""Words in the longest name of an EPCI."""

MOST_NAMES = 8
"""Names after which a message is a list, not a place."""

KNOWN_SHORT = 1_500.0
"""Weight from which an everyday word is a commune's name cut short («Le Puy»)."""

KNOWN_ALONE = 4_000
"""Population from which a capital word by itself is a commune's name cut short."""

CLEAR = 2.0
"""From here what stands before a name surely announces a place («à», «habite»)."""

SURELY = 4.0
"""What announces a name and nothing else («à Le Lion»)."""

LEAST_SAID_OF = 5
"""Letters from which a name that opens a message is no adjective cut short."""

_NOT_A_PLACE_BEFORE = frozenset({"europeenne", "europeen", "europeens", "t"})
"""«L'Union européenne» is not L'Union."""

_MEETING = "reunion"
"""Written small, what people hold: «on se voit en réunion»; an island after «à la» alone."""

_COUNTED = frozenset({"fois", "monde"})
"""What follows a number or «tout» misspelt, and no town: «troyes fois», «toul monde»."""
_COMPASS = ("nord", "sud", "est", "ouest", "centre")
_SAINTS = ("saint", "sainte")
_NEVER_ALONE = FILLERS | MONTHS | PREPOSITIONS
_REQUEST = FILLERS | ASKED
_BETWEEN = LINKS | frozenset({"dans", "ds", "departement", "dept", "dep", "dpt"})
"""Small words between a commune and its département."""
_ARTICLE_OF = {
    "au": "le",
    "du": "le",
    "le": "le",
    "aux": "les",
    "des": "les",
    "les": "les",
    "la": "la",
    "l": "l",
}
"""What a word said before a name makes of the article that the name bears."""


class Everyday(IntEnum):
    """How much of everyday French a name is."""

    NOT = 0
    SOUNDS = 1
    """It only sounds like an everyday word («visan»)."""
    WORD = 2
    """It is one («dunes»)."""


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


def find_names(words: WrittenText, index: NameIndex) -> list[Mention]:
    """Return the names written exactly that are places here, in the order of the text."""
    shouted = words.shouted() and len(words.tokens) > 4
    _set_people_aside(words, index)
    if not words.asked and _is_lone_common(words, index):
        return []
    mentions = list(_with_departement(words, index))
    _read_names(words, index, mentions, shouted)
    if mentions:  # what is around a name tells more once it is read
        _read_names(words, index, mentions, shouted)
    for mention in mentions:
        now = evidence(words, index, mention.first, mention.last, mention.hits, shouted=shouted)
        mention.strength = max(mention.strength, now)
    return sorted(mentions, key=lambda mention: mention.first)


def _read_names(
    words: WrittenText, index: NameIndex, mentions: list[Mention], shouted: bool
) -> None:
    i = 0
    while i < len(words.tokens) and len(mentions) < MOST_NAMES:
        found = None if words.used[i] else _longest(words, index, i)
        if found is None:
            i += 1
            continue
        last, hits = found
        hits = _with_article(words, i, hits)
        strength = evidence(words, index, i, last, hits, shouted=shouted)
        if not _is_commune(hits[0]) and any(_adjoins(words, m.last, i) for m in mentions):
            strength += 2.0
        if strength >= 1:
            mentions.append(Mention(i, last, hits, strength, _is_landmark(words, i)))
            words.use(i, last)
            i = last
        elif hits[0].share == FULL and _is_hyphenated(words, i, last):
            i = last  # «Talus-Saint-Prix» is no Saint-Prix
        else:
            i += 1


def _with_departement(words: WrittenText, index: NameIndex) -> Iterator[Mention]:
    """Yield the communes followed by their own département, and mark them: «Azur, Landes»."""
    i = 0
    while i < len(words.tokens):
        found = None if words.used[i] else _longest(words, index, i)
        last = found[0] if found else i + 1
        if found:
            inside, beside = _in_what_follows(words, index, last, found[1], cue=announced(words, i))
            if inside and _may_be_named(words, i, last):
                words.use(i, last)
                yield Mention(i, last, inside, CLEAR, _is_landmark(words, i))
                if beside:
                    words.use(beside.first, beside.last)
                    yield beside
            else:
                last = i + 1
        i = last


def _in_what_follows(
    words: WrittenText, index: NameIndex, last: int, hits: list[Hit], *, cue: float
) -> tuple[list[Hit], Mention | None]:
    """Keep the communes of that very name that lie in the département said right after.

    Its name may be cut short where a place is clearly announced: «j'habite Carry dans le 13».

    Returns:
        The communes; the département, when it is said by its name.
    """
    communes = [hit for hit in hits if _is_commune(hit)]
    whole = [hit for hit in communes if hit.share == FULL]
    beside = words.word(last)[:1].isdigit()  # «digne 04», «carry (13)»
    if not communes or not (whole or cue >= CLEAR or beside):
        return [], None
    at = last
    while at - last < 4 and words.word(at) in _BETWEEN:
        at += 1
    code = words.word(at)
    if not code or (code[0].isdigit() and words.counts(at + 1)):
        return [], None
    if code == "2" and words.word(at + 1) in ("a", "b"):
        code = f"2{words.word(at + 1).upper()}"
    if code[0].isdigit():
        inside = [hit for hit in communes if code in hit.named.departements]
        return [hit for hit in inside if hit.share == FULL] or inside, None
    for start in dict.fromkeys((at, last)):
        named = _longest(words, index, start)
        larger = [h for h in named[1] if h.named.kind == "departement"] if named else []
        inside = [h for h in communes if larger and h.named.within == larger[0].named.label]
        if named and inside:
            inside = [hit for hit in inside if hit.share == FULL] or inside
            return inside, Mention(start, named[0], larger[:1], CLEAR)
    return [], None


def _may_be_named(words: WrittenText, first: int, last: int) -> bool:
    """Whether a word before a département may be a commune: no «un cours dans le 69»."""
    if words.word(first - 1) in DETERMINERS and words.word(first) not in ARTICLES:
        return False
    if is_another_word(words, first, last):
        return False
    if last - first > 1 or words.word(first) not in _NEVER_ALONE | ASKED:
        return True
    bracketed = last < len(words.tokens) and words.tokens[last].bracketed
    return bracketed or (words.tokens[first].capital and announced(words, first) >= CLEAR)


def _with_article(words: WrittenText, first: int, hits: list[Hit]) -> list[Hit]:
    """After an article keep the communes that bear one, if any does: «au Port» is no Port."""
    article = words.word(first - 1)
    if article not in _ARTICLE_OF or article == "des":
        return hits
    own = [hit for hit in hits if not _is_commune(hit) or bears_article(hit, article)]
    return own if any(_is_commune(hit) for hit in own) else hits


def _is_hyphenated(words: WrittenText, first: int, last: int) -> bool:
    tokens = words.tokens
    return last - first > 1 and all(
        words.text[tokens[i - 1].end : tokens[i].start] in ("-", "'", "’")
        for i in range(first + 1, last)
    )


def _longest(words: WrittenText, index: NameIndex, start: int) -> tuple[int, list[Hit]] | None:
    tokens = words.tokens
    if start >= len(tokens):
        return None
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


def inside_name(words: WrittenText, index: NameIndex, first: int, last: int) -> bool:
    """Say whether a span is only a part of a longer name («Poilcourt-Sydney»)."""
    for start in range(max(0, first - 4), first + 1):
        found = _longest(words, index, start)
        if found and found[0] >= last and found[0] - start > last - first:
            return True
    return False


def evidence(
    words: WrittenText, index: NameIndex, first: int, last: int, hits: list[Hit], *, shouted: bool
) -> float:
    """Say how surely a name is a place here; under 1 it is not."""
    tokens = words.tokens
    best = hits[0]
    content = [t.word for t in tokens[first:last] if t.word not in LINKS]
    single = last - first == 1
    never = single and content and content[0] in _NEVER_ALONE | ASKED
    if not content or (never and not _said_as_a_name(words, first, best, shouted)):
        return 3.0 if len(tokens) == 1 and best.weight >= KNOWN_SHORT else 0.0
    cue = announced(words, first, hits)
    if _is_located(words, index, first, last, content):
        cue += CLEAR
    if _is_ruled_out(words, first, last, hits, cue=cue):
        return 0.0
    common = len(content) == 1 and content[0] in index.gazetteer.words
    if common and number_length([words.word(first - 1)], 0) > 0:
        return 0.0  # «deux cannes»
    everyday = _everyday(words, index, first, last, content=content, best=best)
    capitals = _capitals(words, first, last, shouted)
    rest = _rest_says_nothing(words, first, last, best=best, everyday=everyday, capitals=capitals)
    if not rest and _is_a_part_of_its_own(words, first, last):
        rest = 2.0
    said = cue >= SURELY or _takes_only_names(words, first)
    said = said or (capitals >= 1.5 and (cue >= CLEAR or rest > 0))
    said = said or (cue > CLEAR and last - first == 1 and content[0] in index.gazetteer.rare)
    if common and not said and _is_unlikely_cut(words, first, last, hits):
        return 1.0 if _alone_as_a_name(words, first, last, best) else 0.0
    score = cue + capitals + rest
    partly = all(hit.share != FULL for hit in hits)
    small = common and capitals < 1.5 and best.weight < 10_000 and last - first < len(tokens)
    if partly and cue < 1 and (small or not rest):
        score -= 1.5  # «Martin est mon voisin» is not about Martin-Église
    if everyday != Everyday.NOT and cue < 0 and content[0] in words_of(best.named.label):
        return 0.0  # «au plaisir»; «la ville rose» is a nickname
    if cue < 1 and not rest and _is_said_of_something(words, index, first, last):
        return 0.0
    return score + _as_everyday(
        words, index, first, last, best=best, everyday=everyday, cue=cue, capitals=capitals
    )


def _as_everyday(
    words: WrittenText,
    index: NameIndex,
    first: int,
    last: int,
    *,
    best: Hit,
    everyday: Everyday,
    cue: float,
    capitals: float,
) -> float:
    """Weigh how much of everyday French a name is: what is nothing else gains, «dunes» loses."""
    content = [t.word for t in words.tokens[first:last] if t.word not in LINKS]
    if everyday == Everyday.NOT:
        known = 1.5 if best.weight >= 20_000 else 1.0 if best.weight >= 1_000 else 0.5
        return known + (1.0 if len(content) > 1 else 0.0)
    if not _is_commune(best):
        named = capitals >= 1.5 and words.word(first - 1) in ARTICLES  # «la Creuse»
        return -(0.0 if named else 2.0) if len(content) == 1 else 1.5
    if best.weight >= 10_000:
        return -(1.0 if content[0] in EVERYDAY_CITIES else 0.5)
    if everyday == Everyday.SOUNDS:
        return -(0.5 if _clearly_announced(words, first, cue) else 1.5)
    if cue < CLEAR and _loses_its_accent(words, last, best):
        return -6.0 if last - first < len(words.tokens) else -2.5  # «sur place»: no Placé
    if len(content) == 1:
        return -2.5
    return -(1.5 if words.word(first) in ARTICLES else 1.0)


def _is_lone_common(words: WrittenText, index: NameIndex) -> bool:
    """Whether a message is one everyday word in small letters: «mer», «long», «cours»."""
    if len(words.tokens) != 1 or words.tokens[0].capital:
        return False
    word = words.word(0)
    hits = index.exact(word)
    known = bool(hits) and hits[0].weight >= KNOWN_TOWN
    return not known and (word in index.gazetteer.common or word in _NEVER_ALONE | ASKED)


def _is_a_part_of_its_own(words: WrittenText, first: int, last: int) -> bool:
    """Whether a part of the sentence is a name and nothing else: «Vichy et environs, …»."""
    start, end = words.segment(first)
    if last > end or (start, end) == (0, len(words.tokens)):
        return False
    around = [*range(start, first), *range(last, end)]
    return all(
        words.word(i) in BARE_WORDS | SURROUNDINGS or words.word(i) in ("et", "ou") for i in around
    )


def _is_located(
    words: WrittenText, index: NameIndex, first: int, last: int, content: list[str]
) -> bool:
    """Whether a name is said to be near another: «le Chesnay près de Versailles»."""
    at = last
    while words.word(at) in ("a", "pas", "tout", "juste", "non"):
        at += 1
    if words.word(at) not in BESIDE or words.word(at + 1) not in ("de", "d"):
        return False
    near = _longest(words, index, at + 2)
    strange = any(word not in index.gazetteer.words for word in content)
    return strange and near is not None and _is_commune(near[1][0])


def _is_not_what_it_sounds(words: WrittenText, first: int, last: int) -> bool:
    """Whether a small word is another one, misspelt: «troyes fois», «c'est nice»."""
    if last - first > 1 or words.tokens[first].capital:
        return False
    word, after = words.word(first), words.word(last)
    if words.word(first - 1) == "est" and word in EVERYDAY_CITIES:
        return True
    return after in _COUNTED


def _is_said_of_something(words: WrittenText, index: NameIndex, first: int, last: int) -> bool:
    """Whether a small word amid a sentence is no name: «ma couverture bordeaux est déchirée»."""
    if last - first > 1 or words.tokens[first].capital:
        return False
    word, before, after = words.word(first), words.word(first - 1), words.word(last)
    inside = first > 0 and not words.tokens[first].after_break and not words.ends(last)
    said_of = after in LINKS and before not in LINKS and before not in ASKED | PREPOSITIONS
    return inside and said_of and word in index.gazetteer.words


def _takes_only_names(words: WrittenText, first: int) -> bool:
    """Whether only a name may follow, with no article: «habite Carry», «vers», «près de»."""
    before = words.word(first - 1)
    if before in LIVED_IN or before == "vers":
        return True
    return before in ("de", "d") and words.word(first - 2) in BESIDE


def _is_unlikely_cut(words: WrittenText, first: int, last: int, hits: list[Hit]) -> bool:
    """Whether a common word is only a piece of names that nobody cuts so."""
    unlikely = not words.only_but(first, last, BARE_WORDS) or hits[0].weight < KNOWN_SHORT
    return unlikely and all(hit.share == SHORT for hit in hits)


def _is_ruled_out(
    words: WrittenText, first: int, last: int, hits: list[Hit], *, cue: float
) -> bool:
    """Whether what stands around a name leaves no place there."""
    if is_another_word(words, first, last, hits[0]) or _is_not_what_it_sounds(words, first, last):
        return True
    if words.word(last) in ("de", "d") and words.word(last - 1) in _COMPASS:
        return True
    partly = all(hit.share != FULL for hit in hits)
    return partly and cue < 1 and follows_a_name(words, first)


def follows_a_name(words: WrittenText, at: int) -> bool:
    """Whether somebody's first name stands right before: «Ginette Tremblay»."""
    before = words.tokens[at - 1] if at > 0 and not words.tokens[at].after_break else None
    small = before is None or before.word in _REQUEST or before.word in PLACE_NOUNS
    capital = before is not None and before.capital and not words.raw(at - 1).isupper()
    return capital and not small


def _rest_says_nothing(
    words: WrittenText, first: int, last: int, *, best: Hit, everyday: Everyday, capitals: float
) -> float:
    """Weigh how little the rest of a message says beside a name: «cours tablette Metz»."""
    if last - first == len(words.tokens):
        return 3.5
    if words.only_but(first, last, BARE_WORDS):
        alone = words.only_but(first, last, ())
        article = (last - first > 1 and words.word(first) in ARTICLES) or (
            words.word(first - 1) in _ARTICLE_OF
        )
        small = everyday == Everyday.WORD and best.named.population < 10_000 and not capitals
        if article and small and _is_commune(best):
            return 0.0  # «à l'hôpital»
        return 3.5 if alone else 2.0
    if not words.only_but(first, last, _REQUEST):
        return 0.0
    if everyday == Everyday.NOT:
        return 2.0
    if everyday == Everyday.SOUNDS:
        return 1.5
    known = best.weight >= 10_000 and words.word(first) not in EVERYDAY_CITIES
    return 2.0 if capitals >= 1.5 or known else 0.5


def _everyday(
    words: WrittenText, index: NameIndex, first: int, last: int, *, content: list[str], best: Hit
) -> Everyday:
    """Tell whether a name is made of words of everyday French, as written or as they sound."""
    alone = len(content) == 1
    capital = words.tokens[last - 1].capital
    if content[0] in EVERYDAY_CITIES:
        return Everyday.WORD
    if not alone and (content[0] in _SAINTS or _is_long(words, first, last, best)):
        return Everyday.NOT
    common = all(word in index.gazetteer.words for word in content)
    if alone and _is_known_city(best) and (capital or not (common and bears_article(best))):
        return Everyday.NOT
    if common:
        return Everyday.WORD
    if alone and not words.tokens[first].capital and index.sounds_everyday(content[0]):
        return Everyday.SOUNDS
    return Everyday.NOT


def _is_long(words: WrittenText, first: int, last: int, best: Hit) -> bool:
    """Whether a name has three words or more, its article apart: nothing else is said so."""
    return best.share == FULL and last - first - (words.word(first) in ARTICLES) >= 3


def _clearly_announced(words: WrittenText, first: int, cue: float) -> bool:
    """Whether a place is surely announced: «à» with its accent, «près de», «habite»."""
    accented = first > 0 and words.raw(first - 1) in ("à", "À")
    return accented or cue > CLEAR or words.only_but(first, first + 1, _REQUEST)


def _loses_its_accent(words: WrittenText, last: int, best: Hit) -> bool:
    """Whether the last word lacks the «é» that makes another word of it («place», Placé)."""
    return best.named.label.endswith("é") and not words.raw(last - 1).endswith(("é", "É"))


def _said_as_a_name(words: WrittenText, first: int, best: Hit, shouted: bool) -> bool:
    """Whether a small word is a commune's name: «à Vers», «j'habite Y»."""
    full = best.share == FULL and _is_commune(best)
    capital = words.tokens[first].capital and first > 0 and not shouted
    return full and capital and announced(words, first) >= CLEAR


def is_another_word(words: WrittenText, first: int, last: int, best: Hit | None = None) -> bool:
    """Say whether what stands beside makes a name something else than a place.

    Args:
        words: The text.
        first: Where the name starts.
        last: Where it ends.
        best: Its likeliest reading; a well-known town stays one where a village does not.
    """
    if words.word(last) in _NOT_A_PLACE_BEFORE or words.word(first - 1) == "y":  # «y aura-t-il»
        return True
    if is_of_something_else(words, first, last) or _is_fit_to(words, first, last):
        return True
    if words.word(first) == _MEETING and not words.tokens[first].capital:
        return not _is_island(words, first, last)
    known = best is not None and best.weight >= KNOWN_TOWN
    return not known and _is_greeted(words, first, last)


def _is_fit_to(words: WrittenText, first: int, last: int) -> bool:
    """Whether a short word that opens is an adjective: «Apt à travailler»."""
    if first or last > 1 or len(words.word(0)) >= LEAST_SAID_OF or words.word(1) != "a":
        return False
    return not words.ends(last) and words.word(2).endswith(("er", "ir", "re"))


def _is_island(words: WrittenText, first: int, last: int) -> bool:
    """Tell «à la réunion» from a meeting."""
    if words.word(first - 1) != "la":
        return False
    on = words.word(last) in ("de", "d", "du", "des", "avec", "publique")
    cue = words.word(first - 2)
    return not on and (cue in ("a", "de", "sur", "dans", "habite") or len(words.tokens) == 2)


def _set_people_aside(words: WrittenText, index: NameIndex) -> None:
    """Mark the names of people, and what is named after a saint, as explained."""
    for i, token in enumerate(words.tokens):
        if token.word in _SAINTS and _is_named_after(words, index, i):
            words.use(i, min(i + 2, len(words.tokens)))
        elif _is_person(words, i) and _may_be_persons(words, index, i):
            last = i + 1
            while last < len(words.tokens) and _goes_with(words, last):
                last += 1
            words.use(i, last)


def _is_named_after(words: WrittenText, index: NameIndex, first: int) -> bool:
    """Whether a saint is whose something is: «gare Saint-Charles», «la Saint-Valentin»."""
    before = words.word(first - 1)
    if before not in NAMED_AFTER_A_SAINT and before != "la":
        return False
    for start in range(max(0, first - 4), first):  # «La Chapelle-Saint-Luc»
        found = _longest(words, index, start)
        if found and found[0] > first:
            return False
    found = _longest(words, index, first) if before == "gare" else None
    return found is None or found[1][0].weight < KNOWN_CITY


def _is_person(words: WrittenText, first: int) -> bool:
    """Whether a name is somebody's: «madame Laval», «mon nom est Valence», «F. Aubry»."""
    before, further = words.word(first - 1), words.word(first - 2)
    if is_called(words, first):
        return False
    if before in PERSON or (before == "a" and further in SAID_TO):
        return True
    if before == "est" and (further == "nom" or words.word(first - 3) in ("nom", "prenom")):
        return True
    if (further, before, words.word(first + 1)) == ("c", "est", "qui"):
        return True
    little = before in ("petit", "petite", "grand", "grande", "cher", "chere")
    if little and further in OWN and words.tokens[first].capital:
        return True
    if _is_beside_kin(words, first):
        return True
    initial = len(before) == 1 and before.isalpha() and words.tokens[first - 1].capital
    return initial and words.text[words.tokens[first - 1].end] == "."


def _is_beside_kin(words: WrittenText, first: int) -> bool:
    """Whether a first name is that of somebody told of: «Nancy ma collègue»."""
    if words.word(first) not in FIRST_NAMES or words.ends(first + 1):
        return False
    return words.word(first + 1) in OWN and words.word(first + 2) in KIN


def is_called(words: WrittenText, first: int) -> bool:
    """Whether a place's own name follows: «mon village s'appelle Signes»."""
    called = words.word(first - 1).startswith(("appel", "nomm"))
    return called and any(words.word(i) in SETTLEMENTS for i in range(max(0, first - 5), first))


def _may_be_persons(words: WrittenText, index: NameIndex, at: int) -> bool:
    word = words.word(at)
    small = word in FILLERS or word in DWELLING or not word[0].isalpha()
    unlike = words.tokens[at].capital or word not in index.gazetteer.words
    return not small and (unlike or bool(index.exact(word)))


def _goes_with(words: WrittenText, at: int) -> bool:
    """Whether a surname follows: «Jean Dupont»."""
    token = words.tokens[at]
    return token.capital and not token.after_break and token.word[0].isalpha()


def _is_greeted(words: WrittenText, first: int, last: int) -> bool:
    """Whether a name is all that is greeted or thanked: «Merci Charly»."""
    greeted = words.word(first - 1) in GREETINGS and not words.tokens[first].after_break
    return greeted and words.ends(last)


def _alone_as_a_name(words: WrittenText, first: int, last: int, best: Hit) -> bool:
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


def _capitals(words: WrittenText, first: int, last: int, shouted: bool) -> float:
    """Capitals where they mean something: several of them, or one inside a sentence."""
    if shouted:
        return 0.0
    proper = [t for t in words.tokens[first:last] if t.word not in LINKS]
    if all(token.capital for token in proper):
        if len(proper) > 1:
            return 2.0
        opens = first == 0 or "." in words.text[words.tokens[first - 1].end : proper[0].start]
        return 0.25 if opens else 1.5
    return 0.0


def bears_article(hit: Hit, said: str = "") -> bool:
    """Whether a name begins with an article of its own («Le Havre»); the one said («au»)."""
    own = words_of(hit.named.label)[0]
    return own in ARTICLES and (not said or own == _ARTICLE_OF.get(said, said))


def announced(words: WrittenText, first: int, hits: list[Hit] | None = None) -> float:
    """Say how clearly the words before a position announce a place.

    Args:
        words: The text.
        first: Where the name starts.
        hits: Its readings, when known: «au Plaisir» announces no commune called Plaisir,
            «dans la Manche» surely announces a département.
    """
    before = first - 1
    article = words.word(first) in ARTICLES
    if words.word(before) in ("a", "de") and words.word(first) in ("le", "les"):
        return SURELY  # nobody says «à le» but before a name: «à Le Cendre»
    said = ""
    while before >= 0 and words.word(before) in ARTICLES:
        said = words.word(before)
        before -= 1
        article = True
    cue, noun = words.word(before), words.word(before - 1)
    verb = any(words.word(i) in DWELLING for i in range(max(0, first - 4), first))
    bonus = 1.0 if verb else 0.0
    if cue in ("chez", "quartier"):  # «chez Orange», «Perpignan quartier Saint-Jacques»
        return -4.0
    if hits is not None and _is_commune(hits[0]):
        if cue == "en" and hits[0].weight < KNOWN_TOWN:  # «en ligne», «en cours»
            return -2.0
        said = said or (cue if cue in _ARTICLE_OF else "")
        if (said or article) and not bears_article(hits[0], said):
            return -1.5
        article = article or bool(said)
    elif hits is not None and cue in ("en", "dans", "ds"):
        return 3.5
    if is_called(words, first):
        return 3.0
    if cue in LIVED_IN:
        return 1.5 + bonus if article else 2.5 + bonus
    if cue in ("a", "au", "aux", "vers"):
        return (3.0 if cue == "vers" and not article else 2.0) + bonus
    if cue in ("de", "du", "des", "d"):
        article = article or cue in ("du", "des")
        larger = hits is not None and not _is_commune(hits[0])
        return _announced_by(noun, article=article, larger=larger, bonus=bonus)
    if cue in ("en", "dans", "ds", "sur"):
        return 1.5 + bonus
    place = cue in PREPOSITIONS or (cue in PLACE_NOUNS and cue != "est")  # «c'est cher»
    return (1.0 if place else 0.0) + bonus


def _announced_by(noun: str, *, article: bool, larger: bool, bonus: float) -> float:
    """Say how clearly «de» after a word announces a place: «près de», «la mairie de»."""
    if article and larger:
        return 2.0 if noun in PLACE_NOUNS else 1.5
    if noun in BESIDE and not article:
        return 3.0 + bonus
    return (2.0 if noun in PLACE_NOUNS or noun in DWELLING else 0.5) + bonus


def _adjoins(words: WrittenText, end: int, start: int) -> bool:
    """Say whether only small words are between a name and the territory it is in."""
    return 0 <= start - end <= 3 and all(
        words.word(i) in LINKS or words.word(i) in ("dans", "ds") for i in range(end, start)
    )


def _is_landmark(words: WrittenText, first: int) -> bool:
    before = [words.word(i) for i in range(max(0, first - 3), first)]
    return any(word in NEAR for word in before)
