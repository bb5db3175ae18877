"""Hides what could identify someone in a message that is kept to improve the assistant. Pure."""

from __future__ import annotations

import re

_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE), "[lien]"),
    (re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+"), "[courriel]"),
    (re.compile(r"(?<!\w)@\w{3,}"), "[compte]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[0-9A-Z]{4}){3,7}(?:\s?[0-9A-Z]{1,3})?\b"), "[compte]"),
    # A French or international telephone number, whatever separates its pairs.
    (re.compile(r"(?<!\d)(?:\+\d{2,3}|00\d{2}|0)[\s.\-/]?(?:\(0\))?\d(?:[\s.\-/]?\d{2}){4}(?!\d)"),
     "[téléphone]"),
    # A social security number, a SIRET, a card: nine digits or more, in groups or not.
    (re.compile(r"(?<!\d)\d(?:[\s.\-]?\d){8,}(?!\d)(?!\s?(?:€|euros?))"), "[numéro]"),
    (re.compile(r"\b\d{1,4}(?:\s?(?:bis|ter|quater))?,?\s+(?:rue|avenue|av\.?|boulevard|bd|place|"
                r"chemin|impasse|allée|allee|route|quai|cours|square|lotissement)\s+"
                r"[^,;.!?\d\n]{2,60}", re.IGNORECASE), "[adresse]"),
    (re.compile(r"(?i:\b(?:je m['’ ]?appelle|je me nomme|mon nom (?:est|c['’]est)|"
                r"nom de famille|signé|moi c['’]est))\s*:?\s+"
                r"[^\s,;.!?]+(?:\s+(?:[A-ZÀ-Ý][^\s,;.!?]*))*"), "[nom]"),
    (re.compile(r"\b(?:M\.|Mr\.?|Mme|Mlle|Monsieur|Madame)\s+[A-ZÀ-Ý][\w’'-]+"
                r"(?:\s+[A-ZÀ-Ý][\w’'-]+)*"), "[nom]"),
)  # fmt: skip


def mask(text: str) -> str:
    """Replace links, e-mails, phones, long numbers, street addresses and stated names.

    Best effort: a name dropped without «je m'appelle» or «Mme» stays. Amounts, postcodes
    and communes stay too: they are what the question is about.
    """
    for pattern, replacement in _MASKS:
        text = pattern.sub(replacement, text)
    return text
