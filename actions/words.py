"""The one way to word: French sentences by key, filled by name, checked when they are loaded.

    say = load_words(folder / "mecanique.yaml")
    say("bienvenue", duree="30 jours")

A file has its sentences under ``textes``, by key or by nested keys (``budget.missing``). They are
Jinja, sandboxed: ``{{ duree }}`` and ``{% if ouvert %}``, nothing else. No figure, no date and no
month may be written in them, not even in letters: a figure is a value that the code gives, from a
fact or a setting. Menus of buttons are under ``boutons``: a ``titre``, and what it says (``dit``)
or opens (``lien``). What is no fact of the programme («sept jours» to reopen a request) is declared
under ``chiffres``, so that whoever changes it finds it. ``actions/answers`` adds facts to this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import BaseLoader, StrictUndefined, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from actions.errors import ToldError
from actions.french import MONTHS, typeset
from actions.messages import Button
from actions.strict_yaml import load_yaml

SECTION, FIGURES, MENUS = "textes", "chiffres", "boutons"

_NUMERALS = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt"
    "|trente|quarante|cinquante|soixante|cents?|mille|milliers?|millions?|milliards?"
    "|moitié|tiers|quarts?|double|triple|pour[- ]cent|pourcent"
)
_FIGURE = re.compile(rf"\d|%|€|\b(?:{_NUMERALS}|{'|'.join(MONTHS)})\b", re.IGNORECASE)
"""A figure, a unit or a month that prose may not hold."""
_SINGLE = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
"""A name in single braces: it would be said as it is written."""


class WordsError(ToldError):
    """A file of words that cannot be used: file, key, reason, in one line."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where} : {' '.join(reason.split())}")


def environment(loader: BaseLoader | None = None) -> ImmutableSandboxedEnvironment:
    """Return the Jinja in which every word is written: strict, and without functions."""
    found = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # French prose for chats: front-ends escape
    )
    found.filters.clear()
    found.globals.clear()
    return found


def lazily(make: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """Return a function that is made when it is first called."""
    made = cache(make)

    def run(*given: Any) -> Any:
        return made()(*given)

    return run


def figure_in(tree: nodes.Template, declared: Sequence[str] = ()) -> str:
    """Return the first figure that the prose of a template holds, with what is around it."""
    for piece in tree.find_all(nodes.TemplateData):
        prose = piece.data
        for allowed in declared:
            prose = prose.replace(allowed, "")
        if found := _FIGURE.search(prose):
            return str(prose[max(0, found.start() - 20) : found.end() + 10]).strip()
    return ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, checked; it becomes code when it is first said."""

    where: str
    needs: frozenset[str]
    """Names of the values that its caller gives."""
    _run: Callable[[Mapping[str, Any]], str]

    def say(self, values: Mapping[str, object]) -> str:
        """Fill it.

        Raises:
            WordsError: A value is missing.
        """
        if missing := self.needs - values.keys():
            raise WordsError(self.where, f"il manque {', '.join(sorted(missing))}")
        return self._run(values)


class Words(Mapping[str, Sentence]):
    """Sentences by key, and the menus of buttons that go under them."""

    def __init__(
        self,
        sentences: Mapping[str, Sentence],
        menus: Mapping[str, tuple[Button, ...]] | None = None,
        finish: Callable[[str], str] = str,
    ) -> None:
        """Hold what a file says.

        Args:
            sentences: By key.
            menus: Buttons, by key.
            finish: Sets the type of what is said, once its values are in.
        """
        self._sentences = dict(sentences)
        self.menus = dict(menus or {})
        self._finish = finish

    def __getitem__(self, key: str) -> Sentence:
        return self._sentences[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sentences)

    def __len__(self) -> int:
        return len(self._sentences)

    def __call__(self, key: str, **values: object) -> str:
        """Return a sentence, its values in place as they are given.

        Raises:
            KeyError: No such sentence.
            WordsError: A value is missing.
        """
        return self._finish(self._sentences[key].say(values))

    def buttons(self, key: str) -> tuple[Button, ...]:
        """Return the buttons of a menu.

        Raises:
            KeyError: No such menu.
        """
        return self.menus[key]


def compile_words(
    texts: Mapping[str, str],
    where: str,
    declared: Sequence[str] = (),
    dress: Callable[[str], str] = typeset,
) -> Words:
    """Compile sentences.

    Args:
        texts: By key, as an editor wrote them: plain spaces, straight apostrophes.
        where: The file, for what is refused.
        declared: Figures that they may hold.
        dress: Sets their type; as French does, unless they are in another language.

    Raises:
        WordsError: One cannot be read, calls something, or holds a figure.
    """
    jinja = environment()
    return Words(
        {
            key: _sentence(jinja, text, f"{where}, {key}", declared, dress)
            for key, text in texts.items()
        }
    )


def _sentence(
    jinja: ImmutableSandboxedEnvironment,
    text: str,
    where: str,
    declared: Sequence[str],
    dress: Callable[[str], str],
) -> Sentence:
    try:
        tree = jinja.parse(text)
    except TemplateError as error:
        raise WordsError(where, f"illisible : {error}") from None
    if any(tree.find_all((nodes.Call, nodes.Const, nodes.Filter, nodes.Include))):
        raise WordsError(where, "seuls des noms sont permis entre accolades")
    if single := _SINGLE.search(text):
        raise WordsError(where, f"{{{single[1]}}} s'écrit {{{{ {single[1]} }}}}")
    if found := figure_in(tree, declared):
        raise WordsError(where, f"un chiffre que rien ne donne : « {found} »")
    names = frozenset(meta.find_undeclared_variables(tree))
    return Sentence(where, names, lazily(lambda: jinja.from_string(dress(text)).render))


def load_words(path: Path, finish: Callable[[str], str] = str) -> Words:
    """Read the sentences of a file, and its menus (``boutons``).

    Args:
        path: The file.
        finish: Sets the type of what is said, once its values are in.

    Raises:
        WordsError: It is no file of words, or one of them cannot be used.
        OSError: It cannot be read.
    """
    data = read_file(path)
    try:
        menus = {
            key: tuple(_button(item) for item in menu)
            for key, menu in (data.get(MENUS) or {}).items()
        }
    except (AttributeError, KeyError, TypeError):
        raise WordsError(path.name, f"« {MENUS} » : un « titre » par bouton est attendu") from None
    return Words(words_of(data, path.name), menus, finish)


def _button(item: Mapping[str, Any]) -> Button:
    return Button(typeset(item["titre"]), payload=item.get("dit", ""), url=item.get("lien", ""))


def read_file(path: Path) -> dict[str, Any]:
    """Return the sections of a file of words; a key written twice is refused.

    Raises:
        WordsError: It has no ``textes``.
        OSError: It cannot be read.
    """
    try:
        data = load_yaml(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise WordsError(path.name, str(error)[:200]) from None
    if not isinstance(data, dict) or not isinstance(data.get(SECTION), dict):
        raise WordsError(path.name, f"« {SECTION} » est attendu")
    return data


def words_of(data: Mapping[str, Any], where: str, dress: Callable[[str], str] = typeset) -> Words:
    """Compile the ``textes`` of a file, whose ``chiffres`` they may hold (see ``compile_words``).

    Raises:
        WordsError: One of them cannot be used, or a declared figure is in none.
    """
    texts = dict(_flat(data[SECTION], where))
    declared = [str(figure) for figure in data.get(FIGURES) or ()]
    for figure in declared:
        if not any(figure in text for text in texts.values()):
            raise WordsError(where, f"« {figure} » n'est plus dans aucun texte")
    return compile_words(texts, where, declared, dress)


def _flat(node: Mapping[Any, Any], where: str, prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, child in node.items():
        key = f"{prefix}{name}"
        if isinstance(child, dict):
            yield from _flat(child, where, f"{key}.")
        elif isinstance(child, str):
            yield key, child
        else:
            raise WordsError(where, f"{key} : il faut un texte")
