"""One request held against the rules of one call."""

from __future__ import annotations

from decimal import Decimal

from actions.french import counted, enumeration, euros, french_date, percent, typeset
from actions.messages import Eligible, Line
from actions.programme.aid_lines import table
from actions.programme.calls import CallState
from actions.programme.fact import FactSource
from actions.programme.request import Request
from actions.programme.result import OtherReading, Result
from actions.programme.rules import Aid, Rules, least_purchase, max_aid
from actions.words import Words


class Judgement:
    """One request judged by one call: what is against it, then what is missing, then the aid."""

    def __init__(self, request: Request, state: CallState, rules: Rules, phrases: Words) -> None:
        self.request = request
        self.state = state
        self.rules = rules
        self._phrases = phrases
        self.reasons: list[str] = []
        self.lines: list[Line] = []
        self.sources: dict[str, FactSource] = {}
        self.missing: list[str] = []
        self.aid_range: tuple[int, int] | None = None
        self.least_purchase: int | None = None
        self.ceilings_below: tuple[int, ...] = ()
        self.with_another = ""
        self.share: Decimal | None = None
        self.share_range: tuple[Decimal, Decimal] | None = None

    def say(self, key: str, **values: str) -> str:
        """Word something in the tense of the call."""
        return self._phrases(key, ouvert=self.state.open, **values)

    def result(self) -> Result:
        """Judge the whole request."""
        self._say_state()
        verdict = self._applicant()
        # An applicant who is excluded is told so, and asked nothing more.
        budget_verdict = "non" if verdict == "non" else self._budget()
        pic_verdict = "non" if verdict == "non" else self._pic()
        against = "non" in (verdict, budget_verdict, pic_verdict)
        if not against and self.rules.grid is not None and self.request.grid.get("publics") == 0:
            self.reasons.append(self.say("grid.no_public", call=str(self.rules.call)))
            against = True
        if verdict == "non":
            self._with_another_applicant()
        aid: Aid | None = None
        if not against and budget_verdict == pic_verdict == "oui":
            aid = self._aid()
        if aid is not None and verdict == "a_preciser" and self.request.applicant is not None:
            self.reasons.append(self.say("applicant.conditional"))
        eligible: Eligible = "oui"
        if against:
            eligible = "non"
            self.missing.clear()
        elif aid is None or verdict != "oui":
            eligible = "a_preciser"
        return self._result(eligible, aid)

    def applicant_alone(self) -> Result:
        """Judge who applies, whatever the amount."""
        self._say_state(alone=True)
        return self._result(self._applicant())

    def _result(self, eligible: Eligible, aid: Aid | None = None) -> Result:
        other_readings = self._other_readings(aid)  # it cites: before the sources are told
        return Result(
            request=self.request,
            state=self.state,
            eligible=eligible,
            max_aid_eur=None if aid is None else aid.amount,
            other_readings=other_readings,
            reasons=tuple(self.reasons),
            lines=tuple(self.lines),
            sources=tuple(self.sources.values()),
            missing=tuple(self.missing),
            aid_range=self.aid_range,
            least_purchase=self.least_purchase,
            ceilings_below=self.ceilings_below,
            with_another=self.with_another,
            share=self.share,
            share_range=self.share_range,
        )

    def _say_state(self, *, alone: bool = False) -> None:
        """Say whether the call is open; ``alone``, where nothing is computed."""
        state = self.state
        key: str = "dernier_jour" if state.open and state.days_left == 0 else state.status
        if alone and key in ("entre_deux", "clos"):
            key = f"{key}_seul"
        deadline = french_date(state.deadline) if state.deadline else ""
        left = counted(state.days_left, "jour restant", "jours restants")
        self.reasons.append(
            self.say(f"state.{key}", call=str(state.call), deadline=deadline, days=left)
        )
        self._cite(*state.sources)

    def _applicant(self) -> Eligible:
        applicant = self.request.applicant
        if applicant is None:
            unpriced = self.request.budget is None
            self.reasons.append(
                self.say("applicant.missing_no_amount" if unpriced else "applicant.missing")
            )
            self.missing.append("applicant")
            return "a_preciser"
        call = self.rules.call
        kind = applicant.kind
        verdict = kind.verdicts[call]
        label = applicant.label[:1].upper() + applicant.label[1:]
        values = {"label": label, "call": call, "ouvert": self.state.open}
        self.reasons.append(typeset(kind.reasons[call].say(values)))
        self._cite(*kind.sources[call])
        if kind.proof in self.rules.facts:
            proof = self.rules.facts[kind.proof]
            self.reasons.append(self.say("applicant.proof", name=str(proof)))
            self._cite(*proof.sources)
        if applicant.epci is not None and verdict == "non":
            self.reasons.append(self.say("applicant.own_epci", name=applicant.epci.name))
        elif kind.advice and verdict != "oui":
            self.reasons.append(typeset(kind.advice.say(values)))
        return verdict

    def _budget(self) -> Eligible:
        request, minimum = self.request, self.rules.minimum
        budget = request.budget
        if budget is not None and minimum is not None:
            top = budget.high - 1 if budget.bound == "less" else budget.high
            if top < minimum.number and budget.bound != "more":
                key = "budget.below" if budget.exact else "budget.below_range"
                written = euros(budget.high)
                self.reasons.append(
                    self.say(key, budget=written, high=written, minimum=euros(minimum.number))
                )
                self._cite(*minimum.sources)
                return "non"
        if not request.problem:
            if minimum is not None:
                self.reasons.append(self.say("budget.above", minimum=euros(minimum.number)))
                self._cite(*minimum.sources)
            return "oui"
        self.missing.append("budget")
        self.reasons.append(self._problem())
        return "a_preciser"

    def _problem(self) -> str:
        request = self.request
        problem, budget = request.problem, request.budget
        facts = self.rules.facts
        values: dict[str, str] = {
            "amounts": enumeration([euros(amount) for amount in request.told]),
            "amount": euros(request.told[0]) if request.told else "",
            "small": str(facts["pass.valeur_petit"]),
            "large": str(facts["pass.valeur_grand"]),
        }
        if problem == "aid_only":
            self.least_purchase = least_purchase(request.told[0], self.rules)
            self._cite(*self.rules.share_max.sources)
            self.ceilings_below = self._ceilings_below(request.told[0])
        if budget is not None:
            values |= {"low": euros(budget.low), "high": euros(budget.high)}
            if problem == "range" and budget.bound:
                problem = budget.bound
            elif self.rules.grid is None:
                values["aid_low"] = self._aid_in_words(budget.low)
                values["aid_high"] = euros(max_aid(budget.high, self.rules).amount)
            elif problem == "range":
                problem = "range_grid"
        if request.passes is not None:
            values["passes"] = counted(request.passes, "pass", "pass")
        elif problem == "face_value":
            values["passes"] = self.say("budget.these_passes")
        return self.say(f"budget.{problem}", **values)

    def _ceilings_below(self, aid: Decimal) -> tuple[int, ...]:
        """Return the ceilings, by each reading, that an aid goes beyond."""
        below = [
            ceiling
            for ceiling in (self.rules.ceiling, self.rules.second_ceiling)
            if ceiling is not None and ceiling.number < aid
        ]
        for ceiling in below:
            self._cite(*ceiling.sources)
        return tuple(int(ceiling.number) for ceiling in below)

    def _aid_in_words(self, budget: Decimal) -> str:
        minimum = self.rules.minimum
        if minimum is not None and budget < minimum.number:
            return self.say("lines.no_aid")
        return euros(max_aid(budget, self.rules).amount)

    def _with_another_applicant(self) -> None:
        """Say the aid that a body which the advice names may get for the same purchase."""
        budget, applicant, minimum = self.request.budget, self.request.applicant, self.rules.minimum
        if budget is None or not budget.exact or self.request.problem:
            return
        if applicant is None or not applicant.kind.advice:
            return
        if minimum is not None and budget.low < minimum.number:
            return
        self.with_another = self.say(
            "aid.grouped",
            budget=euros(budget.low),
            aid=euros(max_aid(budget.low, self.rules).amount),
            share=percent(self.rules.share_max.number),
        )
        self._cite(*self.rules.share_max.sources)

    def _pic(self) -> Eligible:
        needed = self.rules.pic_share
        if needed is None:
            return "oui"
        self._cite(*needed.sources)
        given, share = self.request.pic, percent(needed.number)
        if given is None:
            self.missing.append("pic")
            return "oui"
        if given.high < needed.number:
            self.reasons.append(self.say("pic.below", share=share))
            return "non"
        if given.low < needed.number:
            self.reasons.append(self.say("pic.unclear", share=share))
            self.missing.append("pic")
            return "a_preciser"
        written = percent(given.low.quantize(Decimal("0.001")))
        self.reasons.append(self.say("pic.met", given=written, share=share))
        return "oui"

    def _aid(self) -> Aid | None:
        budget = self.request.budget
        assert budget is not None  # noqa: S101 - an exact budget was just checked
        share = self.rules.share_max.number
        if self.rules.grid is not None:
            points = self._points(budget.low)
            if points is None:
                return None
            share = Decimal(points) / 100
        aid = max_aid(budget.low, self.rules, share)
        self.share = share
        self.reasons.append(
            self.say(
                "aid.computed" if self.rules.grid is None else "aid.computed_grid",
                call=str(self.rules.call),
                budget=euros(budget.low),
                share=percent(share),
                before=euros(aid.before_ceiling),
            )
        )
        self._cite(*self.rules.share_max.sources)
        self._ceilings(aid)
        self.reasons.append(self.say("aid.porteur", porteur=euros(budget.low - aid.amount)))
        if self.request.pic is None and self.rules.pic_share is not None:
            needed = percent(self.rules.pic_share.number)
            self.reasons.append(self.say("pic.condition", share=needed))
        self.lines.extend(table(budget.low, share, aid, self.rules, self.say))
        return aid

    def _ceilings(self, aid: Aid) -> None:
        rules = self.rules
        if aid.capped:
            self.reasons.append(
                self.say("aid.capped", ceiling=euros(rules.ceiling.number), aid=euros(aid.amount))
            )
            self._cite(*rules.ceiling.sources)
        if aid.other_reading is not None and rules.second_ceiling_from is not None:
            self.reasons.append(
                self.say(
                    "aid.second_reading",
                    purchase=euros(rules.second_ceiling_from.number),
                    aid=euros(aid.other_reading),
                )
            )

    def _other_readings(self, aid: Aid | None) -> tuple[OtherReading, ...]:
        second = self.rules.second_ceiling
        if aid is None or aid.other_reading is None or second is None:
            return ()
        self._cite(*second.sources)
        return (OtherReading(aid.other_reading, second.sources[0]),)

    def _points(self, budget: Decimal) -> int | None:
        """Add up the grid; ``None`` when the request says nothing of it."""
        grid = self.rules.grid or {}
        said = self.request.grid
        share_min, share_max = self.rules.share_min, self.rules.share_max
        assert share_min is not None  # noqa: S101 - the grid comes with it
        self._cite(*share_max.sources)
        self.missing.extend(name for name in grid if name not in said)
        if not said:
            least = max_aid(budget, self.rules, share_min.number).amount
            most = max_aid(budget, self.rules).amount
            self.aid_range = least, most
            self.share_range = share_min.number, share_max.number
            self.reasons.append(
                self.say(
                    "grid.missing",
                    call=str(self.rules.call),
                    low=percent(share_min.number),
                    high=percent(share_max.number),
                    budget=euros(budget),
                    aid_low=euros(least),
                    aid_high=euros(most),
                )
            )
            return None
        if "publics" not in said:
            self.reasons.append(self.say("grid.public_condition"))
        total = 0
        for name, fact in grid.items():
            points = self._component(name, int(fact.number))
            total += points
            if points:
                component = self.say(f"components.{name}")
                component = component[:1].upper() + component[1:]
                written = self._written_points(points)
                self.reasons.append(self.say("grid.got", component=component, points=written))
                self.lines.append(Line(component, written, fact.sources[0].label))
        could = [
            f"{self.say(f'components.{name}')} (+{self._written_points(int(fact.number))})"
            for name, fact in grid.items()
            if name not in said and name != "publics"
        ]
        if could:
            self.reasons.append(self.say("grid.could", components=enumeration(could)))
        return total

    def _component(self, name: str, most: int) -> int:
        said = self.request.grid.get(name)
        if name == "publics":
            return most
        if name == "socio_demographie":
            return min(said or 0, most)
        return most if said else 0

    def _written_points(self, points: int) -> str:
        return self.say("points.one" if points < 2 else "points.many", n=str(points))

    def _cite(self, *sources: FactSource) -> None:
        for source in sources:
            self.sources.setdefault(source.id, source)
