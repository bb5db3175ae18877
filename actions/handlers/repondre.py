"""Questions whose answer is written: say it, say more, say it simpler."""

from __future__ import annotations

from collections.abc import Iterable

from actions.bootstrap import Services
from actions.handlers.base import FORMS, Handler
from actions.handlers.turn import Reply, Turn
from actions.handlers.values import asks_for_a_computation, form_that_reads, what_changes
from actions.messages import Text


def precise_or_whole(services: Services, turn: Turn, topic: str) -> Text:
    """Return the very fact that was asked for, else the whole answer of the topic."""
    found = services.precisions.answer(turn.reading.question, topic, turn.on)
    if found is None:
        return services.answers.render(topic, turn.on)
    follow_ups = services.answers.follow_ups(topic, turn.on)
    return Text(found.text, found.sources, follow_ups)


def very_fact(services: Services, turn: Turn, topics: Iterable[str]) -> Text | None:
    """Return the very fact that a message names in words, under the first topic that knows it."""
    for topic in topics:
        found = services.precisions.answer(turn.reading.question, topic, turn.on, in_words=True)
        if found is not None:
            known = topic if topic in services.answers else "aide"
            return Text(found.text, found.sources, services.answers.follow_ups(known, turn.on))
    return None


class Repondre(Handler):
    """Says the answer of the topic just asked."""

    action = "action_repondre"

    def answer(self, turn: Turn) -> Reply:
        if asks_for_a_computation(self.services, turn) or what_changes(self.services, turn):
            return Reply(followup="simulation_form")
        if turn.tier == "named" and (form := form_that_reads(self.services, turn)):
            return Reply(followup=form)
        said = precise_or_whole(self.services, turn, turn.intent)
        followup = FORMS.get(turn.second, "")
        return Reply([said], {"sujet": turn.intent, "echecs": 0}, followup)


class Plus(Handler):
    """Says what «En savoir plus» adds."""

    action = "action_plus"

    def answer(self, turn: Turn) -> Reply:
        topic = str(turn.entities.get("sujet") or turn.slots.get("sujet") or "aide")
        if topic not in self.services.answers:
            topic = "aide"
        said = self.services.answers.render(topic, turn.on, "details")
        return Reply([said], {"sujet": topic, "echecs": 0})


class Reformuler(Handler):
    """Says the last answer again, in the simplest words; without one, shows the menu."""

    action = "action_reformuler"

    def answer(self, turn: Turn) -> Reply:
        topic = str(turn.slots.get("sujet") or "aide")
        if topic not in self.services.answers:
            topic = "aide"
        return Reply([self.services.answers.render(topic, turn.on, "simpler")], {"echecs": 0})
