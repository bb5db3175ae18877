"""Conversations in an SQL database, at a price that does not grow with them.

Rasa's own store reads a whole session back at every message, makes each event again, and counts
what it has before it writes. This one keeps the latest trackers in memory, looks in one indexed
query whether another process has written since, and writes what is new. A session that has grown
long is closed where nothing is under way, with Rasa's own event for it: what was said stays in the
database, what is known (the slots) goes on.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

SESSION_EVENTS = 80
"""Events from which a session is closed: some ten turns; no rule looks further back than one."""

LIGHT_EVENTS = 16
"""Events from which a tracker in memory is lightened to what it knows: Rasa replays them all,
several times a turn. The table keeps them."""

KEPT = 256
"""Trackers kept in memory, the latest used."""


class LightTrackerStore(SQLTrackerStore):
    """Rasa's table, read once and written by what is new.

    A tracker that was retrieved is this store's no more until it is saved: a turn that fails
    half way leaves nothing behind. The caller holds the conversation's lock in between.
    """

    def __init__(self, **kwargs: Any) -> None:
        if kwargs.get("dialect", "sqlite") == "sqlite":
            _keep_private(str(kwargs.get("db") or ""))
        super().__init__(**kwargs)
        if self.engine.dialect.name == "sqlite" and self.engine.url.database not in {
            "",
            ":memory:",
        }:
            self._keep_connections()
            self._rewrite_once()
        self._kept: OrderedDict[str, tuple[int, DialogueStateTracker]] = OrderedDict()
        self._written: dict[str, int] = {}
        self._in_session: dict[str, int] = {}
        """Events of the session under way, as the table has them."""
        event = self.SQLEvent.__table__
        self._insert = sa.insert(event)
        self._last = sa.select(sa.func.max(event.c.id)).where(
            event.c.sender_id == sa.bindparam("of_sender")
        )

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of the session under way, from memory when nobody wrote since."""
        kept = self._kept.pop(sender_id, None)
        last = self._last_id(sender_id)
        # One that holds more than was written belongs to a turn that failed.
        if kept and kept[0] == last and len(kept[1].events) == self._written.get(sender_id):
            tracker = kept[1]
        else:  # somebody new has no event: nothing to look for
            tracker = await super().retrieve(sender_id) if last else None
            self._in_session[sender_id] = len(tracker.events) if tracker else 0
        self._written[sender_id] = len(tracker.events) if tracker else 0
        if not tracker or tracker.active_loop_name:
            return tracker
        if self._in_session[sender_id] >= SESSION_EVENTS:
            tracker = self._new_session(tracker)
            self._written[sender_id] = self._in_session[sender_id] = 0
        elif len(tracker.events) >= LIGHT_EVENTS:
            tracker = self._new_session(tracker)
            self._written[sender_id] = len(tracker.events)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that the database does not have.

        Rasa saves a new conversation twice, when it makes it and at the end of the turn.
        """
        written = self._written.get(tracker.sender_id)
        if written is None:  # not retrieved from here
            await super().save(tracker)
            return
        events = list(tracker.events)[written:]
        if not events:
            return
        rows = [_row(tracker.sender_id, event) for event in events]
        with self.engine.begin() as connection:
            connection.execute(self._insert, rows)
            last = self._last_of(connection, tracker.sender_id)
        self._written[tracker.sender_id] = written + len(events)
        self._in_session[tracker.sender_id] += len(events)
        self._kept[tracker.sender_id] = (last, tracker)
        while len(self._kept) > KEPT:
            forgotten, _ = self._kept.popitem(last=False)
            self._written.pop(forgotten, None)
            self._in_session.pop(forgotten, None)

    def erase(self, condition: Any) -> int:
        """Erase events from the table, its journal and the memory; return how many."""
        self._kept.clear()  # read again from the table, where they are still there
        with self.engine.begin() as connection:
            result = connection.execute(sa.delete(self.SQLEvent.__table__).where(condition))
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(result.rowcount)

    def _rewrite_once(self) -> None:
        """Rewrite a file made before deletions were overwritten: what was deleted is in it yet."""
        # Where another process holds it, the next start does it.
        with suppress(sa.exc.OperationalError), self.engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA user_version").scalar() == 0:
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA user_version = 1")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _last_id(self, sender_id: str) -> int:
        """Return the number of the last event written, by whomever; 0 when there is none."""
        with self.engine.connect() as connection:
            return self._last_of(connection, sender_id)

    def _last_of(self, connection: Any, sender_id: str) -> int:
        return int(connection.execute(self._last, {"of_sender": sender_id}).scalar() or 0)

    def _new_session(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """Return a tracker that knows what the other knew, and nothing of how it came to."""
        domain_slots = self.domain.slots
        started = DialogueStateTracker.from_events(
            tracker.sender_id, [], domain_slots, sender_source=tracker.sender_source
        )
        initial = started.current_slot_values()
        known = [
            SlotSet(name, value)
            for name, value in tracker.current_slot_values().items()
            if value != initial.get(name)
        ]
        started.update_with_events(
            [SessionStarted(), *known, ActionExecuted(ACTION_LISTEN_NAME)], self.domain
        )
        return started

    def _keep_connections(self) -> None:
        """Hold connections open, and wait for the disk at checkpoints only.

        A crash of ours loses nothing; a power cut may lose the last turns of a dialogue, which are
        in our own database.
        """
        url = self.engine.url
        self.engine.dispose()
        self.engine = sa.create_engine(
            url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False}
        )

        @sa.event.listens_for(self.engine, "connect")
        def _prepare(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA busy_timeout=10000")

        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)


def _keep_private(database: str) -> None:
    """Make a SQLite file for its owner alone, before it is opened; its journals have its rights."""
    if database in {"", ":memory:"}:
        return
    with suppress(OSError):  # SQLite says it better
        try:
            os.close(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            Path(database).chmod(0o600)


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    intent = (data.get("parse_data") or {}).get("intent") or {}
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": intent.get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
