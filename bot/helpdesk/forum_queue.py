"""What the agents' forum must show: an ordered list that waits for Telegram's pace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.helpdesk.tables import forum_posts

PostKind = Literal["head", "message", "edit", "notice", "close", "reopen"]


@dataclass(frozen=True, slots=True)
class Post:
    """One thing to do in the forum."""

    id: int
    ticket_id: int | None
    thread_id: int | None
    kind: str
    message_id: int | None
    text: str
    attempts: int


def put(
    connection: sa.Connection,
    ticket_id: int,
    kind: PostKind,
    at: datetime,
    *,
    text: str = "",
    message_id: int | None = None,
) -> None:
    """Add something to show on a ticket, after what already waits."""
    connection.execute(
        sa.insert(forum_posts).values(
            ticket_id=ticket_id, kind=kind, message_id=message_id, text=text, created_at=at
        )
    )


def put_before(connection: sa.Connection, post: Post, texts: Sequence[str], at: datetime) -> None:
    """Show notices before a post that failed: it and those behind keep their order."""
    if post.ticket_id is None:
        return
    rows = connection.execute(
        sa.select(forum_posts)
        .where(forum_posts.c.ticket_id == post.ticket_id, forum_posts.c.id >= post.id)
        .order_by(forum_posts.c.id)
    ).all()
    done(connection, *(row.id for row in rows))
    for text in texts:
        put(connection, post.ticket_id, "notice", at, text=text)
    for row in rows:
        values = {key: value for key, value in row._mapping.items() if key != "id"}
        connection.execute(sa.insert(forum_posts).values(values))


def reword(connection: sa.Connection, post_id: int, text: str) -> None:
    """Say a text in place of what Telegram refuses."""
    connection.execute(
        sa.update(forum_posts)
        .where(forum_posts.c.id == post_id)
        .values(kind="notice", message_id=None, text=text, attempts=0)
    )


def put_anywhere(connection: sa.Connection, thread_id: int | None, text: str, at: datetime) -> None:
    """Say something in a topic that is no ticket's (``None``: the general one)."""
    connection.execute(
        sa.insert(forum_posts).values(thread_id=thread_id, kind="say", text=text, created_at=at)
    )


def put_deletion(connection: sa.Connection, thread_id: int, at: datetime, tell: str = "") -> None:
    """Have a topic deleted whose ticket is gone.

    Args:
        connection: The transaction that erases.
        thread_id: The topic.
        at: When it is tried.
        tell: The lane of who is told how it ended (``telegram:42``); kept until then only.
    """
    connection.execute(
        sa.insert(forum_posts).values(thread_id=thread_id, kind="delete", text=tell, created_at=at)
    )


def put_off(connection: sa.Connection, post: Post, until: datetime) -> None:
    """Try a deletion again later."""
    connection.execute(
        sa.update(forum_posts)
        .where(forum_posts.c.id == post.id)
        .values(attempts=post.attempts + 1, created_at=until)
    )


def deletions_left(connection: sa.Connection, tell: str) -> int:
    """Return how many topics are still to be deleted for someone who was erased."""
    count: int = connection.execute(
        sa.select(sa.func.count())
        .select_from(forum_posts)
        .where(forum_posts.c.kind == "delete", forum_posts.c.text == tell)
    ).scalar_one()
    return count


def heads(connection: sa.Connection, now: datetime) -> list[Post]:
    """Return the next post of each ticket, the oldest first; deletions once they are due."""
    due = sa.or_(forum_posts.c.kind != "delete", forum_posts.c.created_at <= now)
    first = (
        sa.select(sa.func.min(forum_posts.c.id))
        .where(due)
        .group_by(sa.func.coalesce(forum_posts.c.ticket_id, -forum_posts.c.id))
    )
    rows = connection.execute(
        sa.select(forum_posts).where(forum_posts.c.id.in_(first)).order_by(forum_posts.c.id)
    )
    return [_read(row) for row in rows]


def behind(connection: sa.Connection, post: Post) -> list[Post]:
    """Return what waits behind a post on the same ticket, in order."""
    rows = connection.execute(
        sa.select(forum_posts)
        .where(forum_posts.c.ticket_id == post.ticket_id, forum_posts.c.id > post.id)
        .order_by(forum_posts.c.id)
    )
    return [_read(row) for row in rows]


def done(connection: sa.Connection, *post_ids: int) -> None:
    """Forget posts that Telegram has."""
    connection.execute(sa.delete(forum_posts).where(forum_posts.c.id.in_(post_ids)))


def failed_once(connection: sa.Connection, post_id: int) -> None:
    """Count an attempt that did not succeed."""
    connection.execute(
        sa.update(forum_posts)
        .where(forum_posts.c.id == post_id)
        .values(attempts=forum_posts.c.attempts + 1)
    )


def waiting(connection: sa.Connection) -> int:
    """Return how many posts wait; deletions that Telegram refused aside: they have their pace."""
    count: int = connection.execute(
        sa.select(sa.func.count())
        .select_from(forum_posts)
        .where(sa.or_(forum_posts.c.kind != "delete", forum_posts.c.attempts == 0))
    ).scalar_one()
    return count


def _read(row: sa.Row[tuple[object, ...]]) -> Post:
    return Post(
        row.id, row.ticket_id, row.thread_id, row.kind, row.message_id, row.text, row.attempts
    )
