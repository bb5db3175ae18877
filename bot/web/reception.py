"""The page's two queues: what people say, kept then answered; what they are told, shown."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from actions.clock import Clock, civil_day, utc_now
from actions.error_trace import trace
from actions.messages import Message, Text
from actions.words import Words
from bot.conversation import Conversation, Deliver, Incoming, Kind, Outgoing, Position
from bot.lanes import Claims, Lanes
from bot.store import Person, Store, incoming_queue, outbox, persons
from bot.store.database_trouble import trouble
from bot.store.incoming_queue import FAILED, Arrival, Update
from bot.store.persons import lane
from bot.web import sites, transcript
from bot.web.hub import Hub
from bot.web.keys import Visitor
from bot.web.sites import OWN_PAGE, Site
from bot.web.transcript import CHANNEL

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 4
"""Times a message is tried; then the person is told that it failed."""

RETRY_AFTER = timedelta(seconds=1)
"""Pause before a message is tried again: twice as long each time."""

AGENT_WORDS = "helpdesk_answer"
"""Kind of what a person of the helpdesk wrote."""


@dataclass(frozen=True, slots=True)
class PageMessage:
    """What a page sends."""

    kind: Kind
    once: str
    """Drawn by the page: the same message sent twice is one message."""
    text: str = ""
    payload: str = ""
    position: Position | None = None
    language: str = ""


class WebReception:
    """Keeps what pages send, has it answered in order, and shows what people are told.

    What is said to a person waits in the outbox like every channel's; the courier here moves
    it to what their page shows, in one transaction: once, whatever stops in between.
    """

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        wording: Words,
        words: Words,
        hub: Hub,
        *,
        site: Callable[[str], Site | None],
        on: date | None = None,
        clock: Clock = utc_now,
        told: Callable[[], None] = lambda: None,
        shared: Claims | None = None,
        by_mail: bool = False,
    ) -> None:
        """Describe the queues.

        Args:
            store: The operational database.
            conversation: What answers.
            wording: The words of dialogue mechanics.
            words: The page's own.
            hub: Rings open pages.
            site: Finds a site by its name.
            on: A fixed day to live in.
            clock: The present moment.
            told: Called when another channel's outbox may have something new.
            shared: Claims lanes, where replicas share the queues.
            by_mail: Whether a mail can be sent to who asks for a reminder.
        """
        self._store = store
        self._conversation = conversation
        self._wording = wording
        self._words = words
        self._hub = hub
        self._site = site
        self._on = on
        self._clock = clock
        self._told = told
        self._outgoing = Outgoing(CHANNEL, clock)
        self._by_mail = by_mail
        self._excused: Counter[int] = Counter()
        """Attempts that failed for the database's sake, by message."""
        self.answering = Lanes(
            "web incoming",
            lambda: store.read(incoming_queue.heads, CHANNEL),
            self._answer,
            clock=clock,
            shared=shared,
        )
        self.showing = Lanes(
            "web outbox",
            lambda: store.read(outbox.heads, CHANNEL),
            self._show,
            clock=clock,
            shared=shared,
        )

    async def keep(self, visitor: Visitor, said: PageMessage) -> None:
        """Keep a message; once this returns it will be answered.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: It is not safe: the page must send it again.
        """
        if await self._store.write(self._keep, visitor, said):
            self._hub.ring(visitor.address)
            self.answering.wake(lane(CHANNEL, visitor.address))

    def _keep(self, connection: sa.Connection, visitor: Visitor, said: PageMessage) -> bool:
        address, now = visitor.address, self._clock()
        title = said.text
        if said.kind is Kind.BUTTON:
            title = transcript.title_of(connection, address, said.payload)
        body: dict[str, Any] = {
            "kind": said.kind.value,
            "site": visitor.site,
            "address": address,
            "text": title,
            "payload": said.payload,
            "language": said.language,
        }
        if said.position:
            body["position"] = [said.position.latitude, said.position.longitude]
        content = f"{said.kind}|{said.text}|{said.payload}"
        digest = hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:12]
        arrival = Arrival(f"{CHANNEL}:{address}:{said.once}:{digest}", lane(CHANNEL, address), body)
        if not incoming_queue.keep(connection, [arrival], now):
            return False
        person = persons.find(connection, CHANNEL, address)
        begins = transcript.first(connection, address) == 0
        for measure in ("conversation", "message")[0 if begins else 1 :]:
            sites.count(connection, visitor.site, measure, civil_day(now))
        shown = self._words("position_dite") if said.kind is Kind.POSITION else title
        transcript.add(
            connection,
            address,
            "person",
            {"text": shown or said.payload},
            at=now,
            person_id=person.id if person else None,
        )
        return True

    async def _answer(self, where: str) -> bool:
        update = await self._store.write(incoming_queue.begin, where, self._clock())
        if update is None:
            return False
        address = str(update.body["address"])
        attempts = update.attempts - self._excused[update.id]
        try:
            if attempts >= MAX_ATTEMPTS:  # each time, the process died of it
                await self._store.write(self._apologise, update)
            else:
                await self._conversation.receive(self._read(update), self._deliver(update))
        except Exception as error:
            if trouble(error):
                # The database's fault (full, locked…): the message waits, however long it lasts.
                self._excused[update.id] += 1
                raise
            logger.error("a message failed: %s", trace(error))
            if attempts + 1 >= MAX_ATTEMPTS:
                await self._store.write(self._apologise, update)
            else:
                until = self._clock() + RETRY_AFTER * 2**attempts
                await self._store.write(incoming_queue.postpone, update.id, until)
        self._excused.pop(update.id, None)
        self.showing.wake()
        self._told()
        self._hub.ring(address)
        return True

    def _read(self, update: Update) -> Incoming:
        body: Mapping[str, Any] = update.body
        position = body.get("position")
        site = self._site(str(body["site"])) or OWN_PAGE
        return Incoming(
            channel=CHANNEL,
            external_id=str(body["address"]),
            message_id=f"w{update.id}",
            kind=Kind(body["kind"]),
            at=update.received_at,
            text=str(body["text"]),
            payload=str(body["payload"]),
            position=Position(*position) if position else None,
            language=str(body["language"]),
            on=self._on,
            around=site.territory,
            can_remind=self._by_mail,
            by_mail=True,
        )

    def _deliver(self, update: Update) -> Deliver:
        address = str(update.body["address"])

        def deliver(
            connection: sa.Connection, person: Person | None, said: Sequence[Message]
        ) -> None:
            if person is None:
                transcript.forget(connection, address)
            else:
                transcript.adopt(connection, person)
            self._outgoing.answer(connection, update, address, said, person=person)

        return deliver

    def _apologise(self, connection: sa.Connection, update: Update) -> None:
        address = str(update.body["address"])
        person = persons.find(connection, CHANNEL, address)
        words = Text(self._wording("panne"), buttons=self._wording.buttons("humain"))
        self._outgoing.say(connection, address, [words], update.key, person=person)
        incoming_queue.finish(connection, update.id, FAILED)

    async def _show(self, where: str) -> bool:
        if address := await self._store.write(self._move, where):
            self._hub.ring(address)
        return False  # everything due was shown: what comes next wakes the lane again

    def _move(self, connection: sa.Connection, where: str) -> str:
        """Move all that is due to a page; return whose it is, or an empty text."""
        now = self._clock()
        address = ""
        while parcel := outbox.due(connection, where, now):
            address = parcel.address
            by_agent = parcel.body.get("kind") == AGENT_WORDS
            transcript.add(
                connection,
                address,
                "agent" if by_agent else "assistant",
                parcel.body,
                at=now,
                person_id=parcel.person_id,
            )
            outbox.sent(connection, parcel.id, now)
        return address
