"""What a question asks, beside its topic: the call meant, the value it carries, its kind.

«C'est bien 60 % en 2019 ?» asks to confirm a share, of the call of 2019. Amounts and shares
come from ``actions.reading.quantities``; dates, hours and years are read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from actions.french import MONTHS
from actions.reading.fold import fold, strip_accents
from actions.reading.quantities.quantities import Quantities


class Asked(StrEnum):
    """The kind of a question."""

    CONFIRM = "confirm"
    """Is the value that it carries right?"""
    COMPARE = "compare"
    """What differs between two things?"""
    OPEN = "open"
    """When, how much, who, where, why, which: anything but yes or no about a value."""


class Back(StrEnum):
    """How a question means a call by the one just spoken of."""

    SAME = "same"
    """«Cette année-là», «cet appel»."""
    OTHER = "other"
    """«L'autre année», «et l'autre ?»."""
    BEFORE = "before"
    """«Celui d'avant»."""
    AFTER = "after"
    """«Celui d'après»."""


class SaidMoment(Protocol):
    """A day or a month, as it was said."""

    def is_(self, other: date) -> bool:
        """Tell whether it may be, or hold, a day."""
        ...


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day as it was said; the year may be left out."""

    day: int
    month: int
    year: int | None = None

    def is_(self, other: date) -> bool:
        """Tell whether it may be that day."""
        return (self.day, self.month) == (other.day, other.month) and self.year in (
            None,
            other.year,
        )


@dataclass(frozen=True, slots=True)
class SaidMonth:
    """A month and its year, as they were said."""

    month: int
    year: int

    def is_(self, other: date) -> bool:
        """Tell whether a day is in it."""
        return (self.month, self.year) == (other.month, other.year)


_THIRDS = {"debut": (1, 10), "mi": (11, 20), "fin": (21, 31)}
"""Days that the part of a month may be."""


@dataclass(frozen=True, slots=True)
class SaidPart:
    """A part of a month, as it was said: «fin mai»; the year may be left out."""

    part: str
    month: int
    year: int | None = None

    def is_(self, other: date) -> bool:
        """Tell whether a day is in it."""
        first, last = _THIRDS[self.part]
        same = self.month == other.month and self.year in (None, other.year)
        return same and first <= other.day <= last


@dataclass(frozen=True, slots=True)
class Question:
    """The facets of a question."""

    folded: str
    """Its words, in lower case without accents."""
    asked: Asked = Asked.OPEN
    sure: bool = False
    """It says that it asks to confirm («c'est bien…», «vous confirmez ?»)."""
    closed: bool = False
    """It is answered by yes or no, whether it carries a value or not."""
    several: bool = False
    """It asks to confirm several values at once."""
    choice: bool = False
    """Which of two: «50 ou 65 % ?», «c'est l'aide ou le total ?»."""
    years: tuple[int, ...] = ()
    """Years named, those of dates included, in the order of the text."""
    ordinals: tuple[str, ...] = ()
    """Calls meant without their year: ``first`` («l'ancien appel»), ``last``."""
    back: Back | None = None
    """The call meant by the one just spoken of."""
    now: bool = False
    """«Cette année», «aujourd'hui»: what holds now."""
    years_away: int | None = None
    """«L'an dernier» is -1, «cette année» 0, «l'an prochain» 1: counted from the day lived."""
    days: tuple[SaidDay, ...] = ()
    months: tuple[SaidMonth | SaidPart, ...] = ()
    hours: tuple[str, ...] = ()
    """Hours as French writes them: ``17 h``, ``9 h 30``."""
    shares: tuple[Decimal, ...] = ()
    """Fractions: a half is 0.5."""
    euros: tuple[Decimal, ...] = ()
    numbers: tuple[Decimal, ...] = ()
    """Bare counts: passes, people, points, pages."""
    bare: tuple[Decimal, ...] = ()
    """Those of ``euros`` that were said without a unit: «4 000» may be people."""

    @property
    def values(self) -> int:
        """How many values it carries."""
        return (
            len(self.days) + len(self.months) + len(self.hours)
            + len(self.shares) + len(self.euros) + len(self.numbers)
        )  # fmt: skip

    def lived_on(self, day: date, calls: Sequence[int]) -> Question:
        """Return the question with the year that «l'an dernier» is, that day.

        This year is told only where it is that of a call: otherwise it means «now».
        """
        if self.years_away is None or self.years:
            return self
        year = day.year + self.years_away
        return self if not self.years_away and year not in calls else replace(self, years=(year,))

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether its words match."""
        return bool(pattern.search(self.folded))


_MONTH_NUMBERS = {fold(name): number for number, name in enumerate(MONTHS, 1)}
_MONTH_NUMBERS |= {
    "janv": 1, "jan": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_DAY = re.compile(rf"\b(1er|[12]?\d|3[01]) ?({_MONTH})\b(?: ((?:19|20)\d\d)\b)?")
_DAY_IN_FIGURES = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})(?:[/.-]((?:20)?\d\d))?\b(?! ?[€%\d])")
_PART_OF = re.compile(
    rf"\b(debut|mi|fin)(?: du mois)?[ -](?:de |d )?({_MONTH})\b(?: ((?:19|20)\d\d)\b)?"
)
_MONTH_OF = re.compile(rf"(?<!\d )\b({_MONTH}) ((?:19|20)\d\d)\b")
_YEAR = re.compile(
    r"(?<![\d.,])((?:19|20)\d\d)(?![\d%€])(?! ?(?:€|euros?|pass|cheques?|carnets?)\b)"
)
_HOUR = re.compile(r"\b([01]?\d|2[0-3]) ?(?:h|heures?|:)(?: ?([0-5]\d))?\b")
_FIGURES = re.compile(r"(?<![\d.,/-])(?:\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d+)(?![\d/])")
LARGEST_NUMBER = 10**8
"""Longer figures are a telephone number or a SIREN: they count nothing."""
_EUROS = re.compile(r"\s?(?:€|euros?\b)", re.IGNORECASE)
_UNIT = re.compile(r"€|eur|\d ?k")
_MIDNIGHT, _NOON = re.compile(r"\bminuit\b"), re.compile(r"\bmidi\b")
_FIRST = re.compile(
    r"\b(?:ancien\w*|premiere?s?|1ere?|1er|precedente?|d avant|anterieure?) "
    r"(?:appels?|aap|vagues?|campagnes?|edition|annee|session|fois)\b|"
    r"\bpremiere? et (?:la|le) (?:deuxieme|seconde?)\b|"
    r"\b(?:appel|aap|vague|campagne|edition) (?:precedente?|d avant|anterieure?|initiale?)\b|"
    r"\bexperimentation\b"
)
_LAST = re.compile(
    r"\b(?:dernier|derniere|second|seconde|deuxieme|2e|2eme) "
    r"(?:appels?|aap|vagues?|campagnes?|edition|session|fois)\b|"
    r"\bappel (?:suivant|d apres)\b|\bplan de relance\b"
)
_NOW = re.compile(
    r"\b(?:cette annee(?! la\b)|aujourd hui|actuellement|en ce moment|maintenant|de nos jours|"
    r"desormais)\b"
)
_AWAY = {
    -1: re.compile(r"\bl (?:an|annee) (?:derniere?|passee?|precedente?|d avant)\b"),
    0: re.compile(r"\bcette annee\b(?! la\b)"),
    1: re.compile(r"\bl (?:an|annee) (?:prochaine?|d apres|suivante?|qui vient)\b"),
}
_ONE = r"(?:annee|appel|aap|vague|edition|campagne|session)"
_BACK = {
    Back.BEFORE: re.compile(
        r"\b(?:celui|celle|l autre|le|la) (?:d avant|precedente?|juste avant)\b(?! \w)|"
        rf"\bl autre (?:{_ONE} )?d avant\b"
    ),
    Back.AFTER: re.compile(
        r"\b(?:celui|celle|l autre|le|la) (?:d apres|suivante?|juste apres)\b(?! \w)"
    ),
    Back.SAME: re.compile(
        rf"\bcet(?:te)? {_ONE} la\b|\bcet appel\b|\b(?:la|le|ce|cette) meme {_ONE}\b|"
        rf"\b{_ONE} en question\b"
    ),
    Back.OTHER: re.compile(
        rf"\bl autre {_ONE}\b|"
        r"^(?:(?:et|mais|ok|d accord|bon|merci|alors|pour|dans|sur|de) )*l autre(?: alors| aussi)?$"
    ),
}
_LIKE_ANOTHER_YEAR = re.compile(
    r"\b(?:comme|meme qu|pareil qu)\w* (?:en |pour |l appel de |celui de |celle de )*"
    r"(?:(?:19|20)\d\d|l (?:an|annee) (?:derniere?|passee?|precedente?|d avant))\b"
)
_COMPARE = re.compile(
    r"\b(?:differences?|compar\w+|par rapport|difference?s?|entre (?:les )?(?:2019|2020|deux)|"
    r"(?:des|les|aux) deux (?:appels|annees|vagues|aap|sessions)|chaque appel|"
    r"(?:change|evolue|bouge|differe)\w*|pareil|identiques?|memes? (?:regles?|taux|plafonds?|"
    r"conditions?|dates?)|les deux appels|deux montants|versus|vs)\b"
)
_WHY_ONE_CHANGED = re.compile(r"\bpourquoi (?!.*\b(?:entre|20\d\d|appels|vagues)\b)")
"""«pourquoi elle a changé ?» is of one date, not of two calls."""
_OPEN = re.compile(
    r"\b(?:quand|combien|quels?|quelles?|qui|ou est|ou se|comment|pourquoi|jusqu a quand|"
    r"a quelle|c est quoi|qu est ce|(?:peut|pouvait|aurait|aura|faut|fait|donne) quoi|"
    r"(?:esperer|avoir|toucher|obtenir|recevoir) quoi|fourchette|"
    r"ca (?:fait|faisait|ferait|fera|donne|donnait|donnerait)(?= quoi| combien|$)|"
    r"lequel|laquelle|kel|koi|cb|cmb)\b"
)
_CONFIRM = re.compile(
    r"\b(?:c est|ce sera|c etait|cetait|cest|est ce|est|faut|fallait|doit|devait|peut|pouvait) "
    r"bien\b|"
    r"\bsi (?:j ai|je l ai|on a) bien \w+|\ba (?:t il |t elle )?raison\b|"
    r"\b(?:j ai|ai je) (?:raison|bon|juste)\b|"
    r"\b(?:chiffre|compte|montant|nombre|taux|total) est (?:le )?(?:bon|juste|exact)\b|"
    r"\b(?:le |la |un |une )(?:bon|bonne) (?:date|limite|proportion|information|regle|compte|"
    r"taux|chiffre|montant|nombre|valeur|info)\b|\btoujours bon\b|"
    r"\bbien (?:le|la|de|a|au|jusqu|ca|"
    r"ete|\d)|\b(?:vous )?confirm\w+\b|\bn est ce pas\b|\bc est (?:ca|cela|exact|vrai|juste|"
    r"correct|bon)\b|\b(?:exact|exactement|correct|vrai|ok|hein|nan|non|si je comprends|on m a dit|"
    r"il parait|j ai lu|parait que|je crois|je pensais|sauf erreur)\b"
)
_RELATIVE = re.compile(
    r"\b(?:plus de|moins de|superieure?s?|inferieure?s?|depass\w+|au dela|apres le|"
    r"d ici|environ|autour de|ne\b.{1,25}\bpas|n\b(?! est ce pas).{1,25}\bpas)\b"
)
_WHICH = re.compile(
    r"^((?:et |donc |alors )?(?:ce sont|c est|c etaient|c etait|il y a) .{1,60}?) qui\b"
)
"""«ce sont 47 collectivités qui…» asks nothing by its «qui»."""
_NEGATIVE = re.compile(
    r"\bne\b.{1,25}\bpas\b|\bn\b(?! est ce pas).{1,25}\bpas\b|\b(?:est|sont) pas\b"
)
"""«ce n'est pas le premier ?»: a «oui» may mean either."""
_CHOICE = re.compile(
    r"\d[^\d?]{0,15}\bou\b[^\d?]{0,8}\d|"
    r"\b(?:c.est|est.ce|c.[ée]tait|ce sera|cest) (?!vrai|exact|juste|bien).{1,50}"
    r"\bou\b (?!pas|non|bien|je|alors|quoi)"
)
"""In lower case, with its accents: «où» is no choice."""
_DOUBTS = re.compile(r"\b(?:je me trompe|c est faux|est ce faux|j ai tort|ai je tort|pas vrai)\b")
"""«…, je me trompe ?»: a «oui» would say the contrary of what is meant."""
_BEFORE = re.compile(r"\bavant le\b")
"""«avant le 31 mai» confirms a deadline only where the question says to confirm."""


def read_question(text: str, quantities: Quantities) -> Question:
    """Read the facets of a question.

    Args:
        text: As the person wrote it.
        quantities: What it counts.
    """
    flat = re.sub(r"[’']", " ", text.lower())
    plain = strip_accents(flat)
    folded = fold(text)
    days = tuple(_days(plain))
    parts = tuple(
        SaidPart(m[1], _MONTH_NUMBERS[m[2]], int(m[3]) if m[3] else None)
        for m in _PART_OF.finditer(plain)
    )
    whole = tuple(SaidMonth(_MONTH_NUMBERS[m[1]], int(m[2])) for m in _MONTH_OF.finditer(plain))
    months = parts or whole
    shares = tuple(share.value for share in quantities.shares)
    figures = tuple(_figures(text, plain, quantities))
    question = Question(
        folded=folded,
        years=tuple(dict.fromkeys(int(m[1]) for m in _YEAR.finditer(plain))),
        ordinals=tuple(
            name for name, pattern in (("first", _FIRST), ("last", _LAST)) if pattern.search(folded)
        ),
        back=next((back for back, pattern in _BACK.items() if pattern.search(folded)), None),
        now=bool(_NOW.search(folded)),
        years_away=next((n for n, pattern in _AWAY.items() if pattern.search(folded)), None),
        days=days,
        months=months,
        hours=tuple(_hours(plain)),
        shares=shares,
        euros=tuple(
            dict.fromkeys(
                [a.high for a in quantities.amounts if a.low == a.high]
                + [face for lot in quantities.lots for face in lot.face_values]
                + [number for number, unit in figures if unit]
            )
        ),
        numbers=tuple(number for number, unit in figures if not unit),
        bare=tuple(
            dict.fromkeys(
                a.high
                for a in quantities.amounts
                if a.low == a.high and not _UNIT.search(text[a.start : a.end + 2].lower())
            )
        ),
        choice=bool(_CHOICE.search(text.lower())),
    )
    if like := _LIKE_ANOTHER_YEAR.search(folded):
        # «toujours 65 % comme en 2019 ?» asks of now.
        said = {int(year) for year in re.findall(r"\d{4}", like.group())}
        years = tuple(year for year in question.years if year not in said)
        question = replace(question, years=years, years_away=None)
    return _with_kind(question, "?" in text)


def _with_kind(question: Question, marked: bool) -> Question:
    folded = question.folded
    if _COMPARE.search(folded) and not _WHY_ONE_CHANGED.search(folded):
        return replace(question, asked=Asked.COMPARE)
    said = _WHICH.sub(r"\1", folded)
    confirms = bool(_CONFIRM.search(folded))
    closed = (confirms or (marked and not _OPEN.search(said))) and not (
        question.choice or _NEGATIVE.search(folded) or _DOUBTS.search(folded)
    )
    question = replace(question, closed=closed)
    dated = {day.year for day in question.days} | {month.year for month in question.months}
    alone = question.values == 0 and len(set(question.years) - dated) == 1
    moment = len(question.days) == len(question.hours) == 1 and question.values == 2
    relative = bool(_RELATIVE.search(folded))
    if question.values > 1 and not moment and not relative and not question.choice:
        said_so = confirms and not _DOUBTS.search(folded) and not _NEGATIVE.search(folded)
        return replace(question, several=said_so)
    if (question.values != 1 and not alone and not moment) or relative:
        # «plus de…» needs more than an equality.
        return question
    doubted = _DOUBTS.search(folded) or (_BEFORE.search(folded) and not confirms)
    if question.choice or doubted:
        return question
    if confirms or (marked and not _OPEN.search(said)):
        return replace(question, asked=Asked.CONFIRM, sure=confirms)
    return question


def _days(plain: str) -> Iterable[SaidDay]:
    for m in _DAY.finditer(plain):
        day = 1 if m[1] == "1er" else int(m[1])
        yield SaidDay(day, _MONTH_NUMBERS[m[2]], int(m[3]) if m[3] else None)
    for m in _DAY_IN_FIGURES.finditer(plain):
        day, month = int(m[1]), int(m[2])
        if 1 <= day <= 31 and 1 <= month <= 12:
            year = int(m[3]) if m[3] else None
            yield SaidDay(day, month, year + 2000 if year is not None and year < 100 else year)


def _figures(text: str, plain: str, quantities: Quantities) -> Iterable[tuple[Decimal, bool]]:
    """Return the figures that are no amount, share, date, hour or year, and whether in euros.

    «Un pass», «deux montants» count nothing to confirm: figures alone do.
    """
    taken = [(a.start, a.end) for a in quantities.amounts]
    taken += [(share.start, share.end) for share in quantities.shares]
    taken += [(lot.start, lot.end) for lot in quantities.lots]
    for lot in quantities.lots:
        if not lot.face_values and text[lot.start : lot.start + 1].isdigit():
            yield lot.passes_high, False
    taken += [
        m.span()
        for pattern in (_DAY, _DAY_IN_FIGURES, _MONTH_OF, _HOUR)
        for m in pattern.finditer(plain)
    ]
    for m in _FIGURES.finditer(text):
        value = Decimal(re.sub(r"\D", "", m.group()))
        inside = any(start < m.end() and m.start() < end for start, end in taken)
        if not inside and not 1900 <= value <= 2100 and value < LARGEST_NUMBER:
            yield value, bool(_EUROS.match(text, m.end()))


def _hours(plain: str) -> Iterable[str]:
    for m in _HOUR.finditer(plain):
        minutes = f" {m[2]}" if m[2] and m[2] != "00" else ""
        yield f"{int(m[1])} h{minutes}"
    if _MIDNIGHT.search(plain):
        yield "minuit"
    if _NOON.search(plain):
        yield "midi"


def one_of(question: Question, calls: Sequence[int]) -> tuple[int, ...]:
    """Return the calls that a question means, among those that are known; none when unsaid.

    Args:
        question: The question.
        calls: Years of the calls, the first one first.
    """
    named = tuple(year for year in question.years if year in calls)
    if named:
        return named
    meant = []
    if "first" in question.ordinals and calls:
        meant.append(calls[0])
    if "last" in question.ordinals and calls:
        meant.append(calls[-1])
    return tuple(meant)
