"""The team: who may answer; supervisors invite, close accounts, take a lost telephone away."""

from __future__ import annotations

import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk import accounts, audit, second_factor, staff
from bot.helpdesk.console.site import ROOT, ConsoleSite, go, session_of
from bot.helpdesk.staff import Agent, StaffError

DONE = frozenset(("ferme", "facteur"))


class TeamPage:
    """Handlers of the team, for supervisors alone."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site
        self._store = site.parts.store

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, under the console's root."""
        return [
            web.get("/equipe", self._show),
            web.post("/equipe/inviter", self._invite),
            web.post(r"/equipe/{agent:\d{1,18}}/{action:[a-z]+}", self._act),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request)

    async def _page(
        self, request: web.Request, *, problem: str = "", link: str = "", name: str = ""
    ) -> web.StreamResponse:
        counts, everyone = await self._site.read(supervisor(self._site, request), staff.everyone)
        return self._site.page(
            request,
            "equipe.html",
            status=409 if problem else 200,
            tab="equipe_comptes",
            counts=counts,
            everyone=everyone,
            problem=problem,
            link=link,
            name=name,
            days=accounts.INVITED_FOR.days,
            done=self._site.done(request, "equipe", DONE),
        )

    async def _invite(self, request: web.Request) -> web.StreamResponse:
        me, form = supervisor(self._site, request), await request.post()
        role: staff.RoleName = "supervisor" if form.get("role") == "supervisor" else "agent"
        return await self._invited(request, me, str(form.get("nom", ""))[:100], role)

    async def _invited(
        self, request: web.Request, me: Agent, name: str, role: staff.RoleName
    ) -> web.StreamResponse:
        now = self._site.clock()
        try:
            token = await self._store.write(accounts.invite, name, role, now, me.id)
        except StaffError as error:
            return await self._page(request, problem=str(error))
        root = self._site.url or f"{request.scheme}://{request.host}"
        return await self._page(request, link=f"{root}{ROOT}/invitation/{token}", name=name)

    async def _act(self, request: web.Request) -> web.StreamResponse:
        me, now = supervisor(self._site, request), self._site.clock()
        other = await self._store.read(staff.get, int(request.match_info["agent"]))
        if other is None:
            raise web.HTTPNotFound(text=self._site.say("console_no_account"))
        match request.match_info["action"]:
            case "lien":
                return await self._invited(request, me, other.name, "agent")
            case "facteur":
                await self._store.write(
                    lambda c: second_factor.turn_off(c, other.id, now, by=me.id, name=other.name)
                )
                return go("/equipe?fait=facteur")
            case "fermer" if other.id != me.id:

                def close(connection: sa.Connection) -> None:
                    staff.disable(connection, other.name)
                    audit.note(connection, me.id, "close", other.name, now)

                await self._store.write(close)
                return go("/equipe?fait=ferme")
        raise web.HTTPNotFound(text=self._site.say("console_no_action"))


def supervisor(site: ConsoleSite, request: web.Request) -> Agent:
    """Return the supervisor who asks.

    Raises:
        aiohttp.web.HTTPForbidden: They are none.
    """
    agent = session_of(request).agent
    if agent.role != "supervisor":
        raise web.HTTPForbidden(text=site.say("console_supervisors"))
    return agent
