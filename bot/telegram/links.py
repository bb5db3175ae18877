"""The addresses that open the bot, on a question where one is meant. Pure."""

from __future__ import annotations

import re

from actions.reading.fold import fold

LONGEST_PARAMETER = 64
"""Characters that Telegram lets a link carry (``?start=``)."""


def start_parameter(subject: str, place: str = "") -> str:
    """Return what a link carries: ``aap``, ``lieux``, ``lieux-57000``, ``lieux-le_mans``.

    Only letters without accents, digits, ``_`` and ``-`` pass.
    """
    slug = re.sub(r"[^a-z0-9]+", "_", fold(place)).strip("_")
    return (f"{subject}-{slug}" if slug else subject)[:LONGEST_PARAMETER]


def link(bot: str, parameter: str = "") -> str:
    """Return the address that opens the bot of a name (without ``@``) on a question."""
    return f"https://t.me/{bot}" + (f"?start={parameter}" if parameter else "")
