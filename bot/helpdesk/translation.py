"""What an agent wrote in French, as a person of another language is sent it.

Ready answers are translated once, by hand; whatever else is written goes out as it is, and the
person is told that it is not translated. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from actions.reading.language import written_language

PLACE = "{commune}"
"""The one variable that an agent may have changed: it is taken over as they wrote it."""

_BLANKS = re.compile(r"[ \u00a0\u202f]+")
_A_PLACE = r"(?P<place>[^\n.!?;]{1,60}?)"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A ready answer in French and in another language, filled but for ``{commune}``."""

    french: str
    other: str

    def found_in(self, text: str) -> Iterator[tuple[bool, str]]:
        """Cut a text where it says this; yield whether a piece is translated, and the piece."""
        end = 0
        for found in self._pattern().finditer(text):
            place = found.groupdict().get("place") or ""
            yield False, text[end : found.start()]
            yield True, self.other.replace(PLACE, place)
            end = found.end()
        yield False, text[end:]

    def _pattern(self) -> re.Pattern[str]:
        words = (re.escape(word).replace("’", "['’]") for word in _BLANKS.split(self.french))
        return re.compile(r"\s+".join(words).replace(re.escape(PLACE), _A_PLACE, 1))


def translated(
    text: str, phrases: Iterable[Phrase], language: str, mark: str, *, longest: int
) -> str:
    """Return a text as a person of a language is sent it.

    Args:
        text: What the agent wrote.
        phrases: What is translated.
        language: The person's.
        mark: What tells them that something is not translated.
        longest: Characters beyond which the mark is left out.
    """
    pieces = [(False, text)]
    for phrase in sorted(phrases, key=lambda phrase: len(phrase.french), reverse=True):
        pieces = [
            piece
            for done, words in pieces
            for piece in ([(done, words)] if done else phrase.found_in(words))
        ]
    said = "".join(words for _, words in pieces)
    free = " ".join(words for done, words in pieces if not done)
    needs_no_mark = not any(c.isalpha() for c in free) or written_language(free) == language
    if needs_no_mark or len(said) + len(mark) + 2 > longest:
        return said
    return f"{said}\n\n{mark}"
