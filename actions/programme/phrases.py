"""The words of the simulation, read from ``data/programme/simulation/phrases.yaml``."""

from __future__ import annotations

from pathlib import Path

from actions.french import typeset
from actions.words import Words, load_words


class Phrases:
    """French sentences by key, with named values."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def say(self, key: str, **values: object) -> str:
        """Return a sentence, its values in place, with French spaces in them too."""
        return typeset(self._words(key, **values))


def load_phrases(path: Path) -> Phrases:
    """Read the sentences.

    Raises:
        WordsError: The file is not a mapping of texts, or one of them cannot be used.
        OSError: It cannot be read.
    """
    return Phrases(load_words(path))
