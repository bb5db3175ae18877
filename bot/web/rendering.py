"""Every meaning of ``actions.messages`` as HTML: the page and the button show the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup, escape

from actions.messages import Button, Message, PlaceCard, Text, from_json
from actions.words import Words
from bot.web.transcript import TranscriptEntry

COMMANDS = {"/mesdonnees": "commande_mesdonnees", "/oublier": "commande_oublier"}
"""Commands that a text names, and the words of the button that stands for each."""

BULLET = "• "
"""How a line of a list begins in texts."""

_TOKENS = re.compile(
    r"(?P<link>https?://[^\s<>«»\"]+[^\s<>«»\".,;:!?)])|(?P<command>(?<!\S)/[a-z]+(?![\w/{]))"
)
_MAP_ZOOM = 17


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Whose page a message is shown on."""

    address: str
    site: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an agent sent."""

    number: int
    """Its number at the helpdesk."""
    name: str
    is_picture: bool


class HtmlRenderer:
    """Makes HTML of what is said; every text is escaped."""

    def __init__(self, wording: Words, words: Words, file_seal: Callable[[str, int], str]) -> None:
        """Prepare.

        Args:
            wording: The words of dialogue mechanics, for the titles of commands.
            words: The page's own (``web.yaml``).
            file_seal: Signs the address of a conversation's file (``Keyring.file_seal``).
        """
        self._wording = wording
        self._words = words
        self._seal = file_seal
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            undefined=jinja2.StrictUndefined,
        )
        self._templates.filters |= {"said": self._said, "map": map_url, "tel": _tel}
        self._templates.tests["web"] = is_web
        self._templates.globals["say"] = words

    def page(self, name: str, **values: Any) -> str:
        """Render a template by its name."""
        return self._templates.get_template(f"{name}.html").render(**values)

    def message(self, entry: TranscriptEntry, around: Surroundings) -> str:
        """Render one message of a page: the person's words, or a meaning."""
        if entry.author == "person":
            text = str(entry.body.get("text", ""))
            return self.page("personne", id=entry.id, text=text)
        said = read(entry.body)
        by = "aide" if entry.author == "agent" else "assistant"
        attached = attachment(entry.body)
        name = saved_as(attached.name) if attached else ""
        if said.kind in ("sheet", "document"):
            name = file_name(said)
        file = ""
        if name:
            seal = self._seal(around.address, entry.id)
            file = f"/web/fichier/{entry.id}/{seal}/{quote(name)}"
        return self.meaning(said, around, id=entry.id, file=file, by=by, attached=attached)

    def meaning(
        self,
        said: Message,
        around: Surroundings,
        *,
        id: int = 0,
        file: str = "",
        by: str = "assistant",
        attached: Attachment | None = None,
    ) -> str:
        """Render a meaning.

        Args:
            said: The meaning.
            around: Whose page.
            id: Its number on the page; 0 for what is only shown.
            file: Where its file can be downloaded.
            by: The word that says who speaks.
            attached: The file that an agent sent with it.
        """
        return self.page(
            "assistant",
            id=id,
            said=said,
            by=by,
            file=file,
            attached=attached,
            buttons=_shown(getattr(said, "buttons", ())),
            sources=getattr(said, "sources", ()),
            site=around.site,
        )

    def _said(self, text: str) -> Markup:
        """Write a text: paragraphs, lists where lines begin with a bullet, links, commands."""
        blocks: list[Markup] = []
        for paragraph in re.split(r"\n\s*\n", text.strip()):
            for listed, lines in groupby(paragraph.splitlines(), _is_item):
                if listed:
                    items = (self._inline(line.lstrip().removeprefix(BULLET)) for line in lines)
                    rows = Markup("").join(Markup("<li>{}</li>").format(item) for item in items)
                    blocks.append(Markup("<ul>{}</ul>").format(rows))
                else:
                    words = Markup("<br>").join(self._inline(line) for line in lines)
                    blocks.append(Markup("<p>{}</p>").format(words))
        return Markup("\n").join(blocks)

    def _inline(self, text: str) -> Markup:
        parts: list[Markup] = []
        end = 0
        for found in _TOKENS.finditer(text):
            shown = self._token(found)
            if shown is None:
                continue
            parts += [escape(text[end : found.start()]), shown]
            end = found.end()
        return Markup("").join([*parts, escape(text[end:])])

    def _token(self, found: re.Match[str]) -> Markup | None:
        if link := found["link"]:
            return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(
                link, re.sub(r"^https?://", "", link)
            )
        words = COMMANDS.get(found["command"])
        if words is None:
            return None
        return Markup('<button class="lien" name="bouton" value="{}">{}</button>').format(
            found["command"], self._wording(words).strip()
        )


def _is_item(line: str) -> bool:
    return line.lstrip().startswith(BULLET)


def read(body: Mapping[str, Any]) -> Message:
    """Return what a body means; a channel's own kind is read as its words."""
    try:
        return from_json(dict(body))
    except ValueError:
        return Text(str(body.get("text", "")))


def attachment(body: Mapping[str, Any]) -> Attachment | None:
    """Return the file that an agent sent with a message, or nothing."""
    number = body.get("desk_file")
    if not isinstance(number, int):
        return None
    return Attachment(number, str(body.get("name") or "fichier"), body.get("as") == "photo")


def file_name(said: Message) -> str:
    """Return the name under which a file is saved."""
    return saved_as(str(getattr(said, "filename", "")) or "pass-numerique.pdf")


def saved_as(name: str) -> str:
    """Return a name that any system saves a file under."""
    return re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-.") or "fichier"


def is_web(url: str) -> bool:
    """Tell whether an address is one of the web's: no other becomes a link."""
    return url.startswith(("https://", "http://"))


def map_url(place: PlaceCard) -> str:
    """Return a map centred on a place: OpenStreetMap, no account, nothing of the person."""
    where = f"{place.latitude:.5f}"
    along = f"{place.longitude:.5f}"
    return (
        f"https://www.openstreetmap.org/?mlat={where}&mlon={along}#map={_MAP_ZOOM}/{where}/{along}"
    )


def _tel(phone: str) -> str:
    """Return what a telephone dials."""
    return "tel:" + re.sub(r"[^\d+]", "", phone)


def _shown(buttons: Iterable[Button]) -> list[Button]:
    return [button for button in buttons if button.payload or is_web(button.url)]
