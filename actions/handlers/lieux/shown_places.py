"""Which of the places just shown a message talks about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.reading.fold import fold

_ORDINALS = (
    r"\b(?:premiere?|1ere?|1er|n ?1|numero (?:1|un))\b",
    r"\b(?:deuxieme|seconde?|2e|2eme|n ?2|numero (?:2|deux))\b",
    r"\b(?:troisieme|3e|3eme|n ?3|numero (?:3|trois))\b",
)
_LAST = re.compile(r"\b(?:dernier|derniere)\b")
_BARE = re.compile(r"(?:le |la |au )?([123])\W*$")


def which(text: str, names: Sequence[str]) -> int | None:
    """Return the index of the place meant, or ``None`` when the message does not say.

    Args:
        text: What the person wrote («le deuxième», «la médiathèque ?»).
        names: Names of the places shown, in their order.
    """
    folded = fold(text)
    for index, pattern in enumerate(_ORDINALS[: len(names)]):
        if re.search(pattern, folded):
            return index
    if _LAST.search(folded):
        return len(names) - 1
    if (bare := _BARE.match(folded)) and int(bare[1]) <= len(names):
        return int(bare[1]) - 1
    return _by_name(folded, names)


def _by_name(folded: str, names: Sequence[str]) -> int | None:
    said = set(re.findall(r"\w{5,}", folded))
    words = [set(re.findall(r"\w{5,}", fold(name))) for name in names]
    hits = [
        index
        for index, own in enumerate(words)
        if said & own - set().union(*(w for i, w in enumerate(words) if i != index))
    ]
    return hits[0] if len(hits) == 1 else None
