"""The two queues, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.store import Store, incoming_queue, open_engine, outbox, persons
from bot.store.incoming_queue import Arrival
from bot.store.tables import incoming as incoming_table
from bot.store.tables import outbox as outbox_table
from bot.store.tables import persons as persons_table

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def arrivals(*keys: str, lane: str = "telegram:42") -> list[Arrival]:
    return [Arrival(key, lane, {"update": key}) for key in keys]


def test_a_clock_that_is_set_back_holds_nothing_that_arrived(store: Store) -> None:
    earlier = NOW - timedelta(hours=1)
    with store.begin() as connection:
        incoming_queue.keep(
            connection, [Arrival("a", "telegram:1", {}), Arrival("b", "telegram:2", {})], NOW
        )
        [one, two] = incoming_queue.heads(connection, "telegram")
        assert max(one.at, two.at) <= earlier
        update = incoming_queue.begin(connection, "telegram:1", earlier)
        assert update
        incoming_queue.postpone(connection, update.id, NOW + timedelta(seconds=30))
        assert incoming_queue.begin(connection, "telegram:1", NOW) is None, "a pause is kept"
        assert incoming_queue.begin(connection, "telegram:2", earlier)


def test_an_update_is_kept_once(store: Store) -> None:
    with store.begin() as connection:
        assert incoming_queue.keep(connection, arrivals("a", "b", "a"), NOW) == 2
    with store.begin() as connection:
        assert incoming_queue.keep(connection, arrivals("b", "c"), NOW) == 1


def test_updates_come_in_order_and_are_forgotten_when_done(store: Store) -> None:
    with store.begin() as connection:
        incoming_queue.keep(connection, arrivals("a", "b"), NOW)
        incoming_queue.keep(connection, arrivals("c", lane="telegram:43"), NOW)
        assert {head.lane for head in incoming_queue.heads(connection, "telegram")} == {
            "telegram:42",
            "telegram:43",
        }
        first = incoming_queue.begin(connection, "telegram:42", NOW)
        assert first and (first.key, first.attempts, first.body) == ("a", 0, {"update": "a"})
        again = incoming_queue.begin(connection, "telegram:42", NOW)
        assert again and (again.key, again.attempts) == ("a", 1)
        incoming_queue.postpone(connection, first.id, LATER)
        assert incoming_queue.begin(connection, "telegram:42", NOW) is None, "b waits behind a"
        [_, head] = incoming_queue.heads(connection, "telegram")
        assert (head.lane, head.at) == ("telegram:42", LATER)
        incoming_queue.finish(connection, first.id)
        second = incoming_queue.begin(connection, "telegram:42", NOW)
        assert second and second.key == "b"
        bodies = connection.execute(
            sa.select(incoming_table.c.body).where(incoming_table.c.key == "a")
        )
        assert bodies.scalar_one() == {}


def put(connection: sa.Connection, text: str, address: str = "42", **options) -> int | None:
    return outbox.put(
        connection,
        channel="telegram",
        address=address,
        body={"text": text},
        at=options.pop("at", NOW),
        **options,
    )


def test_messages_leave_in_order(store: Store) -> None:
    with store.begin() as connection:
        put(connection, "a")
        put(connection, "b")
        first = outbox.due(connection, "telegram:42", NOW)
        assert first and first.body == {"text": "a"}
        outbox.retry(connection, first.id, LATER, "NetworkError")
        assert outbox.due(connection, "telegram:42", NOW) is None
        outbox.part_sent(connection, first.id, 1, "77")
        again = outbox.due(connection, "telegram:42", LATER)
        assert again and (again.id, again.attempts, again.parts_sent) == (first.id, 1, 1)
        outbox.sent(connection, first.id, LATER)
        second = outbox.due(connection, "telegram:42", NOW)
        assert second and second.body == {"text": "b"}
        outbox.give_up(connection, second.id, "BadRequest")
        assert outbox.heads(connection, "telegram") == []
        kept = connection.execute(sa.select(outbox_table).order_by(outbox_table.c.id)).all()
    assert [(row.status, row.body) for row in kept] == [("sent", {}), ("failed", {})]


def test_a_message_for_later_is_not_due(store: Store) -> None:
    with store.begin() as connection:
        put(connection, "a", at=LATER)
        assert outbox.due(connection, "telegram:42", NOW) is None
        assert outbox.due(connection, "telegram:42", LATER)


def test_a_message_of_the_same_key_is_put_once(store: Store) -> None:
    with store.begin() as connection:
        assert put(connection, "a", dedupe_key="k") is not None
        assert put(connection, "a", dedupe_key="k") is None
        assert put(connection, "a") is not None


def test_dropping_a_lane_leaves_the_others(store: Store) -> None:
    with store.begin() as connection:
        put(connection, "a")
        put(connection, "b")
        put(connection, "c", address="43")
        assert outbox.drop_lane(connection, "telegram:42", "blocked") == 2
        assert [head.lane for head in outbox.heads(connection, "telegram")] == ["telegram:43"]


def test_each_channel_moves_its_own_lanes(store: Store) -> None:
    with store.begin() as connection:
        put(connection, "a")
        outbox.put(connection, channel="web", address="x", body={"text": "b"}, at=NOW)
        incoming_queue.keep(connection, arrivals("c", lane="web:x"), NOW)
        incoming_queue.keep(connection, arrivals("d"), NOW)
        for queue in (incoming_queue, outbox):
            assert [head.lane for head in queue.heads(connection, "web")] == ["web:x"]
            assert [head.lane for head in queue.heads(connection, "telegram")] == ["telegram:42"]
            assert queue.heads(connection, "we") == []


def test_a_transaction_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.begin() as connection:
        put(connection, "a")
        raise RuntimeError
    with store.reading() as connection:
        assert outbox.heads(connection, "telegram") == []


def test_many_writers_at_once_lose_nothing(store: Store, database_url: str) -> None:
    """Threads and connections of their own, as several processes would."""
    failures: list[Exception] = []

    def write(writer: int) -> None:
        own = Store(open_engine(database_url))
        try:
            for number in range(15):
                with own.begin() as connection:
                    persons.see(connection, b"k", "telegram", f"{writer}-{number}", at=NOW)
                    put(connection, f"{writer}-{number}", address=str(writer))
        except Exception as error:
            failures.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with store.reading() as connection:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in (outbox_table, persons_table)
        ]
    assert counts == [90, 90]


async def test_reading_does_not_wait_for_a_writer(store: Store) -> None:
    with store.begin() as writing:
        put(writing, "a")
        assert await store.read(outbox.heads, "telegram") == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["put", "send", "retry", "fail"]), st.integers(1, 3)),
        max_size=25,
    )
)
def test_any_course_of_events_keeps_each_lane_in_order(
    store: Store, events: list[tuple[str, int]]
) -> None:
    """Against a plain list per lane: what is taken is always the oldest that is left."""
    with store.begin() as connection:
        connection.execute(sa.delete(outbox_table))
    expected: dict[int, list[int]] = {1: [], 2: [], 3: []}
    now = NOW
    for number, (event, address) in enumerate(events):
        now += timedelta(seconds=1)
        with store.begin() as connection:
            if event == "put":
                put(connection, str(number), address=str(address), at=now)
                expected[address].append(number)
                continue
            parcel = outbox.due(connection, f"telegram:{address}", now)
            queue = expected[address]
            assert (parcel.body["text"] if parcel else None) == (str(queue[0]) if queue else None)
            if parcel is None:
                continue
            if event == "retry":
                outbox.retry(connection, parcel.id, now, "x")
            elif event == "send":
                outbox.sent(connection, parcel.id, now)
                queue.pop(0)
            else:
                outbox.give_up(connection, parcel.id, "x")
                queue.pop(0)
