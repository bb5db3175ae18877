"""When the assistant is not sure: ask back, say so, and never leave a dead end."""

from __future__ import annotations

from dataclasses import replace

from actions.handlers.base import FAILURES_BEFORE_HUMAN, Handler
from actions.handlers.lieux.search import Search
from actions.handlers.lieux.zone import DETAILS
from actions.handlers.repondre import beside_courtesy, of_what_was_said, said_first, very_fact
from actions.handlers.turn import HandlerTurn, Reply
from actions.handlers.values import (
    asks_about_another_applicant,
    asks_for_help_somewhere,
    asks_where,
    form_that_reads,
    may_be_a_need,
    says_only_where,
    tells_a_project,
    what_changes,
)
from actions.messages import Button, Choices, Handoff, Message, Text
from actions.places.services import Service

SUGGESTIONS = 3
"""Readings proposed when a message is doubtful."""


class Clarifier(Handler):
    """«Vouliez-vous dire… ?», with the likely topics as buttons."""

    action = "action_clarifier"

    def answer(self, turn: HandlerTurn) -> Reply:
        topics = self.services.topics
        asks_details = topics.of(turn.topic).action == DETAILS
        if asks_details and Search.read(turn.slots.get("recherche")).listed:
            # About the places just shown: the likely reading costs nothing to answer.
            return Reply(followup=DETAILS)
        if first := said_first(self.services, turn):
            return first.reply(turn.topic)
        if asks_about_another_applicant(self.services, turn):
            return Reply(followup="action_eligibilite")
        if form := form_that_reads(self.services, turn):
            return Reply(followup=form)
        fact = of_what_was_said(self.services, turn) or very_fact(
            self.services, turn, (turn.topic, *turn.likely[:SUGGESTIONS])
        )
        if fact:
            return fact.reply(turn.topic)
        needs = self.services.needs
        likely_need = needs.understand(turn.said) and may_be_a_need(self.services, turn)
        if asks_where(turn) or likely_need or needs.is_clear(turn.said):
            return Reply(followup="lieu_form")
        answers = self.services.answers
        likely = [topic for topic in turn.ranking if topics.of(topic).suggested][:SUGGESTIONS]
        buttons = [Button(answers.title(topic), f"/{topic}") for topic in likely]
        buttons.append(Button(answers.words("clarifier.autre", on=turn.on), "/parler_humain"))
        failures = _failures(turn) + 1
        question = Choices(answers.words("clarifier.question", on=turn.on), tuple(buttons))
        return Reply([question], {"echecs": failures})


class Incompris(Handler):
    """About something else, or not understood: says so, and what can be done here."""

    action = "action_incompris"

    def answer(self, turn: HandlerTurn) -> Reply:
        if first := said_first(self.services, turn):
            return first.reply(turn.topic)
        if what_changes(self.services, turn):
            return Reply(followup="simulation_form")
        if says_only_where(turn):
            return Reply(followup="lieu_form")
        if tells_a_project(self.services, turn):
            return Reply(followup="simulation_form")
        if turn.intent == "incompris" and (form := form_that_reads(self.services, turn)):
            return Reply(followup=form)
        if asks_for_help_somewhere(self.services, turn):
            return Reply(followup="lieu_form")
        answers = self.services.answers
        failures = _failures(turn) + 1
        said: list[Message]
        fact = of_what_was_said(self.services, turn) or very_fact(
            self.services, turn, ("hors_sujet", *turn.likely[:1])
        )
        if fact:
            return fact.reply(turn.topic)
        if self.services.needs.understand(turn.said) and may_be_a_need(self.services, turn):
            return Reply(followup="lieu_form")
        exaggerates = turn.intent == "urgence"
        if (turn.intent == "hors_sujet" or exaggerates) and (service := self._need(turn)):
            # What cannot be answered may be done with help: the need is kept for «à Metz».
            text = answers.words("lieux.aide_pour", on=turn.on, service=service.title)
            buttons = answers.follow_ups("hors_sujet", turn.on)
            search = replace(Search.read(turn.slots.get("recherche")), need=turn.said, where="")
            slots = {"echecs": 0, "recherche": search.to_slot()}
            return Reply([Text(text, buttons=buttons)], slots)
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

    def _need(self, turn: HandlerTurn) -> Service | None:
        """Return the need that a message plainly tells, though it asks something else."""
        needs = self.services.needs
        return needs.understand(turn.said) if needs.is_clear(turn.said) else None


class OuiNon(Handler):
    """A yes or a no to no question: asks what is meant."""

    action = "action_oui_non"

    def answer(self, turn: HandlerTurn) -> Reply:
        if what_changes(self.services, turn):
            return Reply(followup="simulation_form")
        if turn.tier == "named" and self.services.needs.is_clear(turn.said):
            return Reply(followup="lieu_form")  # «je n'y connais rien du tout» is no refusal
        if asked := beside_courtesy(self.services, turn):
            return asked  # «non, le pass numérique»
        if turn.reading.question.closed or turn.reading.question.years:
            # «depuis le 16 janvier, c'est ça ?», «non, 2019»: of what was just said.
            subject = str(turn.slots.get("sujet") or "")
            said = of_what_was_said(self.services, turn) or (
                very_fact(self.services, turn, (subject,)) if subject else None
            )
            if said:
                return said.reply(subject or turn.topic)
        return Reply([self.services.answers.render(turn.intent, turn.on)])


class Annuler(Handler):
    """Drops what is under way."""

    action = "action_annuler"

    def answer(self, turn: HandlerTurn) -> Reply:
        cleared = {"simulation": None, "recherche": None, "requested_slot": None, "echecs": 0}
        return Reply([self.services.answers.render("annuler", turn.on)], cleared)


def _failures(turn: HandlerTurn) -> int:
    return int(turn.slots.get("echecs") or 0)
