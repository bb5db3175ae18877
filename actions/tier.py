"""How sure the model is of what it read: four tiers, and what is done of each."""

from __future__ import annotations

from typing import Literal, get_args

Tier = Literal["answer", "named", "clarify", "refuse"]
"""It is answered; answered, saying first which question; asked back; or refused."""

_TIERS: tuple[Tier, ...] = get_args(Tier)


def read_tier(said: object) -> Tier | Literal[""]:
    """Return the tier that Rasa says; empty where it was not asked, or says none."""
    return next((tier for tier in _TIERS if tier == said), "")
