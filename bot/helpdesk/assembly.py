"""Puts the helpdesk together from the settings: what the composition roots need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from actions.answers.topics import load_topics
from bot.helpdesk.agents.courier import KINDS, HelpdeskCourier
from bot.helpdesk.agents.forum import AgentsForum
from bot.helpdesk.agents.forum_delivery import ForumDelivery
from bot.helpdesk.decision.desk_hours import read_hours
from bot.helpdesk.desk import Desk, FactOn, OwnHours, SiteOf
from bot.helpdesk.desk_words import load_desk_words
from bot.helpdesk.mail import Mail
from bot.helpdesk.person_side import HelpdeskReception
from bot.settings import Settings
from bot.store import Store


@dataclass(frozen=True, slots=True)
class HelpdeskParts:
    """The helpdesk, assembled."""

    store: Store
    desk: Desk
    reception: HelpdeskReception
    """The conversation's ``Helpdesk``."""
    forum: AgentsForum | None
    """Takes the updates of the agents' group, where one is configured."""
    couriers: Mapping[str, HelpdeskCourier]
    """Carry agents' answers, for ``TelegramFrontend(couriers=…)``."""
    chat_id: int | None

    def forum_delivery(self, bot: ExtBot[Any]) -> ForumDelivery | None:
        """Return what shows tickets in the group: ``run()`` until ``stop()``."""
        if self.chat_id is None:
            return None
        return ForumDelivery(self.store, self.desk, bot, self.chat_id)


def forum_bot(settings: Settings) -> ExtBot[Any]:
    """Return the bot of the agents' group: the same token, without a rate limiter.

    The delivery keeps Telegram's pace itself: a limiter that sleeps inside a call would hide
    from it that the group is full. Use it as ``async with``.
    """
    root = settings.telegram_api_url
    return ExtBot(
        settings.telegram_token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=HTTPXRequest(connection_pool_size=4, read_timeout=15.0, pool_timeout=15.0),
    )


def assemble(
    settings: Settings,
    store: Store,
    *,
    topics: Mapping[str, str] | None = None,
    locate: Callable[[str], str] | None = None,
    own_hours: OwnHours | None = None,
    fact: FactOn | None = None,
    site: SiteOf | None = None,
) -> HelpdeskParts:
    """Assemble the helpdesk.

    Args:
        settings: ``helpdesk_*`` and the answers' folder.
        store: The operational database, migrated.
        topics: Human titles of topics, by intent.
        locate: Finds the commune that a message names (see ``Desk.locate``).
        own_hours: Finds the hours of a person's own helpdesk (see ``Desk.own_hours``).
        fact: A fact as it is written on a day, for ready answers.
        site: Names the site that a person writes from.

    Raises:
        HoursError: Hours, time zone or territory cannot be read; one line fit for a person.
        WordsError: ``helpdesk.yaml`` is not what it should be.
    """
    hours = read_hours(
        settings.helpdesk_hours, settings.helpdesk_timezone, settings.helpdesk_holidays
    )
    desk = Desk(
        words=load_desk_words(settings.data_dir / "answers", hours.zone, topics),
        topics=load_topics(settings.data_dir / "answers"),
        hours=hours,
        capacity=settings.helpdesk_capacity,
        has_forum=settings.helpdesk_chat is not None,
        locate=locate,
        late=timedelta(minutes=settings.helpdesk_late_minutes),
        mail=Mail(settings.smtp_url, settings.mail_from, settings.mail_to)
        if settings.smtp_url
        else None,
        own_hours=own_hours,
        fact=fact,
        site=site,
    )
    forum = (
        AgentsForum(desk, settings.helpdesk_chat, linked_only=settings.helpdesk_linked)
        if settings.helpdesk_chat
        else None
    )
    courier = HelpdeskCourier(store, desk)
    return HelpdeskParts(
        store=store,
        desk=desk,
        reception=HelpdeskReception(desk),
        forum=forum,
        couriers=dict.fromkeys(KINDS, courier),
        chat_id=settings.helpdesk_chat,
    )
