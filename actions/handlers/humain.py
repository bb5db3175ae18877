"""A person is wanted: the meaning is said here, the helpdesk takes over in ``bot``."""

from __future__ import annotations

import re

from actions.answers.urgent import urgent
from actions.handlers.base import Handler
from actions.handlers.repondre import very_fact
from actions.handlers.turn import HandlerTurn, Reply
from actions.messages import Handoff
from actions.reading.danger import exaggerates

REASONS = {"parler_humain": "demande", "suivi_demande": "suivi", "plainte": "plainte"}


_PERSON = re.compile(
    r"\b(?:quelqu un|qqn|humaine?|personnes?|gens|conseill\w+|agents?|operat\w+|equipe|service|"
    r"telephon\w*|appel\w*|rappel\w*|parl\w+|joindre|contact\w*|aide\w*|vrai\w*|passe[rz]?|"
    r"voir|rencontrer|rdv|rendez vous|urgent\w*|humain\w*|responsable|standard)\b"
)
"""Words by which a person is asked for (folded)."""


class Humain(Handler):
    """Hands the conversation over, with the topic that was being talked about."""

    action = "action_humain"

    def answer(self, turn: HandlerTurn) -> Reply:
        subject = str(turn.slots.get("sujet") or "")
        if turn.tier == "named" and (fact := very_fact(self.services, turn, (subject,))):
            return fact.reply(subject)  # «il y a un numéro à appeler ?» asks for a number
        if (
            turn.tier == "named"
            and turn.intent == "parler_humain"
            and not _PERSON.search(turn.reading.folded)
        ):
            return Reply(followup="action_clarifier")  # nobody was asked for in words
        said = self.services.answers.render(turn.intent, turn.on)
        handoff = Handoff(
            said.text,
            reason=REASONS[turn.intent],
            topic=subject,
        )
        return Reply([handoff], {"echecs": 0})


class Urgence(Handler):
    """Someone is in danger: the numbers at once, then a person is offered."""

    action = "action_urgence"

    def answer(self, turn: HandlerTurn) -> Reply:
        # The button's danger is the reader's; the model alone tells none, and all are said.
        danger = str(turn.entities.get("danger") or turn.reading.danger or "")
        if turn.said and not danger and exaggerates(turn.said):
            return Reply(followup="action_incompris")
        return Reply([urgent(self.services.answers, danger, turn.on)], {"echecs": 0})
