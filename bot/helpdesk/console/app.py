"""Mounts the console on the one HTTP server that faces people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from aiohttp import web

from actions.clock import Clock, utc_now
from bot.helpdesk.assembly import HelpdeskParts
from bot.helpdesk.attachments import FetchFile
from bot.helpdesk.console.account_page import AccountPage
from bot.helpdesk.console.agent_pages import AgentPages
from bot.helpdesk.console.figures_page import FiguresPage
from bot.helpdesk.console.inbox_page import InboxPage
from bot.helpdesk.console.journal_page import JournalPage
from bot.helpdesk.console.live import Live
from bot.helpdesk.console.ready_page import ReadyPage
from bot.helpdesk.console.site import ROOT, AnswerFor, ConsoleSite, guard
from bot.helpdesk.console.team_page import TeamPage


def add_console(
    app: web.Application,
    parts: HelpdeskParts,
    *,
    key: bytes,
    topics: tuple[str, ...] = (),
    titles: Mapping[str, str] | None = None,
    answer_for: AnswerFor | None = None,
    fetch_file: FetchFile | None = None,
    woken: Callable[[], None] = lambda: None,
    clock: Clock = utc_now,
    second_factor: str = "",
    metrics_token: str = "",
    url: str = "",
) -> None:
    """Add the console under ``/helpdesk`` and the figures under ``/metrics``.

    Args:
        app: The server's application, not started.
        parts: The helpdesk, assembled.
        key: The installation's key.
        topics: Intents that the inbox offers.
        titles: Their human titles.
        answer_for: The assistant's answer on a topic at a date, shown beside a ticket.
        fetch_file: Downloads a person's file by its reference.
        woken: Called when the outbox has something new (``TelegramFrontend.wake``).
        clock: The present moment.
        second_factor: Who must have one: ``supervisor``, ``all`` or nobody.
        metrics_token: Opens ``/metrics``; empty: only this machine reads them.
        url: Where people find the console, for invitations; empty: where it is asked.
    """
    site = ConsoleSite(
        parts=parts,
        key=key,
        topics=topics,
        titles=titles or {},
        answer_for=answer_for,
        fetch_file=fetch_file,
        woken=woken,
        clock=clock,
        second_factor=second_factor,
        metrics_token=metrics_token,
        url=url,
    )
    live = Live(site)
    figures = FiguresPage(site)
    console = web.Application(middlewares=[guard(site)])
    console.add_routes(AgentPages(site).routes())
    console.add_routes(live.routes())
    console.add_routes(InboxPage(site).routes())
    console.add_routes(figures.routes())
    console.add_routes(AccountPage(site).routes())
    console.add_routes(TeamPage(site).routes())
    console.add_routes(ReadyPage(site).routes())
    console.add_routes(JournalPage(site).routes())
    console.router.add_static("/static", Path(__file__).parent / "static")
    console.on_shutdown.append(live.close)
    console.on_cleanup.append(live.stop)
    app.add_subapp(ROOT, console)
    app.router.add_get("/metrics", figures.metrics)
