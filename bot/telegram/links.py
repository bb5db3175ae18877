"""The addresses that open the bot, on a question where one is meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from actions.reading.fold import fold

LONGEST_PARAMETER = 64
"""Characters that Telegram lets a link carry (``?start=``)."""

LONGEST_QUERY = 256
"""Characters that Telegram lets be typed after the bot's name."""

_BY_IDS = "partage:"
"""Begins a query that a button wrote; no commune is called so."""


def start_parameter(subject: str, place: str = "") -> str:
    """Return what a link carries: ``aap``, ``lieux``, ``lieux-57000``, ``lieux-le_mans``.

    Only letters without accents, digits, ``_`` and ``-`` pass.
    """
    slug = re.sub(r"[^a-z0-9]+", "_", fold(place)).strip("_")
    return (f"{subject}-{slug}" if slug else subject)[:LONGEST_PARAMETER]


def by_ids(ids: Iterable[str]) -> str:
    """Return what is typed in another chat to share the very places of these ids."""
    asked = _BY_IDS
    for one in ids:
        if len(asked) + len(one) + 1 <= LONGEST_QUERY:
            asked += f" {one}"
    return asked


def ids_of(query: str) -> tuple[str, ...]:
    """Return the ids that ``by_ids`` wrote; none for anything else."""
    first, *ids = query.split() or [""]
    return tuple(ids) if first == _BY_IDS else ()


def link(bot: str, parameter: str = "") -> str:
    """Return the address that opens the bot of a name (without ``@``) on a question."""
    return f"https://t.me/{bot}" + (f"?start={parameter}" if parameter else "")
