"""The console's pages, and what agents do on them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from aiohttp import web

from bot.helpdesk import attachments, delayed_replies, drafts, prepared_answers, staff
from bot.helpdesk.attachments import FileError, OutOfReachError
from bot.helpdesk.console import sessions, views
from bot.helpdesk.console.presence import HEARTBEAT
from bot.helpdesk.console.sessions import TooManyFailuresError
from bot.helpdesk.console.site import (
    ROOT,
    SESSION,
    ConsoleSite,
    drop_cookie,
    go,
    session_of,
    set_cookie,
)
from bot.helpdesk.desk_words import ReadyAnswer
from bot.helpdesk.staff import Agent
from bot.helpdesk.tickets import labels, message_rows
from bot.helpdesk.tickets.message_rows import MessageRow, TicketMessage
from bot.helpdesk.tickets.states import RefusedError
from bot.helpdesk.tickets.ticket_rows import UnknownTicketError
from bot.visits import address_of

logger = logging.getLogger(__name__)

MAX_ANSWER = 4000
"""Characters of one answer: Telegram takes 4 096."""

PICTURES = {"photo": "image/jpeg"}
"""Files that a page shows; any other is only downloaded."""

SOUNDS = {"voice": "audio/ogg"}
"""Files that a page plays."""

_ONCE = re.compile(r"[\w-]{8,40}")


class AgentPages:
    """Handlers of the console."""

    def __init__(self, site: ConsoleSite) -> None:
        self._site = site
        self._desk = site.parts.desk
        self._store = site.parts.store

    def routes(self) -> list[web.RouteDef]:
        """Return the pages' routes, under the console's root."""
        return [
            web.get("", self._home),
            web.get("/", self._home),
            web.get("/connexion", self._sign_in_form),
            web.post("/connexion", self._sign_in),
            web.post("/deconnexion", self._sign_out),
            web.post("/presence", self._presence),
            web.get("/demandes", self._list),
            web.get(r"/demandes/{ticket:\d{1,18}}", self._ticket),
            web.post(r"/demandes/{ticket:\d{1,18}}/{action:[a-z]+}", self._act),
            web.get(r"/fichiers/{message:\d{1,18}}", self._file),
        ]

    # Coming in and going out.

    async def _home(self, _request: web.Request) -> web.StreamResponse:
        raise web.HTTPSeeOther(f"{ROOT}/demandes")

    async def _sign_in_form(self, request: web.Request) -> web.StreamResponse:
        if SESSION in request:
            raise web.HTTPSeeOther(f"{ROOT}/demandes")
        opened = "compte" in request.query
        return self._site.page(request, "connexion.html", problem="", name="", opened=opened)

    async def _sign_in(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        name = " ".join(str(form.get("nom", "")).split())[:60]
        password = str(form.get("mot_de_passe", ""))
        code = str(form.get("code", ""))[:20]
        now, browser = self._site.clock(), request.headers.get("User-Agent", "")

        def sign_in(connection: sa.Connection) -> str | None:
            agent_id = sessions.check_password(
                connection,
                name,
                password,
                key=self._site.key,
                address=address_of(request),
                at=now,
                code=code,
            )
            if agent_id is None:
                return None
            staff.seen(connection, agent_id, now, HEARTBEAT)
            return sessions.begin(connection, agent_id, browser, now)

        try:
            token = await self._store.write(sign_in)
        except TooManyFailuresError:
            return self._site.page(
                request, "connexion.html", status=429, problem="attendre", name=name, opened=False
            )
        if token is None:
            return self._site.page(
                request, "connexion.html", status=403, problem="faux", name=name, opened=False
            )
        response = go("/demandes")
        set_cookie(response, token)
        return response

    async def _sign_out(self, request: web.Request) -> web.StreamResponse:
        session = session_of(request)

        def sign_out(connection: sa.Connection) -> None:
            sessions.end(connection, session.token_hash)
            staff.set_present(connection, session.agent.id, None)

        await self._store.write(sign_out)
        response = go("/connexion")
        drop_cookie(response)
        return response

    async def _presence(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        agent = session_of(request).agent
        until = self._site.clock() + HEARTBEAT if form.get("present") == "oui" else None
        await self._store.write(staff.set_present, agent.id, until)
        return go("/demandes")

    # Reading.

    async def _list(self, request: web.Request) -> web.StreamResponse:
        agent = session_of(request).agent
        view = request.query.get("vue", "file")
        view = view if view in views.VIEWS else "file"
        search = request.query.get("q", "").strip()[:100]

        def read(connection: sa.Connection) -> list[views.Card]:
            now = self._site.clock()
            return views.cards(connection, self._desk, view, agent.id, at=now, search=search)

        counts, cards = await self._site.read(agent, read)
        return self._site.page(
            request,
            "liste.html",
            tab="recherche" if search else view,
            counts=counts,
            cards=cards,
            search=search,
            notice=request.query.get("fait", ""),
        )

    async def _ticket(self, request: web.Request) -> web.StreamResponse:
        return await self._ticket_page(request, int(request.match_info["ticket"]))

    async def _ticket_page(
        self, request: web.Request, ticket_id: int, *, refusal: str = "", typed: str = ""
    ) -> web.Response:
        agent = session_of(request).agent
        now = self._site.clock()

        counts, shown = await self._site.read(
            agent, lambda c: views.ticket_page(c, self._desk, agent, ticket_id, now)
        )
        if shown is None:
            return self._site.page(
                request, "absente.html", status=404, tab="", counts=counts, ticket_id=ticket_id
            )
        chosen = request.query.get("sujet", "")
        topic = next((t for t in (chosen, shown.head.topic) if t in self._site.topics), "")
        day = now.astimezone(self._desk.words.zone).date()
        facts = self._site.answer_for(topic, day) if self._site.answer_for and topic else None
        values = self._desk.ready_values(now, shown.head.commune, self._desk.words.to(None))
        answers = [(one.title, one.text) for one in self._desk.words.ready]
        answers += [(one.title, one.text) for one in shown.kept_ready]
        return self._site.page(
            request,
            "demande.html",
            ready=[
                ReadyAnswer(title, prepared_answers.fill(text, values, self._site.fact_today))
                for title, text in answers
            ],
            status=409 if refusal else 200,
            tab="",
            counts=counts,
            shown=shown,
            refusal=refusal,
            typed=typed,
            topic_chosen=topic,
            topics=self._site.topics,
            facts=facts,
            files=self._site.fetch_file is not None,
            pictures=PICTURES,
            sounds=SOUNDS,
            max_megabytes=attachments.MAX_BYTES // 1024**2,
            max_answer=MAX_ANSWER,
        )

    async def _file(self, request: web.Request) -> web.StreamResponse:
        message = await self._store.read(message_rows.get, int(request.match_info["message"]))
        try:
            content = await attachments.content_of(self._store, message, self._site.fetch_file)
        except OutOfReachError as error:
            words = self._site.say("console_file_unreadable")
            raise web.HTTPBadGateway(text=words) from error
        if message is None or content is None:
            raise web.HTTPNotFound(text=self._site.say("console_no_file"))
        return _download(content, message)

    # Doing.

    async def _act(self, request: web.Request) -> web.StreamResponse:
        ticket_id = int(request.match_info["ticket"])
        action = request.match_info["action"]
        form = await request.post()
        agent = session_of(request).agent
        typed = str(form.get("texte", "")).replace("\r\n", "\n").strip()
        if len(typed) > MAX_ANSWER:
            too_long = self._site.say("console_too_long", length=len(typed), longest=MAX_ANSWER)
            return await self._ticket_page(request, ticket_id, refusal=too_long, typed=typed)
        try:
            work = self._work(agent, ticket_id, action, form)
        except FileError as error:
            return await self._ticket_page(request, ticket_id, refusal=str(error), typed=typed)
        if work is None:
            raise web.HTTPNotFound(text=self._site.say("console_no_action"))
        try:
            await self._store.write(work)
        except (RefusedError, UnknownTicketError) as refused:
            words = await self._store.read(self._desk.refusal, refused, ticket_id)
            return await self._ticket_page(request, ticket_id, refusal=words, typed=typed)
        if action == "brouillon":
            return web.Response(status=204)
        self._site.woken()
        if action in ("clore", "rendre", "transferer"):
            return go("/demandes?" + urlencode({"vue": "miennes", "fait": action}))
        return go(f"/demandes/{ticket_id}")

    def _work(
        self, agent: Agent, ticket_id: int, action: str, form: Any
    ) -> Callable[[sa.Connection], object] | None:
        desk, now = self._desk, self._site.clock()
        typed = str(form.get("texte", "")).replace("\r\n", "\n").strip()
        once = str(form.get("once", ""))
        # Sending the same form twice (a double click, «back») is the same message.
        origin = f"console:{agent.id}:{once}" if _ONCE.fullmatch(once) else None
        said = TicketMessage(typed, origin=origin)
        if action == "fichier":
            return self._upload(agent, ticket_id, form, typed, origin)
        later = form.get("quand") == "ouverture"
        reply, other = _number(form, "reponse"), _number(form, "autre")
        tag, quality = str(form.get("etiquette", "")), str(form.get("qualite", ""))
        works: dict[str, Callable[[sa.Connection], object]] = {
            "prendre": lambda c: desk.claim(c, agent, ticket_id, now),
            "rendre": lambda c: desk.release(c, agent, ticket_id, now),
            "transferer": lambda c: desk.transfer(c, agent, ticket_id, str(form.get("a", "")), now),
            "clore": lambda c: desk.close(c, agent, ticket_id, now),
            "rappele": lambda c: desk.called_back(c, agent, ticket_id, now),
            "rouvrir": lambda c: desk.reopen(c, agent, ticket_id, now),
            "repondre": lambda c: self._answer(c, agent, ticket_id, said, later) if typed else None,
            "retirer": lambda c: delayed_replies.cancel(c, desk, agent, reply, now),
            "etiqueter": lambda c: labels.tag(c, ticket_id, tag, now),
            "detiqueter": lambda c: labels.untag(c, ticket_id, tag, now),
            "qualifier": lambda c: labels.qualify(c, desk, agent, ticket_id, quality, at=now),
            "fusionner": lambda c: labels.merge(c, desk, agent, ticket_id, other, at=now),
            "decrire": lambda c: message_rows.describe(
                c, ticket_id, _number(form, "message"), typed, now
            ),
            "brouillon": lambda c: drafts.keep(c, desk, agent, ticket_id, typed, at=now),
            "noter": lambda c: desk.note(c, agent, ticket_id, said, now) if typed else None,
        }
        return works.get(action)

    def _upload(
        self, agent: Agent, ticket_id: int, form: Any, caption: str, origin: str | None
    ) -> Callable[[sa.Connection], object]:
        field, now = form.get("fichier"), self._site.clock()
        content = field.file.read() if isinstance(field, web.FileField) else b""
        name = field.filename if isinstance(field, web.FileField) else ""
        said = attachments.said_of(name, content, caption, origin)
        return lambda c: attachments.send(
            c, self._desk, agent, ticket_id, said, content=content, at=now
        )

    def _answer(
        self,
        connection: sa.Connection,
        agent: Agent,
        ticket_id: int,
        said: TicketMessage,
        later: bool,
    ) -> None:
        now = self._site.clock()
        if later:
            delayed_replies.hold(connection, self._desk, agent, ticket_id, said, at=now)
        else:
            self._desk.answer(connection, agent, ticket_id, said, now)
        drafts.drop(connection, agent.id, ticket_id)


def _number(form: Any, name: str) -> int:
    """Return a number that a form gives; 0 for anything else."""
    said = str(form.get(name, ""))
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def _download(content: bytes, message: MessageRow) -> web.Response:
    """Give a file: pictures and sounds are shown, anything else is only saved."""
    shown = PICTURES.get(message.kind) or SOUNDS.get(message.kind)
    if shown and message.media.get("type") in ("image/png", "audio/mpeg", "audio/mp4"):
        shown = str(message.media["type"])
    headers = {} if shown else {"Content-Disposition": "attachment"}
    media_type = shown or "application/octet-stream"
    return web.Response(body=content, content_type=media_type, headers=headers)
