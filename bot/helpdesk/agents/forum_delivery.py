"""Shows tickets in the forum group: in order, at Telegram's pace, losing nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from telegram import BotCommand, BotCommandScopeChat, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.ext import ExtBot

from actions.clock import Clock, utc_now
from actions.error_trace import trace
from bot.helpdesk import forum_queue
from bot.helpdesk.agents import deletions
from bot.helpdesk.agents.group_pace import GroupPace
from bot.helpdesk.agents.post_wording import MAX_TEXT, PostWording, WordedPost
from bot.helpdesk.agents.ticket_context import context_of, topic_name
from bot.helpdesk.desk import Desk
from bot.helpdesk.forum_queue import Post
from bot.helpdesk.tickets import message_rows, ticket_rows
from bot.helpdesk.tickets.ticket_rows import TicketRow
from bot.store import Store, chats
from bot.store.claims import LostClaimError

logger = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a post that Telegram refuses is tried before it is left out."""

NETWORK_PAUSE = timedelta(seconds=5)
SHUT_OUT_PAUSE = timedelta(minutes=1)
"""How long to wait when the group itself refuses the bot."""

WATCH_S = 1.0
"""How often the list is looked at unasked: the console may run in another process."""

_GONE = ("thread not found", "topic_deleted", "topic_id_invalid", "message_thread_id_invalid")


_GROUP_TROUBLE = (
    "chat not found",
    "not enough rights",
    "not a forum",
    "chat_admin_required",
    "need administrator",
)
"""What Telegram says of a group that is not set up: nothing may be left out for that."""


class ForumDelivery:
    """Empties ``forum_posts`` into the group, one call at a time."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        bot: ExtBot[Any],
        chat_id: int,
        *,
        pace: GroupPace | None = None,
        watch_s: float = WATCH_S,
        clock: Clock = utc_now,
    ) -> None:
        self._store = store
        self._desk = desk
        self._bot = bot
        self._configured = chat_id
        self._chat = chat_id
        self._pace = pace or GroupPace()
        self._watch_s = watch_s
        self._clock = clock
        self._parts = PostWording(desk)
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Pump until ``stop``; what goes wrong is logged and tried again."""
        named = 0
        while not self._stopping.is_set():
            try:
                self._chat = await self._store.read(chats.current, self._configured)
                if named != self._chat:
                    await self._name_commands()
                    named = self._chat
                pause = await self.step()
            except LostClaimError:
                raise  # another replica shows tickets now
            except Exception as error:
                logger.error("forum: the list cannot be read: %s", trace(error))
                pause = self._watch_s
            if pause:
                try:
                    await asyncio.wait_for(self._stopping.wait(), pause)
                except TimeoutError:
                    continue

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping.set()

    async def _name_commands(self) -> None:
        """Have Telegram propose the agents' commands in their group."""
        say = self._desk.words.say
        commands = [
            BotCommand("prendre", say("command_prendre")),
            BotCommand("rendre", say("command_rendre")),
            BotCommand("clore", say("command_clore")),
            BotCommand("transferer", say("command_transferer")),
            BotCommand("note", say("command_note")),
            BotCommand("rappele", say("command_rappele")),
            BotCommand("ouverture", say("command_ouverture")),
            BotCommand("annuler_envoi", say("command_annuler_envoi")),
            BotCommand("lier", say("command_lier")),
            BotCommand("present", say("command_present")),
            BotCommand("absent", say("command_absent")),
        ]
        try:
            await self._bot.set_my_commands(commands, scope=BotCommandScopeChat(self._chat))
        except TelegramError as error:  # a courtesy: the commands work without it
            logger.warning("forum: the commands cannot be named: %s", type(error).__name__)

    async def step(self) -> float:
        """Make at most one call; return the seconds to wait before the next (0: none)."""
        wait = self._pace.wait(self._clock())
        if wait > 0:
            return wait
        heads = await self._store.read(forum_queue.heads, self._clock())
        if not heads:
            if await self._store.read(message_rows.given_up):
                await self._store.write(self._desk.say_what_was_lost)
            return self._watch_s
        post = heads[0]
        try:
            await self._show(post)
        except RetryAfter as error:
            delay = error.retry_after
            seconds = delay.total_seconds() if isinstance(delay, timedelta) else float(delay)
            self._pace.hold(self._clock() + timedelta(seconds=seconds))
        except ChatMigrated as error:
            await self._store.write(self._follow, error.new_chat_id)
        except Forbidden as error:
            self._shut_out(error)
        except BadRequest as error:
            if post.ticket_id is not None and _is_about_the_group(str(error)):
                self._shut_out(error)
            else:
                await self._refused(post, str(error))
        except (TimedOut, NetworkError):
            self._pace.hold(self._clock() + NETWORK_PAUSE)
        except TelegramError as error:
            await self._refused(post, str(error))
        return 0.0

    async def _show(self, post: Post) -> None:
        if post.ticket_id is None:
            await self._show_without_ticket(post)
            return
        ticket = await self._store.read(ticket_rows.find, post.ticket_id)
        if ticket is None:
            await self._store.write(forum_queue.done, post.id)
            return
        thread = ticket.thread_id
        if thread is None:
            await self._create_topic(ticket)
            return  # one call at a time: the post comes next
        match post.kind:
            case "close":
                await self._topic_call(self._bot.close_forum_topic, thread, post)
            case "reopen":
                await self._topic_call(self._bot.reopen_forum_topic, thread, post)
            case "edit":
                await self._edit(thread, post)
            case _:
                await self._post(ticket, thread, post)

    async def _show_without_ticket(self, post: Post) -> None:
        self._note()
        if post.kind == "delete" and post.thread_id is not None:
            await self._bot.delete_forum_topic(self._chat, post.thread_id)
            await self._store.write(deletions.deleted, self._desk, post, self._clock(), self._chat)
            return
        await self._bot.send_message(
            self._chat, post.text[:MAX_TEXT], message_thread_id=post.thread_id
        )
        await self._store.write(forum_queue.done, post.id)

    async def _create_topic(self, ticket: TicketRow) -> None:
        head = await self._store.read(context_of, self._desk, ticket)
        self._note()
        topic = await self._bot.create_forum_topic(self._chat, topic_name(self._desk, ticket, head))
        await self._store.write(self._topic_made, ticket.id, topic.message_thread_id)

    def _topic_made(self, connection: sa.Connection, ticket_id: int, thread: int) -> None:
        if ticket_rows.find(connection, ticket_id) is None:  # erased in the meantime
            forum_queue.put_deletion(connection, thread, self._clock())
        else:
            ticket_rows.set_thread(connection, ticket_id, thread)

    async def _topic_call(self, call: Callable[..., Any], thread: int, post: Post) -> None:
        self._note()
        try:
            await call(self._chat, thread)
        except BadRequest as error:
            if "not_modified" not in str(error).lower():  # it is so already
                raise
        await self._store.write(forum_queue.done, post.id)

    async def _post(self, ticket: TicketRow, thread: int, post: Post) -> None:
        parts = await self._store.read(
            self._parts.gather, ticket, post, self._pace.left(self._clock())
        )
        first = parts[0]
        self._note()
        if first.copied is not None:
            copied = await self._bot.copy_message(
                self._chat,
                first.copied[0],
                first.copied[1],
                message_thread_id=thread,
                reply_parameters=_reply(first.reply_to),
            )
            number = copied.message_id
        else:
            sent = await self._bot.send_message(
                self._chat,
                "\n\n".join(part.text for part in parts)[:MAX_TEXT],
                message_thread_id=thread,
                reply_parameters=_reply(first.reply_to),
            )
            number = sent.message_id
        await self._store.write(_shown, parts, number)

    async def _edit(self, thread: int, post: Post) -> None:
        message = (
            await self._store.read(message_rows.get, post.message_id) if post.message_id else None
        )
        if message is not None:
            text = self._desk.words.say("forum_edited", text=message.text)[:MAX_TEXT]
            # The message may share its post with others: its new text is said under it.
            self._note()
            await self._bot.send_message(
                self._chat,
                text,
                message_thread_id=thread,
                reply_parameters=_reply(message.group_message_id),
            )
        await self._store.write(forum_queue.done, post.id)

    def _follow(self, connection: sa.Connection, new: int) -> None:
        """The group became a supergroup: what waits goes there."""
        if chats.moved(connection, self._chat, new, self._clock()):
            logger.warning(
                "the agents' group became a supergroup: its id is %d now, to be written in "
                "PASSERELLE_HELPDESK_CHAT",
                new,
            )
        self._chat = new

    def _shut_out(self, error: TelegramError) -> None:
        """Wait: the group is not what it should be, and someone has to mend that."""
        logger.error(
            "forum: the group refuses the bot (%s); is it an administrator who may manage "
            "topics, and is PASSERELLE_HELPDESK_CHAT right? Its posts wait",
            type(error).__name__,
        )
        self._pace.hold(self._clock() + SHUT_OUT_PAUSE)

    async def _refused(self, post: Post, error: str) -> None:
        lowered = error.lower()
        gone = any(words in lowered for words in _GONE)
        if post.kind == "delete":
            ended = deletions.deleted if gone else deletions.refused
            await self._store.write(ended, self._desk, post, self._clock(), self._chat)
        elif post.ticket_id is None and gone:
            await self._store.write(forum_queue.done, post.id)
        elif gone and post.ticket_id is not None:
            await self._store.write(self._repair, post)
        elif "topic_closed" in lowered and post.ticket_id is not None:
            ticket = await self._store.read(ticket_rows.find, post.ticket_id)
            if ticket is not None and ticket.thread_id is not None:
                self._note()
                await self._bot.reopen_forum_topic(self._chat, ticket.thread_id)
        elif post.attempts + 1 < ATTEMPTS:
            await self._store.write(forum_queue.failed_once, post.id)
        else:
            logger.error("forum: post %s is left out: %s", post.id, post.kind)
            await self._store.write(self._leave_out, post)

    def _repair(self, connection: sa.Connection, post: Post) -> None:
        """Someone deleted the topic: a new one is made, with its head and what was said."""
        if post.ticket_id is None:
            return
        ticket_rows.set_fields(connection, post.ticket_id, thread_id=None)
        ticket = ticket_rows.load(connection, post.ticket_id)
        if post.kind == "close":
            forum_queue.done(connection, post.id)  # nothing left to close, nobody left to read it
            return
        to_come = {post.message_id, *(o.message_id for o in forum_queue.behind(connection, post))}
        history = self._parts.history(connection, ticket, to_come)
        message_rows.forget_group_numbers(connection, ticket.id)
        again = [self._desk.words.say("forum_repaired"), *history]
        forum_queue.put_before(connection, post, again, self._clock())

    def _leave_out(self, connection: sa.Connection, post: Post) -> None:
        message = message_rows.get(connection, post.message_id) if post.message_id else None
        if message is not None and post.kind == "message":
            forum_queue.reword(connection, post.id, self._parts.lost(message))
        else:
            forum_queue.done(connection, post.id)

    def _note(self) -> None:
        self._pace.note(self._clock())


def _is_about_the_group(error: str) -> bool:
    return any(words in error.lower() for words in _GROUP_TROUBLE)


def _shown(connection: sa.Connection, parts: list[WordedPost], number: int) -> None:
    for part in parts:
        if part.message is not None:
            message_rows.set_fields(connection, part.message.id, group_message_id=number)
    forum_queue.done(connection, *(part.post.id for part in parts))


def _reply(number: int | None) -> ReplyParameters | None:
    return ReplyParameters(number, allow_sending_without_reply=True) if number else None
