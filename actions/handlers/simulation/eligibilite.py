"""Who may apply, for a porteur that the message names; who won."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.french import typeset
from actions.handlers.base import Handler
from actions.handlers.repondre import (
    of_a_call_alone,
    of_a_region,
    of_what_was_said,
    precise_or_whole,
    said_first,
)
from actions.handlers.simulation.result_message import sources_of
from actions.handlers.thread import SLOT, Thread
from actions.handlers.turn import HandlerTurn, Reply
from actions.handlers.values import asks_for_a_computation, what_changes
from actions.messages import Button, Text
from actions.programme.calls import calls
from actions.programme.project import Project
from actions.programme.result import Result
from actions.reading.question import one_of

_LABEL = re.compile(r"^[^:]{1,80}?\s:\s")
"""The applicant's name, before what the texts say of it."""
_OF_THE_PAST = re.compile(
    r"\b(?:pouvai|avai|etai|fallait|devai|aurai|pourrai|repondai|candidatai|deposai)\w*"
)
"""A call that is over is spoken of in the past: now, nobody may apply."""


class Eligibilite(Handler):
    """Judges the porteur that the message names; says the general rule otherwise."""

    action = "action_eligibilite"

    def answer(self, turn: HandlerTurn) -> Reply:
        if first := said_first(self.services, turn):
            return first.reply(turn.intent)
        simulator = self.services.simulator
        if asks_for_a_computation(self.services, turn) or what_changes(self.services, turn):
            return Reply(followup="simulation_form")
        request = simulator.read_request(turn.said)
        slots = {"sujet": "aap_eligibilite", "echecs": 0}
        if request.applicant is None:
            said = of_what_was_said(self.services, turn)
            said = said or precise_or_whole(self.services, turn, turn.intent)
            return said.reply(turn.intent)
        known = calls(simulator.facts)
        meant = one_of(turn.reading.question.lived_on(turn.on, known), known)
        if request.call is None and len(meant) == 1:
            request = replace(request, call=meant[0])  # «l'an dernier»
        verdict = simulator.judge_applicant(request, turn.on)
        state, *reasons = verdict.reasons
        is_open = verdict.state.open
        if reasons and self._is_a_premise(turn, verdict):
            side = verdict.eligible.capitalize()
            first_of_all = typeset(f"{side} : {_LABEL.sub('', reasons[0])}")
            reasons, is_open = [first_of_all, *reasons[1:]], True  # what was asked comes first
        text = "\n\n".join((*reasons, state) if is_open else (state, *reasons))
        project = Project.read(turn.slots.get("simulation")).saying(turn.said).to_slot()
        told = Text(text, sources_of(verdict), self._buttons(turn, verdict))
        topic = self.services.topics.of("aap_eligibilite")
        thread = Thread.read(turn.slots).said(topic, call=request.call)
        return Reply([told], {**slots, "simulation": project, SLOT: thread.to_slot()})

    def _is_a_premise(self, turn: HandlerTurn, verdict: Result) -> bool:
        """Whether who may apply is asked by yes or no, and the texts tell."""
        question = turn.reading.question
        tells = verdict.eligible in ("oui", "non")
        past = bool(_OF_THE_PAST.search(question.folded))
        return question.closed and tells and (verdict.state.open or past)

    def _buttons(self, turn: HandlerTurn, verdict: Result) -> tuple[Button, ...]:
        answers = self.services.answers
        topics = ["aap_date_limite"] if verdict.eligible == "non" else ["aap_simulation"]
        return (
            *(Button(answers.title(topic), f"/{topic}") for topic in topics),
            Button(answers.words("dialogue.parler", on=turn.on), "/parler_humain"),
        )


class Laureats(Handler):
    """Says what is known of the winners, in the région of the place that the message names."""

    action = "action_laureats"

    def answer(self, turn: HandlerTurn) -> Reply:
        if first := said_first(self.services, turn):
            return first.reply(turn.intent)
        if alone := of_a_call_alone(self.services, turn):
            return alone
        precise = self.services.precisions.answer(turn.reading.question, turn.intent, turn.on)
        said = (
            of_what_was_said(self.services, turn)
            or (None if precise else of_a_region(self.services, turn))
            or precise_or_whole(self.services, turn, turn.intent)
        )
        return said.reply(turn.intent)
