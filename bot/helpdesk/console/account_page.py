"""One's own account: password, sessions, second factor, Telegram; and invitations taken up."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import segno
import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk import accounts, audit, second_factor, staff
from bot.helpdesk.console import sessions
from bot.helpdesk.console.sessions import Session, TooManyFailuresError
from bot.helpdesk.console.site import ConsoleSite, go, session_of
from bot.helpdesk.staff import SHORTEST_PASSWORD, StaffError
from bot.visits import address_of

DONE = frozenset(("mot_de_passe", "session", "sessions", "facteur", "sans_facteur", "delie"))
"""What a page says that it did, in the address that it leads to."""


class AccountPage:
    """Handlers of an agent's own account."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site
        self._store = site.parts.store
        self._say = site.parts.desk.words.say

    def routes(self) -> list[web.RouteDef]:
        """Return the routes, under the console's root."""
        return [
            web.get("/compte", self._show),
            web.post("/compte/{action:[a-z]+}", self._act),
            web.get("/invitation/{token}", self._invitation),
            web.post("/invitation/{token}", self._accept),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request)

    async def _page(
        self, request: web.Request, *, problem: str = "", secret: str = "", link: str = ""
    ) -> web.Response:
        session, now = session_of(request), self._site.clock()
        agent = session.agent
        counts, opened = await self._site.read(
            agent, lambda c: sessions.of_agent(c, agent.id, session.token_hash, now)
        )
        if self._site.owes_second_factor(agent) and not secret:
            secret = second_factor.new_secret()
        return self._site.page(
            request,
            "compte.html",
            status=409 if problem else 200,
            tab="",
            counts=counts,
            sessions=opened,
            problem=problem,
            done=self._site.done(request, "compte", DONE),
            secret=secret,
            picture=_picture(second_factor.address(secret, agent.name)) if secret else "",
            link=link,
            has_group=self._site.parts.chat_id is not None,
            shortest=SHORTEST_PASSWORD,
        )

    async def _act(self, request: web.Request) -> web.StreamResponse:
        session, now = session_of(request), self._site.clock()
        agent, form = session.agent, await request.post()
        match request.match_info["action"]:
            case "motdepasse":
                return await self._change_password(request, session, form)
            case "session":
                number = str(form.get("session", ""))[: sessions.NUMBER]
                keep = session.token_hash
                await self._store.write(lambda c: sessions.end_of(c, agent.id, number, keep=keep))
                return go("/compte?fait=session" if number else "/compte?fait=sessions")
            case "lier":
                code = await self._store.write(accounts.link_code, agent.id, now)
                return await self._page(request, link=code)
            case "delier":
                await self._store.write(accounts.unlink, agent.id, now)
                return go("/compte?fait=delie")
            case "preparer":
                return await self._page(request, secret=second_factor.new_secret())
            case "activer":
                return await self._turn_on(request, session, form)
            case "retirer":
                return await self._turn_off(request, session, form)
        raise web.HTTPNotFound(text=self._site.say("console_no_action"))

    async def _change_password(
        self, request: web.Request, session: Session, form: Any
    ) -> web.StreamResponse:
        agent, now = session.agent, self._site.clock()
        current, chosen = str(form.get("actuel", "")), str(form.get("nouveau", ""))
        if chosen != str(form.get("encore", "")):
            return await self._page(request, problem=self._say("compte_differents"))

        def change(connection: sa.Connection) -> str:
            known = sessions.check_password(
                connection,
                agent.name,
                current,
                key=self._site.key,
                address=address_of(request),
                at=now,
            )
            if known is None:
                return self._say("compte_faux")
            accounts.set_password(
                connection, agent.id, staff.hashed(chosen), keep=session.token_hash
            )
            audit.note(connection, agent.id, "password", "", now)
            return ""

        return await self._done(request, change, "/compte?fait=mot_de_passe")

    async def _turn_on(
        self, request: web.Request, session: Session, form: Any
    ) -> web.StreamResponse:
        secret, code = str(form.get("secret", ""))[:64], str(form.get("code", ""))[:20]
        if session.agent.has_second_factor:  # it must be turned off first, with its code
            return go("/compte")

        def turn_on(connection: sa.Connection) -> str:
            right = second_factor.turn_on(
                connection,
                self._site.key,
                session.agent.id,
                secret,
                code,
                at=self._site.clock(),
            )
            return "" if right else self._say("compte_mauvais_code")

        again = secret if second_factor.is_secret(secret) else second_factor.new_secret()
        return await self._done(request, turn_on, "/compte?fait=facteur", secret=again)

    async def _turn_off(
        self, request: web.Request, session: Session, form: Any
    ) -> web.StreamResponse:
        agent, now, code = session.agent, self._site.clock(), str(form.get("code", ""))[:20]

        def turn_off(connection: sa.Connection) -> str:
            if not second_factor.take(connection, self._site.key, agent.id, code, now):
                return self._say("compte_mauvais_code")
            second_factor.turn_off(connection, agent.id, now, by=agent.id)
            return ""

        return await self._done(request, turn_off, "/compte?fait=sans_facteur")

    async def _done(
        self,
        request: web.Request,
        work: Callable[[sa.Connection], str],
        then: str,
        secret: str = "",
    ) -> web.StreamResponse:
        """Do something; where it returns or raises a problem, show the page with it."""
        try:
            problem = await self._store.write(work)
        except TooManyFailuresError:
            problem = self._say("compte_attendre")
        except StaffError as error:
            problem = str(error)
        return await self._page(request, problem=problem, secret=secret) if problem else go(then)

    # Invitations: whoever holds the link chooses the password.

    async def _invitation(self, request: web.Request) -> web.StreamResponse:
        return await self._invitation_page(request)

    async def _invitation_page(self, request: web.Request, problem: str = "") -> web.StreamResponse:
        token, now = request.match_info["token"], self._site.clock()
        name = await self._store.write(accounts.invited, token, now)
        status = 404 if not name else 409 if problem else 200
        return self._site.page(
            request,
            "invitation.html",
            status=status,
            name=name,
            problem=problem,
            shortest=SHORTEST_PASSWORD,
        )

    async def _accept(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        chosen = str(form.get("nouveau", ""))
        if chosen != str(form.get("encore", "")):
            return await self._invitation_page(request, self._say("compte_differents"))
        token, now = request.match_info["token"], self._site.clock()
        try:
            if not await self._store.write(accounts.accept, token, chosen, now):
                return await self._invitation_page(request)
        except StaffError as error:
            return await self._invitation_page(request, str(error))
        return go("/connexion?compte")


def _picture(text: str) -> str:
    """Return a QR code as SVG, without a style of its own: the policy of pages forbids it."""
    drawn = BytesIO()
    segno.make(text, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=False, scale=4, omitsize=True, border=2
    )
    return drawn.getvalue().decode()
