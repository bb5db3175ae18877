"""What every page of the console shares: who is there, templates, headers, forms."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import jinja2
import sqlalchemy as sa
from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

from actions.clock import Clock, utc_now
from actions.messages import Text
from actions.words import Words
from bot.helpdesk import attachments
from bot.helpdesk.assembly import HelpdeskParts
from bot.helpdesk.attachments import FetchFile
from bot.helpdesk.console import sessions, views
from bot.helpdesk.console.sessions import Session
from bot.helpdesk.languages import duration, moment
from bot.helpdesk.staff import Agent
from bot.visits import RouteHandler, is_same_site

logger = logging.getLogger(__name__)

T = TypeVar("T")

ROOT = "/helpdesk"
COOKIE = "__Host-passerelle"
"""``__Host-``: this host only, over HTTPS (browsers except loopback), the whole site."""

LIVE = "X-Live"
"""A request that the page made by itself: it is no sign of a person."""

MAX_FORM_BYTES = 64 * 1024

UPLOAD = "/fichier"
"""How the path of a form that carries a file ends."""

SESSION = web.RequestKey("session", Session)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}

"""Downloads a person's file by its channel reference; may raise anything."""

AnswerFor = Callable[[str, date], Text | None]
"""Returns the assistant's answer on a topic at a date, with its sources."""


@dataclass(frozen=True)
class ConsoleSite:
    """The console's surroundings, given once."""

    parts: HelpdeskParts
    key: bytes
    topics: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    answer_for: AnswerFor | None = None
    fetch_file: FetchFile | None = None
    woken: Callable[[], None] = lambda: None
    """Called when the outbox has something new."""
    clock: Clock = utc_now
    second_factor: str = ""
    metrics_token: str = ""
    url: str = ""

    @property
    def say(self) -> Words:
        """The words that agents read."""
        return self.parts.desk.words.say

    def fact_today(self, name: str) -> str | None:
        """Return a fact as it is written today, where facts are known here."""
        desk = self.parts.desk
        return desk.fact_on(self.clock().astimezone(desk.words.zone).date())(name)

    async def read(
        self, agent: Agent, shown: Callable[[sa.Connection], T]
    ) -> tuple[views.Counts, T]:
        """Read what a page shows and what its tabs count, in one transaction."""

        def both(connection: sa.Connection) -> tuple[views.Counts, T]:
            return views.counts_for(connection, agent.id, self.clock()), shown(connection)

        return await self.parts.store.read(both)

    def done(self, request: web.Request, page: str, known: Container[str]) -> str:
        """Return the words of what was just done, as the address says, or nothing."""
        key = request.query.get("fait", "")
        return self.parts.desk.words.say(f"{page}_fait_{key}") if key in known else ""

    def owes_second_factor(self, agent: Agent) -> bool:
        """Whether an agent must turn their second factor on before anything else."""
        bound = self.second_factor in ("all", agent.role)
        return bound and not agent.has_second_factor

    def __post_init__(self) -> None:
        object.__setattr__(self, "_templates", _templates(self))

    def page(
        self, request: web.Request, template: str, *, status: int = 200, **values: Any
    ) -> web.Response:
        """Render a page."""
        session = request.get(SESSION)
        html = self._templates.get_template(template).render(  # type: ignore[attr-defined]
            agent=session.agent if session else None,
            csrf=session.csrf if session else "",
            once=secrets.token_urlsafe(12),
            now=self.clock(),
            path=request.path_qs,
            owes=bool(session and self.owes_second_factor(session.agent)),
            root=ROOT,
            **values,
        )
        return web.Response(text=html, status=status, content_type="text/html", charset="utf-8")


def session_of(request: web.Request) -> Session:
    """Return who is signed in; only called behind ``guard``."""
    return request[SESSION]


def guard(site: ConsoleSite) -> Middleware:
    """Return the middleware that lets in only who may come in."""

    @web.middleware
    async def middleware(request: web.Request, handler: RouteHandler) -> web.StreamResponse:
        try:
            if request.method == "POST" and not is_same_site(request):
                raise web.HTTPForbidden(text=site.say("console_form_refused"))
            upload = request.method == "POST" and request.path.endswith(UPLOAD)
            longest = attachments.MAX_BYTES + MAX_FORM_BYTES if upload else MAX_FORM_BYTES
            if (request.content_length or 0) > longest:
                raise web.HTTPRequestEntityTooLarge(longest, request.content_length or 0)
            public = request.path.startswith(_PUBLIC)
            session = await _session(site, request)
            if session is not None:
                request[SESSION] = session
            elif not public:
                return _to_sign_in(site, request)
            if upload and session is not None:  # nobody else's bytes are read
                request = request.clone(client_max_size=longest)
            if session is not None and request.method == "POST" and not public:
                form = await request.post()
                if not hmac.compare_digest(
                    str(form.get("csrf", "")).encode(), session.csrf.encode()
                ):
                    raise web.HTTPForbidden(text=site.say("console_form_old"))
            if session and site.owes_second_factor(session.agent) and not _is_for_all(request):
                return _to_account(site, request)
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        if not response.prepared:
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
        return response

    return middleware


_PUBLIC = tuple(f"{ROOT}/{page}" for page in ("static/", "connexion", "invitation/"))


def _is_for_all(request: web.Request) -> bool:
    """Whether a page opens before the second factor that one must have is on."""
    return request.path.startswith((*_PUBLIC, f"{ROOT}/compte", f"{ROOT}/deconnexion"))


def _to_account(site: ConsoleSite, request: web.Request) -> web.Response:
    if LIVE in request.headers or request.method == "POST":
        return web.Response(status=403, text=site.say("console_factor_first"))
    return web.Response(status=303, headers={"Location": f"{ROOT}/compte"})


def go(path: str) -> web.Response:
    """Return an answer that leads to a page of the console."""
    return web.Response(status=303, headers={"Location": f"{ROOT}{path}"})


def set_cookie(response: web.StreamResponse, token: str) -> None:
    """Give the browser its session, for as long as the browser runs."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="Lax")


def drop_cookie(response: web.StreamResponse) -> None:
    """Take it back."""
    response.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")


async def _session(site: ConsoleSite, request: web.Request) -> Session | None:
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    browser = request.headers.get(hdrs.USER_AGENT, "")
    used = LIVE not in request.headers

    def find(connection: Any) -> Session | None:
        return sessions.find(connection, token, browser, site.clock(), used=used)

    return await site.parts.store.write(find)


def _to_sign_in(site: ConsoleSite, request: web.Request) -> web.Response:
    if LIVE in request.headers or request.method == "POST":
        response = web.Response(status=401, text=site.say("console_session_over"))
    else:
        response = web.Response(status=303, headers={"Location": f"{ROOT}/connexion"})
    if COOKIE in request.cookies:
        drop_cookie(response)
    response.headers.update(HEADERS)
    return response


def _templates(site: ConsoleSite) -> jinja2.Environment:
    folder = Path(__file__).parent / "templates"
    words = site.parts.desk.words
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )

    def when(at: datetime) -> str:
        return moment(at.astimezone(words.zone), site.clock().astimezone(words.zone))

    def since(at: datetime) -> str:
        minutes = max(int((site.clock() - at).total_seconds() // 60), 0)
        if minutes < 1:
            return site.say("console_just_now")
        return duration(minutes) if minutes < 24 * 60 else f"{minutes // 1440}\u00a0j"

    environment.filters |= {
        "when": when,
        "since": since,
        "clock": lambda at: f"{at.astimezone(words.zone):%H:%M}",
        "day": lambda at: f"{at.astimezone(words.zone):%d/%m/%Y}",
        "iso": lambda at: at.isoformat(),
        "topic": lambda name: site.titles.get(name, name),
    }
    environment.globals |= {
        "say": words.say,
        "kind": words.kind,
    }
    return environment
