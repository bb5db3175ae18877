"""A stand-in for Telegram's Bot API: real HTTP, and it fails on demand.

    async with BotApi() as api:
        api.says(42, "bonjour")                      # a person writes
        await api.until(lambda: api.texts(42))       # the bot answered
        api.fail("sendMessage", too_many(seconds=1), times=2)

The bot is pointed at ``api.url`` with ``api.token``.
"""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests import clock

BOT_ID = 700
TOKEN = f"{BOT_ID}:stand-in-secret"


@dataclass
class Call:
    """One call of the bot that was accepted."""

    method: str
    data: dict[str, Any]
    result: Any = None

    @property
    def chat(self) -> int | None:
        chat = self.data.get("chat_id")
        return int(chat) if chat is not None else None

    @property
    def text(self) -> str:
        return str(self.data.get("text", self.data.get("caption", "")))

    @property
    def buttons(self) -> dict[str, str]:
        """Title → what it says, opens, or types in another chat."""
        rows = (self.data.get("reply_markup") or {}).get("inline_keyboard") or []
        does = ("callback_data", "url", "switch_inline_query")
        return {
            key["text"]: next((key[one] for one in does if one in key), "")
            for row in rows
            for key in row
        }


@dataclass
class Failure:
    """How a call fails."""

    status: int = 0
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    hangs: bool = False
    """Never answers."""
    accepted: bool = False
    """The call is carried out, and then its answer is lost."""
    times: int = 1
    chat: int | None = None
    """Only for this chat."""


def unauthorized() -> Failure:
    return Failure(401, "Unauthorized")


def blocked() -> Failure:
    return Failure(403, "Forbidden: bot was blocked by the user")


def too_many(seconds: int) -> Failure:
    return Failure(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def broken() -> Failure:
    return Failure(500, "Internal Server Error")


def bad_request(description: str) -> Failure:
    return Failure(400, f"Bad Request: {description}")


def hangs() -> Failure:
    return Failure(hangs=True)


def answer_lost() -> Failure:
    return Failure(accepted=True)


class BotApi:
    """The server, what it was asked, and the persons who write."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.attempts: list[str] = []
        self.files: dict[str, bytes] = {}
        """What is in the files that persons send, by id."""
        """The method of each call, refused ones too."""
        self.updates: list[dict[str, Any]] = []
        """Not yet acknowledged."""
        self.webhook = ""
        self.webhook_secret = ""
        self.inline = False
        """@BotFather turned inline queries on."""
        self.url = ""
        self._failures: dict[str, list[Failure]] = {}
        self._next_update = 1000
        self._next_message = 1
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        app.router.add_get("/file/bot{token}/{path}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._notify()
        if self._runner:
            await self._runner.cleanup()

    # What persons do.

    def update(self, **event: Any) -> dict[str, Any]:
        """Queue a raw update for getUpdates; return it."""
        self._next_update += 1
        update = {"update_id": self._next_update, **event}
        self.updates.append(update)
        self._notify()
        return update

    def message(self, chat: int, **content: Any) -> dict[str, Any]:
        """Return a message of a person (positive id) or of a group's member."""
        self._next_message += 1
        where = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        sender = {"id": abs(chat), "is_bot": False, "first_name": "Prénom", "language_code": "fr"}
        return {
            "message_id": self._next_message,
            "date": int(clock.now().timestamp()),
            "chat": where,
            "from": sender,
            **content,
        }

    def sends(self, chat: int, **content: Any) -> dict[str, Any]:
        return self.update(message=self.message(chat, **content))

    def says(self, chat: int, text: str) -> dict[str, Any]:
        return self.sends(chat, text=text)

    def types(self, person: int, text: str) -> dict[str, Any]:
        """Type after the bot's name in some other chat."""
        sender = {"id": person, "is_bot": False, "first_name": "Prénom", "language_code": "fr"}
        query = {"id": f"q{self._next_update}", "from": sender, "query": text, "offset": ""}
        return self.update(inline_query=query)

    def taps(self, chat: int, title: str) -> dict[str, Any]:
        """Tap the last button of that title that the chat shows."""
        for call in reversed(self.calls):
            if call.chat == chat and title in call.buttons:
                return self.tap(chat, call.buttons[title], call)
        raise AssertionError(f"no button {title!r} in chat {chat}")

    def tap(self, chat: int, data: str, call: Call | None = None) -> dict[str, Any]:
        markup = call.data.get("reply_markup") if call else None
        shown = self.message(chat, text="…", **({"reply_markup": markup} if markup else {}))
        shown["from"] = {"id": BOT_ID, "is_bot": True, "first_name": "Passerelle"}
        person = {"id": chat, "is_bot": False, "first_name": "Prénom", "language_code": "fr"}
        query = {"id": str(self._next_update), "from": person, "chat_instance": "1"}
        return self.update(callback_query={**query, "message": shown, "data": data})

    def membership(self, chat: int, status: str) -> dict[str, Any]:
        bot = {"id": BOT_ID, "is_bot": True, "first_name": "Passerelle"}
        new: dict[str, Any] = {"user": bot, "status": status}
        if status == "kicked":
            new["until_date"] = 0
        event = self.message(chat)
        del event["message_id"]
        old = {"user": bot, "status": "member"}
        return self.update(my_chat_member={**event, "old_chat_member": old, "new_chat_member": new})

    async def post(self, update: dict[str, Any], secret: str | None = None) -> int:
        """Post an update to the bot's webhook; return the HTTP status."""
        if update in self.updates:
            self.updates.remove(update)
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret or self.webhook_secret}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.webhook, json=update, headers=headers) as response,
        ):
            return response.status

    # What tests look at.

    def fail(self, method: str, failure: Failure, times: int = 1, chat: int | None = None) -> None:
        """Have the next calls of a method fail."""
        failure.times = times
        failure.chat = chat
        self._failures.setdefault(method, []).append(failure)

    def heal(self, method: str) -> None:
        """Have a method's calls succeed again."""
        self._failures.pop(method, None)

    def of(self, method: str, chat: int | None = None) -> list[Call]:
        return [
            call for call in self.calls
            if call.method == method and (chat is None or call.chat == chat)
        ]  # fmt: skip

    def texts(self, chat: int) -> list[str]:
        """What a chat shows of the bot, in order."""
        return [call.text for call in self.of("sendMessage", chat)]

    async def until(self, condition: Callable[[], Any], timeout_s: float = 60.0) -> Any:
        """Wait until a condition holds; it is looked at after each call of the bot."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        while not (value := condition()):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                shown = [(call.method, call.chat, call.text[:60]) for call in self.calls[-20:]]
                raise AssertionError(f"waited {timeout_s} s in vain; last calls: {shown}")
            self._changed.clear()
            # Conditions may also depend on a database: looked at now and then.
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, 0.05))
            except TimeoutError:
                continue
        return value

    # The server.

    def _notify(self) -> None:
        self._changed.set()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            data = await _read(request)
        except ConnectionError:  # the bot hung up
            return _refusal(broken())
        self.attempts.append(method)
        self._notify()
        if request.match_info["token"] != self.token:
            return _refusal(unauthorized())
        failure = self._failure(method, data) or beyond_limits(method, data)
        if failure and failure.hangs:
            await self._closing.wait()
            return _refusal(broken())
        if failure and not failure.accepted:
            return _refusal(failure)
        if method == "getUpdates":
            result: Any = await self._get_updates(data)
        else:
            call = Call(method, data)
            call.result = result = self._result(method, data)
            self.calls.append(call)
            self._notify()
        if failure and failure.accepted and request.transport:
            request.transport.abort()
        return web.json_response({"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.Response:
        """A file's content is its own id, unless a test gave it another."""
        path = request.match_info["path"]
        return web.Response(body=self.files.get(path, path.encode()))

    def _failure(self, method: str, data: dict[str, Any]) -> Failure | None:
        for failure in self._failures.get(method, []):
            chat = data.get("chat_id")
            if failure.times > 0 and failure.chat in (None, int(chat) if chat else None):
                failure.times -= 1
                return failure
        return None

    async def _get_updates(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(data.get("offset", 0))
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        deadline = asyncio.get_running_loop().time() + min(float(data.get("timeout", 0)), 2.0)
        while not self.updates and not self._closing.is_set():
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                break
            await asyncio.sleep(min(left, 0.02))
        return self.updates[:100]

    def _result(self, method: str, data: dict[str, Any]) -> Any:
        if method == "getFile":
            return {"file_id": data["file_id"], "file_unique_id": "u", "file_path": data["file_id"]}
        if method == "getMe":
            return {"id": BOT_ID, "is_bot": True, "first_name": "Passerelle",
                    "username": "passerelle_bot",
                    "supports_inline_queries": self.inline}  # fmt: skip
        if method == "setWebhook":
            self.webhook = str(data.get("url", ""))
            self.webhook_secret = str(data.get("secret_token", ""))
            return True
        if method == "createForumTopic":
            self._next_message += 1
            return {"message_thread_id": self._next_message, "name": data.get("name", ""),
                    "icon_color": 7322096}  # fmt: skip
        if method == "copyMessage":
            self._next_message += 1
            return {"message_id": self._next_message}
        if method.startswith(("send", "edit", "forward")) and method != "sendChatAction":
            self._next_message += 1
            chat = int(data["chat_id"])
            sent = {
                "message_id": int(data.get("message_id", self._next_message)),
                "date": int(clock.now().timestamp()),
                "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
                "text": str(data.get("text", "")),
            }
            if "message_thread_id" in data:
                sent["message_thread_id"] = int(data["message_thread_id"])
            return sent
        return True


def beyond_limits(method: str, data: dict[str, Any]) -> Failure | None:
    """Refuse what Telegram refuses: too long, too many, or empty (Bot API, by method)."""
    if method in ("sendMessage", "editMessageText"):
        shown = str(data.get("text", ""))
        if data.get("parse_mode") == "HTML":
            shown = html.unescape(re.sub(r"<[^>]*>", "", shown))
        if not shown.strip():
            return bad_request("message text is empty")
        if _units(shown) > 4096:
            return bad_request("message is too long")
    if _units(str(data.get("caption", ""))) > 1024:
        return bad_request("message caption is too long")
    rows = (data.get("reply_markup") or {}).get("inline_keyboard") or []
    keys = [key for row in rows for key in row]
    if len(keys) > 100:
        return bad_request("reply markup is too long")
    for key in keys:
        if not key["text"].strip():
            return bad_request("inline keyboard button text is empty")
        if len(key.get("switch_inline_query", "")) > 256:
            return bad_request("BUTTON_DATA_INVALID")
        if "callback_data" in key and not 1 <= len(key["callback_data"].encode()) <= 64:
            return bad_request("BUTTON_DATA_INVALID")
    return None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


async def _read(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        data: dict[str, Any] = await request.json()
        return data
    data = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            data[name] = {"filename": value.filename, "content": value.file.read()}
        elif value[:1] in "[{":
            try:
                data[name] = json.loads(value)
            except ValueError:
                data[name] = value
        else:
            data[name] = value
    return {**dict(request.query), **data}


def _refusal(failure: Failure) -> web.Response:
    body = {"ok": False, "error_code": failure.status, "description": failure.description}
    if failure.parameters:
        body["parameters"] = failure.parameters
    return web.json_response(body, status=failure.status)
