"""What goes in and out of the commands, a line at a time."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def asked(words: Sequence[str]) -> Iterator[str]:
    """Yield the text given as arguments, else each line of the standard input."""
    if words:
        yield " ".join(words)
        return
    hint()
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def hint() -> None:
    """Tell someone at a keyboard that they are awaited."""
    if sys.stdin.isatty():
        sys.stderr.write("Une ligne par message ; Ctrl-D pour finir.\n")


def emit(value: Any) -> None:
    """Print one JSON object on its line, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Print a line for people."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def progress(line: str) -> None:
    """Say on stderr what takes long, or what went wrong meanwhile."""
    sys.stderr.write(f"→ {line}\n")
    sys.stderr.flush()


async def in_order(
    lines: AsyncIterator[str], work: Callable[[str], Awaitable[T]], at_once: int
) -> AsyncGenerator[T, None]:
    """Yield ``work(line)`` in the lines' order, ``at_once`` of them under way."""
    queue: asyncio.Queue[asyncio.Task[T] | None] = asyncio.Queue(at_once - 1 or 1)
    room = asyncio.Semaphore(at_once)

    async def one(line: str) -> T:
        async with room:
            return await work(line)

    async def feed() -> None:
        try:
            async for line in lines:
                await queue.put(asyncio.create_task(one(line)))
        finally:
            await queue.put(None)

    feeding = asyncio.create_task(feed())
    try:
        while task := await queue.get():
            yield await task
        await feeding
    finally:
        feeding.cancel()
