"""Runs a command that starts processes: whatever stops it, they are stopped first."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.command_line.errors import Stopped

T = TypeVar("T")

_ORDERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_to_end(command: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine; Ctrl-C and SIGTERM cancel it once, and wait for it to clean up.

    Raises:
        Stopped: A signal ended it.
    """
    return asyncio.run(_guarded(command))


async def _guarded(command: Coroutine[Any, Any, T]) -> T:
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(command)
    received: list[int] = []

    def stop(number: int) -> None:
        if not received:  # one order is enough: a second would cut the cleaning short
            task.cancel()
        received.append(number)

    for number in _ORDERS:
        loop.add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        if received:
            raise Stopped(received[0]) from None
        raise
    finally:
        for number in _ORDERS:
            loop.remove_signal_handler(number)
