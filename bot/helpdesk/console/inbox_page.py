"""The inbox: one question, its likely topics, one key each."""

from __future__ import annotations

import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk import inbox
from bot.helpdesk.console.site import ROOT, ConsoleSite, session_of
from bot.helpdesk.inbox import UnknownTopicError


class InboxPage:
    """Handlers of the inbox."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site
        self._store = site.parts.store

    def routes(self) -> list[web.RouteDef]:
        """Return the inbox's routes, under the console's root."""
        return [
            web.get("/boite", self._show),
            web.post(r"/boite/{question:\d{1,18}}", self._settle),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        agent = session_of(request).agent
        counts, questions = await self._site.read(agent, lambda c: inbox.waiting(c, 6))
        undo = request.query.get("annulable", "")
        return self._site.page(
            request,
            "boite.html",
            tab="boite",
            counts=counts,
            question=questions[0] if questions else None,
            following=questions[1:],
            topics=self._site.topics,
            undo=undo if undo.isdigit() else "",
        )

    async def _settle(self, request: web.Request) -> web.StreamResponse:
        question = int(request.match_info["question"])
        form = await request.post()
        topic = str(form.get("sujet", ""))

        def settle(connection: sa.Connection) -> None:
            match form.get("faire"):
                case "annuler":
                    inbox.undo(connection, question)
                case "passer":
                    inbox.ignore(connection, question)
                case _:
                    inbox.label(connection, question, topic, self._site.topics)

        try:
            await self._store.write(settle)
        except UnknownTopicError as error:
            raise web.HTTPBadRequest(text=self._site.say("console_no_subject")) from error
        undo = "" if form.get("faire") == "annuler" else f"?annulable={question}"
        return web.Response(status=303, headers={"Location": f"{ROOT}/boite{undo}"})
