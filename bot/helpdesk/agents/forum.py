"""What agents do in the forum group, as raw updates of the Bot API (port ``Forum``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.helpdesk import accounts, delayed_replies, forum_queue, staff
from bot.helpdesk.desk import Desk
from bot.helpdesk.staff import Agent
from bot.helpdesk.tickets import ticket_rows
from bot.helpdesk.tickets.message_rows import TicketMessage
from bot.helpdesk.tickets.states import RefusedError, State
from bot.helpdesk.tickets.ticket_rows import TicketRow, UnknownTicketError
from bot.store import chats

CONTENTS = (
    "photo", "document", "voice", "audio", "video", "video_note", "sticker", "animation",
    "location", "contact",
)  # fmt: skip
"""What can be copied to a person besides text; a service message is none of these."""

_TOPIC_TURNS = ("forum_topic_closed", "forum_topic_reopened")
"""Service messages of a topic that someone closed or opened with Telegram's own buttons."""

OUTSIDE_HOURS = timedelta(hours=1)
"""How long ``/present`` holds when the helpdesk is closed."""

_LINK = re.compile(r"/lier(?:@\w+)?(?:\s+(.*))?", re.DOTALL | re.IGNORECASE)
_COMMAND = re.compile(r"/(\w+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Order:
    """A command, and where it was given."""

    agent: Agent
    ticket: TicketRow | None
    thread: int | None
    name: str
    rest: str
    message: dict[str, Any]
    at: datetime


class AgentsForum:
    """Takes the updates of the agents' group, in order, in the caller's transaction."""

    def __init__(self, desk: Desk, chat_id: int, *, linked_only: bool = False) -> None:
        """Serve a group; ``linked_only``: being in it is not enough to be an agent."""
        self._desk = desk
        self._linked_only = linked_only
        self._chat_id = chat_id
        self._say = desk.words.say
        self._commands = {"present": self._present, "absent": self._absent}
        self._ticket_commands: dict[str, Callable[[sa.Connection, _Order, int], object]] = {
            "prendre": lambda c, order, ticket: desk.claim(c, order.agent, ticket, order.at),
            "rendre": lambda c, order, ticket: desk.release(c, order.agent, ticket, order.at),
            "clore": lambda c, order, ticket: desk.close(c, order.agent, ticket, order.at),
            "transferer": self._transfer,
            "note": self._note,
            "rappele": self._called_back,
            "ouverture": self._hold,
            "annuler_envoi": self._cancel_held,
        }

    def take(self, connection: sa.Connection, update: dict[str, Any], at: datetime) -> None:
        """Take one update: a command, an answer, an edit; anything else is left alone."""
        edited = "edited_message" in update
        message = update.get("edited_message") or update.get("message")
        here = chats.current(connection, self._chat_id)
        if not isinstance(message, dict) or message.get("chat", {}).get("id") != here:
            return
        turned = next((name for name in _TOPIC_TURNS if name in message), "")
        in_topic = turned or message.get("is_topic_message")
        thread = message.get("message_thread_id") if in_topic else None
        if not turned and not _kind(message):
            return
        code = _LINK.fullmatch(str(message.get("text") or ""))
        if code and not edited:
            self._link(connection, message, thread, code[1] or "", at)
            return
        agent = self._agent(connection, message, thread, at)
        if agent is None:
            return
        try:
            if turned:
                self._turned(connection, agent, thread, turned, at)
            else:
                self._said(connection, agent, message, thread, at, edited=edited)
        except (RefusedError, UnknownTicketError) as refused:
            ticket = ticket_rows.by_thread(connection, thread) if thread is not None else None
            words = self._desk.refusal(connection, refused, ticket.id if ticket else None)
            forum_queue.put_anywhere(connection, thread, words, at)

    def _agent(
        self, connection: sa.Connection, message: dict[str, Any], thread: int | None, at: datetime
    ) -> Agent | None:
        """Return who wrote; ``None`` for a stranger, who is told so, and for a robot."""
        sender = message.get("from") or {}
        if message.get("sender_chat"):
            if thread is not None:
                self._reply(connection, thread, at, "forum_anonymous")
            return None
        if not sender.get("id") or sender.get("is_bot"):
            return None
        agent = staff.from_telegram(
            connection,
            sender["id"],
            sender.get("first_name", ""),
            at,
            linked_only=self._linked_only,
        )
        if agent is None:
            key = "forum_unlinked" if self._linked_only else "forum_stranger"
            self._reply(connection, thread, at, key)
        return agent

    def _link(
        self,
        connection: sa.Connection,
        message: dict[str, Any],
        thread: int | None,
        code: str,
        at: datetime,
    ) -> None:
        """Link whoever wrote to the console account that made the code."""
        sender = message.get("from") or {}
        if message.get("sender_chat") or not sender.get("id") or sender.get("is_bot"):
            self._reply(connection, thread, at, "forum_anonymous")
            return
        agent = accounts.link(connection, code, sender["id"], at)
        if agent is None:
            self._reply(connection, thread, at, "forum_link_refused")
        else:
            self._reply(connection, thread, at, "forum_linked", name=agent.name)

    def _said(
        self,
        connection: sa.Connection,
        agent: Agent,
        message: dict[str, Any],
        thread: int | None,
        at: datetime,
        *,
        edited: bool,
    ) -> None:
        text, kind = str(message.get("text") or message.get("caption") or ""), _kind(message)
        ticket = ticket_rows.by_thread(connection, thread) if thread is not None else None
        command = _COMMAND.fullmatch(text) if kind == "text" else None
        if edited:
            if not command:
                self._desk.correct(connection, agent, _origin(message), text, at)
        elif command:
            rest = (command[2] or "").strip()
            order = _Order(agent, ticket, thread, command[1].lower(), rest, message, at)
            self._obey(connection, order)
        elif ticket is not None:
            self._desk.answer(connection, agent, ticket.id, _said(message, kind, text), at)
        elif thread is not None:
            self._reply(connection, thread, at, "forum_no_ticket")

    def _obey(self, connection: sa.Connection, order: _Order) -> None:
        if order.name in self._commands:
            self._commands[order.name](connection, order)
        elif order.name in self._ticket_commands:
            if order.ticket is None:
                key = "forum_which" if order.thread is None else "forum_no_ticket"
                self._reply(connection, order.thread, order.at, key)
            else:
                self._ticket_commands[order.name](connection, order, order.ticket.id)

    def _turned(
        self,
        connection: sa.Connection,
        agent: Agent,
        thread: int | None,
        turned: str,
        at: datetime,
    ) -> None:
        """Do what Telegram's own buttons say: a topic closed ends its request.

        Raises:
            RefusedError: It is another agent's; the topic is opened again.
        """
        ticket = ticket_rows.by_thread(connection, thread) if thread is not None else None
        if ticket is None:
            return
        closed = ticket.state is State.CLOSED
        if turned == "forum_topic_reopened":
            if closed:
                self._desk.reopen(connection, agent, ticket.id, at)
            return
        if closed:
            return
        try:
            self._desk.close(connection, agent, ticket.id, at)
        except RefusedError:
            forum_queue.put(connection, ticket.id, "reopen", at)
            raise

    def _present(self, connection: sa.Connection, order: _Order) -> None:
        until = self._desk.hours.closes_at(order.at) or order.at + OUTSIDE_HOURS
        staff.set_present(connection, order.agent.id, until)
        moment = self._desk.words.moment(until, order.at)
        self._reply(connection, order.thread, order.at, "forum_present", moment=moment)

    def _absent(self, connection: sa.Connection, order: _Order) -> None:
        staff.set_present(connection, order.agent.id, None)
        self._reply(connection, order.thread, order.at, "forum_absent")

    def _transfer(self, connection: sa.Connection, order: _Order, ticket_id: int) -> None:
        try:
            self._desk.transfer(connection, order.agent, ticket_id, order.rest, order.at)
        except RefusedError:
            names = ", ".join(agent.name for agent in staff.everyone(connection))
            self._reply(connection, order.thread, order.at, "forum_agents", names=names)
            raise

    def _note(self, connection: sa.Connection, order: _Order, ticket_id: int) -> None:
        if not order.rest:
            self._reply(connection, order.thread, order.at, "forum_note_empty")
            return
        said = _said(order.message, "text", order.rest)
        self._desk.note(connection, order.agent, ticket_id, said, order.at)
        self._desk.show(connection, ticket_id, order.at, "forum_note_kept")

    def _called_back(self, connection: sa.Connection, order: _Order, ticket_id: int) -> None:
        if not self._desk.called_back(connection, order.agent, ticket_id, order.at):
            self._reply(connection, order.thread, order.at, "forum_no_call")

    def _hold(self, connection: sa.Connection, order: _Order, ticket_id: int) -> None:
        if not order.rest:
            self._reply(connection, order.thread, order.at, "forum_held_empty")
            return
        said = _said(order.message, "text", order.rest)
        delayed_replies.hold(connection, self._desk, order.agent, ticket_id, said, at=order.at)

    def _cancel_held(self, connection: sa.Connection, order: _Order, ticket_id: int) -> None:
        """Cancel the last reply of this agent that waits; a supervisor's, the last of all."""
        waiting = delayed_replies.of_ticket(connection, ticket_id)
        if not waiting:
            self._reply(connection, order.thread, order.at, "forum_no_held")
            return
        own = [reply for reply in waiting if reply.agent_id == order.agent.id]
        delayed_replies.cancel(
            connection, self._desk, order.agent, (own or waiting)[-1].id, order.at
        )

    def _reply(
        self,
        connection: sa.Connection,
        thread: int | None,
        at: datetime,
        key: str,
        **values: str,
    ) -> None:
        forum_queue.put_anywhere(connection, thread, self._say(key, **values), at)


def _kind(message: dict[str, Any]) -> str:
    """Return what a message holds; empty for a service message."""
    return "text" if message.get("text") else next((k for k in CONTENTS if k in message), "")


def _origin(message: dict[str, Any]) -> str:
    return f"telegram:{message['chat']['id']}:{message['message_id']}"


def _said(message: dict[str, Any], kind: str, text: str) -> TicketMessage:
    replied = message.get("reply_to_message") or {}
    number = replied.get("message_id")
    # In a topic, everything replies to the service message that opened it.
    reply_to = number if number != message.get("message_thread_id") else None
    file = message.get(kind) if kind != "text" else None
    if isinstance(file, list) and file:
        file = file[-1]  # a photo's largest size
    media = (
        {"file": file["file_id"], "name": file.get("file_name", "")}
        if isinstance(file, dict) and "file_id" in file
        else {}
    )
    return TicketMessage(
        text,
        kind=kind,
        origin=_origin(message),
        message_id=message["message_id"],
        chat_id=message["chat"]["id"],
        reply_to=reply_to,
        media=media,
    )
