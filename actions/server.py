"""The action server that Rasa calls: rasa_sdk's executor behind one aiohttp route.

rasa_sdk's own server answers an error with the whole tracker, what people wrote included.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from aiohttp import web

from actions.error_trace import trace
from actions.sdk import (
    Action,
    ActionExecutionRejection,
    ActionExecutor,
    ActionNotFoundException,
)

logger = logging.getLogger(__name__)

MAX_BODY = 32 * 1024**2
"""Bytes: a call repeats the events of the conversation since it began."""


def create_app(actions: Iterable[Action]) -> web.Application:
    """Return the server's application: ``POST /webhook`` and ``GET /health``."""
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)

    async def webhook(request: web.Request) -> web.Response:
        call = await request.json()
        name = str(call.get("next_action"))
        try:
            result = await executor.run(call)
        except ActionExecutionRejection:
            return web.json_response({"error": "rejected", "action_name": name}, status=400)
        except ActionNotFoundException:
            return web.json_response({"error": "unknown", "action_name": name}, status=404)
        except Exception as error:
            logger.error("%s failed: %s", name, trace(error))
            return web.json_response({"error": "failed", "action_name": name}, status=500)
        return web.json_response(result.model_dump() if result else {"events": [], "responses": []})

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "actions": len(executor.actions)})

    app = web.Application(client_max_size=MAX_BODY)
    app.add_routes([web.post("/webhook", webhook), web.get("/health", health)])
    return app
