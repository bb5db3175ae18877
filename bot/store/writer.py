"""One writer for a SQLite file: what waits at the same time is written down together.

SQLite lets one write at a time, and those who wait for each other do so by sleeping. Within a
process they line up here instead; one transaction takes all that came while the one before was
brought to the disk, each piece of work all or nothing in a savepoint of its own.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from actions.errors import PasserelleError

AT_ONCE = 64
"""Pieces of work that one transaction takes."""

Work = Callable[[sa.Connection], Any]


@dataclass(slots=True)
class _Job:
    work: Work
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]
    context: Context = field(default_factory=copy_context)
    result: Any = None
    error: BaseException | None = None


class _RolledBackError(PasserelleError):
    """SQLite gave the whole transaction up (a full disk…)."""


class Writer:
    """A thread that writes; it lives from the first work until ``close``."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False

    async def run(self, work: Work) -> Any:
        """Run ``work(connection)`` in a transaction, once it is its turn; return its result.

        Raises:
            Exception: What ``work`` raises: nothing of it is written.
            sqlalchemy.exc.SQLAlchemyError: Nothing was written.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        with self._changed:
            self._jobs.append(job)
            if self._thread is None:
                self._closing = False
                self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
                self._thread.start()
            self._changed.notify()
        return await job.done

    def close(self) -> None:
        """Write what waits, then stop; a later work starts it again."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._closing = True
            self._changed.notify()
        if thread and thread is not threading.current_thread():
            thread.join()

    def _write(self) -> None:
        while True:
            with self._changed:
                while not self._jobs and not self._closing:
                    self._changed.wait()
                if not self._jobs:
                    return
                jobs = [self._jobs.popleft() for _ in range(min(len(self._jobs), AT_ONCE))]
            self._together(jobs)
            for loop in {job.loop for job in jobs}:
                if not loop.is_closed():
                    mine = [job for job in jobs if job.loop is loop]
                    loop.call_soon_threadsafe(_tell, mine)

    def _together(self, jobs: list[_Job]) -> None:
        begun: list[_Job] = []
        try:
            with self._engine.begin() as connection:
                for job in jobs:
                    begun.append(job)
                    if len(jobs) == 1:
                        job.result = job.context.run(job.work, connection)
                    else:
                        _apart(connection, job)
        except _RolledBackError:
            *lost, failed = begun
            for job in lost:
                job.error = job.error or failed.error
        except BaseException as error:  # told to who asked
            for job in jobs:
                job.error = job.error or error
            return
        if len(begun) < len(jobs):
            self._together(jobs[len(begun) :])


def _apart(connection: sa.Connection, job: _Job) -> None:
    """Do one of several works: what it fails at leaves the others as they are."""
    held = connection.connection.driver_connection
    if held is None:
        raise _RolledBackError
    # By the driver: SQLAlchemy's own savepoints cost as much as the work.
    held.execute("SAVEPOINT work")
    try:
        job.result = job.context.run(job.work, connection)
        held.execute("RELEASE work")
    except BaseException as error:
        job.error = error
        if not held.in_transaction:
            raise _RolledBackError from error
        held.execute("ROLLBACK TO work")
        held.execute("RELEASE work")


def _tell(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.done.done():  # who asked has gone; what they asked is done
            continue
        if job.error is not None:
            job.done.set_exception(job.error)
        else:
            job.done.set_result(job.result)
