"""How the page's server answers: headers, errors in words, who may read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import hdrs, web

from actions.errors import PasserelleError

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

PREFLIGHT_S = 7200
"""How long a browser may remember that a site is allowed."""


def page_headers(origins: Iterable[str]) -> dict[str, str]:
    """Return a page's headers: nothing is loaded from elsewhere, only its site may frame it."""
    framing = " ".join(("'self'", *origins))
    return {
        **HEADERS,
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; "
            f"frame-ancestors {framing}"
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(self), geolocation=(self)",
    }


def shared_headers(origin: str) -> dict[str, str]:
    """Return the headers by which a browser lets an allowed site's page read an answer."""
    if not origin:
        return {**HEADERS, "Vary": hdrs.ORIGIN}
    return {
        **HEADERS,
        "Access-Control-Allow-Origin": origin,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": hdrs.ORIGIN,
    }


def preflight(origin: str) -> web.Response:
    """Answer a browser that asks whether a page of a site may speak to this server."""
    headers = shared_headers(origin)
    if origin:
        headers |= {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "authorization, content-type",
            "Access-Control-Max-Age": str(PREFLIGHT_S),
        }
    return web.Response(status=204, headers=headers)


class Refusal(PasserelleError):  # noqa: N818  a decision, not a fault
    """What is asked is not done; why is said in words."""

    def __init__(self, status: int, words: str = "", *, retry_after_s: int = 0) -> None:
        super().__init__(status)
        self.status = status
        self.words = words
        self.retry_after_s = retry_after_s

    @property
    def headers(self) -> dict[str, str]:
        """When to come back, where that is known."""
        return {"Retry-After": str(self.retry_after_s)} if self.retry_after_s else {}


def as_json(data: dict[str, Any], headers: dict[str, str], status: int = 200) -> web.Response:
    """Return an answer for the page's script."""
    return web.json_response(data, status=status, headers=headers)
