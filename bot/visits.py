"""Where a browser's request comes from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import hdrs, web

RouteHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What answers a browser's request."""

LOOPBACK = ("127.0.0.1", "::1")


def address_of(request: web.Request) -> str:
    """Return the address of who asks; a proxy on this machine is believed."""
    remote = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if remote in LOOPBACK and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()[:100]
    return remote


def is_same_site(request: web.Request) -> bool:
    """Tell whether a form was sent by a page of ours, as the browser says."""
    fetch = request.headers.get("Sec-Fetch-Site")
    if fetch is not None:
        return fetch == "same-origin"
    origin = request.headers.get(hdrs.ORIGIN)
    return origin is None or is_own(origin, request)


def is_own(origin: str, request: web.Request) -> bool:
    """Tell whether an ``Origin`` header names the host that is asked."""
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:  # no address at all
        return False
