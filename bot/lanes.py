"""Runs the lanes of a queue: one task a lane, each in its order, many at once."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import Context
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from actions.clock import Clock, utc_now
from actions.error_trace import trace
from bot.store import Store, claims
from bot.store.claims import LEASE, LostClaimError
from bot.store.lane_heads import LaneHead

logger = logging.getLogger(__name__)

WATCH_S = 5.0
"""How often the queue is looked at unasked: another process may have added to it."""

LOOK_AGAIN_S = 0.1
"""How soon it is looked at after a lane came to its end: its head may wait for its time."""

ELECTION_S = 1.0
"""How often a replica asks whether it is its turn to do what one does at a time."""

SHARED_WATCH_S = 0.5
"""The same where replicas share the queue: what another leaves is taken up soon."""


def place_of(home: Path) -> str:
    """Return what the name of whoever serves a home begins with, among those who claim."""
    return hashlib.sha256(f"{socket.gethostname()}:{home.resolve()}".encode()).hexdigest()[:16]


class Claims:
    """What this process holds of the lanes that replicas share (PostgreSQL)."""

    def __init__(self, store: Store, lease: timedelta = LEASE, place: str = "") -> None:
        """Describe a claimant.

        Args:
            store: The operational database.
            lease: How long a claim outlives its last renewal.
            place: What ``place_of`` returns for the home that one process at a time serves: what
                an earlier one held there is taken back at once.
        """
        self._store = store
        self._lease = lease
        self._place = place
        self.at_work = 1
        """How many replicas hold something, this one counted, when it was last looked."""
        self._owner = self._place + secrets.token_hex(16)[len(self._place) :]

    @classmethod
    def where_shared(cls, store: Store, home: Path) -> Claims | None:
        """Return the claims of a database that several may serve; nothing for SQLite's."""
        if store.engine.dialect.name != "postgresql":
            return None
        return cls(store, place=place_of(home))

    async def in_turn(self, lane: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do what one replica does at a time, while it is this one's turn, until it returns."""
        while True:
            try:
                async with self.holding(lane) as held:
                    if held:
                        await work()
                        return
            except LostClaimError:
                logger.warning("%s: another replica does it now", lane)
            except SQLAlchemyError as error:
                logger.error("%s cannot be claimed: %s", lane, trace(error))
            await asyncio.sleep(ELECTION_S)

    async def take_back(self) -> None:
        """Take back what an earlier process of this place held when it was killed."""
        if self._place:
            await self._store.write(claims.take_back, self._place, self._owner)

    @asynccontextmanager
    async def renewed(self) -> AsyncIterator[None]:
        """Renew what is held until the block ends."""
        renewing = asyncio.create_task(self.keep_renewed())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)

    async def keep_renewed(self) -> None:
        """Take back what was ours, then renew what is held, until cancelled."""
        try:
            await self.take_back()
        except Exception as error:  # its lease ends by itself
            logger.error("claims cannot be taken back: %s", trace(error))
        while True:
            try:
                await self._store.write(claims.renew, self._owner, self._lease)
                self.at_work = await self._store.read(claims.at_work, self._owner)
            except Exception as error:  # the lease may end: another takes over
                logger.error("claims cannot be renewed: %s", trace(error))
            await asyncio.sleep(self._lease.total_seconds() / 4)

    async def others(self) -> set[str]:
        """Return the lanes that other replicas hold."""
        return await self._store.read(claims.held_by_others, self._owner)

    @asynccontextmanager
    async def holding(self, lane: str) -> AsyncIterator[bool]:
        """Hold a lane; yields whether it is held. What is written meanwhile is fenced."""
        number = await self._store.write(claims.claim, lane, self._owner, self._lease)
        if number is None:
            yield False
            return
        token = claims.fence.set(number)
        try:
            yield True
        finally:
            claims.fence.reset(token)
            await self._store.write(claims.release, number)


class Lanes:
    """Keeps a queue moving. The database holds the truth: a task only knows its lane."""

    def __init__(
        self,
        name: str,
        heads: Callable[[], Awaitable[list[LaneHead]]],
        step: Callable[[str], Awaitable[bool]],
        *,
        at_once: int = 32,
        clock: Clock = utc_now,
        shared: Claims | None = None,
        rest: Callable[[str], float] | None = None,
    ) -> None:
        """Describe a queue.

        Args:
            name: For the log.
            heads: Returns the lanes that wait, and when each may advance.
            step: Advances a lane by one; returns whether more of it may be due.
            at_once: Lanes that advance at the same time.
            clock: The present moment.
            shared: Claims lanes, where replicas share the queue.
            rest: Returns how many seconds a lane must rest now; it holds nothing meanwhile.
        """
        self._shared = shared
        self._rest = rest or _never
        self._resting: dict[str, asyncio.TimerHandle] = {}
        self._name = name
        self._heads = heads
        self._step = step
        self._clock = clock
        self._slots = asyncio.Semaphore(at_once)
        self._changed = asyncio.Event()
        self._stopping = False
        self._draining = False
        self._active: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        """Lanes to which something was added while they were moved."""
        self._looking: asyncio.TimerHandle | None = None

    def wake(self, lane: str = "") -> None:
        """Something was added to the queue: move its lane at once, or look where it was."""
        if not lane:
            self._changed.set()
        elif lane in self._active:
            self._again.add(lane)
        elif lane in self._resting:
            return  # looked at when it has rested
        elif not self._stopping:
            self._start(lane)

    async def run(self) -> None:
        """Advance the lanes until ``stop``; what goes wrong is logged and tried again."""
        while not self._stopping:
            self._changed.clear()
            try:
                pause = self._start_due(await self._free_heads())
            except Exception as error:
                logger.error("%s: the queue cannot be read: %s", self._name, trace(error))
                pause = 1.0
            try:
                await asyncio.wait_for(self._changed.wait(), pause)
            except TimeoutError:
                continue

    async def stop(self, grace_s: float, drain: bool = False) -> None:
        """Start nothing more, and wait for what is in hand; then cut it off.

        What is cut off is still in the queue.

        Args:
            grace_s: How long to wait.
            drain: First start what is due, and go to the end of each lane: for a queue to
                which nothing is added any more.
        """
        if drain and not self._stopping:
            self._draining = True
            try:
                self._start_due(await self._free_heads())
            except Exception as error:
                logger.error("%s: the queue cannot be read: %s", self._name, trace(error))
        self._stopping = True
        self._changed.set()
        for timer in self._resting.values():
            timer.cancel()
        if self._active:
            _, late = await asyncio.wait(self._active.values(), timeout=grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _free_heads(self) -> list[LaneHead]:
        heads = await self._heads()
        if self._shared is None or not heads:
            return heads
        taken = await self._shared.others()
        return [head for head in heads if self._claimed(head.lane) not in taken]

    def _claimed(self, lane: str) -> str:
        return f"{self._name}|{lane}"

    def _start_due(self, heads: list[LaneHead]) -> float:
        now = self._clock()
        pause = SHARED_WATCH_S if self._shared else WATCH_S
        for head in heads:
            if self._stopping or head.lane in self._active or head.lane in self._resting:
                continue
            if head.at <= now:
                self._start(head.lane)
            else:
                pause = min(pause, (head.at - now).total_seconds())
        return pause

    def _start(self, lane: str) -> None:
        # Under no claim of who wakes it: a lane has its own.
        self._active[lane] = asyncio.create_task(self._advance(lane), context=Context())

    def _rests(self, lane: str) -> bool:
        """Have a lane rest where it must; whether it does."""
        wait = self._rest(lane)
        if wait <= 0:
            return False
        loop = asyncio.get_running_loop()
        self._resting[lane] = loop.call_later(wait, self._rested, lane)
        return True

    def _rested(self, lane: str) -> None:
        del self._resting[lane]
        self.wake(lane)

    def _look_soon(self) -> None:
        if self._looking is None:
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(LOOK_AGAIN_S, self._look)

    def _look(self) -> None:
        self._looking = None
        self._changed.set()

    async def _advance(self, lane: str) -> None:
        try:
            async with self._slots:
                if self._shared is None:
                    await self._to_the_end(lane)
                else:
                    async with self._shared.holding(self._claimed(lane)) as held:
                        if held:
                            await self._to_the_end(lane)
        except LostClaimError:
            logger.warning("%s: a lane was taken over by another replica", self._name)
        except Exception as error:
            logger.error("%s: a lane stopped: %s", self._name, trace(error))
            # The queue itself is in trouble (its database is down): not again at once.
            await asyncio.sleep(1.0)
        finally:
            del self._active[lane]
            if lane in self._again:
                self._again.remove(lane)
                self.wake(lane)
            elif lane not in self._resting:
                self._look_soon()

    async def _to_the_end(self, lane: str) -> None:
        while self._draining or not self._stopping:
            self._again.discard(lane)
            if self._rests(lane):
                break
            if not await self._step(lane) and lane not in self._again:
                break


def _never(_lane: str) -> float:
    return 0.0
