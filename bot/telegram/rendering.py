"""How each meaning looks on Telegram. Pure: what must be sent, not the sending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from actions.messages import (
    AskPosition,
    Button,
    Document,
    Message,
    PlaceCard,
    Places,
    Sheet,
    Simulation,
    Source,
    Text,
    Venues,
)
from actions.words import Words
from bot.telegram.links import by_ids
from bot.telegram.rich import MAX_CAPTION, Rich, bold, italic, join, link, split

MAX_CALLBACK_BYTES = 64
"""Longest payload of a button (Bot API, InlineKeyboardButton)."""

MAX_BUTTONS = 100
"""Buttons that a message may have; Telegram refuses more."""

SHORT_PREFIX = "#"
"""Announces the short id of a payload kept in the store; no payload begins so."""

WIDE_TITLE = 18
"""Characters beyond which a button takes a row of its own, to be read on a small phone."""

Shorten = Callable[[str], str]
"""Keeps a payload that is too long, and returns its short id."""

Keyboard = Literal["", "position", "remove"]


@dataclass(frozen=True, slots=True)
class Key:
    """A button under a message: it says ``data``, opens ``url``, or shares."""

    title: str
    data: str = ""
    url: str = ""
    share: str = ""
    """What is typed after the bot's name in the chat that the person then chooses."""


Rows = tuple[tuple[Key, ...], ...]


@dataclass(frozen=True, slots=True)
class SendText:
    """A text message."""

    html: str
    plain: str
    keys: Rows = ()
    keyboard: Keyboard = ""
    """What happens to the keyboard of the phone."""


@dataclass(frozen=True, slots=True)
class SendVenue:
    """A place as a point on a map."""

    title: str
    address: str
    latitude: float
    longitude: float
    keys: Rows = ()


@dataclass(frozen=True, slots=True)
class SendFile:
    """A file with its caption; ``sheet`` is rendered when it is sent."""

    filename: str
    caption: str
    content: str = ""
    sheet: Sheet | None = None
    keys: Rows = ()


Call = SendText | SendVenue | SendFile


def render(
    message: Message,
    shorten: Shorten,
    wording: Words,
    remove_keyboard: bool = False,
    shares: bool = False,
) -> list[Call]:
    """Return the calls that say a message, in order; never none for a message with words.

    Args:
        message: The meaning.
        shorten: For the payloads of more than 64 bytes.
        wording: Telegram's own few words.
        remove_keyboard: Take away the keyboard that shares a position.
        shares: Places can be shared in other chats: a button offers it.
    """
    rows = keys(getattr(message, "buttons", ()), shorten)
    match message:
        case AskPosition():
            calls = _texts(Rich(message.text), (), "position")
            return calls + (_texts(Rich(wording("ou_choisir")), rows) if rows else [])
        case Places():
            shown = _and_sharing(rows, message.places, wording) if shares else rows
            calls = _texts(_places(message), shown)
        case Venues():
            calls = _texts(Rich(message.text), rows) + [_venue(place) for place in message.places]
        case Simulation():
            calls = _texts(_simulation(message), rows)
        case Sheet():
            calls = _file(message.text, rows, "pass-numerique.pdf", sheet=message)
        case Document():
            calls = _file(message.text, rows, message.filename, content=message.content)
        case Text():
            calls = _texts(join([Rich(message.text), _sources(message.sources)], "\n\n"), rows)
        case _:
            calls = _texts(Rich(message.text), rows)
    return _without_keyboard(calls, wording) if remove_keyboard else calls


def keys(buttons: Iterable[Button], shorten: Shorten) -> Rows:
    """Lay buttons out: two short ones a row, a long one alone."""
    rows: list[tuple[Key, ...]] = []
    for button in islice(buttons, MAX_BUTTONS):
        if button.url and not button.url.startswith(("https://", "http://", "tg://")):
            continue  # one such button, and Telegram refuses the whole message
        if not button.title.strip() or not (button.url or button.payload):
            continue  # the same
        data = ""
        if not button.url:
            data = button.payload
            if len(data.encode()) > MAX_CALLBACK_BYTES or data.startswith(SHORT_PREFIX):
                data = SHORT_PREFIX + shorten(data)
        key = Key(button.title, data, button.url)
        short = len(button.title) <= WIDE_TITLE
        if short and rows and len(rows[-1]) == 1 and len(rows[-1][0].title) <= WIDE_TITLE:
            rows[-1] = (rows[-1][0], key)
        else:
            rows.append((key,))
    return tuple(rows)


def _and_sharing(rows: Rows, places: Sequence[PlaceCard], wording: Words) -> Rows:
    """Add the button that shares places, where they can be."""
    if not places or sum(len(row) for row in rows) >= MAX_BUTTONS:
        return rows
    title = wording("partager_lieu" if len(places) == 1 else "partager_lieux")
    return (*rows, (Key(title, share=by_ids(place.id for place in places)),))


def _texts(rich: Rich, rows: Rows = (), keyboard: Keyboard = "") -> list[Call]:
    parts = split(rich)
    # Buttons belong under the end of what is read.
    return [
        SendText(
            part.to_html(),
            part.text,
            rows if number == len(parts) else (),
            keyboard if number == len(parts) else "",
        )
        for number, part in enumerate(parts, 1)
    ]


def _file(
    text: str, rows: Rows, filename: str, *, content: str = "", sheet: Sheet | None = None
) -> list[Call]:
    *before, caption = [part.text for part in split(Rich(text), MAX_CAPTION)] or [""]
    calls: list[Call] = [SendText(Rich(part).to_html(), part) for part in before]
    return [*calls, SendFile(filename, caption, content, sheet, rows)]


def _without_keyboard(calls: list[Call], wording: Words) -> list[Call]:
    first = calls[0] if calls else None
    if isinstance(first, SendText) and not first.keys and not first.keyboard:
        return [SendText(first.html, first.plain, (), "remove"), *calls[1:]]
    # A message has one keyboard: taking the phone's away needs a message without buttons.
    words = wording("clavier_retire")
    return [SendText(Rich(words).to_html(), words, (), "remove"), *calls]


def _places(message: Places) -> Rich:
    cards = [card_text(place) for place in message.places]
    head = [Rich(message.text), italic(message.notice)]
    return join([*head, *cards, _sources(message.sources)], "\n\n")


def card_text(place: PlaceCard) -> Rich:
    """Return a place as it is read."""
    where = " · ".join(part for part in (place.distance, place.address) if part)
    lines = [
        bold(place.name),
        Rich(where),
        Rich(place.hours),
        Rich(f"Tél. {place.phone}" if place.phone else ""),
        Rich(place.why),
        italic(place.updated),
        link("Itinéraire", place.directions_url),
    ]
    return join(lines, "\n")


def _venue(place: PlaceCard) -> SendVenue:
    return SendVenue(place.name, place.address or place.name, place.latitude, place.longitude)


def _simulation(message: Simulation) -> Rich:
    lines = join([Rich(f"{line.label}\u00a0: ") + bold(line.value) for line in message.lines], "\n")
    reasons = join([Rich(f"• {reason}") for reason in message.reasons], "\n")
    return join([Rich(message.text), lines, reasons, _sources(message.sources)], "\n\n")


def _sources(sources: Sequence[Source]) -> Rich:
    if not sources:
        return Rich()
    named = join(
        [link(source.label, source.url) if source.url else italic(source.label)
         for source in sources],
        " · ",
    )  # fmt: skip
    return italic("Source\u00a0: " if len(sources) == 1 else "Sources\u00a0: ") + named
