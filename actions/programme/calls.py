"""Which call for projects is open on a day, until when, and what comes before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from actions.programme.errors import NoRuleInForceError
from actions.programme.fact import Facts, Source

CALLS = (2019, 2020)


@dataclass(frozen=True, slots=True)
class CallState:
    """Where the calls for projects stand on a day."""

    on: date
    status: str
    """``avant`` (none yet), ``ouvert``, ``prolonge`` (open, later than first said),
    ``entre_deux`` (one has closed, the next is not announced) or ``clos``."""
    call: int | None
    """Year of the open call, else of the last one; ``None`` before the first."""
    deadline: date | None
    """Last day of that call, as known on the day asked."""
    days_left: int
    """Days from the day asked to the deadline, which counts: 0 on the last day."""
    sources: tuple[Source, ...]

    @property
    def open(self) -> bool:
        """A file can be sent on the day asked."""
        return self.status in ("ouvert", "prolonge")


def call_at(facts: Facts, on: date) -> CallState:
    """Tell where the calls for projects stand on a day."""
    known = facts.at(on)
    started = [year for year in CALLS if f"aap_{year}.date_limite" in known]
    if not started:
        return CallState(on, "avant", None, None, 0, ())
    call = started[-1]
    deadline = known[f"aap_{call}.date_limite"]
    first = facts.at(facts.starts(f"aap_{call}.date_limite")[0])[f"aap_{call}.date_limite"].day
    put_off = deadline.day != first
    if deadline.in_force:
        status = "prolonge" if put_off else "ouvert"
    else:
        status = "clos" if call == CALLS[-1] else "entre_deux"
    return CallState(
        on=on,
        status=status,
        call=call,
        deadline=deadline.day,
        days_left=(deadline.day - on).days if deadline.in_force else 0,
        sources=deadline.sources,
    )


def call_whose_rules_apply(facts: Facts, on: date) -> int:
    """Return the year of the call whose rules serve to compute on a day: the last announced.

    Raises:
        NoRuleInForceError: No call had been announced.
    """
    call = call_at(facts, on).call
    if call is None:
        raise NoRuleInForceError(on)
    return call
