"""Lines that a person types: with editing and history in a terminal, plain in a pipe."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

PROMPT = "Vous\u00a0> "


async def typed_lines() -> AsyncIterator[str]:
    """Yield what is typed until Ctrl-D, Ctrl-C or the end of the input."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        async for line in _prompted():
            yield line
        return
    reader = asyncio.StreamReader(limit=2**20)
    loop = asyncio.get_running_loop()
    try:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    except ValueError:  # a plain file, which cannot be waited on and never keeps one waiting
        for line in sys.stdin:
            yield line.rstrip("\r\n")
        return
    while raw := await reader.readline():
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


async def _prompted() -> AsyncIterator[str]:
    from prompt_toolkit import PromptSession  # noqa: PLC0415  slow to import, rarely needed
    from prompt_toolkit.patch_stdout import patch_stdout  # noqa: PLC0415

    session: PromptSession[str] = PromptSession()
    while True:
        try:
            with patch_stdout(raw=True):
                yield await session.prompt_async(PROMPT)
        except (EOFError, KeyboardInterrupt):
            return
