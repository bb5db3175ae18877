"""What every action does around its own ten lines: read, answer, never fail silently."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.bootstrap import Services
from actions.handlers.turn import Reply, Turn, read_turn
from actions.messages import Handoff

logger = logging.getLogger(__name__)


class Handler(Action, ABC):
    """An action of the assistant: a name, and an answer to a turn."""

    action: str

    def __init__(self, services: Services) -> None:
        self.services = services

    def name(self) -> str:
        """Return the name that the domain knows."""
        return self.action

    @abstractmethod
    def answer(self, turn: Turn) -> Reply:
        """Say what there is to say; may raise: the person is then told and offered a human."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Answer; a failure becomes a hand-over, and its trace goes to the log alone."""
        try:
            turn = read_turn(tracker, self.services.clock(), self.services.today)
            reply = await asyncio.to_thread(self.answer, turn)
        except Exception:
            logger.exception("%s failed", self.name())
            words = self.services.answers.words("dialogue.panne", on=self._today())
            dispatcher.utter_message(json_message=Handoff(words, reason="panne").to_json())
            return []
        for message in reply.messages:
            dispatcher.utter_message(json_message=message.to_json())
        events = [SlotSet(name, value) for name, value in reply.slots.items()]
        return [*events, FollowupAction(reply.followup)] if reply.followup else events

    def _today(self) -> date:
        return self.services.today or self.services.clock().date()
