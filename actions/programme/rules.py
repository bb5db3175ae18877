"""The rules of a call for projects, as facts, and the aid they give.

Amounts are exact: ``Decimal`` euros in, whole euros out, rounded down (the PETR du Pays de
Verdun got 10 257 € for 20 515 €).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from actions.programme.calls import call_whose_rules_apply
from actions.programme.fact import Fact, Facts, FactsAt

GRID = (
    "publics",
    "structuration",
    "socio_demographie",
    "hub",
    "achat_concerte",
    "fonds_europeens",
)
"""Components of the 2019 grid, in the order of its text."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one call says of money and publics."""

    call: int
    facts: FactsAt
    share_max: Fact
    ceiling: Fact
    second_ceiling: Fact | None = None
    """The other reading of the ceiling (2020)."""
    second_ceiling_from: Fact | None = None
    """Purchase beyond which the readings differ (2020)."""
    minimum: Fact | None = None
    """Smallest purchase (2020)."""
    pic_share: Fact | None = None
    """Least part of the beneficiaries who must be PIC publics (2020)."""
    share_min: Fact | None = None
    """What a receivable project gets (2019)."""
    grid: Mapping[str, Fact] | None = None
    """Points of each component, at most (2019)."""


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


def rules_at(facts: Facts, on: date) -> Rules:
    """Return the rules of the last call announced on a day, open or closed.

    Raises:
        NoRuleInForceError: No call had been announced.
    """
    call = call_whose_rules_apply(facts, on)
    known = facts.at(on)
    if call == 2019:
        return Rules(
            call=call,
            facts=known,
            share_max=known["aap_2019.part_max"],
            share_min=known["aap_2019.part_min"],
            ceiling=known["aap_2019.plafond_aide"],
            grid={name: known[f"aap_2019.points_{name}"] for name in GRID},
        )
    return Rules(
        call=call,
        facts=known,
        share_max=known["aap_2020.part_etat"],
        ceiling=known["aap_2020.plafond_aide"],
        second_ceiling=known["aap_2020.plafond_aide_lecture_2"],
        second_ceiling_from=known["aap_2020.plafond_achat_lecture_2"],
        minimum=known["aap_2020.achat_min"],
        pic_share=known["aap_2020.part_pic"],
    )


def max_aid(budget: Decimal, rules: Rules, share: Decimal | None = None) -> Aid:
    """Compute the most the State may pay on a purchase.

    Args:
        budget: Whole purchase in euros, the porteur's part included; more than zero.
        rules: Of the call.
        share: State's part as a fraction of one, when the grid of 2019 gives it; else the
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


def floor_euros(amount: Decimal) -> int:
    """Round down to the euro."""
    return int(amount.to_integral_value(rounding=ROUND_FLOOR))
