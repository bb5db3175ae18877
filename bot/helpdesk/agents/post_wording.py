"""What a post of the forum says: worded, or copied, or put together with those behind it."""

from __future__ import annotations

from collections.abc import Container

import sqlalchemy as sa

from bot.helpdesk import forum_queue
from bot.helpdesk.agents.ticket_context import context_of, forum_head
from bot.helpdesk.desk import TELEGRAM, Desk
from bot.helpdesk.forum_queue import Post
from bot.helpdesk.tickets import message_rows
from bot.helpdesk.tickets.message_rows import MessageRow
from bot.helpdesk.tickets.ticket_rows import TicketRow
from bot.store import persons

MAX_TEXT = 4096
"""Characters of one Telegram message."""

_MARKS = {"person": "👤", "agent": "💬", "note": "📝"}


class WordedPost:
    """A post, worded."""

    def __init__(
        self,
        post: Post,
        text: str,
        message: MessageRow | None = None,
        reply_to: int | None = None,
        *,
        copied: tuple[int, int] | None = None,
    ) -> None:
        self.post = post
        self.text = text
        self.message = message
        self.reply_to = reply_to
        self.copied = copied
        """The chat and the number of the message to copy."""


class PostWording:
    """Words posts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def gather(
        self, connection: sa.Connection, ticket: TicketRow, post: Post, left: int
    ) -> list[WordedPost]:
        """Word a post; when more waits than may be sent now, put what follows with it."""
        parts = [self._word(connection, ticket, post)]
        if parts[0].copied is not None or forum_queue.waiting(connection) <= left:
            return parts
        length = len(parts[0].text)
        for other in forum_queue.behind(connection, post):
            if other.kind not in ("message", "notice", "head"):
                break
            part = self._word(connection, ticket, other)
            length += 2 + len(part.text)
            if part.copied is not None or part.reply_to is not None or length > MAX_TEXT:
                break
            parts.append(part)
        return parts

    def _word(self, connection: sa.Connection, ticket: TicketRow, post: Post) -> WordedPost:
        if post.kind == "head":
            return WordedPost(
                post, forum_head(self._desk, ticket, context_of(connection, self._desk, ticket))
            )
        message = message_rows.get(connection, post.message_id) if post.message_id else None
        if message is None:
            return WordedPost(post, post.text or "…")
        answered = message_rows.get(connection, message.reply_to) if message.reply_to else None
        reply_to = answered.group_message_id if answered else None
        if message.kind == "text":
            marked = f"{_MARKS['person']} {message.text}"
            text = marked if len(marked) <= MAX_TEXT else message.text
            return WordedPost(post, text, message, reply_to)
        person = persons.get(connection, ticket.person_id)
        if person is None or person.channel != TELEGRAM or message.person_message_id is None:
            return WordedPost(post, self.lost(message), message, reply_to)
        source = (int(person.external_id), message.person_message_id)
        return WordedPost(post, "", message, reply_to, copied=source)

    def history(
        self, connection: sa.Connection, ticket: TicketRow, to_come: Container[int | None]
    ) -> list[str]:
        """Return a ticket's head and what was said, for a topic that is made again."""
        lines = [forum_head(self._desk, ticket, context_of(connection, self._desk, ticket))]
        lines += [
            f"{_MARKS.get(said.author, '🤖')} {said.text or self.lost(said)}"
            for said in message_rows.of_ticket(connection, ticket.id)
            if said.id not in to_come
        ]
        pages = [""]
        for line in lines:
            if len(pages[-1]) + len(line) >= MAX_TEXT:
                pages.append("")
            pages[-1] += f"{line[: MAX_TEXT - 1]}\n"
        return pages

    def lost(self, message: MessageRow) -> str:
        """Say that a file of the person could not be copied; its caption stays."""
        say = self._desk.words.say
        return say("forum_copy_lost", kind=self._desk.words.kind(message.kind)) + (
            f"\n{message.text}" if message.text else ""
        )
