"""Short replies: yes, no, stop, a person. Understood even when the assistant is down."""

from __future__ import annotations

import re

from actions.reading.fold import strip_accents

_HUMAN = re.compile(
    r"\b(?:un|une|des|vrai[es]?|a|l)?\s*"
    r"(?:humains?|conseillere?s?|conseiller[es]*|operat(?:eur|rice)s?|etre humain|"
    r"vraie? personne|agent humain|quelqu ?un de reel)\b"
    r"|\b(?:parler|discuter|echanger|causer|joindre|contacter|appeler|avoir)\b.{0,25}"
    r"\b(?:quelqu ?un|une personne|qqn|qqun|humain|agent|equipe|standard|telephone)\b"
    r"|\b(?:rappel(?:ez|er)|telephone[rz])[- ]moi\b|\betre rappelee?\b"
    r"|^/(?:parler_)?humain$"
)
_NOT_WANTED = re.compile(r"\b(?:combien|devenir|metier|formation|numeriques? (?:pres|a|de)|suis)\b")
_YES = re.compile(
    r"^(?:/affirmer|oui+|ouais|ok(?:ay)?|d accord|dacc?|volontiers|je veux bien|avec plaisir|"
    r"s il (?:te|vous) plait|svp|stp|bien sur|yes|allez)(?: (?:merci|svp|stp|oui|s il vous plait|"
    r"je veux bien|volontiers))*$"
)
_NO = re.compile(r"^(?:/nier|/annuler|non+|nan|non merci|pas (?:maintenant|besoin)|merci non)$")
_CANCEL = re.compile(
    r"^(?:(?:non|nan|bon|ok|ah|oh|euh|finalement|en fait|enfin) )*"
    r"(?:/annuler|annul(?:er?|ez)(?: (?:ca|tout|(?:ma|la|cette) demande))?|stop|"
    r"arret(?:er?|ez)(?: (?:ca|tout))?|laisse(?:r|z)?(?: tomber)?|tant pis|"
    r"non merci|(?:non|c est|ce n est|c etait)? ?rien|(?:c est |ce n est )?pas la peine|"
    r"(?:je n ai |j ai )?plus besoin|j ai change d avis|abandonner|retour|quitter)"
    r"(?: (?:merci|svp|s il vous plait|finalement|en fait))*$"
)


def wants_human(text: str) -> bool:
    """Tell whether someone asks for a person: «je veux parler à un conseiller»."""
    folded = _fold(text)
    return bool(_HUMAN.search(folded)) and not _NOT_WANTED.search(folded)


def says_yes(text: str) -> bool:
    """Tell whether a whole message is a yes."""
    return bool(_YES.match(_fold(text)))


def says_no(text: str) -> bool:
    """Tell whether a whole message is a no."""
    return bool(_NO.match(_fold(text)))


def cancels(text: str) -> bool:
    """Tell whether a whole message asks to stop what is under way."""
    return bool(_CANCEL.match(_fold(text)))


def _fold(text: str) -> str:
    return re.sub(r"[^\w/-]+", " ", strip_accents(text)).strip()
