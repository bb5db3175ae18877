"""Words with the buttons that go under them: ``mecanique.yaml`` and files of its shape."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.french import typeset
from actions.messages import Button
from actions.words import Sentence, Words, WordsError, read_file, words_of


class Wording(Words):
    """Sentences, and menus of buttons, by key."""

    def __init__(
        self, sentences: Mapping[str, Sentence], menus: Mapping[str, tuple[Button, ...]]
    ) -> None:
        super().__init__(sentences)
        self.menus = menus

    def buttons(self, key: str) -> tuple[Button, ...]:
        """Return the buttons of a menu.

        Raises:
            KeyError: No such menu.
        """
        return self.menus[key]


def load_wording(folder: Path, name: str = "mecanique.yaml") -> Wording:
    """Read ``mecanique.yaml``, or another file of its shape, in a folder of answers.

    Raises:
        WordsError: Not a file of texts and buttons, or one of them cannot be used.
        OSError: It cannot be read.
    """
    data = read_file(folder / name)
    try:
        menus = {
            key: tuple(_button(item) for item in menu)
            for key, menu in (data.get("boutons") or {}).items()
        }
    except (AttributeError, KeyError, TypeError):
        raise WordsError(name, "« boutons » : un « titre » par bouton est attendu") from None
    return Wording(words_of(data, name), menus)


def _button(item: Mapping[str, Any]) -> Button:
    return Button(typeset(item["titre"]), payload=item.get("dit", ""), url=item.get("lien", ""))
