"""The chat in a terminal: one person, one conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from itertools import count

from actions.clock import Clock, utc_now
from actions.messages import Button, Message
from bot.conversation import Incoming, Kind
from bot.terminal.render import TerminalRenderer

CHANNEL = "terminal"

LEAVE = ("/quitter", "/quit", "/exit")

Receive = Callable[[Incoming], Awaitable[list[Message]]]


class TerminalChat:
    """Turns typed lines into messages, and numbers into taps."""

    def __init__(
        self,
        receive: Receive,
        renderer: TerminalRenderer,
        person: str,
        on: date | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Prepare a chat.

        Args:
            receive: The conversation.
            renderer: Where answers are shown.
            person: The person's id on this channel.
            on: A fixed day to live in.
            clock: The present moment.
        """
        self._receive = receive
        self._renderer = renderer
        self._person = person
        self._on = on
        self._clock = clock
        self._numbers = count(1)
        self._offered: list[Button] = []

    async def run(self, lines: AsyncIterator[str]) -> int:
        """Answer each line until they end; return how many there were."""
        await self._answer(self._incoming(text="/start"))
        answered = 0
        async for line in lines:
            if line.strip().lower() in LEAVE:
                break
            answered += 1
            if line.strip():
                await self._answer(self.read(line))
        return answered

    def read(self, line: str) -> Incoming:
        """Return the message behind a line: a number taps the button it stands for."""
        said = line.strip()
        if said.isascii() and said.isdigit() and 1 <= int(said) <= len(self._offered):
            button = self._offered[int(said) - 1]
            return self._incoming(Kind.BUTTON, text=button.title, payload=button.payload)
        return self._incoming(text=line)

    def show(self, messages: list[Message]) -> None:
        """Show messages and remember what their numbers stand for."""
        self._offered = self._renderer.show(messages)

    async def _answer(self, incoming: Incoming) -> None:
        messages = await self._receive(incoming)
        if messages:  # silence is right while a person of the helpdesk owns the conversation
            self.show(messages)

    def _incoming(self, kind: Kind = Kind.TEXT, text: str = "", payload: str = "") -> Incoming:
        now = self._clock()
        return Incoming(
            channel=CHANNEL,
            external_id=self._person,
            message_id=f"{now.timestamp():.6f}-{next(self._numbers)}",
            kind=kind,
            at=now,
            text=text,
            payload=payload,
            on=self._on,
        )
