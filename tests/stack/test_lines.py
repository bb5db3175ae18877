"""Lines in, answers out: in order, a bounded number at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from hypothesis import given
from hypothesis import strategies as st

from bot.command_line.lines import in_order


async def _source(count: int) -> AsyncIterator[str]:
    for number in range(count):
        yield str(number)


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(1, 5))
def test_order_is_kept_and_work_is_bounded(waits: list[int], at_once: int) -> None:
    busy = most = 0

    async def work(line: str) -> str:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        for _ in range(waits[int(line)]):
            await asyncio.sleep(0)
        busy -= 1
        return line

    async def run() -> list[str]:
        return [done async for done in in_order(_source(len(waits)), work, at_once)]

    assert asyncio.run(run()) == [str(number) for number in range(len(waits))]
    assert most <= at_once
