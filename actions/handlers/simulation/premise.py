"""An amount may be a fact to confirm rather than a purchase to compute."""

from __future__ import annotations

import re

from actions.bootstrap import Services
from actions.handlers.repondre import TopicAnswer, of_what_was_said, said_first, very_fact
from actions.handlers.turn import HandlerTurn
from actions.handlers.values import tells_what_to_compute, what_changes
from actions.reading.question import Asked

_TOPICS = ("aap_financement", "aap_simulation", "aap_laureats", "programme_bilan")
_OWN_PROJECT = re.compile(
    r"\b(?:notre|nos|nous|on (?:veut|voudrait|souhaite|achete|prevoit)|je|j|mon|ma|mes|veut|veux|"
    r"voulons|souhait\w+|envisag\w+|prevoi\w+|voudr\w+|achetons|calcul\w*|simul\w*)\b"
)


def _tells_a_project(services: Services, turn: HandlerTurn) -> bool:
    """Say whether a purchase comes with who buys, its criteria or the rules to follow."""
    if turn.reading.question.sure or turn.reading.question.several:
        return False
    if tells_what_to_compute(services, turn):
        return True
    request = services.simulator.read_request(turn.said)
    return request.budget is not None and bool(request.applicant or len(request.grid) > 1)


def premise(services: Services, turn: HandlerTurn) -> TopicAnswer | None:
    """Return the answer to a message that asks about a figure, and tells no own project.

    «le minimum d'achat, c'est 20 000 € ?» is no purchase of 20 000 €.
    """
    if turn.requested or not turn.said:
        return None
    if said := said_first(services, turn):
        return said
    if _OWN_PROJECT.search(turn.reading.folded) or what_changes(services, turn):
        return None
    if said := of_what_was_said(services, turn):
        return said
    if _tells_a_project(services, turn):
        return None
    if turn.reading.question.asked is Asked.CONFIRM or turn.reading.question.several:
        return very_fact(services, turn, _TOPICS)
    # «les 10 257 € de Verdun, c'est quoi ?» quotes a winner's own figure.
    said = very_fact(services, turn, ("aap_laureats",))
    return said if said and said.quoted else None
