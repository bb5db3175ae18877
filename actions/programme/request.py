"""A request for an aid, as read from what a person wrote."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from actions.programme.applicant import Applicant, ApplicantReader
from actions.programme.publics import PicShare, read_grid, read_pic_share
from actions.reading.quantities.amounts import read_quantities
from actions.reading.quantities.lots import lot_amount
from actions.reading.quantities.quantities import Amount, Lot, Quantities
from actions.reading.question import one_of, read_question

LONGEST_TEXT = 1500
"""Characters that are read; no one describes a purchase in more."""


@dataclass(frozen=True, slots=True)
class Budget:
    """The purchase of passes in euros; a range has two ends."""

    low: Decimal
    high: Decimal
    bound: str = ""
    """``less`` or ``more``: the text gives only one end."""

    @property
    def exact(self) -> bool:
        """One figure."""
        return self.low == self.high and not self.bound


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks; ``None`` where the text says nothing."""

    text: str
    applicant: Applicant | None = None
    budget: Budget | None = None
    passes: int | None = None
    pic: PicShare | None = None
    grid: Mapping[str, int] = field(default_factory=dict)
    """Components of 2019 that the text speaks of: 1 yes, 0 no; the note for the territory."""
    problem: str = ""
    """Why there is no exact budget: ``missing``, ``invalid``, ``contradictory``, ``range``,
    ``share_only``, ``aid_only``, ``face_value``, ``face_wrong`` or ``carnet_size``."""
    told: tuple[Decimal, ...] = ()
    """Amounts that the problem is about."""
    call: int | None = None
    """Year of the call that is meant, where the text names one."""

    def completed(self, later: Request) -> Request:
        """Add what a later message says; it wins over what was said before."""
        has_budget = later.problem != "missing"
        # A condition said for an earlier amount is not carried silently to a new one.
        anew = has_budget and self.budget is not None and later.budget != self.budget
        return replace(
            self,
            text=f"{self.text}\n{later.text}".strip(),
            applicant=later.applicant or self.applicant,
            budget=later.budget if has_budget else self.budget,
            passes=later.passes if has_budget else self.passes,
            problem=later.problem if has_budget else self.problem,
            told=later.told if has_budget else self.told,
            pic=later.pic or (None if anew else self.pic),
            grid={**self.grid, **later.grid},
            call=later.call or self.call,
        )


def read_request(
    text: str,
    reader: ApplicantReader,
    faces: Sequence[Decimal],
    calls: Sequence[int],
    *,
    expecting: str = "",
) -> Request:
    """Read a request.

    Args:
        text: As the person wrote it.
        reader: Of applicants.
        faces: Values of a pass in euros, the smallest first.
        calls: Years of the calls for projects, the first one first.
        expecting: What was just asked: ``applicant``, ``budget`` or ``pic``; bare figures
            are then taken for it.
    """
    text = text[:LONGEST_TEXT]
    quantities = read_quantities(text, alone=expecting == "budget")
    meant = one_of(read_question(text, quantities), calls)
    request = Request(
        text=text,
        call=meant[0] if len(meant) == 1 else None,
        applicant=reader.read(text),
        pic=read_pic_share(text, quantities, alone=expecting == "pic"),
        grid=read_grid(text),
    )
    amounts = tuple(a for a in quantities.amounts if not _replaced(text, a))
    told = _with_budget(request, replace(quantities, amounts=amounts), faces)
    if expecting == "pic" and told.budget is None:
        return replace(request, problem="missing")  # a share or a count of persons, no sum
    return told


_INSTEAD = re.compile(r"\b(?:au lieu d[e']|plut[oô]t que|et non(?: pas)?|et pas) ?(?:de )?$", re.I)


def _replaced(text: str, amount: Amount) -> bool:
    """Whether an amount is what another one replaces: «90 000 € au lieu de 80 000»."""
    return bool(_INSTEAD.search(text[: amount.start]))


def _with_budget(request: Request, quantities: Quantities, faces: Sequence[Decimal]) -> Request:
    amounts = _corrected(quantities.amounts)
    lots = _for_everyone(quantities)
    passes = _passes(lots)
    request = replace(request, passes=passes)
    if quantities.nonsense or any(not a.valid for a in amounts if a.role in ("purchase", "budget")):
        return replace(request, problem="invalid")
    purchases = [a for a in amounts if a.role == "purchase"]
    budgets = purchases or [a for a in amounts if a.role == "budget"]
    told = _total(budgets)
    if told is None and budgets:
        return replace(request, problem="contradictory", told=tuple(a.high for a in budgets))
    if lots:
        return _with_lots(request, lots, told, faces)
    if told is not None:
        return replace(request, budget=told, problem="" if told.exact else "range")
    if quantities.carnets:
        return replace(request, problem="carnet_size")
    for role, problem in (("share", "share_only"), ("aid", "aid_only"), ("part", "missing")):
        found = [a.high for a in amounts if a.role == role]
        if found:
            return replace(request, problem=problem, told=tuple(found))
    return replace(request, problem="missing")


def _corrected(amounts: Sequence[Amount]) -> list[Amount]:
    """Keep what follows «non, pardon»."""
    last = max((i for i, amount in enumerate(amounts) if amount.corrects), default=0)
    kept = list(amounts[last:])
    for index, amount in enumerate(kept[1:]):
        # «20 000 € puis 30 000 € de pass»: both are purchases.
        if amount.joined in ("puis", "+", "plus") and kept[index].role == "budget":
            kept[index] = replace(kept[index], role=amount.role)
    return kept


PASSES_A_PERSON = 20
"""No more passes than this are for one person, not a whole purchase."""


def _for_everyone(quantities: Quantities) -> tuple[Lot, ...]:
    """Multiply «un carnet de 10 pass pour 300 bénéficiaires» by the number of people."""
    people = {c.value for c in quantities.counts if re.match(r"benef|personne|usager", c.noun)}
    lots = quantities.lots
    if len(lots) != 1 or len(people) != 1 or lots[0].passes_high > PASSES_A_PERSON:
        return lots
    times = people.pop()
    low, high = lots[0].passes_low * times, lots[0].passes_high * times
    return (replace(lots[0], passes_low=low, passes_high=high),)


def _passes(lots: Sequence[Lot]) -> int | None:
    if not lots or any(lot.passes_low != lot.passes_high for lot in lots):
        return None
    total = sum(lot.passes_high for lot in lots)
    return int(total) if total == int(total) else None


def _total(amounts: Sequence[Amount]) -> Budget | None:
    """Add up amounts that are joined; the same amount said twice is one."""
    if not amounts:
        return None
    distinct: list[Amount] = []
    for amount in amounts:
        same = [a for a in distinct if (a.low, a.high) == (amount.low, amount.high)]
        if not same or amount.joined:
            distinct.append(amount)
    if not all(_adds_up(amount) for amount in distinct[1:]):
        return None
    if len(distinct) == 1:
        return Budget(distinct[0].low, distinct[0].high, distinct[0].bound)
    if any(amount.bound for amount in distinct):
        return None
    return Budget(
        sum((a.low for a in distinct), Decimal(0)), sum((a.high for a in distinct), Decimal(0))
    )


def _adds_up(amount: Amount) -> bool:
    """«puis» and «+» add; «et» adds purchases, but not two budgets that differ."""
    return amount.joined in ("puis", "+", "plus") or (
        amount.joined == "et" and amount.role == "purchase"
    )


def _with_lots(
    request: Request, lots: Sequence[Lot], told: Budget | None, faces: Sequence[Decimal]
) -> Request:
    if {face for lot in lots for face in lot.face_values} - set(faces):
        return replace(request, problem="face_wrong")
    priced = [amount for lot in lots if (amount := lot_amount(lot)) is not None]
    if len(priced) == len(lots):
        if any(not amount.valid for amount in priced):
            return replace(request, problem="invalid")
        total = _sum(priced, lots)
        if told is not None and (told.low, told.high) != (total.low, total.high):
            if not total.low <= told.low <= told.high <= total.high:
                return replace(request, problem="contradictory", told=(told.high, total.high))
            total = told
        return replace(request, budget=total, problem="" if total.exact else "range")
    low = sum((lot.passes_low * faces[0] for lot in lots), Decimal(0))
    high = sum((lot.passes_high * faces[-1] for lot in lots), Decimal(0))
    if low <= 0:
        return replace(request, problem="invalid")
    if told is None:
        return replace(request, budget=Budget(low, high), problem="face_value")
    if not low <= told.low <= told.high <= high:
        return replace(request, problem="contradictory", told=(told.high, high))
    return replace(request, budget=told, problem="" if told.exact else "range")


def _sum(priced: Sequence[Amount], lots: Sequence[Lot]) -> Budget:
    """Add lots up; the same lot told twice («40 carnets, soit 400 pass») is one."""
    kept: dict[tuple[Decimal, Decimal], Amount] = {}
    for amount, lot in zip(priced, lots, strict=True):
        kept.setdefault((lot.passes_high, amount.high), amount)
    low = sum((amount.low for amount in kept.values()), Decimal(0))
    return Budget(low, sum((amount.high for amount in kept.values()), Decimal(0)))
