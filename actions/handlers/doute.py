"""When the assistant is not sure: ask back, say so, and never leave a dead end."""

from __future__ import annotations

from actions.handlers.base import Handler
from actions.handlers.turn import Reply, Turn
from actions.messages import Button, Choices, Handoff, Message, Text

SUGGESTIONS = 3
"""Readings proposed when a message is doubtful."""
FAILURES_BEFORE_HUMAN = 2
"""Misunderstandings in a row after which a person is offered."""
MECHANICS = frozenset({"affirmer", "nier", "hors_sujet", "reformuler", "annuler"})
"""Intents that make no sense as a suggestion."""


class Clarifier(Handler):
    """«Vouliez-vous dire… ?», with the likely topics as buttons."""

    action = "action_clarifier"

    def answer(self, turn: Turn) -> Reply:
        answers = self.services.answers
        likely = [topic for topic in turn.ranking if topic in answers and topic not in MECHANICS][
            :SUGGESTIONS
        ]
        buttons = [Button(answers.title(topic), f"/{topic}") for topic in likely]
        buttons.append(Button(answers.words("clarifier.autre", on=turn.on), "/parler_humain"))
        failures = _failures(turn) + 1
        question = Choices(answers.words("clarifier.question", on=turn.on), tuple(buttons))
        return Reply([question], {"echecs": failures})


class Incompris(Handler):
    """About something else, or not understood: says so, and what can be done here."""

    action = "action_incompris"

    def answer(self, turn: Turn) -> Reply:
        answers = self.services.answers
        failures = _failures(turn) + 1
        said: list[Message]
        if turn.intent == "hors_sujet":
            said = [answers.render("hors_sujet", turn.on)]
        elif failures >= FAILURES_BEFORE_HUMAN:
            return Reply(
                [Handoff(answers.words("clarifier.deux_echecs", on=turn.on), reason="incompris")],
                {"echecs": 0},
            )
        else:
            menu = answers.follow_ups("aide", turn.on)
            said = [Text(answers.words("clarifier.incompris", on=turn.on), buttons=menu)]
        return Reply(said, {"echecs": failures})


class OuiNon(Handler):
    """A yes or a no to no question: asks what is meant."""

    action = "action_oui_non"

    def answer(self, turn: Turn) -> Reply:
        return Reply([self.services.answers.render(turn.intent, turn.on)])


class Annuler(Handler):
    """Drops what is under way."""

    action = "action_annuler"

    def answer(self, turn: Turn) -> Reply:
        cleared = {"simulation": None, "recherche": None, "requested_slot": None, "echecs": 0}
        return Reply([self.services.answers.render("annuler", turn.on)], cleared)


def _failures(turn: Turn) -> int:
    return int(turn.slots.get("echecs") or 0)
