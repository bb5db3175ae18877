"""What a text says of money, passes, carnets, people and shares: one parser, exact.

Amounts are read in every notation of ``numerals``; counts of passes and carnets become
amounts by their face value; ranges keep both ends; what cannot be a budget (negative, zero,
``10^15``) is said invalid. Postcodes, years, populations and the like are not amounts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.programme.numerals import Kind, Token, tokenize

LARGEST = Decimal(10) ** 11
"""Beyond a hundred billion euros, a budget is a slip or a test."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Euros, exact; a range has two different ends."""

    low: Decimal
    high: Decimal
    start: int
    end: int
    role: str = "budget"
    """``purchase`` (of passes), ``budget``, ``share`` (the porteur's own), ``aid`` (hoped for)."""
    valid: bool = True
    joined: str = ""
    """Word that adds it to the amount before it: «et», «puis», «+»."""
    corrects: bool = False
    """Follows «non, pardon»: it replaces the amount before it."""
    bound: str = ""
    """``less`` or ``more`` when the text says «moins de», «plus de»."""

    @property
    def exact(self) -> bool:
        """One figure, not a range nor a bound."""
        return self.low == self.high and not self.bound


@dataclass(frozen=True, slots=True)
class Lot:
    """Passes to buy: how many, and their face value when it is said."""

    passes_low: Decimal
    passes_high: Decimal
    start: int
    end: int
    face_values: tuple[Decimal, ...] = ()
    """Empty when the text does not say; several when it mixes them."""
    carnets: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """So many people, or things: ``noun`` is lower case, without accents."""

    value: Decimal
    noun: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Share:
    """A part of something, as a fraction of one."""

    value: Decimal
    start: int
    end: int
    bound: str = ""
    """``less`` or ``more`` when the text says «moins de», «plus de»."""
    low: Decimal | None = None
    """Lower end of a range («entre 40 et 60 %»), of which ``value`` is the upper one."""


@dataclass(frozen=True, slots=True)
class Quantities:
    """Everything a text counts."""

    amounts: tuple[Amount, ...]
    lots: tuple[Lot, ...]
    carnets: tuple[Count, ...]
    """Carnets whose size the text does not say."""
    counts: tuple[Count, ...]
    shares: tuple[Share, ...]
    nonsense: bool = False
    """A notation that no budget uses, such as ``10^15``."""


_EURO_WORDS = frozenset(
    "euro euros eur eurs euors eruos uros euro's euroes balles eurso €uros".split()  # noqa: SIM905
)
_PASS = frozenset({"pass", "passe", "passes", "cheque", "cheques", "titre", "titres", "aptic"})
_CARNET = frozenset({"carnet", "carnets", "chequier", "chequiers", "livret", "livrets"})
_LINK = frozenset(
    {"de", "d", "a", "en", "pour", "au", "aux", "un", "une", "le", "la", "les", "des", "du"}
    | {"l", "notre", "nos", "environ", "total", "hauteur", "est", "sont", "serait", "presque"}
    | {"autour", "disons", "soit", "global", "globale", "montant", "prevu", "prevue", "vers"}
    | {"approximativement", "d'environ", "presque", "maximum", "max", "mini", "minimum", "moins"}
    | {"plus", "jusqu", "pres", "quelque", "sera", "numerique", "numeriques", "pass", "estime"}
    | {"ttc", "ht", "previsionnel", "previsionnelle", "annuel", "annuelle", "avec", "nous", "on"}
)
_CUES = frozenset(
    {
        "budget",
        "montant",
        "achat",
        "achats",
        "acheter",
        "achete",
        "achetons",
        "achetent",
        "acheterait",
    }
    | {"depense", "depenses", "depenser", "depensons", "enveloppe", "somme", "investir", "investit"}
    | {"investissement", "financer", "finance", "mobiliser", "mobilise", "mobilisons", "commande"}
    | {
        "commander",
        "consacrer",
        "consacre",
        "simulation",
        "simuler",
        "simule",
        "calculer",
        "calcul",
    }
    | {
        "calculez",
        "calcule",
        "aide",
        "subvention",
        "cout",
        "coute",
        "prix",
        "euros",
        "bourse",
        "hauteur",
    }
    | {
        "total",
        "fourchette",
        "entre",
        "investissons",
        "achetez",
        "achetera",
        "projet",
        "depensera",
        "mise",
    }
)
_AFTER = frozenset(
    {"de", "d", "en", "pour", "par", "ttc", "ht", "et", "ou", "a", "dans", "avec", "sur", "dont"}
    | {"au", "quelle", "quel", "combien", "on", "nous", "est", "c", "ca", "soit", "mais", "si"}
    | {"max", "maximum", "environ", "minimum", "merci", "svp", "stp", "aide", "subvention", "car"}
    | {"pass", "possible", "donc", "alors", "y", "il", "l", "la", "le", "les", "du", "des"}
)
_NOT_BEFORE = frozenset({"population", "en", "l", "habitants", "hab", "sommes", "siren", "siret"})
_OF = ("millier", "milliers", "million", "millions", "aine", "aines")
"""Ends of the numbers that French joins to their noun by «de»."""
_PER = frozenset({"par", "chaque", "chacun", "chacune", "/"})
_FRACTIONS = {
    ("la", "moitie"): "0.5", ("moitie", ""): "0.5", ("un", "tiers"): "1/3", ("le", "tiers"): "1/3",
    ("deux", "tiers"): "2/3", ("un", "quart"): "0.25", ("le", "quart"): "0.25",
    ("trois", "quarts"): "0.75", ("trois", "quart"): "0.75", ("un", "cinquieme"): "0.2",
    ("deux", "cinquiemes"): "0.4", ("trois", "cinquiemes"): "0.6",
    ("quatre", "cinquiemes"): "0.8", ("un", "dixieme"): "0.1",
}  # fmt: skip
_LESS = frozenset({"moins"})
_MORE = frozenset({"plus"})


def read_quantities(text: str, *, alone: bool = False) -> Quantities:
    """Read everything a text counts.

    Args:
        text: As the person wrote it.
        alone: The text answers «combien ?»: figures in a row are euros, not a postcode.
    """
    return _Reader(tokenize(text), alone).read()


def find_amounts(text: str, *, alone: bool = False) -> tuple[Amount, ...]:
    """Return the amounts in euros that a text gives, passes and carnets of known value included."""
    found = read_quantities(text, alone=alone)
    lots = (a for lot in found.lots if (a := lot_amount(lot)) is not None)
    return tuple(sorted((*found.amounts, *lots), key=lambda amount: amount.start))


def lot_amount(lot: Lot) -> Amount | None:
    """Price a lot of passes; ``None`` when their face value is not said."""
    if not lot.face_values:
        return None
    low, high = lot.passes_low * min(lot.face_values), lot.passes_high * max(lot.face_values)
    return Amount(low, high, lot.start, lot.end, "purchase", valid=_plausible(low, high))


def _plausible(low: Decimal, high: Decimal) -> bool:
    return Decimal(0) < low <= high <= LARGEST


class _Reader:
    """Reads a row of tokens once, from left to right; each figure is used once."""

    def __init__(self, tokens: Sequence[Token], alone: bool) -> None:
        self.tokens = tokens
        self.alone = alone
        self.amounts: list[Amount] = []
        self.lots: list[Lot] = []
        self.carnets: list[Count] = []
        self.counts: list[Count] = []
        self.shares: list[Share] = []

    def read(self) -> Quantities:
        index = 0
        while index < len(self.tokens):
            index = self._step(index)
        nonsense = any(token.kind is Kind.NONSENSE for token in self.tokens)
        return Quantities(
            tuple(self._multiplied()),
            tuple(self.lots),
            tuple(self.carnets),
            tuple(self.counts),
            tuple(self.shares),
            nonsense,
        )

    def _step(self, i: int) -> int:
        for reader in (self._fraction, self._percent, self._carnet_lot, self._pass_lot):
            if after := reader(i):
                return after
        if self._kind(i) is Kind.NUMBER:
            return self._range(i) or self._product(i) or self._money(i) or self._count(i) or i + 1
        return self._unit_price(i) or i + 1

    # Shares.

    def _fraction(self, i: int) -> int:
        if self._word(i) in ("moitie", "demi") and self._word(i - 1) != "la":
            return self._share(Decimal("0.5"), i, i + 1)
        value = _FRACTIONS.get((self._text(i), self._word(i + 1)))
        if value is None and self._number(i) is not None and self._word(i + 1):
            names = {2: "deux", 3: "trois", 4: "quatre", 1: "un"}
            name = names.get(int(self.tokens[i].value), "")
            value = _FRACTIONS.get((name, self._word(i + 1)))
        if value is not None:
            top, _, bottom = value.partition("/")
            return self._share(Decimal(top) / Decimal(bottom or 1), i, i + 2)
        top_number, bottom_number = self._number(i), self._number(i + 2)
        if top_number is None or bottom_number is None or self._text(i + 1) not in ("/", "sur"):
            return 0
        top, bottom = top_number.value, bottom_number.value
        glued = self.tokens[i].end == self.tokens[i + 1].start or self._text(i + 1) == "sur"
        if not glued or not (0 < top < bottom <= 10 or (bottom == 100 and top <= 100)):
            return 0
        return self._share(top / bottom, i, i + 3)

    def _percent(self, i: int) -> int:
        number = self._number(i)
        if number is None:
            return 0
        if after := self._percent_sign(i + 1):
            return self._share(number.value / 100, i, after)
        second = self._number(i + 2)
        if second is None or self._text(i + 1) not in ("a", "et", "ou", "-"):
            return 0
        if not (after := self._percent_sign(i + 3)):
            return 0
        return self._share(second.value / 100, i, after, number.value / 100)

    def _percent_sign(self, i: int) -> int:
        if self._text(i) in ("%", "pourcent", "pourcents", "pct"):
            return i + 1
        if self._word(i) == "pour" and self._word(i + 1) in ("cent", "cents"):
            return i + 2
        return 0

    def _share(self, value: Decimal, first: int, after: int, low: Decimal | None = None) -> int:
        bound = ""
        for back in (1, 2, 3):
            if (
                self._word(first - back) in ("moins", "plus")
                and self._word(first - back - 1) != "au"
            ):
                bound = "less" if self._word(first - back) == "moins" else "more"
        start, end = self.tokens[first].start, self.tokens[after - 1].end
        self.shares.append(Share(value, start, end, bound, low))
        return after

    # Passes and carnets.

    def _carnet_lot(self, i: int) -> int:
        count, j = self._counted(i)
        j = self._noun(j, _CARNET) if count else 0
        if not count or not j:
            return 0
        size_at = self._skip(
            j, {"de", "d", "a", "contenant", "avec", "comprenant", "compose", "composes"}
        )
        size = self._number(size_at)
        if size is None:
            size_at = self._worth(j)
            size = self._number(size_at)
        low, high = count
        if size is None:
            self.carnets.append(
                Count(high, "carnets", self.tokens[i].start, self.tokens[j - 1].end)
            )
            return j
        after_size = size_at + 1
        if after := self._euro(after_size):
            # «carnets de 50 €»: the value of one carnet.
            self._priced(i, after, low * size.value, high * size.value)
            return after
        if self._text(after_size) == "x" and (face := self._number(after_size + 1)):
            after = self._euro(after_size + 2) or after_size + 2
            self._lot(i, after, low * size.value, high * size.value, (face.value,), high)
            return after
        after_noun = self._noun(after_size, _PASS) or after_size
        faces, after = self._faces(after_noun)
        self._lot(i, after, low * size.value, high * size.value, faces, high)
        return after

    def _pass_lot(self, i: int) -> int:
        count, j = self._counted(i)
        j = self._noun(j, _PASS) if count else 0
        if not count or not j:
            return 0
        faces, after = self._faces(j)
        self._lot(i, after, *count, faces, None)
        return after

    def _counted(self, i: int) -> tuple[tuple[Decimal, Decimal] | None, int]:
        """Read «600» or «entre 500 et 600»: the ends, and where the noun should be."""
        number = self._number(i)
        if number is None or self._euro(i + 1):
            return None, i
        second = self._number(i + 2)
        if second is not None and self._text(i + 1) in ("a", "et", "ou", "-"):
            nouns = _PASS | _CARNET
            if self._noun(i + 3, nouns) and number.value < second.value:
                return (number.value, second.value), i + 3
        return (number.value, number.value), i + 1

    def _noun(self, i: int, nouns: frozenset[str]) -> int:
        """Return the index after a noun and its adjectives, or 0.

        «250k de pass» are euros; only «un millier de pass» counts passes across «de».
        """
        number = self._number(i - 1)
        if number is not None and self._word(i) in ("de", "d") and not number.text.endswith(_OF):
            return 0
        for ahead in (0, 1, 2):
            word = self._word(i + ahead)
            if word in nouns:
                after = i + ahead + 1
                while self._word(after) in (
                    "numerique",
                    "numeriques",
                    "aptic",
                    "culture",
                    "num",
                    "pass",
                ):
                    after += 1
                return after
            if word not in ("de", "d", "nouveaux", "nouveau", "petits", "autres", "gros"):
                return 0
        return 0

    def _worth(self, i: int) -> int:
        """Skip «d'une valeur faciale de», «valant», «à»."""
        links = {
            "d",
            "'",
            "de",
            "une",
            "un",
            "valeur",
            "unitaire",
            "faciale",
            "nominale",
            "valant",
            "a",
        }
        return self._skip(
            i, links | {"chacun", "dont", "la", "est", "vaut", "valent", "coutant", "tarif"}
        )

    def _faces(self, i: int) -> tuple[tuple[Decimal, ...], int]:
        """Read «de 10 €», «à 5 ou 10 €»: the face values, and what follows."""
        at = self._worth(i)
        first = self._number(at) if at > i else None
        if first is None:
            return (), i
        values, after = [first.value], self._euro(at + 1)
        other = self._number(after + 1 if after else at + 2)
        link = after or at + 1
        if other is not None and self._text(link) in ("et", "ou", "a", "/") and other.value <= 20:
            values.append(other.value)
            after = self._euro(link + 2) or link + 2
        if not after and first.value not in (5, 10):
            return (), i
        return tuple(sorted(set(values))), after or at + 1

    def _lot(
        self,
        first: int,
        after: int,
        low: Decimal,
        high: Decimal,
        faces: tuple[Decimal, ...],
        carnets: Decimal | None,
    ) -> None:
        start, end = self.tokens[first].start, self.tokens[after - 1].end
        self.lots.append(Lot(low, high, start, end, faces, carnets))

    def _unit_price(self, i: int) -> int:
        """Skip the price of one pass or carnet («des pass à 10 €»): it is no budget."""
        if self._word(i) not in _PASS | _CARNET or self._number(i - 1) is not None:
            return 0
        after_noun = self._noun(i, _PASS | _CARNET)
        at = self._worth(after_noun)
        number = self._number(at)
        if number is None or at == after_noun or number.scaled or number.value > 200:
            return 0
        if after := self._euro(at + 1):
            return after
        if self._text(at + 1) == "x" and self._number(at + 2):
            return self._euro(at + 3) or at + 3
        if after_passes := self._noun(at + 1, _PASS):
            return self._faces(after_passes)[1]
        return at + 1 if number.value <= 20 else 0

    # Euros.

    def _range(self, i: int) -> int:
        first, link, second = self.tokens[i], self._text(i + 1), None
        after_first = self._euro(i + 1)
        at = (after_first or i + 1) + 1
        link = self._text(at - 1)
        second = self._number(at)
        if second is None or link not in ("et", "a", "ou", "-", "/"):
            return 0
        opened = self._opened(i)
        if link in ("et", "/") and opened != "entre":
            return 0
        if link == "a" and self._noun(at + 1, _PASS | _CARNET):
            return 0
        after = self._euro(at + 1)
        if not after and not (self._accepts(i) and self._follows(at + 1) and opened):
            if not (second.scaled or second.grouped) or not self._accepts(i, second):
                return 0
        low, high = first.value, second.value
        if second.scaled and not first.scaled and not first.grouped and not after_first:
            low = self._scaled_like(first, second)
        elif low < 1000 <= high and first.bare and not after_first:
            low *= 1000
        if low > high:
            return 0
        end = after or at + 1
        self._amount(i, end, low, high)
        return end

    def _scaled_like(self, first: Token, second: Token) -> Decimal:
        for scale in (10**9, 10**6, 1000):
            if second.value >= scale and first.value * scale <= second.value:
                return first.value * scale
        return first.value

    def _opened(self, i: int) -> str:
        for back in (1, 2, 3):
            word = self._word(i - back)
            if word in ("entre", "fourchette"):
                return "entre"
            if word == "de" and back == 1:
                return "de"
            if word not in _LINK:
                break
        return ""

    def _product(self, i: int) -> int:
        times, factor = self.tokens[i], self._number(i + 2)
        if self._text(i + 1) not in ("x", "*", "fois") or factor is None or times.value > 100_000:
            return 0
        after = self._euro(i + 3)
        if not after and not (factor.grouped or factor.scaled or self._accepts(i, factor)):
            return 0
        value = times.value * factor.value
        self._amount(i, after or i + 3, value, value)
        return after or i + 3

    def _money(self, i: int) -> int:
        number = self.tokens[i]
        after = self._euro(i + 1)
        before = self._text(i - 1) in ("€", "eur")
        if after and self._cents(after):
            number = replace(number, value=number.value + self.tokens[after].value / 100)
            after += 1
        if not after and not before and not (self._accepts(i) and self._follows(i + 1)):
            return 0
        value = -number.value if number.negative or self._minus(i) else number.value
        self._amount(i, after or i + 1, value, value)
        return after or i + 1

    def _cents(self, i: int) -> bool:
        """Tell «20 515 €50» and «20 515 euros 50» from «100 euros 20 personnes»."""
        number = self._number(i)
        if number is None or not number.bare or len(number.text) != 2 or number.value > 99:
            return False
        return not self._word(i + 1) or self._word(i + 1) in _AFTER | {"centimes", "cts"}

    def _minus(self, i: int) -> bool:
        return self._word(i - 1) == "moins" and self._word(i - 2) not in ("au", "du")

    def _accepts(self, i: int, like: Token | None = None) -> bool:
        """Tell whether a figure without a currency is an amount, by what comes before it."""
        number = like or self.tokens[i]
        if number.value >= 10**8 and not number.scaled:
            return False
        if self.alone:
            return True
        if number.bare and number.value < 1000:
            return False
        if number.bare and 1900 <= number.value <= 2100 and number.value % 1 == 0:
            return False
        if number.grouped and number.value >= 1000 and self._word(i - 1) not in _NOT_BEFORE:
            return True
        if not number.bare and self._first(i):
            return True
        j = i - 1
        while j >= 0 and (
            self._word(j) in _LINK or self._text(j) in ("'", ":", "=", "(", "~", "-")
        ):
            if self._word(j) in _CUES:
                return True
            j -= 1
        if self._word(j) in _CUES:
            return True
        return number.scaled and self._word(i - 1) not in _NOT_BEFORE

    def _first(self, i: int) -> bool:
        return all(self._word(j) in _LINK for j in range(i))

    def _follows(self, i: int) -> bool:
        """Refuse a figure that counts something else: «1 500 habitants»."""
        word = self._word(i)
        return not word or word in _AFTER

    def _euro(self, i: int) -> int:
        """Return the index after a currency, or 0."""
        word = self._text(i)
        if word == "€":
            return i + 2 if self._word(i + 1) in ("uros", "uro") else i + 1
        if word in _EURO_WORDS:
            return i + 1
        if word in ("e", "k", "m") and self._kind(i - 1) is Kind.NUMBER:
            number = self.tokens[i - 1]
            if word == "e" and (number.scaled or number.grouped or number.value >= 1000):
                return i + 1
            return 0
        if word in ("d", "de"):
            at = i + 2 if self._text(i + 1) == "'" else i + 1
            if self._text(at) in _EURO_WORDS or self._text(at) == "€":
                return at + 1
        return 0

    def _priced(self, first: int, after: int, low: Decimal, high: Decimal) -> None:
        start, end = self.tokens[first].start, self.tokens[after - 1].end
        self.amounts.append(Amount(low, high, start, end, "purchase", valid=_plausible(low, high)))

    def _amount(self, first: int, after: int, low: Decimal, high: Decimal) -> None:
        self.amounts.append(
            Amount(
                low,
                high,
                self.tokens[first].start,
                self.tokens[after - 1].end,
                self._role(first, after),
                valid=_plausible(low, high),
                joined=self._joined(first),
                corrects=self._corrects(first),
                bound=self._bound(first),
            )
        )

    def _bound(self, i: int) -> str:
        if self._word(i - 1) != "de":
            return "more" if (self._word(i - 2), self._word(i - 1)) == ("au", "moins") else ""
        return {"moins": "less", "plus": "more"}.get(self._word(i - 2), "")

    def _joined(self, first: int) -> str:
        link = self._text(first - 1)
        return link if link in ("et", "plus", "+", "puis") else ""

    def _corrects(self, first: int) -> bool:
        words = {self._word(j) for j in range(max(0, first - 5), first)}
        return bool(words & {"pardon", "plutot", "enfin", "finalement", "erreur"})

    def _role(self, first: int, after: int) -> str:
        following = [self._text(j) for j in range(after, min(after + 7, len(self.tokens)))]
        before = [self._word(j) for j in range(max(0, first - 4), first)]
        if following[:1] in (["d"], ["de"]) and {
            "aide",
            "aides",
            "subvention",
            "cofinancement",
        } & set(following[1:3]):
            return "aid"
        if {"subvention", "aides", "demandons", "demander", "obtenir", "toucher"} & set(
            before[-3:]
        ):
            return "aid"
        if before[-2:] in (["aide", "de"], ["aide", "d"]):
            return "aid"
        if {
            "apport",
            "apporter",
            "apporte",
            "apportons",
            "autofinancement",
            "propres",
            "part",
        } & set(before):
            return "share"
        if {"poche", "autofinancement", "apport"} & set(following[:4]):
            return "share"
        if following[:1] in (["de"], ["en"], ["d"]) and (_PASS | _CARNET) & set(following[1:4]):
            return "purchase"
        if before and {"dont"} & set(before[-2:]):
            return "part"
        if {
            "frais",
            "salaire",
            "salaires",
            "formation",
            "formations",
            "materiel",
            "ordinateurs",
            "communication",
        } & set(following[1:3]):
            return "part"
        return "budget"

    # Everything else.

    def _count(self, i: int) -> int:
        j = i + 1
        while self._word(j) in ("de", "d") or self._text(j) == "'":
            j += 1
        if noun := self._word(j):
            value = self.tokens[i].value
            self.counts.append(Count(value, noun, self.tokens[i].start, self.tokens[j].end))
        return i + 1

    def _multiplied(self) -> Iterator[Amount]:
        """Multiply «100 € par bénéficiaire» by the number of beneficiaries."""
        for amount in self.amounts:
            noun = self._per(amount.end)
            if not noun:
                yield amount
                continue
            counts = [count for count in self.counts if count.noun.rstrip("s") == noun.rstrip("s")]
            if len(counts) == 1:
                times = counts[0].value
                low, high = amount.low * times, amount.high * times
                yield replace(amount, low=low, high=high, valid=_plausible(low, high))

    def _per(self, position: int) -> str:
        for index, token in enumerate(self.tokens):
            if token.start < position:
                continue
            if token.text in _PER:
                return self._word(index + 1)
            break
        return ""

    # Looking around.

    def _kind(self, i: int) -> Kind | None:
        return self.tokens[i].kind if 0 <= i < len(self.tokens) else None

    def _text(self, i: int) -> str:
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def _word(self, i: int) -> str:
        return self.tokens[i].text if self._kind(i) is Kind.WORD else ""

    def _number(self, i: int) -> Token | None:
        return self.tokens[i] if self._kind(i) is Kind.NUMBER else None

    def _skip(self, i: int, texts: set[str]) -> int:
        while self._text(i) in texts or (i < len(self.tokens) and self._text(i) == "'"):
            i += 1
        return i
