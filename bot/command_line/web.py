"""The page within ``run``, and the commands of its operator: ``site`` and ``channel``."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from bot.bootstrap import Front
from bot.conversation import load_wording
from bot.helpdesk.tickets import records
from bot.helpdesk.tickets.states import State
from bot.settings import Settings
from bot.store import Person
from bot.web.frontend import Hear, HelpdeskView, WebFrontend


def make_web(
    settings: Settings, front: Front, hear: Hear | None, told: Callable[[], None]
) -> WebFrontend:
    """Assemble the page.

    Args:
        settings: The home.
        front: The conversation.
        hear: Turns a sound into words, where there are ears.
        told: Called when another channel's outbox may have something new.
    """

    def waits(connection: sa.Connection, person: Person) -> bool:
        ticket = records.open_of(connection, person.id)
        return ticket is not None and ticket.state is not State.NEW

    return WebFrontend(
        front.store,
        front.conversation,
        front.wording,
        load_wording(settings.data_dir / "answers", "web.yaml"),
        key=front.key,
        render_sheet=front.workshop.render_sheet,
        hear=hear,
        helpdesk=HelpdeskView(waits, records.persons_with_open, front.helpdesk.reception.forget),
        on=settings.today,
        told=told,
    )
