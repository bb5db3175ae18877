"""The aid for a project, with its reasons and its sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from actions.french import typeset
from actions.programme.applicant import ApplicantReader
from actions.programme.calls import CallState, call_at, calls
from actions.programme.fact import Facts
from actions.programme.facts import load_facts
from actions.programme.judgement import Judgement
from actions.programme.kinds import load_kinds
from actions.programme.request import Request, read_request
from actions.programme.result import Result
from actions.programme.rules import rules_at
from actions.reading.territory.gazetteer import Gazetteer
from actions.words import Words, load_words


class Simulator:
    """Reads requests and computes aids. Built once; it holds no state of people."""

    def __init__(self, facts: Facts, reader: ApplicantReader, phrases: Words) -> None:
        self.facts = facts
        self.phrases = phrases
        self._reader = reader
        known = facts.at(date.max)
        self._faces = (known["pass.valeur_petit"].number, known["pass.valeur_grand"].number)

    def read_request(self, text: str, *, expecting: str = "") -> Request:
        """Read a request; ``expecting`` is what was just asked (``budget``, ``pic``…)."""
        return read_request(text, self._reader, self._faces, calls(self.facts), expecting=expecting)

    def simulate_text(self, text: str, on: date) -> Result:
        """Read a request and compute it by the rules of the last call announced on a day."""
        return self.simulate(self.read_request(text), on)

    def state(self, on: date, call: int | None = None) -> CallState:
        """Tell where the calls for projects stand on a day: that call, else the last one."""
        return call_at(self.facts, on, call)

    def judge_applicant(self, request: Request, on: date) -> Result:
        """Judge the applicant alone: who may apply, whatever the amount."""
        judgement = self._judgement(request, on)
        return judgement.applicant_alone() if judgement else self._before(request, on)

    def simulate(self, request: Request, on: date) -> Result:
        """Compute a request by the rules of the call that it means, else of the last announced."""
        judgement = self._judgement(request, on)
        return judgement.result() if judgement else self._before(request, on)

    def _judgement(self, request: Request, on: date) -> Judgement | None:
        state = call_at(self.facts, on, request.call)
        if state.call is None:
            return None
        rules = rules_at(self.facts, on, state.call)
        return Judgement(request, state, rules, self.phrases)

    def _before(self, request: Request, on: date) -> Result:
        reason = self.phrases("state.avant")
        state = call_at(self.facts, on)
        return Result(request, state, "a_preciser", None, (), (reason,), (), (), ())


def load_simulator(data_dir: Path, gazetteer: Gazetteer, facts: Facts | None = None) -> Simulator:
    """Read facts, kinds of applicants and phrases from ``data_dir / "programme"``.

    Args:
        data_dir: ``data``.
        gazetteer: The communes.
        facts: The facts, where they are read already.

    Raises:
        FactsError: A file breaks the format.
    """
    folder = data_dir / "programme"
    facts = facts or load_facts(folder)
    kinds = load_kinds(folder / "simulation", dict(facts.sources), calls(facts))
    phrases = load_words(folder / "simulation" / "phrases.yaml", finish=typeset)
    return Simulator(facts, ApplicantReader(kinds, gazetteer), phrases)
