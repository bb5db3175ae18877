"""Ready answers, as supervisors write them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk import prepared_answers
from bot.helpdesk.console.site import ConsoleSite, go
from bot.helpdesk.console.team_page import supervisor
from bot.helpdesk.prepared_answers import PreparedAnswerError


@dataclass(frozen=True, slots=True)
class PreparedAnswerView:
    """A ready answer, and what it says today."""

    id: int
    title: str
    text: str
    shown: str


class ReadyPage:
    """Handlers of the ready answers."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site
        self._store = site.parts.store

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, under the console's root."""
        return [
            web.get("/reponses", self._show),
            web.post(r"/reponses/{number:\d{1,18}}", self._save),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request)

    async def _page(
        self, request: web.Request, problem: str = "", title: str = "", text: str = ""
    ) -> web.StreamResponse:
        counts, kept = await self._site.read(
            supervisor(self._site, request), prepared_answers.all_of
        )
        today = self._site.fact_today
        return self._site.page(
            request,
            "reponses.html",
            status=409 if problem else 200,
            tab="equipe_comptes",
            counts=counts,
            kept=[
                PreparedAnswerView(
                    one.id, one.title, one.text, prepared_answers.fill(one.text, {}, today)
                )
                for one in kept
            ],
            given=self._site.parts.desk.words.ready,
            problem=problem,
            typed_title=title,
            typed_text=text,
            done="fait" in request.query,
        )

    async def _save(self, request: web.Request) -> web.StreamResponse:
        me, now = supervisor(self._site, request), self._site.clock()
        number, form = int(request.match_info["number"]), await request.post()
        title, text = str(form.get("titre", "")), str(form.get("texte", ""))

        def save(connection: sa.Connection) -> None:
            if form.get("faire") == "retirer":
                prepared_answers.remove(connection, number, now, by=me.id)
                return
            checked = prepared_answers.check(title, text, self._site.fact_today)
            prepared_answers.save(connection, *checked, now, by=me.id, number=number)

        try:
            await self._store.write(save)
        except PreparedAnswerError as error:
            return await self._page(request, str(error), title, text)
        return go("/reponses?fait")
