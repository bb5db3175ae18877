"""Lines that a person types: with editing and history in a terminal, plain in a pipe."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

PROMPT = "Vous\u00a0> "

LONGEST_LINE = 2**20
"""Bytes of one line; a longer one is read as several."""


def at_keyboard() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


async def prompted_lines() -> AsyncIterator[str]:
    """Yield what is typed at a prompt until Ctrl-D or Ctrl-C; answers print above it."""
    from prompt_toolkit import PromptSession  # noqa: PLC0415  slow to import, rarely needed
    from prompt_toolkit.patch_stdout import patch_stdout  # noqa: PLC0415

    session: PromptSession[str] = PromptSession()
    while True:
        try:
            with patch_stdout(raw=True):
                line = await session.prompt_async(PROMPT)
        except (EOFError, KeyboardInterrupt):
            return
        yield line


async def plain_lines() -> AsyncIterator[str]:
    """Yield the lines of the standard input as they come."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if sys.stdin.isatty():
        # Opened anew: waiting on it must not change how others write to the terminal.
        source: BinaryIO = Path("/dev/tty").open("rb", buffering=0)  # noqa: ASYNC230, SIM115
    elif stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        source = sys.stdin.buffer
    else:  # a file or /dev/null, which never keep one waiting
        for line in sys.stdin:
            yield line.rstrip("\r\n")
        return
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    protocol = asyncio.StreamReaderProtocol(reader)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, source)
    try:
        while raw := await _line(reader):
            yield raw.decode("utf-8", errors="replace").rstrip("\r\n")
    finally:
        transport.close()


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as error:
        return error.partial
    except asyncio.LimitOverrunError as error:
        return await reader.readexactly(error.consumed)
