"""What the page's server answers: the page without a script, and what its script asks for."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import hdrs, web
from sqlalchemy.exc import SQLAlchemyError

from actions.error_trace import trace
from actions.messages import Button, Document, Sheet, Text
from bot.conversation import Kind, Position
from bot.conversation.ports import RenderSheet
from bot.picture_types import picture_type
from bot.visits import RouteHandler, is_same_site
from bot.voice import BusyError, Hear, NotHeardError
from bot.web import transcript
from bot.web.keys import LIFE, Visitor
from bot.web.reception import PageMessage, WebReception
from bot.web.rendering import Attachment, Surroundings, attachment, file_name, read, saved_as
from bot.web.responses import HEADERS, Refusal, as_json, page_headers, preflight, shared_headers
from bot.web.shared import PageView, Shared, whole
from bot.web.sites import Site

logger = logging.getLogger(__name__)

COOKIE = "__Host-passerelle-web"
"""``__Host-``: this host only, over HTTPS (browsers except loopback). One a site."""

SIZE_COOKIE = "passerelle-taille"

MAX_TEXT = 5000
"""Characters kept of a message: a little more than is read, so that too long is said."""

ONCE = 16
"""Characters of the mark by which the same message sent twice is known."""

ANSWER_S = 15.0
"""How long a page without a script waits for its answer before it is shown anyway."""

READ_S = 20.0
"""How long the body of a request may take to come."""

ASSET_S = 300
"""How long a browser may keep the script: a new version reaches every site within it."""


class Pages:
    """The routes of people, but for the live stream."""

    def __init__(
        self, shared: Shared, reception: WebReception, render_sheet: RenderSheet, hear: Hear | None
    ) -> None:
        self._shared = shared
        self._reception = reception
        self._render_sheet = render_sheet
        self._hear = hear
        self._drawing = asyncio.Semaphore(1)
        static = files("bot.web").joinpath("static")
        style = static.joinpath("passerelle.css").read_text(encoding="utf-8")
        script = static.joinpath("passerelle.js").read_text(encoding="utf-8")
        said = {name: shared.words(name) for name in shared.words}
        baked = json.dumps({"style": style, "mots": said}, ensure_ascii=False)
        # A site's page loads one file: its style and its words come with it.
        self._script = script.replace("/*BAKED*/ {}", baked)
        self._style = style
        self._icon = static.joinpath("icone.svg").read_text(encoding="utf-8")

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        asked = [
            ("/web/ouvrir", self._open),
            ("/web/message", self._message),
            ("/web/voix", self._voice),
        ]
        return [
            web.get("/", self._for_people(self._page)),
            web.get("/site/{site}", self._for_people(self._page)),
            web.post("/web/dire", self._for_people(self._form)),
            web.get("/web/fichier/{id:[0-9]{1,15}}/{seal}/{name}", self._for_people(self._file)),
            web.get("/passerelle.js", self._asset("_script", "text/javascript")),
            web.get("/web/passerelle.css", self._asset("_style", "text/css")),
            web.get("/web/icone.svg", self._asset("_icon", "image/svg+xml")),
            *(web.post(path, self._for_script(handler)) for path, handler in asked),
            *(web.options(path, self._preflight) for path, _ in asked),
        ]

    # The page without a script.

    def _for_people(self, handler: RouteHandler) -> RouteHandler:
        async def answer(request: web.Request) -> web.StreamResponse:
            site = self._shared.sites.get(request.match_info.get("site", ""))
            headers = page_headers(site.origins if site else ())
            try:
                self._shared.count_request(request)
                response = await handler(request)
            except Refusal as refusal:
                response = self._word(site or Site(""), refusal)
            except web.HTTPException as error:
                error.headers.update(headers)
                raise
            for name, value in headers.items():
                response.headers.setdefault(name, value)
            return response

        return answer

    def _word(self, site: Site, refusal: Refusal) -> web.Response:
        renderer = self._shared.renderer
        text = refusal.words or self._shared.words("introuvable")
        content = renderer.page("mot", site=site, text=text, again="")
        html = renderer.page("cadre", site=site, content=content, key="")
        return _html(html, refusal.status, refusal.headers)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        shared = self._shared
        site = shared.site(request.match_info.get("site", ""))
        shared.refuse_when_closed()
        visitor = self._cookie(request, site) or shared.keys.newcomer(site.name, shared.clock())
        visitor = shared.keys.renewed(visitor, shared.clock())
        shown = await shared.look(visitor.address)
        big = request.cookies.get(SIZE_COOKIE) == "gros"
        content = self._panel(site, visitor, shown, big=big)
        key = shared.keys.write(visitor)
        response = _html(shared.renderer.page("cadre", site=site, content=content, key=key))
        self._give(response, site, key)
        return response

    async def _form(self, request: web.Request) -> web.StreamResponse:
        shared = self._shared
        if not is_same_site(request):
            raise Refusal(403, shared.words("sans_reponse"))
        form = await self._posted(request)
        site = shared.site(form.get("site", ""))
        shared.refuse_when_closed()
        path = _path(site)
        if size := form.get("taille"):
            response = _go(path)
            response.set_cookie(
                SIZE_COOKIE,
                "gros" if size == "gros" else "normale",
                path="/",
                max_age=int(LIFE.total_seconds()),
                secure=True,
                httponly=True,
                samesite="Lax",
            )
            return response
        visitor = self._cookie(request, site) or shared.keys.newcomer(site.name, shared.clock())
        said = self._said(request, form, Kind.BUTTON if "bouton" in form else Kind.TEXT)
        before = await shared.look(visitor.address)
        last = before.entries[-1].id if before.entries else 0
        shared.count_message(visitor)
        await self._keep(visitor, said)
        answer = await self._first_answer(visitor, last)
        response = _go(f"{path}#m{answer}" if answer else path)
        self._give(response, site, shared.keys.write(shared.keys.renewed(visitor, shared.clock())))
        return response

    async def _first_answer(self, visitor: Visitor, last: int) -> int:
        """Wait for the answer; return the id of its first message, 0 when it takes too long."""
        shared = self._shared
        clock = asyncio.get_running_loop().time
        until = clock() + ANSWER_S
        with shared.hub.listening(visitor.address, shared.limits.streams_per_person + 1) as bell:
            while True:
                shown = await shared.look(visitor.address, last)
                answers = [entry.id for entry in shown.entries if entry.author != "person"]
                if shown.settled or clock() >= until:
                    return answers[0] if answers else 0
                await bell.wait(max(until - clock(), 0.0))

    def _panel(
        self,
        site: Site,
        visitor: Visitor,
        shown: PageView,
        *,
        big: bool = False,
        widget: bool = False,
        question: str = "",
    ) -> str:
        shared = self._shared
        messages = shared.rendered(shown.entries, visitor)
        if not messages:
            messages = [self._welcome(visitor, question)]
        return shared.renderer.page(
            "panneau",
            site=site,
            messages=messages,
            last=shown.entries[-1].id if shown.entries else 0,
            waiting=not shown.settled,
            notice=shared.note(shown),
            once=secrets.token_hex(ONCE // 2),
            path=_path(site),
            level=2 if widget else 1,
            widget=widget,
            voice=self._hear is not None,
            big=big,
            typed="",
        )

    def _welcome(self, visitor: Visitor, question: str) -> str:
        """Return what a page says before anyone speaks: nobody is known by it yet."""
        shared = self._shared
        first = (Button(question, payload=question),) if question else ()
        text = shared.wording("bienvenue", duree=shared.words("duree"))
        said = Text(text, buttons=(*first, *shared.wording.buttons("menu")))
        return shared.renderer.meaning(said, Surroundings(visitor.address, visitor.site))

    def _cookie(self, request: web.Request, site: Site) -> Visitor | None:
        key = request.cookies.get(_cookie_name(site), "")
        found = self._shared.keys.read(key, self._shared.clock())
        return found if found and found.site == site.name else None

    def _give(self, response: web.Response, site: Site, key: str) -> None:
        response.set_cookie(
            _cookie_name(site),
            key,
            path="/",
            max_age=int(LIFE.total_seconds()),
            secure=True,
            httponly=True,
            samesite="Lax",
        )

    # What a page's script asks for.

    def _for_script(
        self, handler: Callable[[web.Request], Awaitable[dict[str, Any]]]
    ) -> RouteHandler:
        async def answer(request: web.Request) -> web.StreamResponse:
            origin = self._shared.allowed_origin(request)
            try:
                self._shared.count_request(request)
                data = await handler(request)
            except Refusal as refusal:
                headers = shared_headers(origin) | refusal.headers
                return as_json({"mot": refusal.words}, headers, refusal.status)
            return as_json(data, shared_headers(origin))

        return answer

    async def _preflight(self, request: web.Request) -> web.StreamResponse:
        return preflight(self._shared.allowed_origin(request))

    async def _open(self, request: web.Request) -> dict[str, Any]:
        """Begin, or go on with, the conversation of a page that holds the button."""
        shared = self._shared
        asked = await self._object(request)
        site = shared.site(_text(asked, "site"))
        shared.origin_for(request, site)
        shared.refuse_when_closed()
        now = shared.clock()
        known = shared.keys.read(_text(asked, "cle"), now)
        if known is None or known.site != site.name:
            known = shared.keys.newcomer(site.name, now)
        visitor = shared.keys.renewed(known, now)
        shown = await shared.look(visitor.address)
        question = whole(_text(asked, "question"), most=200).strip()
        panel = self._panel(site, visitor, shown, widget=True, question=question)
        return {"cle": shared.keys.write(visitor), "html": panel}

    async def _message(self, request: web.Request) -> dict[str, Any]:
        """Take a message: its answer comes by the stream."""
        shared = self._shared
        visitor = self._allowed(request)
        asked = await self._object(request)
        position = asked.get("position")
        if position is not None:
            kind = Kind.POSITION
        else:
            kind = Kind.BUTTON if "bouton" in asked else Kind.TEXT
        fields = {name: _text(asked, name) for name in ("texte", "bouton", "une")}
        said = self._said(request, fields, kind, _position(position))
        shared.count_message(visitor)
        await self._keep(visitor, said)
        return {}

    async def _voice(self, request: web.Request) -> dict[str, Any]:
        """Take a sound: it is turned into words, then forgotten."""
        shared = self._shared
        visitor = self._allowed(request)
        if self._hear is None:
            raise Refusal(404, shared.wording("voix").strip())
        shared.count_voice(visitor)
        sound = await self._body(request, shared.limits.sound_bytes)
        try:
            text = await self._hear(sound)
        except BusyError:
            raise Refusal(503, shared.words("parler_occupe"), retry_after_s=10) from None
        except NotHeardError:
            raise Refusal(422, shared.words("parler_rate")) from None
        finally:
            del sound
        once = request.query.get("une", "")
        said = self._said(request, {"texte": text, "une": once}, Kind.VOICE)
        await self._keep(visitor, said)
        return {}

    def _allowed(self, request: web.Request) -> Visitor:
        shared = self._shared
        visitor = shared.visitor(request)
        shared.origin_for(request, shared.site(visitor.site))
        shared.refuse_when_closed()
        return visitor

    # Both.

    def _said(
        self,
        request: web.Request,
        fields: Mapping[str, str],
        kind: Kind,
        position: Position | None = None,
    ) -> PageMessage:
        once = "".join(c for c in fields.get("une", "") if c.isalnum() and c.isascii())[:ONCE]
        return PageMessage(
            kind,
            once or secrets.token_hex(ONCE // 2),
            text=whole(fields.get("texte", ""), most=MAX_TEXT),
            payload=whole(fields.get("bouton", ""), most=MAX_TEXT),
            position=position,
            language=_language(request),
        )

    async def _keep(self, visitor: Visitor, said: PageMessage) -> None:
        try:
            await self._reception.keep(visitor, said)
        except SQLAlchemyError as error:
            logger.error("a message could not be kept: %s", trace(error))
            raise Refusal(503, self._shared.words("sans_reponse"), retry_after_s=5) from None

    async def _body(self, request: web.Request, most: int) -> bytes:
        if (request.content_length or 0) > most:
            raise Refusal(413, self._shared.wording("trop_long").strip())
        body = b""
        try:
            async with asyncio.timeout(READ_S):
                async for chunk in request.content.iter_chunked(16 * 1024):
                    body += chunk
                    if len(body) > most:
                        raise Refusal(413, self._shared.wording("trop_long").strip())
        except TimeoutError:
            raise Refusal(408) from None
        except (ValueError, OSError, web.HTTPException, web.RequestPayloadError):
            raise Refusal(400) from None
        return body

    async def _object(self, request: web.Request) -> dict[str, Any]:
        body = await self._body(request, self._shared.limits.body_bytes)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            raise Refusal(400) from None
        if not isinstance(data, dict):
            raise Refusal(400)
        return data

    async def _posted(self, request: web.Request) -> dict[str, str]:
        if request.content_type != "application/x-www-form-urlencoded":
            raise Refusal(415, self._shared.words("sans_reponse"))
        body = await self._body(request, self._shared.limits.body_bytes)
        try:
            pairs = web_form(body)
        except ValueError:
            raise Refusal(400, self._shared.words("sans_reponse")) from None
        return pairs

    async def _file(self, request: web.Request) -> web.StreamResponse:
        shared = self._shared
        number = int(request.match_info["id"])
        found = await shared.store.read(transcript.get, number)
        if found is None or not shared.keys.opens(found[0], number, request.match_info["seal"]):
            raise Refusal(404, shared.words("introuvable"))
        if attached := attachment(found[1]):
            return await self._attached(attached)
        said = read(found[1])
        match said:
            case Document():
                content, media_type = said.content.encode(), "application/json"
            case Sheet():
                content, media_type = await self._sheet(said), "application/pdf"
            case _:
                raise Refusal(404, shared.words("introuvable"))
        name = file_name(said)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return web.Response(body=content, content_type=media_type, headers=headers)

    async def _attached(self, attached: Attachment) -> web.StreamResponse:
        """Give a file of the helpdesk's: the page shows a picture, anything is saved."""
        content = await self._shared.file_of(attached.number)
        if content is None:
            raise Refusal(404, self._shared.words("introuvable"))
        headers = {
            "Content-Disposition": f'attachment; filename="{saved_as(attached.name)}"',
            # A site's page shows it too: who has its sealed address may.
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        media_type = picture_type(content) or "application/octet-stream"
        return web.Response(body=content, content_type=media_type, headers=headers)

    async def _sheet(self, sheet: Sheet) -> bytes:
        async with self._drawing:  # one at a time: it takes a core for a second
            try:
                return await asyncio.to_thread(
                    self._render_sheet, sheet.request, date.fromisoformat(sheet.on)
                )
            except Exception as error:
                logger.error("the sheet cannot be rendered: %s", trace(error))
                raise Refusal(503, self._shared.wording("fiche_impossible").strip()) from None

    def _asset(self, name: str, media_type: str) -> RouteHandler:
        content = getattr(self, name)
        etag = hashlib.sha256(content.encode()).hexdigest()[:24]

        async def answer(request: web.Request) -> web.StreamResponse:
            headers = {
                **HEADERS,
                "Cache-Control": f"public, max-age={ASSET_S}",
                "ETag": f'"{etag}"',
                "Access-Control-Allow-Origin": "*",
                "Cross-Origin-Resource-Policy": "cross-origin",
            }
            if request.headers.get(hdrs.IF_NONE_MATCH) == f'"{etag}"':
                return web.Response(status=304, headers=headers)
            response = web.Response(
                text=content, content_type=media_type, charset="utf-8", headers=headers
            )
            response.enable_compression()
            return response

        return answer


def web_form(body: bytes) -> dict[str, str]:
    """Return the fields of a form; the last wins.

    Raises:
        ValueError: Not a form, or one with too many fields.
    """
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return dict(pairs)


def _html(text: str, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        text=text, status=status, content_type="text/html", charset="utf-8", headers=headers
    )


def _go(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path})


def _path(site: Site) -> str:
    return f"/site/{site.name}" if site.name else "/"


def _cookie_name(site: Site) -> str:
    return f"{COOKIE}-{site.name}" if site.name else COOKIE


def _text(asked: Mapping[str, Any], name: str) -> str:
    value = asked.get(name, "")
    return value if isinstance(value, str) else ""


def _position(value: Any) -> Position | None:
    """Read a position; nothing for what is none: the person is told so."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    if not all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in value):
        return None
    latitude, longitude = float(value[0]), float(value[1])
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Position(latitude, longitude)


def _language(request: web.Request) -> str:
    first = request.headers.get(hdrs.ACCEPT_LANGUAGE, "").partition(",")[0].partition(";")[0]
    return "".join(c for c in first if c.isascii() and (c.isalnum() or c == "-"))[:20]
