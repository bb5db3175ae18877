"""The amount parser against a generator of its own: every notation, exact."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from actions.reading.quantities.amounts import read_quantities
from actions.reading.quantities.lots import lot_amount
from actions.reading.quantities.quantities import Amount

UNITS = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}


def find_amounts(text: str, *, alone: bool = False) -> tuple[Amount, ...]:
    """Every sum in euros, those of passes and carnets of known value included."""
    found = read_quantities(text, alone=alone)
    lots = (a for lot in found.lots if (a := lot_amount(lot)) is not None)
    return tuple(sorted((*found.amounts, *lots), key=lambda amount: amount.start))


def _below_100(n: int) -> str:
    if n < 20:
        return UNITS[n]
    if n < 70:
        ten, unit = divmod(n, 10)
        if not unit:
            return TENS[ten]
        return f"{TENS[ten]} et un" if unit == 1 else f"{TENS[ten]}-{UNITS[unit]}"
    if n < 80:
        return "soixante et onze" if n == 71 else f"soixante-{UNITS[n - 60]}"
    return "quatre-vingts" if n == 80 else f"quatre-vingt-{UNITS[n - 80]}"


def _below_1000(n: int) -> str:
    hundreds, rest = divmod(n, 100)
    if not hundreds:
        return _below_100(rest)
    head = "cent" if hundreds == 1 else f"{UNITS[hundreds]} cent"
    if not rest:
        return head if hundreds == 1 else f"{head}s"
    return f"{head} {_below_100(rest)}"


def in_words(n: int) -> str:
    """Write a whole number as French grammar does."""
    parts = []
    for scale, name in ((10**9, "milliard"), (10**6, "million"), (1000, "mille")):
        count, n = divmod(n, scale)
        if count and name == "mille":
            head = "" if count == 1 else _below_1000(count)
            # «cent» and «vingt» lose their s before «mille».
            for plural in ("cents", "vingts"):
                if head.endswith(plural):
                    head = head[:-1]
            parts.append(f"{head} mille".strip())
        elif count:
            parts.append(f"{_below_1000(count)} {name}{'s' if count > 1 else ''}")
    if n or not parts:
        parts.append(_below_1000(n))
    return " ".join(parts)


def _grouped(n: int, mark: str) -> str:
    return f"{n:,}".replace(",", mark)


def _cents(rng: random.Random) -> tuple[str, Decimal]:
    cents = rng.randrange(1, 100)
    return f"{cents:02d}", Decimal(cents) / 100


def written(rng: random.Random) -> tuple[str, Decimal]:
    """Return an amount in one of the notations, and its value."""
    n = rng.choice([rng.randrange(1000, 10**5), rng.randrange(10**5, 9 * 10**6)])
    currency = rng.choice(["€", " €", "\u00a0€", " euros", " euros TTC", " EUR", " € HT", "€"])
    kind = rng.randrange(14)
    cents, fraction = _cents(rng)
    thousands = rng.randrange(1, 3000)
    millions = Decimal(rng.randrange(1, 999)) / rng.choice([1, 10, 100])
    comma = str(millions).replace(".", rng.choice([",", "."]))
    kilo = rng.choice(["k", " k€", "k€", " K€", " keuros"])
    of = rng.choice([" M€", "M€", "M", " M", " millions d'euros", " millions d’euros", " millions"])
    forms = [
        lambda: (f"{n}{currency}", Decimal(n)),
        lambda: (_grouped(n, " ") + currency, Decimal(n)),
        lambda: (_grouped(n, rng.choice(["\u00a0", "\u202f"])) + currency, Decimal(n)),
        lambda: (_grouped(n, ".") + currency, Decimal(n)),
        lambda: (_grouped(n, " ") + "," + cents + currency, n + fraction),
        lambda: (_grouped(n, ".") + "," + cents + currency, n + fraction),
        lambda: (f"{n},{cents}{currency}", n + fraction),
        lambda: (f"{thousands}{kilo}", Decimal(thousands * 1000)),
        lambda: (f"{comma}{of}", millions * 10**6),
        lambda: (f"{in_words(n)} euros", Decimal(n)),
        lambda: (f"{in_words(n).replace(' ', '-')} euros", Decimal(n)),
        lambda: (f"{thousands} mille euros", Decimal(thousands * 1000)),
        lambda: (_grouped(n, " "), Decimal(n)),
        lambda: (f"€ {_grouped(n, ' ')}", Decimal(n)),
    ]  # fmt: skip
    return forms[kind]()


FRAMES = (
    "{}",
    "notre EPCI achète pour {}",
    "budget de {} pour des pass",
    "nous avons {} à dépenser en 2020",
    "CC du Saulnois (57170), {}, merci",
    "achat de {} ?",
    "Bonjour, le montant est de {}.",
    "une enveloppe de {}, dont la moitié de publics PIC",
)


def test_ten_thousand_amounts_in_every_notation_are_exact() -> None:
    rng = random.Random(2020)
    for _ in range(10_000):
        text, value = written(rng)
        sentence = rng.choice(FRAMES).format(text)
        found = find_amounts(sentence)
        assert [(a.low, a.high, a.valid) for a in found] == [(value, value, True)], sentence


NO_AMOUNT = (
    "notre commune de {n} habitants",
    "une agglo de {grouped} habitants",
    "{n} hab. et {small} communes",
    "code postal {postcode}",
    "j'habite à {postcode} Metz",
    "Metz {postcode}",
    "le {day}/{month:02d}/{year} à {hour}h{minute:02d}",
    "le {day} octobre {year}",
    "rendez-vous le {year}-{month:02d}-{day:02d}",
    "depuis {year}, nous avons {small} agents",
    "tél. 0{phone}",
    "tel {dotted}",
    "appelez le +33 6 12 34 56 {small}",
    "SIREN 200 0{small} 977",
    "notre SIRET est 200046977000{small}",
    "{percent} % de publics PIC",
    "{percent} pour cent de demandeurs d'emploi",
    "pour {n} personnes et {small} ateliers",
    "{small} ateliers de {hour} h",
    "article L. 5111-{small} du CGCT",
    "dossier n° {n}",
    "à {small} km, {hour}h-{minute}h",
    "mille mercis pour les {small} lieux",
    "les deux tiers des {n} bénéficiaires",
    "appel à projets {year} pour la région",
    "{small} communes, population {grouped}",
    "une centaine de personnes dans {small} villages",
)


def test_a_thousand_texts_without_an_amount_give_none() -> None:
    rng = random.Random(2019)
    for _ in range(1000):
        n = rng.randrange(1000, 90_000)
        text = rng.choice(NO_AMOUNT).format(
            n=n,
            grouped=_grouped(n, " "),
            small=rng.randrange(10, 99),
            postcode=f"{rng.randrange(1, 96):02d}{rng.randrange(10, 99) * 10:03d}",
            day=rng.randrange(1, 29),
            month=rng.randrange(1, 13),
            year=rng.randrange(2015, 2027),
            hour=rng.randrange(8, 19),
            minute=rng.randrange(10, 59),
            phone=rng.randrange(10**8, 10**9),
            dotted=".".join(["06", *(f"{rng.randrange(100):02d}" for _ in range(4))]),
            percent=rng.randrange(1, 100),
        )
        assert find_amounts(text) == (), text


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("20 515 €", 20515, 20515),
        ("3,5 M€", 3_500_000, 3_500_000),
        ("un million et demi", 1_500_000, 1_500_000),
        ("trois millions cinq cent mille", 3_500_000, 3_500_000),
        ("cent-vingt mille", 120_000, 120_000),
        ("4 000 carnets de 10 pass à 10 €", 400_000, 400_000),
        ("600 pass de 5 €", 3000, 3000),
        ("2 x 40 000", 80_000, 80_000),
        ("1.2M", 1_200_000, 1_200_000),
        ("2M5", 2_500_000, 2_500_000),
        ("20515€50", Decimal("20515.5"), Decimal("20515.5")),
        ("entre 100 et 150 k€", 100_000, 150_000),
        ("de 100 à 150 000 €", 100_000, 150_000),
        ("20 à 25 000 €", 20_000, 25_000),
        ("15-20 k€", 15_000, 20_000),
        ("entre deux cent et trois cent mille euros", 200_000, 300_000),
        ("une vingtaine de milliers d'euros", 20_000, 20_000),
    ],
)
def test_notations_that_people_use(text: str, low: int, high: int) -> None:
    assert [(a.low, a.high) for a in find_amounts(text)] == [(low, high)]


@pytest.mark.parametrize(
    "text", ["-5000 €", "0 €", "moins 20 000 euros", "zéro euro", "-20 515,00 €"]
)
def test_what_cannot_be_a_budget_is_said_invalid(text: str) -> None:
    found = find_amounts(text)
    assert found
    assert not any(amount.valid for amount in found)


@pytest.mark.parametrize(
    "text", ["10^15", "10^15 €", "1e12 euros", "10**9 €", "99999999999999999999 €"]
)
def test_nonsense_is_no_amount(text: str) -> None:
    assert read_quantities(text).nonsense
    assert find_amounts(text) == ()


def test_bare_figures_are_euros_only_when_an_amount_was_asked_for() -> None:
    assert find_amounts("25000") == ()
    assert [a.low for a in find_amounts("25000", alone=True)] == [25000]


def test_the_price_of_one_pass_is_no_budget() -> None:
    found = find_amounts("20 000 € de pass à 10 €, en carnets de 10 pass de 10 €")
    assert [a.low for a in found] == [20000]
