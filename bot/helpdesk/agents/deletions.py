"""How a topic's deletion ends: done or refused, tried again, and told to who asked for it."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import sqlalchemy as sa

from actions.messages import Text
from bot.helpdesk import forum_queue
from bot.helpdesk.desk import Desk
from bot.helpdesk.forum_queue import Post
from bot.store import outbox

logger = logging.getLogger(__name__)

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    *(timedelta(days=1),) * 7,
)
"""When a deletion that Telegram refused is tried again; beyond, it is left to the agents."""


def deleted(connection: sa.Connection, desk: Desk, post: Post, now: datetime, _chat: int) -> None:
    """Forget a topic that is gone; with their last one, the person is told that all is erased."""
    forum_queue.done(connection, post.id)
    if post.text and not forum_queue.deletions_left(connection, post.text):
        _tell(connection, desk, post.text, "erased_topic", now)


def refused(connection: sa.Connection, desk: Desk, post: Post, now: datetime, chat: int) -> None:
    """Try again later; at the first refusal and at the last, say it to the person and agents."""
    first, last = post.attempts == 0, post.attempts >= len(PAUSES)
    logger.error("forum: Telegram refuses to delete a topic (attempt %d)", post.attempts + 1)
    if first or last:
        link = f"https://t.me/c/{str(chat).removeprefix('-100')}/{post.thread_id}"
        words = desk.words.say("forum_undeleted", link=link)
        forum_queue.put_anywhere(connection, None, words, now)
        if post.text:
            _tell(connection, desk, post.text, "erase_waits" if first else "erase_failed", now)
    if last:
        forum_queue.done(connection, post.id)
    else:
        forum_queue.put_off(connection, post, now + PAUSES[post.attempts])


def _tell(connection: sa.Connection, desk: Desk, lane: str, key: str, now: datetime) -> None:
    channel, _, address = lane.partition(":")
    body = Text(desk.words.say(key)).to_json()
    outbox.put(connection, channel=channel, address=address, body=body, at=now)
