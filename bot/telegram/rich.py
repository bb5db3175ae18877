"""Text with bold, italics and links, measured and cut as Telegram does. Pure."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

MAX_TEXT = 4096
"""Longest message, in UTF-16 code units, after its markup is read (Bot API, sendMessage)."""

MAX_CAPTION = 1024
"""Longest caption of a document, in the same units."""

_CUTS = (
    re.compile(r"\n\n+"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])[ \u00a0]+(?=\S)"),
    re.compile(r"\s+"),
)
"""Where a long text is cut, from the best place to the worst."""


def utf16_length(text: str) -> int:
    """Return a text's length as Telegram counts it: an emoji counts for two."""
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a text that is shown otherwise."""

    start: int
    end: int
    tag: str
    """``b``, ``i``, or ``a`` with an ``href``."""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Rich:
    """A text and its marks, which do not overlap."""

    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: Rich | str) -> Rich:
        if isinstance(other, str):
            return Rich(self.text + other, self.marks)
        shift = len(self.text)
        moved = tuple(
            Mark(mark.start + shift, mark.end + shift, mark.tag, mark.href) for mark in other.marks
        )
        return Rich(self.text + other.text, self.marks + moved)

    def cut(self, start: int, end: int) -> Rich:
        """Return a part; marks that cross its ends are clipped."""
        marks = tuple(
            Mark(max(mark.start, start) - start, min(mark.end, end) - start, mark.tag, mark.href)
            for mark in self.marks
            if mark.start < end and mark.end > start
        )
        return Rich(self.text[start:end], marks)

    def to_html(self) -> str:
        """Return Telegram's HTML; what people or data say cannot be taken for markup."""
        parts: list[str] = []
        at = 0
        for mark in sorted(self.marks, key=lambda mark: mark.start):
            parts.append(html.escape(self.text[at : mark.start], quote=False))
            inside = html.escape(self.text[mark.start : mark.end], quote=False)
            href = f' href="{html.escape(mark.href)}"' if mark.href else ""
            parts.append(f"<{mark.tag}{href}>{inside}</{mark.tag}>")
            at = mark.end
        parts.append(html.escape(self.text[at:], quote=False))
        return "".join(parts)


def bold(text: str) -> Rich:
    """Return a text in bold."""
    return Rich(text, (Mark(0, len(text), "b"),) if text else ())


def italic(text: str) -> Rich:
    """Return a text in italics."""
    return Rich(text, (Mark(0, len(text), "i"),) if text else ())


def link(text: str, href: str) -> Rich:
    """Return a link; only the web's addresses become one."""
    if not text or not href.startswith(("https://", "http://")):
        return Rich(text)
    return Rich(text, (Mark(0, len(text), "a", href),))


def join(parts: list[Rich], between: str) -> Rich:
    """Return the parts that are not empty, one after the other."""
    whole = Rich()
    for part in parts:
        if part.text:
            whole = whole + between + part if whole.text else part
    return whole


def split(rich: Rich, limit: int = MAX_TEXT) -> list[Rich]:
    """Cut a text into messages of at most ``limit`` UTF-16 units, at sensible places.

    Between paragraphs where possible, else lines, sentences, words; inside a word only when
    it is longer than a message. No message is empty: a text of blanks alone gives none.
    """
    parts: list[Rich] = []
    start = _skip_blanks(rich.text, 0)
    while start < len(rich.text):
        end = _end_of_part(rich.text, start, limit)
        # What precedes the cut loses its blanks, what follows too.
        bare = start + len(rich.text[start:end].rstrip())
        parts.append(rich.cut(start, bare))
        start = _skip_blanks(rich.text, end)
    return parts


def _skip_blanks(text: str, start: int) -> int:
    return len(text) - len(text[start:].lstrip())


def _end_of_part(text: str, start: int, limit: int) -> int:
    if utf16_length(text) - start <= limit:
        return len(text)  # nearly always
    longest = start
    room = limit
    while longest < len(text):
        room -= utf16_length(text[longest])
        if room < 0:
            break
        longest += 1
    if longest == len(text):
        return longest
    for place in _CUTS:
        # A cut in the first half would leave a stub: a lesser place further on is better.
        cuts = [
            match.start()
            for match in place.finditer(text, start, min(longest + 1, len(text)))
            if start + (longest - start) // 2 < match.start() <= longest
        ]
        if cuts:
            return cuts[-1]
    return longest
