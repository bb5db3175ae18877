"""What a simulation says: a verdict, an amount, its reasons, its lines and its sources."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.messages import Eligible, Line
from actions.programme.calls import CallState
from actions.programme.fact import FactSource
from actions.programme.request import Request
from actions.programme.rules import floor_euros


@dataclass(frozen=True, slots=True)
class OtherReading:
    """The aid by another reading of a rule."""

    max_aid_eur: int
    source: FactSource


@dataclass(frozen=True, slots=True)
class Result:
    """What a simulation says. Amounts are whole euros."""

    request: Request
    state: CallState
    eligible: Eligible
    """The whole request is judged."""
    max_aid_eur: int | None
    """``None`` where nothing may be computed."""
    other_readings: tuple[OtherReading, ...]
    reasons: tuple[str, ...]
    """The state of the call first, then what decides, then conditions."""
    lines: tuple[Line, ...]
    sources: tuple[FactSource, ...]
    missing: tuple[str, ...]
    """What to ask next: ``applicant``, ``budget``, ``pic``, or components of the grid."""
    aid_range: tuple[int, int] | None = None
    """Least and most that the grid may give, while nothing of it is said."""
    least_purchase: int | None = None
    """Where only an aid is told: the smallest purchase that may give it."""
    ceilings_below: tuple[int, ...] = ()
    """Where only an aid is told: the ceilings, by each reading, that it goes beyond."""
    with_another: str = ""
    """What a body that may apply would get for the same purchase; no part of a sheet."""
    share: Decimal | None = None
    """The State's part of the purchase, as a fraction, where an aid is computed."""
    share_range: tuple[Decimal, Decimal] | None = None
    """Least and most of that part, where the aid is a range."""

    @property
    def budget_eur(self) -> int | None:
        """The purchase, rounded down to the euro; ``None`` unless it is one figure."""
        budget = self.request.budget
        return floor_euros(budget.low) if budget is not None and budget.exact else None

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``passerelle simulate --json`` prints."""
        applicant = self.request.applicant
        return {
            "text": self.request.text,
            "applicant": applicant.label if applicant else None,
            "budget_eur": self.budget_eur,
            "passes": self.request.passes,
            "eligible": self.eligible,
            "max_aid_eur": self.max_aid_eur,
            "other_readings": [
                {"max_aid_eur": other.max_aid_eur, "source": other.source.label}
                for other in self.other_readings
            ],
            "reasons": list(self.reasons),
            "sources": [source.label for source in self.sources],
        }
