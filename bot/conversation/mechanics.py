"""What is decided from a message alone, before anyone thinks about it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.messages import Message, Text
from actions.reading.danger import Danger, read_danger
from actions.reading.fold import fold
from actions.reading.replies import wants_human
from actions.words import Words
from bot.conversation.incoming import Incoming, Kind

MAX_TEXT = 4096
"""Characters that are read of a message: what Telegram allows, and what Rasa takes."""

POSITION_DECIMALS = 3
"""A position is rounded to about 100 m before anyone else sees it."""

ERASE = "/oublier_oui"
"""What the button that confirms an erasure says."""

PRIVACY = frozenset({"/mesdonnees", "/oublier", "/oublier_non", "/confidentialite", ERASE})
"""What is obeyed even on a channel that is closed: people's own data."""

MISHEARD = "/mal_entendu"
"""What the button under words that were heard says: they were not those."""

REMIND = "/rappeler_echeance"
"""What a button that offers a reminder says."""

_NO_WORDS = {
    Kind.STICKER: ("autocollant", "menu"),
    Kind.CONTACT: ("contact", "humain"),
    Kind.OTHER: ("autre_contenu", "menu"),
}
"""What is said of what holds no words: a key, and its buttons."""

_LINK = re.compile(r"[\w-]{1,64}")
"""What Telegram lets a link carry."""

_SPOKEN_PAYLOAD = re.compile(
    r"/(?!restart\b|session_start\b|back\b)[a-z][a-z0-9_]*(?:\{.*\})?", re.S
)
"""What a button may say in Rasa's syntax: a client can forge it, so not its own commands."""


def command(incoming: Incoming) -> str:
    """Return the command that a message is («/oublier»), in lower case, or nothing."""
    said = incoming.payload if incoming.kind is Kind.BUTTON else incoming.text
    if incoming.kind not in (Kind.BUTTON, Kind.TEXT) or not said.startswith("/"):
        return ""
    return said.split(maxsplit=1)[0].lower()


def deep_link(incoming: Incoming) -> str:
    """Return the question behind a link that opens the assistant, or nothing.

    ``/start aap`` (``https://t.me/bot?start=aap``), ``/start lieux``, ``/start lieux-57000``
    or ``/start lieux-le_mans``: what a poster or a page asks in the person's place.
    """
    words = incoming.text.split()
    if command(incoming) != "/start" or len(words) != 2 or not _LINK.fullmatch(words[1]):
        return ""
    subject, _, place = words[1].replace("_", " ").partition("-")
    place = place.replace("-", " ").strip()
    match subject.lower():
        case "aap" if not place:
            return "/aap_presentation"
        case "lieux" if place:
            return f"où utiliser mon pass à {place} ?"
        case "lieux":
            return "/trouver_lieu"
    return ""


def not_readable(incoming: Incoming, wording: Words) -> list[Message] | None:
    """Return what to say of a message that cannot be a question, or ``None``."""
    text = incoming.text.strip()
    payload = incoming.payload
    match incoming.kind:
        case Kind.TEXT if not text:
            key, menu = "vide", "menu"
        case Kind.TEXT if len(text) > MAX_TEXT:
            key, menu = "trop_long", "humain"
        case Kind.TEXT if text.startswith("/") and text != "/annuler" and not wants_human(text):
            # Only a button may speak Rasa's own syntax.
            key, menu = "commande_inconnue", "menu"
        case Kind.BUTTON if not payload:
            key, menu = "bouton_ancien", "menu"
        case Kind.BUTTON if payload.startswith("/") and not _SPOKEN_PAYLOAD.fullmatch(payload):
            key, menu = "bouton_ancien", "menu"
        case Kind.VOICE if not text and payload == MISHEARD:
            key, menu = "mal_entendu", "humain"
        case Kind.VOICE if not text:
            key, menu = "voix", "humain"
        case Kind.PHOTO | Kind.DOCUMENT | Kind.VIDEO if not text:
            key, menu = "image", "humain"
        case kind if kind in _NO_WORDS:
            key, menu = _NO_WORDS[kind]
        case Kind.POSITION if incoming.position is None:
            key, menu = "autre_contenu", "menu"
        case _:
            return None
    return [Text(wording(key), buttons=wording.buttons(menu))]


def question(incoming: Incoming, shortcuts: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Return what the assistant is asked: a text, and its metadata (see ``Assistant.turn``).

    ``shortcuts`` holds, by folded title, what a button says: typing the title taps it.
    """
    metadata: dict[str, Any] = {"now": incoming.at.isoformat()}
    if incoming.on:
        metadata["date"] = incoming.on.isoformat()
    if incoming.language:
        metadata["language"] = incoming.language
    if incoming.around:
        metadata["around"] = incoming.around
    if incoming.position:
        metadata["position"] = {
            "lat": round(incoming.position.latitude, POSITION_DECIMALS),
            "lon": round(incoming.position.longitude, POSITION_DECIMALS),
        }
        return "/partager_position", metadata
    text = incoming.payload or incoming.text.strip()
    if incoming.kind is Kind.TEXT and text.startswith("/") and wants_human(text):
        text = "/parler_humain"
    if found := danger(incoming):
        text = f'/urgence{{"danger": "{found}"}}'
    return shortcuts.get(fold(text), text), metadata


def after_hearing(incoming: Incoming, said: Sequence[Message], wording: Words) -> list[Message]:
    """Say first what was heard of a voice, so that the answer can be judged."""
    if incoming.kind is not Kind.VOICE or not incoming.text.strip() or not said:
        return list(said)
    heard = wording("entendu", texte=" ".join(incoming.text.split()))
    return [Text(heard, buttons=wording.buttons("entendu")), *said]


def after_position(incoming: Incoming, said: Sequence[Message], wording: Words) -> list[Message]:
    """Say of a position that goes on being shared that once is enough."""
    if not incoming.live or not said:
        return list(said)
    return [Text(wording("position_directe")), *said]


def without_reminder(message: Message) -> Message:
    """Take away the buttons that offer a reminder: on this channel none could arrive."""
    buttons = getattr(message, "buttons", ())
    kept = tuple(button for button in buttons if not button.payload.startswith(REMIND))
    if kept == buttons:
        return message
    return replace(message, buttons=kept)  # type: ignore[call-arg]


def danger(incoming: Incoming) -> Danger | None:
    """Return the danger that a message plainly tells, if any: it comes before any rule."""
    return read_danger(incoming.text) if incoming.kind is not Kind.BUTTON else None
