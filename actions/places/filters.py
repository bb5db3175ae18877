"""From people's words to filters: «ouvert le samedi», «en fauteuil», «en arabe»."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from actions.french import DAYS
from actions.places import place
from actions.places.directory import Filters
from actions.reading.fold import fold

_NOW = re.compile(
    r"\bouverte?s? (?:maintenant|en ce moment|actuellement|la|tout de suite|aujourd hui|"
    r"a cette heure|encore)\b|\b(?:maintenant|tout de suite|en ce moment) ouverte?s?\b"
    r"|\bencore ouverte?s?\b|\bopen now\b"
)
_DAY = re.compile(rf"\b(?:{'|'.join(DAYS)})s?\b")
_DAY_SHORT = re.compile(r"\b(?:le |les |ouverte?s? )(lun|mar|mer|jeu|ven|sam|dim)\b")
_WEEKEND = re.compile(r"\bweek ?ends?\b|\b(?:le|ce|les|du|ouverte?s?|chaque) we\b")
_FLAGS = (
    ("labelled", r"labelli[sz]e\w*|accepte\w* (?:le |les |mon |mes )?(?:pass|cheques?)|"
                 r"prend\w* (?:le |les |mon |mes )?(?:pass|cheques?)|aptic"),
    ("free", r"gratui\w*|gratos|sans payer|(?:rien|pas) (?:a )?payer|pas payant\w*|0 euros?|"
             r"sans (?:rien )?(?:debourser|depenser)\w*|coute\w* (?:rien|zero)"),
    ("free_help", r"france services?|conseill\w+ numeriques?"),
    ("wheelchair", r"fauteuils?(?: roulants?)?|handicap\w* moteurs?|mobilite reduite|pmr|"
                   r"roulants?|acces handicap\w*|accessible\w* handicap\w*|handicape\w*|"
                  r"rampe d acces|(?:avec|une) rampe|ascenseurs?|plain pied|"
                  r"sans marches?|sans escaliers?|deambulateurs?"),
    ("deaf", r"sourde?s?|malentendante?s?|surdite|langue des signes|lsf"),
    ("blind", r"aveugles?|malvoyante?s?|non voyante?s?|deficien\w+ visuel\w*|gros caracteres|"
              r"vo(?:is|it) (?:presque |quasiment )?(?:plus|mal|tres mal|rien)"),
)  # fmt: skip
_FLAG_PATTERNS = tuple((name, re.compile(rf"\b(?:{words})\b")) for name, words in _FLAGS)
_SUPPORTS = tuple(
    (support, re.compile(rf"\b(?:{words})\b"))
    for support, words in (
        (
            place.WORKSHOP,
            r"ateliers?|cours collectifs?|(?:en|un) (?:petits? )?groupes?|collectif|collectivement|"
            r"stage|a plusieurs|tous ensemble|avec d autres|entre (?:voisins?|voisines|amis|amies|"
            r"copains|copines|femmes|retraites|seniors|parents)",
        ),
        (
            place.ONE_TO_ONE,
            r"individuel\w*|tout seul avec|en tete a tete|cours particuliers?|"
            r"(?:rien|juste) que? ?(?:moi|nous deux)|juste (?:moi|nous deux)|"
            r"un pour un|seule? avec (?:quelqu un|un|une|le|la)|personnalise\w*|"
            r"accompagnement seul",
        ),
        (
            place.REMOTE,
            r"a distance|sans me deplacer|"
            r"(?:depuis|(?:apprendre|suivre|faire|bouger|sortir|tout) de) "
            r"(?:chez moi|la maison|mon canape)|"
            r"par (?:telephone|visio\w*)|(?:cours|ateliers?|"
            r"rendez vous|rdv|aide|aider|accompagne\w*|formation|seances?|conseill\w+)"
            r"(?: \w+){0,3} en visio\w*",
        ),
        (place.ON_BEHALF, r"a ma place|faire pour moi|fasse pour moi"),
        (place.ALONE, r"en autonomie|libre acces|libre service"),
    )
)
_LANGUAGES = (
    *("anglais", "arabe", "espagnol", "portugais", "italien", "allemand", "turc", "russe"),
    *("ukrainien", "chinois", "mandarin", "roumain", "polonais", "dari", "pachto", "farsi"),
    *("persan", "kurde", "tamoul", "bengali", "vietnamien", "albanais", "georgien", "armenien"),
    *("peul", "wolof", "bambara", "soninke", "lingala", "somali", "tigrigna", "berbere"),
    *("kabyle", "serbe", "bulgare", "hindi", "ourdou", "creole"),
)
_LANGUAGE = re.compile(
    r"\b(?:en|parle\w*|parlant|comprend\w*|langue) (?:surtout |seulement |que |bien |plutot )?"
    rf"(?:l |le |la )?({'|'.join(_LANGUAGES)})\b"
)
_OTHER_LANGUAGE = re.compile(
    r"\b(?:autres? langues?|langues? etrangeres?|parle\w* pas (?:bien )?(?:le )?francais|"
    r"pas francais|traduct\w+|interpretes?)\b"
)
_PRINTER = re.compile(r"\b(?:imprim\w+|photocop\w+|scann?\w*)\b")


def read_filters(text: str, now: datetime) -> Filters:
    """Return the filters that a sentence names; none named: empty (false) filters.

    «ce samedi après-midi dans un atelier gratuit» → Saturday, workshop, free. ``now`` is
    the moment that «ouvert maintenant» means.
    """
    folded = fold(text)
    flags = {name for name, pattern in _FLAG_PATTERNS if pattern.search(folded)}
    supports = frozenset(support for support, pattern in _SUPPORTS if pattern.search(folded))
    services = frozenset({"materiel"}) if _PRINTER.search(folded) else frozenset[str]()
    filters = Filters(
        labelled="labelled" in flags,
        free="free" in flags,
        free_help="free_help" in flags,
        wheelchair="wheelchair" in flags,
        deaf="deaf" in flags,
        blind="blind" in flags,
        supports=supports,
        services=services,
    )
    if _NOW.search(folded):
        filters = replace(filters, open_at=now)
    weekday = read_weekday(text)
    if weekday is not None:
        filters = replace(filters, weekday=weekday)
    language = _LANGUAGE.search(folded)
    if language or _OTHER_LANGUAGE.search(folded):
        filters = replace(filters, language=language[1] if language else "*")
    return filters


def read_weekday(text: str) -> int | None:
    """Return the weekday that a sentence names (0 is Monday); the weekend is Saturday."""
    folded = fold(text)
    found = _DAY.search(folded)
    if found:
        return DAYS.index(found[0].removesuffix("s"))
    short = _DAY_SHORT.search(folded)
    if short:
        return next(n for n, day in enumerate(DAYS) if day.startswith(short[1]))
    return 5 if _WEEKEND.search(folded) else None


def wish_ids(filters: Filters) -> list[str]:
    """Return the ids of the wishes that filters stand for, services left out."""
    asked = (
        ("pass", filters.labelled),
        ("gratuit", filters.free),
        ("conseiller", filters.free_help),
        ("accessible_fauteuil", filters.wheelchair),
        ("lsf", filters.deaf),
        ("malvoyants", filters.blind),
        ("langue_etrangere", bool(filters.language)),
        ("ouvert_maintenant", filters.open_at is not None),
    )
    days = [DAYS[filters.weekday]] if filters.weekday is not None else []
    supports = [one for one in place.SUPPORTS if one in filters.supports]
    return [*(one for one, wanted in asked if wanted), *days, *supports]


def filter_words(filters: Filters) -> str:
    """Say filters in French: «gratuit, le samedi, en atelier»; empty for none."""
    words = [
        label
        for label, asked in (
            ("qui prenaient le pass", filters.labelled),
            ("gratuit", filters.free or filters.free_help),
            ("accessible en fauteuil", filters.wheelchair),
            ("pour personnes sourdes", filters.deaf),
            ("pour personnes aveugles", filters.blind),
            ("ouvert maintenant", filters.open_at is not None),
        )
        if asked
    ]
    if filters.weekday is not None:
        words.append(f"ouvert le {DAYS[filters.weekday]}")
    if filters.language:
        words.append("autres langues" if filters.language == "*" else f"en {filters.language}")
    named = {
        place.WORKSHOP: "en atelier",
        place.ONE_TO_ONE: "seul avec une personne",
        place.REMOTE: "à distance",
        place.ON_BEHALF: "à votre place",
        place.ALONE: "en libre accès",
    }
    words += [named[support] for support in place.SUPPORTS if support in filters.supports]
    return ", ".join(words)
