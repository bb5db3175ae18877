"""The words of dialogue mechanics, read from ``data/answers/mecanique.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from actions.errors import ToldError
from actions.french import typeset
from actions.messages import Button


class WordingError(ToldError):
    """The file is not what it should be. The message says where."""


@dataclass(frozen=True, slots=True)
class Wording:
    """French texts and buttons by key."""

    texts: Mapping[str, str]
    menus: Mapping[str, tuple[Button, ...]]

    def __call__(self, key: str, **values: str | int) -> str:
        """Return a text, its ``{fields}`` filled.

        Raises:
            KeyError: No such text, or a field without a value.
        """
        return self.texts[key].format(**values)

    def buttons(self, key: str) -> tuple[Button, ...]:
        """Return the buttons of a menu.

        Raises:
            KeyError: No such menu.
        """
        return self.menus[key]


def load_wording(folder: Path, name: str = "mecanique.yaml") -> Wording:
    """Read ``mecanique.yaml``, or another file of its shape, in a folder of answers.

    Raises:
        WordingError: Not a file of texts and buttons.
        OSError: It cannot be read.
    """
    path = folder / name
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        texts = {key: typeset(str(text)) for key, text in data["textes"].items()}
        menus = {
            key: tuple(_button(item) for item in menu)
            for key, menu in (data.get("boutons") or {}).items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise WordingError(f"{path.name} : « textes » et « boutons » sont attendus") from error
    return Wording(texts, menus)


def _button(item: Mapping[str, Any]) -> Button:
    return Button(typeset(item["titre"]), payload=item.get("dit", ""), url=item.get("lien", ""))
