"""Which call for projects is open on a day, until when, and what comes before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from actions.programme.fact import Facts, FactSource

_DEADLINE = re.compile(r"aap_(\d{4})\.date_limite")


CallStatus = Literal["avant", "ouvert", "prolonge", "entre_deux", "clos"]


@dataclass(frozen=True, slots=True)
class CallState:
    """Where the calls for projects stand on a day."""

    on: date
    status: CallStatus
    """``avant`` (none yet), ``ouvert``, ``prolonge`` (open, later than first said),
    ``entre_deux`` (one has closed, the next is not announced) or ``clos``."""
    call: int | None
    """Year of the open call, else of the last one; ``None`` before the first."""
    deadline: date | None
    """Last day of that call, as known on the day asked."""
    days_left: int
    """Days from the day asked to the deadline, which counts: 0 on the last day."""
    sources: tuple[FactSource, ...]

    @property
    def open(self) -> bool:
        """A file can be sent on the day asked."""
        return self.status in ("ouvert", "prolonge")


def calls(facts: Facts) -> tuple[int, ...]:
    """Return the years of the calls that the facts tell of, the first one first.

    A call is known by its deadline: ``aap_<year>.date_limite``.
    """
    return tuple(sorted(int(found[1]) for fact in facts if (found := _DEADLINE.fullmatch(fact))))


def call_at(facts: Facts, on: date, meant: int | None = None) -> CallState:
    """Tell where the calls for projects stand on a day.

    Args:
        facts: Of the programme.
        on: The day.
        meant: Year of the call that is asked about, told where it was announced by then;
            else the last one announced.
    """
    known = facts.at(on)
    started = [year for year in calls(facts) if f"aap_{year}.date_limite" in known]
    if not started:
        return CallState(on, "avant", None, None, 0, ())
    call = meant if meant in started else started[-1]
    deadline = known[f"aap_{call}.date_limite"]
    first = facts.at(facts.starts(f"aap_{call}.date_limite")[0])[f"aap_{call}.date_limite"].day
    put_off = deadline.day != first
    if deadline.in_force:
        status: CallStatus = "prolonge" if put_off else "ouvert"
    else:
        last = call == started[-1] and call != calls(facts)[-1]
        status = "entre_deux" if last else "clos"
    return CallState(
        on=on,
        status=status,
        call=call,
        deadline=deadline.day,
        days_left=(deadline.day - on).days if deadline.in_force else 0,
        sources=deadline.sources,
    )
