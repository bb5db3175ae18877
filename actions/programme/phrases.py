"""The words of the simulation, read from ``data/programme/simulation/phrases.yaml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from actions.french import typeset
from actions.programme.errors import FactsError
from actions.programme.facts import read_yaml

_TENSES = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


def in_tense(text: str, is_open: bool) -> str:
    """Return a text in the tense of a call: «[peut|pouvait]» is «peut» while it is open."""
    return _TENSES.sub(r"\1" if is_open else r"\2", text)


class Phrases:
    """French sentences by key, with named values."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def say(self, key: str, **values: str) -> str:
        """Return a sentence, its values in place, with French spaces."""
        return typeset(self._texts[key].format(**values))


def load_phrases(path: Path) -> Phrases:
    """Read the sentences.

    Raises:
        FactsError: The file is not a mapping of texts.
    """
    texts: dict[str, str] = {}

    def walk(prefix: str, node: Any) -> None:
        if isinstance(node, str):
            texts[prefix] = node
        elif isinstance(node, dict):
            for name, child in node.items():
                walk(f"{prefix}.{name}" if prefix else str(name), child)
        else:
            raise FactsError(path.name, prefix, "il faut un texte")

    walk("", read_yaml(path))
    return Phrases(texts)
