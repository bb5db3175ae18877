"""Rasa behind a small HTTP API of our own, on loopback, with a shared secret.

Rasa's stock server leaves its REST channel unprotected, cannot delete a tracker and makes
a person's second quick message wait a second; this one serves the same ``Agent`` without that.

    GET    /health
    POST   /parse                {"texts": [...]}                -> {"results": [...]}
    POST   /turn                 {"conversation", "text", "metadata"} -> {"messages", "intent"…}
                                 410: a button of an earlier model
    GET    /conversations/ID     what is kept of a conversation
    DELETE /conversations/ID     forgets it
    POST   /purge                {"before": unix time}           -> {"deleted": n}
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import hmac
import json
import logging
import os
import re
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, AsyncGenerator, AsyncIterator

from nlu.rasa_runtime import (
    check_action_results,
    copy_nothing_for_the_log,
    copy_slots_plainly,
    copy_trackers_plainly,
    lighten_action_calls,
    look_back_once,
    look_rules_up_by_intent,
    prepare,
    remember_event_classes,
    run_graphs_in_order,
)

if __name__ == "__main__":
    gc.disable()  # until all is loaded: nothing of it is to be thrown away
prepare(learns=__name__ != "__main__")  # the process that serves learns nothing

import aiohttp  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from aiohttp import web  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage  # noqa: E402
from rasa.core.lock import TicketLock  # noqa: E402
from rasa.core.lock_store import LockStore  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import BotUttered, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.utils.endpoints import ClientResponseError, EndpointConfig  # noqa: E402

from nlu.trackers import LightTrackerStore  # noqa: E402

logger = logging.getLogger(__name__)

WHOLE_QUESTION = 5
"""Words from which a message may stand without what came before it."""

SPOKEN = re.compile(r"/([a-z][a-z0-9_]*)\s*(\{.*\})?", re.DOTALL)
"""What a button says: an intent, and its entities."""

MAX_TEXT = 4096
"""Characters of a message that are read: Telegram's own limit."""


MAX_WAITING = 200
"""Turns that may wait for a reading; beyond, a turn is refused at once (HTTP 503)."""

ACTION_SECONDS = 10.0
"""How long an action may take; the person is told that it failed beyond that."""

ACTIONS_AWAY_SECONDS = 45.0
"""How long a turn waits for an action server that starts again."""
_ACTIONS_PAUSE_SECONDS = 0.2


class ActionEndpoint(EndpointConfig):
    """The action server behind one HTTP session, kept open; Rasa opens one a call."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._session: aiohttp.ClientSession | None = None

    async def request(self, *_args: Any, json: Any = None, **_kwargs: Any) -> Any:
        """Call an action (see ``EndpointConfig.request``)."""
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=ACTION_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout)
        waited = 0.0
        while True:
            try:
                return await self._post(self._session, json)
            except aiohttp.ClientConnectionError as error:
                # It starts again. An action changes nothing by itself: it may be called again.
                late = isinstance(error, TimeoutError) or waited >= ACTIONS_AWAY_SECONDS
                if late:
                    raise
            await asyncio.sleep(_ACTIONS_PAUSE_SECONDS)
            waited += _ACTIONS_PAUSE_SECONDS

    async def _post(self, session: aiohttp.ClientSession, body: Any) -> Any:
        async with session.post(self.url, json=body) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await response.text())
            return await response.json()

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()


class Readers:
    """Where messages are read: threads beside the event loop, one a core.

    The encoders release Python's lock while they compute, so as many messages as cores are read
    side by side, and the loop answers meanwhile.
    """

    def __init__(self, threads: int = os.cpu_count() or 1, waiting: int = MAX_WAITING) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reader")
        self._most = threads + waiting
        self._asked = 0

    async def run(self, work: Any, *arguments: Any) -> Any:
        """Run a reading and return its result; those who wait are served in turn.

        Raises:
            HTTPServiceUnavailable: Too many wait already.
        """
        if self._asked >= self._most:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "2"})
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *arguments)
        finally:
            self._asked -= 1


class LocalLockStore(LockStore):
    """One ``asyncio.Lock`` a conversation: no polling, first come first served.

    Enough for one process; several Rasa workers need Rasa's Redis lock store instead.
    """

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, *_args: Any, **_kwargs: Any
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold a conversation until the block ends."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._waiting[conversation_id] = self._waiting.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield TicketLock(conversation_id)
        finally:
            self._waiting[conversation_id] -= 1
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id], self._locks[conversation_id]


class NluServer:
    """The HTTP handlers around one loaded agent."""

    def __init__(
        self, agent: Agent, store: LightTrackerStore, secret: str, actions: ActionEndpoint | None
    ) -> None:
        self.agent = agent
        self.store = store
        self._secret = secret
        self._actions = actions
        self._readers = Readers()

    def app(self) -> web.Application:
        """Return the aiohttp application."""
        app = web.Application(
            middlewares=[_say_nothing_of_people, self._authenticate], client_max_size=4 * 1024**2
        )
        app.add_routes(
            [
                web.get("/health", self.health),
                web.post("/parse", self.parse),
                web.post("/turn", self.turn),
                web.get("/conversations/{id}", self.export),
                web.delete("/conversations/{id}", self.forget),
                web.post("/purge", self.purge),
            ]
        )
        app.cleanup_ctx.append(self._close)
        return app

    async def _close(self, _app: web.Application) -> AsyncIterator[None]:
        yield
        if self._actions:
            await self._actions.close()

    @web.middleware
    async def _authenticate(self, request: web.Request, handler: Any) -> web.StreamResponse:
        offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if request.path != "/health" and not hmac.compare_digest(
            offered.encode(), self._secret.encode()
        ):
            raise web.HTTPUnauthorized
        return await handler(request)

    async def health(self, _request: web.Request) -> web.Response:
        """Say that the model is loaded; the server listens only once it is."""
        return web.json_response({"status": "ok", "model": self.agent.model_name})

    async def parse(self, request: web.Request) -> web.Response:
        """Classify messages, without any conversation."""
        body = await request.json()
        previous = body.get("previous") or []
        results = []
        for index, text in enumerate(body["texts"]):
            metadata = {"previous": previous[index]} if index < len(previous) else {}
            message = UserMessage(str(text)[:MAX_TEXT], metadata=metadata)
            results.append(_reading(await self._read(message)))
        return web.json_response({"results": results})

    async def turn(self, request: web.Request) -> web.Response:
        """Take one message of a conversation and return what the assistant says."""
        body = await request.json()
        conversation = str(body["conversation"])
        if _stale(str(body["text"]), self.agent.domain):
            raise web.HTTPGone
        output = CollectingOutputChannel()
        async with self.agent.lock_store.lock(conversation):
            if _abandoned(request):
                raise web.HTTPRequestTimeout  # nobody waits any more: nothing was begun
            processor = self.agent.processor
            tracker = await processor.fetch_tracker_and_update_session(conversation)
            metadata = {**(body.get("metadata") or {}), "previous": _previous_topic(tracker)}
            message = UserMessage(
                str(body["text"])[:MAX_TEXT], output, conversation, metadata=metadata
            )
            parsed = await self._parse(message, tracker)
            message.parse_data = parsed
            await processor._handle_message_with_tracker(message, tracker)
            await processor.run_action_extract_slots(output, tracker)
            await processor._run_prediction_loop(output, tracker)
            _forget_position(tracker)
            await processor.save_tracker(tracker)
        messages = [said["custom"] for said in output.messages if said.get("custom")]
        return web.json_response({"messages": messages, **_reading(parsed)})

    async def _parse(self, message: UserMessage, tracker: DialogueStateTracker) -> dict[str, Any]:
        """Read a message in its context, or alone where the context only makes it doubtful.

        A fragment lives from what came before it; a whole question speaks for itself
        («où utiliser mon pass à Metz ?» right after a computation).
        """
        parsed = await self._read(message, tracker)
        whole = len(message.text.split()) >= WHOLE_QUESTION
        if not (whole and message.metadata["previous"]) or _tier(parsed) == "answer":
            return parsed
        by_itself = UserMessage(message.text, metadata={**message.metadata, "previous": ""})
        alone = await self._read(by_itself, tracker)
        return alone if _tier(alone) == "answer" else parsed

    async def _read(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None
    ) -> dict[str, Any]:
        """Read one message beside the event loop; ``parse_message`` never waits by itself."""
        work = self.agent.processor.parse_message(message, tracker)
        return await self._readers.run(_to_its_end, work)

    async def export(self, request: web.Request) -> web.Response:
        """Return what is kept of a conversation, in words."""
        tracker = await self.store.retrieve_full_tracker(request.match_info["id"])
        events = []
        for event in tracker.events if tracker else ():
            if isinstance(event, UserUttered):
                said = {"from": "personne", "text": event.text, "intent": event.intent_name}
            elif isinstance(event, BotUttered):
                said = {"from": "assistant", "text": (event.data.get("custom") or {}).get("text")}
            else:
                continue
            events.append({"at": event.timestamp, **said})
        slots = tracker.current_slot_values() if tracker else {}
        known = {name: value for name, value in slots.items() if value is not None}
        return web.json_response({"events": events, "known": known})

    async def forget(self, request: web.Request) -> web.Response:
        """Erase a conversation: Rasa itself has no such endpoint."""
        conversation = request.match_info["id"]
        async with self.agent.lock_store.lock(conversation):
            self.store.erase(self.store.SQLEvent.sender_id == conversation)
        return web.Response(status=204)

    async def purge(self, request: web.Request) -> web.Response:
        """Erase the conversations without any event since a moment."""
        before = float((await request.json())["before"])
        event = self.store.SQLEvent
        recent = sa.select(event.sender_id).where(event.timestamp >= before)
        return web.json_response({"deleted": self.store.erase(event.sender_id.not_in(recent))})


@web.middleware
async def _say_nothing_of_people(request: web.Request, handler: Any) -> web.StreamResponse:
    """Log where a failure came from, never its text: it can repeat what someone wrote."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except sa.exc.OperationalError as error:
        # The database is away, locked or full: nothing was written, the turn may come again.
        logger.error("%s: the database fails: %s", handler.__name__, type(error.orig).__name__)
        raise web.HTTPServiceUnavailable from None
    except Exception as error:
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s failed: %s\n%s", handler.__name__, type(error).__name__, frames)
        raise web.HTTPInternalServerError from None


def _to_its_end(work: Any) -> Any:
    """Run a coroutine that never waits, outside any event loop."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError("a reading waited for something")


def _abandoned(request: web.Request) -> bool:
    """Whether the one who asked has gone: their turn would be said to nobody."""
    return request.transport is None or request.transport.is_closing()


def _stale(text: str, domain: Domain) -> bool:
    """Whether a button says what this model does not know: it was made for an earlier one."""
    said = SPOKEN.fullmatch(text)
    if not said:
        return False
    try:
        entities = json.loads(said[2] or "{}")
    except ValueError:
        return True
    return said[1] not in domain.intents or not set(entities) <= set(domain.entities)


def _forget_position(tracker: DialogueStateTracker) -> None:
    """Drop a shared position before the conversation is written down: Rasa holds it twice."""
    for event in tracker.events:
        if isinstance(event, UserUttered):
            for metadata in (event.metadata, event.parse_data.get("metadata")):
                if metadata:
                    metadata.pop("position", None)


def _previous_topic(tracker: DialogueStateTracker) -> str:
    """Return the topic last talked about: what a short follow-up lives from."""
    return str(tracker.get_slot("sujet") or "")


def _tier(parsed: dict[str, Any]) -> str:
    return str((parsed.get("tier") or {}).get("tier", "answer"))


def _reading(parsed: dict[str, Any]) -> dict[str, Any]:
    """Reduce Rasa's parse to the contract of the command line."""
    tier = parsed.get("tier") or {}
    intent = parsed.get("intent") or {}
    return {
        "text": parsed.get("text", ""),
        "intent": tier.get("reading") or intent.get("name") or "hors_sujet",
        "confidence": round(float(tier.get("confidence", intent.get("confidence") or 0.0)), 4),
        "tier": tier.get("tier", "answer"),
        "second": tier.get("second", ""),
        "ranking": [
            {"intent": item["name"], "confidence": round(float(item["confidence"]), 4)}
            for item in parsed.get("intent_ranking", [])[:10]
        ],
    }


def _tracker_store(url: str) -> LightTrackerStore:
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return LightTrackerStore(db=parsed.database or ":memory:")
    return LightTrackerStore(
        dialect=parsed.get_backend_name(),
        host=parsed.host,
        port=parsed.port,
        db=parsed.database or "",
        username=parsed.username,
        password=parsed.password,
        query=dict(parsed.query),  # a socket's folder, «sslmode»…
    )


def _keep_to(agent: Agent, store: LightTrackerStore) -> None:
    """Take away Rasa's fallback: what cannot be written is no answer, and is asked again.

    It would go on from a memory that no other replica has, and that nobody ever erases.
    """
    agent.tracker_store = store
    agent.processor.tracker_store = store


def load(model: Path, tracker_url: str, actions_url: str, secret: str) -> NluServer:
    """Load a trained model into a server that is ready to answer."""
    check_action_results()
    look_rules_up_by_intent()
    remember_event_classes()
    lighten_action_calls()
    run_graphs_in_order()
    copy_nothing_for_the_log()
    copy_slots_plainly()
    copy_trackers_plainly()
    look_back_once()
    store = _tracker_store(tracker_url)
    store.engine.hide_parameters = True  # a failed write would repeat what someone wrote
    actions = ActionEndpoint(actions_url) if actions_url else None
    agent = Agent.load(
        model, tracker_store=store, lock_store=LocalLockStore(), action_endpoint=actions
    )
    _keep_to(agent, store)
    return NluServer(agent, store, secret, actions)


def main() -> None:
    """Serve. What is secret comes in the environment, never on the command line.

    ``PASSERELLE_NLU_SECRET``: the shared secret; ``PASSERELLE_TRACKER_URL``: the SQLAlchemy URL
    of the conversations, which may hold a password.
    """
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--actions-url", default="")
    arguments = parser.parse_args()
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    server = load(
        arguments.model,
        os.environ["PASSERELLE_TRACKER_URL"],
        arguments.actions_url,
        os.environ["PASSERELLE_NLU_SECRET"],
    )
    gc.collect()
    gc.freeze()  # what is loaded stays: never looked through again
    gc.enable()
    web.run_app(server.app(), host="127.0.0.1", port=arguments.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
