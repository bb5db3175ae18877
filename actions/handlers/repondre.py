"""Questions whose answer is written: say it, say more, say it simpler."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from actions.answers.precise import Precision
from actions.answers.topics import PLACES_FORM
from actions.bootstrap import Services
from actions.handlers.base import Handler
from actions.handlers.turn import Reply, Turn
from actions.handlers.values import (
    asks_for_a_computation,
    asks_for_help_somewhere,
    form_that_reads,
    goes_on_about_places,
    what_changes,
)
from actions.messages import Text

_SHEET = re.compile(r"\b(?:fiche|recapitulatif|recap|resume ecrit|pdf)\b")
WORDS_OF_ANOTHER_CALL = 6
"""«et pour l'ancien appel ?»: a longer message asks something of its own."""
_GOES_ON = re.compile(r"(?:et|pourquoi|mais|ok|il y a|c est quoi) ")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, and what it leaves to go on from."""

    text: Text
    row: str = ""
    """The row of a precise answer; empty for the whole answer of a topic."""

    def reply(self, topic: str, followup: str = "") -> Reply:
        """Say it as the answer about a topic."""
        slots = {"sujet": topic, "precision": self.row or None, "echecs": 0}
        return Reply([self.text], slots, followup)


def precise_or_whole(services: Services, turn: Turn, topic: str) -> Said:
    """Return the very fact that was asked for, else the whole answer of the topic."""
    found = services.precisions.answer(turn.reading.question, topic, turn.on)
    return _said(services, turn, found, topic) or Said(services.answers.render(topic, turn.on))


def very_fact(services: Services, turn: Turn, topics: Iterable[str]) -> Said | None:
    """Return the very fact that a message names in words, under the first topic that knows it."""
    for topic in topics:
        found = services.precisions.answer(turn.reading.question, topic, turn.on, in_words=True)
        if said := _said(services, turn, found, topic):
            return said
    return None


def _said(services: Services, turn: Turn, found: Precision | None, topic: str) -> Said | None:
    if found is None:
        return None
    known = topic if topic in services.answers else "aide"
    follow_ups = services.answers.follow_ups(known, turn.on)
    return Said(Text(found.text, found.sources, follow_ups), found.row)


class Repondre(Handler):
    """Says the answer of the topic just asked."""

    action = "action_repondre"

    def answer(self, turn: Turn) -> Reply:
        if asks_for_a_computation(self.services, turn) or what_changes(self.services, turn):
            return Reply(followup="simulation_form")
        if turn.tier == "named" and (form := form_that_reads(self.services, turn)):
            return Reply(followup=form)
        if turn.slots.get("sujet") == "aap_simulation" and _SHEET.search(turn.reading.folded):
            return Reply(followup="action_fiche")
        topics = self.services.topics
        about_places = topics.of(turn.topic).leads_to == PLACES_FORM
        helps = about_places and asks_for_help_somewhere(self.services, turn)
        if helps or goes_on_about_places(self.services, turn):
            return Reply(followup="lieu_form")
        said = self._of_what_was_said(turn) or precise_or_whole(self.services, turn, turn.intent)
        return said.reply(turn.intent, topics.of(turn.second).form)

    def _of_what_was_said(self, turn: Turn) -> Said | None:
        """Answer «et le minimum ?», «pourquoi deux montants ?» about what was just answered."""
        if not _GOES_ON.match(turn.reading.folded):
            return None
        row, question = turn.slots.get("precision"), turn.reading.question
        if row and len(turn.reading.folded.split()) <= WORDS_OF_ANOTHER_CALL:
            again = self.services.precisions.again(str(row), question, turn.on)
            if said := _said(self.services, turn, again, turn.intent):
                return said
        subject = str(turn.slots.get("sujet") or "")
        if turn.form == "simulation_form":
            subject = "aap_financement"
        if not subject.startswith("aap_"):
            return None
        return very_fact(self.services, turn, (subject,))


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
