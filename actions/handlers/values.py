"""What a message plainly holds says what it asks for: values are parsed, not guessed."""

from __future__ import annotations

from actions.bootstrap import Services
from actions.handlers.turn import Turn

LIKELY = 2
"""Readings of a doubtful message that a parsed value may confirm."""
WORDS_OF_A_PLACE = 4
"""A message of so few words that names a place says nothing else."""
ABOUT_AN_AID = frozenset({"aap_financement", "aap_publics", "aap_eligibilite", "aap_presentation"})
"""Topics under which a purchase and who buys ask for a computation."""


def form_that_reads(services: Services, turn: Turn) -> str:
    """Return the form whose matter a doubtful message plainly holds, or empty.

    A place name alone asks for places; an amount, where a computation is a likely reading,
    asks for the computation: values are parsed, not guessed.
    """
    likely = turn.ranking[:LIKELY]
    if turn.reading.names_a_place:
        alone = len(turn.reading.folded.split()) <= WORDS_OF_A_PLACE
        if alone or "trouver_lieu" in likely or "besoin_aide" in likely:
            return "lieu_form"
    if "aap_simulation" in likely:
        request = services.simulator.read_request(turn.said)
        tells = request.budget is not None, request.applicant is not None
        if all(tells) or (any(tells) and likely[0] == "aap_simulation"):
            return "simulation_form"
    return ""


def asks_for_a_computation(services: Services, turn: Turn) -> bool:
    """Say whether a question about aids tells a purchase and who buys: its number comes first."""
    if turn.topic not in ABOUT_AN_AID or not turn.said or turn.form:
        return False
    bought = any(amount.role == "purchase" for amount in turn.reading.quantities.amounts)
    bought = bought or bool(turn.reading.quantities.lots)
    if not bought:
        return False
    request = services.simulator.read_request(turn.said)
    return request.budget is not None and request.applicant is not None
