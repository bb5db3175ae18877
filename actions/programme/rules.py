"""The rules of a call for projects, as facts, and the aid they give.

Amounts are exact: ``Decimal`` euros in, whole euros out, rounded down (the PETR du Pays de
Verdun got 10 257 € for 20 515 €).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from actions.programme.calls import call_at
from actions.programme.errors import NoRuleInForceError
from actions.programme.fact import Fact, Facts, FactsAt

GRID = (
    "publics",
    "structuration",
    "socio_demographie",
    "hub",
    "achat_concerte",
    "fonds_europeens",
)
"""Components that a grid may give points for, in the order of the text of 2019."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one call says of money and publics."""

    call: int
    facts: FactsAt
    share_max: Fact
    ceiling: Fact
    second_ceiling: Fact | None = None
    """The other reading of the ceiling, where two sources differ."""
    second_ceiling_from: Fact | None = None
    """Purchase beyond which the readings differ."""
    minimum: Fact | None = None
    """Smallest purchase."""
    pic_share: Fact | None = None
    """Least part of the beneficiaries who must be PIC publics."""
    share_min: Fact | None = None
    """What a receivable project gets at least, where there is a grid."""
    grid: Mapping[str, Fact] | None = None
    """Points of each component, at most."""


@dataclass(frozen=True, slots=True)
class Aid:
    """What the State may pay, in whole euros."""

    amount: int
    before_ceiling: int
    other_reading: int | None = None
    """The same by the second reading of the ceiling, where the two must be told."""

    @property
    def capped(self) -> bool:
        """The ceiling holds the aid down."""
        return self.amount < self.before_ceiling


def rules_at(facts: Facts, on: date, meant: int | None = None) -> Rules:
    """Return the rules of the last call announced on a day, open or closed.

    They are the facts ``aap_<year>.…``: a share of the purchase (``part_etat``), or a grid
    (``part_min``, ``part_max`` and ``points_…``).

    Args:
        facts: Of the programme.
        on: The day.
        meant: Year of the call that is asked about, where it was announced by then.

    Raises:
        NoRuleInForceError: No call had been announced.
    """
    call = call_at(facts, on, meant).call
    if call is None:
        raise NoRuleInForceError(on)
    known = facts.at(on)
    grid = {name: fact for name in GRID if (fact := known.get(f"aap_{call}.points_{name}"))}

    def told(name: str) -> Fact | None:
        return known.get(f"aap_{call}.{name}")

    return Rules(
        call=call,
        facts=known,
        share_max=known[f"aap_{call}.{'part_max' if grid else 'part_etat'}"],
        ceiling=known[f"aap_{call}.plafond_aide"],
        second_ceiling=told("plafond_aide_lecture_2"),
        second_ceiling_from=told("plafond_achat_lecture_2"),
        minimum=told("achat_min"),
        pic_share=told("part_pic"),
        share_min=told("part_min"),
        grid=grid or None,
    )


def max_aid(budget: Decimal, rules: Rules, share: Decimal | None = None) -> Aid:
    """Compute the most the State may pay on a purchase.

    Args:
        budget: Whole purchase in euros, the porteur's part included; more than zero.
        rules: Of the call.
        share: State's part as a fraction of one, when a grid gives it; else the
            most that the call allows.
    """
    part = rules.share_max.number if share is None else min(share, rules.share_max.number)
    before = floor_euros(budget * part)
    amount = min(before, floor_euros(rules.ceiling.number))
    other = None
    if (
        rules.second_ceiling is not None
        and rules.second_ceiling_from is not None
        and budget > rules.second_ceiling_from.number
    ):
        other = min(before, floor_euros(rules.second_ceiling.number))
    return Aid(amount, before, other)


def least_purchase(aid: Decimal, rules: Rules) -> int | None:
    """Compute the smallest purchase that may give an aid; ``None`` above the ceiling."""
    if not 0 < aid <= rules.ceiling.number:
        return None
    needed = aid / rules.share_max.number
    if rules.minimum is not None:
        needed = max(needed, rules.minimum.number)
    return int(needed.to_integral_value(rounding=ROUND_CEILING))


def floor_euros(amount: Decimal) -> int:
    """Round down to the euro."""
    return int(amount.to_integral_value(rounding=ROUND_FLOOR))
