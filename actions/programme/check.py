"""Checks every file of ``data/programme``: one line a fault, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from actions.errors import ToldError
from actions.programme.calls import calls
from actions.programme.errors import FactsError, UnknownFactError
from actions.programme.fact import Facts, FactSource
from actions.programme.facts import survey
from actions.programme.kinds import KINDS_FILE, REASON_VALUES, load_kinds
from actions.programme.rules import GRID, rules_at
from actions.words import load_words

_SINCE = "annonce"
"""Every call tells on which day it was announced."""


def check_programme(folder: Path) -> list[ToldError]:
    """Return every fault of the facts, of their sources and of the calls for projects.

    Args:
        folder: ``data/programme``.
    """
    facts, unreadable = survey(folder)
    faults: list[ToldError] = [*unreadable]
    if not faults:
        # What refers to facts can only be judged once each of them can be read.
        faults += _unused_sources(facts)
        for call in calls(facts):
            faults += _call(facts, call)
        faults += _simulation(facts, folder / "simulation")
    return faults


def _unused_sources(facts: Facts) -> Iterator[FactsError]:
    cited = {source.id for day in _days(facts) for source in _cited(facts, day)}
    for name in facts.sources:
        if name not in cited:
            yield FactsError("sources.yaml", name, "aucun fait ne cite cette source")


def _days(facts: Facts) -> set[date]:
    return {day for fact in facts for day in facts.starts(fact)} | {date.max}


def _cited(facts: Facts, on: date) -> Iterator[FactSource]:
    for fact in facts.at(on).values():
        yield from fact.sources


def _call(facts: Facts, call: int) -> Iterator[FactsError]:
    file, subject = f"aap_{call}.yaml", f"aap_{call}"
    starts = facts.starts(f"{subject}.date_limite")
    opened = starts[0]
    if f"{subject}.{_SINCE}" not in facts.at(date.max):
        yield FactsError(file, f"{subject}.{_SINCE}", "ce fait manque")
    known = facts.at(opened)
    deadline = known[f"{subject}.date_limite"]
    if deadline.unit != "jour" or deadline.day < opened:
        yield FactsError(file, f"{subject}.date_limite", "il faut un jour après l'ouverture")
    points = [name for name in GRID if f"{subject}.points_{name}" in known]
    if points and f"{subject}.part_min" not in known:
        yield FactsError(file, f"{subject}.part_min", "ce fait manque : il y a une grille")
    try:
        rules_at(facts, opened, call)
    except UnknownFactError as error:
        yield FactsError(file, error.fact, "ce fait manque le jour de l'ouverture")


def _simulation(facts: Facts, folder: Path) -> Iterator[ToldError]:
    try:
        kinds = load_kinds(folder, facts.sources, calls(facts))
        load_words(folder / "phrases.yaml")
    except ToldError as fault:
        yield fault
        return
    known = facts.at(date.max)
    for kind in kinds:
        if kind.proof and kind.proof not in known:
            yield FactsError(KINDS_FILE, kind.id, f"preuve inconnue : {kind.proof}")
        for call, reason in kind.reasons.items():
            if unknown := reason.needs - REASON_VALUES:
                problem = f"{call} : valeur inconnue dans la raison : {', '.join(sorted(unknown))}"
                yield FactsError(KINDS_FILE, kind.id, problem)
