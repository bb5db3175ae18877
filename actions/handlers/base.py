"""What every action does around its own ten lines: read, answer, never fail silently."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import date
from typing import Any

from actions.bootstrap import Services
from actions.error_trace import trace
from actions.handlers.context import in_context
from actions.handlers.turn import HandlerTurn, Reply, read_turn
from actions.messages import (
    AskPosition,
    Button,
    Choices,
    Handoff,
    Message,
    Places,
    Simulation,
    Text,
)
from actions.sdk import Action, CollectingDispatcher, EventType, FollowupAction, SlotSet, Tracker

logger = logging.getLogger(__name__)

OTHER_READINGS = 2
"""Buttons under an answer that may be to another question."""

FAILURES_BEFORE_HUMAN = 2
"""Misunderstandings in a row after which a person is offered, in a form as elsewhere."""


class Handler(Action, ABC):
    """An action of the assistant: a name, and an answer to a turn."""

    action: str
    names_its_question = True
    """Whether a doubtful reading is named first; a form's own question needs no name."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def name(self) -> str:
        """Return the name that the domain knows."""
        return self.action

    @abstractmethod
    def answer(self, turn: HandlerTurn) -> Reply:
        """Say what there is to say; may raise: the person is then told and offered a human."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Answer; a failure becomes a hand-over, and its trace goes to the log alone."""
        try:
            services = self.services
            turn = read_turn(tracker, services.reader, services.clock(), services.today)
            turn = in_context(services, turn)
            reply = await asyncio.to_thread(self.answer, turn)
        except Exception as error:
            logger.error("%s failed: %s", self.name(), trace(error))
            words = self.services.answers.words("dialogue.panne", on=self._today())
            dispatcher.utter_message(json_message=Handoff(words, reason="panne").to_json())
            return []
        for message in self._around(turn, reply):
            dispatcher.utter_message(json_message=message.to_json())
        events = [SlotSet(name, value) for name, value in reply.slots.items()]
        return [*events, FollowupAction(reply.followup)] if reply.followup else events

    def _around(self, turn: HandlerTurn, reply: Reply) -> list[Message]:
        """Add what any answer may need: a line in the person's language, their other question."""
        if not reply.messages or turn.resumes:
            return reply.messages
        said = reply.messages if reply.names_itself else self._named(turn, reply.messages)
        other = self._other_question(turn)
        # A question back stays last: it is the one to answer.
        asks = isinstance(said[-1], (Choices, AskPosition))
        said = [*other, *said] if asks else [*said, *other]
        return [*self._in_their_language(turn), *said]

    def _named(self, turn: HandlerTurn, said: list[Message]) -> list[Message]:
        """Say first which question is answered, and offer the other likely readings."""
        answers, topics = self.services.answers, self.services.topics
        if (
            not self.names_its_question
            or turn.tier != "named"
            or turn.topic not in answers
            or not topics.of(turn.topic).named
        ):
            return said
        if isinstance(said[0], Places) and not topics.of(turn.topic).form:
            return said  # a place was plainly said: the topic that was read does not matter
        title = answers.title(turn.topic)
        opening = answers.words("clarifier.nomme", on=turn.on, question=title)
        first = replace(said[0], text=f"{opening}\n\n{said[0].text}")
        said = [first, *said[1:]]
        last = said[-1]
        others = [
            Button(answers.title(topic), f"/{topic}")
            for topic in turn.likely
            if topic != turn.topic and topics.of(topic).suggested
        ][:OTHER_READINGS]
        if not others or not isinstance(last, (Text, Places, Simulation)):
            return said
        closing = answers.words("clarifier.autre_lecture", on=turn.on)
        known = {button.payload for button in last.buttons}
        more = tuple(button for button in others if button.payload not in known)
        text = f"{last.text}\n\n{closing}"
        return [*said[:-1], replace(last, text=text, buttons=(*last.buttons, *more))]

    def _other_question(self, turn: HandlerTurn) -> list[Message]:
        answers, second = self.services.answers, self.services.topics.of(turn.second)
        if second.form or turn.second not in answers or turn.second == turn.topic:
            return []
        if not second.is_written:
            # As a second question, what an action of its own answers becomes a button.
            button = Button(answers.title(turn.second), f"/{turn.second}")
            return [Text(answers.words("dialogue.autre_question", on=turn.on), buttons=(button,))]
        return [answers.render(turn.second, turn.on)]

    def _in_their_language(self, turn: HandlerTurn) -> list[Message]:
        answers, key = self.services.answers, f"langues.{turn.language}"
        if key not in answers.keys:
            return []
        person = Button(answers.words("dialogue.parler", on=turn.on), "/parler_humain")
        return [Text(answers.words(key, on=turn.on), buttons=(person,))]

    def _today(self) -> date:
        return self.services.today or self.services.clock().date()
