"""Tells open pages that something is new for their person; what it is, the database says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Hub:
    """Bells by address: a page that listens is rung when its conversation moves."""

    def __init__(self) -> None:
        self._bells: dict[str, list[Bell]] = {}
        self.stopping = False
        self.count = 0
        """Pages that listen."""

    @contextmanager
    def listening(self, address: str, most: int) -> Iterator[Bell]:
        """Listen for a person; beyond ``most`` at once, the oldest is sent away."""
        bells = self._bells.setdefault(address, [])
        while len(bells) >= most:
            oldest = bells.pop(0)
            oldest.dismissed = True
            oldest.ring()
        bell = Bell()
        bells.append(bell)
        self.count += 1
        try:
            yield bell
        finally:
            self.count -= 1
            if bell in bells:
                bells.remove(bell)
            if not bells and self._bells.get(address) is bells:
                del self._bells[address]

    def ring(self, address: str) -> None:
        """Something is new for a person."""
        for bell in self._bells.get(address, ()):
            bell.ring()

    def ring_all(self) -> None:
        """Something is new for everyone: the channel closes, the server stops."""
        for bells in list(self._bells.values()):
            for bell in bells:
                bell.ring()

    def stop(self) -> None:
        """Send every page away: the server stops."""
        self.stopping = True
        self.ring_all()


class Bell:
    """What one page waits for."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self.dismissed = False

    def ring(self) -> None:
        """Wake the page."""
        self._rung.set()

    async def wait(self, timeout_s: float) -> bool:
        """Wait to be rung; return whether it was, before the time was over."""
        try:
            await asyncio.wait_for(self._rung.wait(), timeout_s)
        except TimeoutError:
            return False
        self._rung.clear()
        return True
