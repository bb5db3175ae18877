"""The lines of a computed aid, from the purchase to what it buys."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from actions.french import counted, euros, percent
from actions.messages import Line
from actions.programme.rules import Aid, Rules, floor_euros, max_aid


def table(
    budget: Decimal, share: Decimal, aid: Aid, rules: Rules, say: Callable[..., str]
) -> list[Line]:
    """Return the lines of a computation, each with the source that it rests on.

    Args:
        budget: Whole purchase in euros.
        share: State's part of it, as a fraction of one.
        aid: What ``max_aid`` gave for both.
        rules: Of the call.
        say: Words a key of the phrases.
    """
    small, large = rules.facts["pass.valeur_petit"], rules.facts["pass.valeur_grand"]
    sizes = (rules.facts["pass.carnet_creuse"], rules.facts["pass.carnet_vincennes"])
    faces = {"small": str(small), "large": str(large)}
    by_call = rules.share_max.sources[-1].label
    lines: list[Line] = []

    def line(key: str, value: str, source: str = "", **values: str) -> None:
        lines.append(Line(say(f"lines.{key}", **faces, **values), value, source))

    line("purchase", euros(budget))
    line("share", percent(share), by_call)
    line("aid", euros(aid.amount), rules.ceiling.sources[0].label if aid.capped else by_call)
    if aid.other_reading is not None and rules.second_ceiling is not None:
        line("second_reading", euros(aid.other_reading), rules.second_ceiling.sources[0].label)
    line("porteur", euros(budget - aid.amount))
    line("buys_small", counted(floor_euros(budget / small.number), "pass", "pass"))
    line("buys_large", counted(floor_euros(budget / large.number), "pass", "pass"))
    for size in sizes:
        people = floor_euros(budget / (size.number * large.number))
        line("beneficiaries", counted(people, "personne"), size.sources[0].label, size=str(size))
    step = _step(budget)
    more = max_aid(budget + step, rules, share).amount - aid.amount
    gain = say("lines.more_aid" if more else "lines.no_more", more=euros(more))
    line("more", gain, step=euros(step))
    if rules.pic_share is not None:
        pic = rules.pic_share
        line("pic_less", say("lines.no_aid"), pic.sources[0].label, share=percent(pic.number))
    return lines


def _step(budget: Decimal) -> Decimal:
    """Return a round sum that is small beside the purchase, and never under a thousand euros."""
    return Decimal(10) ** max(3, len(str(int(budget))) - 2)
