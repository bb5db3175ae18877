"""Persons, pseudonyms, and what is kept of them: shown, erased, purged."""

from __future__ import annotations

import json
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import bot.helpdesk.tables  # noqa: F401  erased with the person too
from bot.store import Store, conversation_records, incoming_queue, outbox, persons, privacy
from bot.store.engine import open_engine
from bot.store.incoming_queue import Arrival
from bot.store.tables import Moment, metadata
from bot.store.tables import persons as persons_table

KEY = b"k" * 32
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def see(store: Store, external_id: str = "42", at: datetime = NOW) -> persons.Person:
    with store.begin() as connection:
        return persons.see(connection, KEY, "telegram", external_id, at=at, language="fr")


def fill(store: Store, person: persons.Person, at: datetime = NOW) -> None:
    """Keep something of each kind about a person."""
    with store.begin() as connection:
        conversation_records.note_exchange(
            connection, person.id, "person", "ma question", at, intent="aide"
        )
        conversation_records.set_reminder(connection, person.id, "la clôture", date(2026, 5, 1), at)
        conversation_records.note_feedback(
            connection, person.id, about="answer", subject="pass_cout", useful=False, at=at
        )
        conversation_records.note_misunderstood(connection, person.id, "hein", at, tier="refuse")
        outbox.put_for(connection, person, {"text": "réponse"}, at)
        incoming_queue.keep(
            connection, [Arrival(f"{person.lane}:{at.isoformat()}", person.lane, {"a": 1})], at
        )
        update = incoming_queue.begin(connection, person.lane, at)
        if update:
            incoming_queue.finish(connection, update.id)


def traces(store: Store, person: persons.Person) -> dict[str, int]:
    """How many rows of each table speak of a person."""
    found: dict[str, int] = {}
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            for column, value in (
                ("person_id", person.id),
                ("lane", person.lane),
                ("external_id", person.external_id),
            ):
                if column in table.c:
                    count = connection.execute(
                        sa.select(sa.func.count()).where(table.c[column] == value)
                    ).scalar_one()
                    if count:
                        found[table.name] = max(found.get(table.name, 0), count)
    return found


def test_a_person_is_made_once_and_found_again(store: Store) -> None:
    first = see(store)
    again = see(store, at=NOW + timedelta(days=1))
    assert first == again
    with store.reading() as connection:
        assert persons.find(connection, "telegram", "42") == first
        assert persons.find(connection, "terminal", "42") is None
        assert persons.get(connection, first.id) == first


def test_state_and_reachability(store: Store) -> None:
    person = see(store)
    with store.begin() as connection:
        persons.set_state(connection, person.id, "offered", reason="panne")
        persons.set_reachable(connection, "telegram", "42", False)
        changed = persons.get(connection, person.id)
        assert changed and changed.state_data == {"reason": "panne"}
        assert not changed.reachable
        persons.set_state(connection, person.id)
    assert see(store).reachable, "who writes is reachable again"
    assert see(store).state == ""


def test_pseudonyms_need_the_key() -> None:
    one = persons.pseudonym(KEY, "telegram", "42")
    assert one == persons.pseudonym(KEY, "telegram", "42")
    assert one != persons.pseudonym(b"other", "telegram", "42")
    assert one != persons.pseudonym(KEY, "telegram", "43")
    assert one != persons.pseudonym(KEY, "terminal", "42")


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    key = persons.load_key(home)
    assert len(key) == 32
    assert persons.load_key(home) == key
    assert stat.S_IMODE((home / "pseudonym.key").stat().st_mode) == 0o600
    assert persons.load_key(tmp_path / "other") != key


def test_a_broken_key_is_refused_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_text("abcd")
    with pytest.raises(persons.KeyFileError):
        persons.load_key(tmp_path)
    assert (tmp_path / "pseudonym.key").read_text() == "abcd"


def test_a_database_tells_the_key_that_it_was_written_with(store: Store) -> None:
    with store.begin() as connection:
        assert persons.key_fits(connection, b"any" * 11), "nobody is in it yet"
        persons.see(connection, KEY, "telegram", "42", at=NOW)
        assert persons.key_fits(connection, KEY)
        assert not persons.key_fits(connection, bytes(reversed(KEY)) + b"x")


def test_everything_kept_is_shown(store: Store) -> None:
    person = see(store)
    fill(store, person)
    fill(store, see(store, "43"))
    with store.reading() as connection:
        kept = privacy.export(connection, person)
    written = json.loads(json.dumps(kept))
    assert {"persons", "exchanges", "reminders", "feedback", "misunderstood", "outbox"} <= set(
        written
    )
    assert written["exchanges"] == [
        {"author": "person", "text": "ma question", "intent": "aide", "confidence": None,
         "tier": "", "at": NOW.isoformat()}
    ]  # fmt: skip
    assert person.pseudonym not in json.dumps(kept)


def test_erasing_reaches_every_table_and_nobody_else(store: Store) -> None:
    person, other = see(store), see(store, "43")
    fill(store, person)
    fill(store, other)
    before = traces(store, other)
    assert set(traces(store, person)) >= {"exchanges", "reminders", "outbox", "incoming"}
    with store.begin() as connection:
        privacy.erase(connection, person, NOW)
        privacy.erase(connection, person, NOW)
        assert privacy.pending_erasures(connection) == [person.pseudonym]
        privacy.erasure_done(connection, person.pseudonym)
        assert privacy.pending_erasures(connection) == []
    assert traces(store, person) == {}
    assert traces(store, other) == before


def test_every_table_about_a_person_goes_with_them() -> None:
    """A table that another room adds cannot be forgotten by /oublier."""
    for table in metadata.sorted_tables:
        if "person_id" in table.c:
            [key] = table.c.person_id.foreign_keys
            assert (key.column.table, key.ondelete) == (persons_table, "CASCADE"), table.name


def test_purging_follows_retention(store: Store) -> None:
    old, recent, waiting = see(store, "1"), see(store, "2"), see(store, "3")
    month = NOW + timedelta(days=31)
    for person in (old, recent, waiting):
        fill(store, person)
    with store.begin() as connection:
        conversation_records.cancel_reminders(connection, old.id)
        conversation_records.cancel_reminders(connection, recent.id)
    see(store, "2", at=month)
    fill(store, recent, at=month)
    with store.begin() as connection:
        deleted = privacy.purge(connection, month - timedelta(days=30), month)
    assert deleted["persons"] == 1
    assert deleted["exchanges"] == 3
    assert "persons" not in traces(store, old)
    assert traces(store, recent)["exchanges"] == 1
    assert set(traces(store, waiting)) == {"persons", "reminders", "outbox"}, "it was promised"


def test_traces_of_what_is_done_go_after_two_days(store: Store) -> None:
    fill(store, see(store))
    later = NOW + timedelta(days=3)
    with store.begin() as connection:
        [head] = outbox.heads(connection, "telegram")
        parcel = outbox.due(connection, head.lane, NOW)
        assert parcel
        outbox.sent(connection, parcel.id, NOW)
        deleted = privacy.purge(connection, later - timedelta(days=30), later)
    assert (deleted["outbox"], deleted["incoming"], deleted["exchanges"]) == (1, 1, 0)


def test_payloads_of_buttons(store: Store) -> None:
    payload = "/trouver_lieu" + "x" * 100
    with store.begin() as connection:
        short = conversation_records.short_id(payload)
        assert len(short) == 22
        conversation_records.keep_payloads(connection, [payload, payload], NOW)
        assert conversation_records.full_payload(connection, short) == payload
        assert conversation_records.full_payload(connection, "unknown") is None
        privacy.purge(connection, NOW + timedelta(days=1), NOW + timedelta(days=31))
        assert conversation_records.full_payload(connection, short) is None


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        Moment().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001


def test_moments_come_back_in_utc(store: Store) -> None:
    from zoneinfo import ZoneInfo

    see(store, at=datetime(2026, 7, 1, 10, 0, tzinfo=ZoneInfo("Europe/Paris")))
    with store.reading() as connection:
        seen = connection.execute(sa.select(persons_table.c.seen_at)).scalar_one()
    assert seen == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert seen.utcoffset() == timedelta(0)


def test_errors_do_not_repeat_what_was_written(store: Store) -> None:
    with pytest.raises(sa.exc.SQLAlchemyError) as caught, store.begin() as connection:
        conversation_records.note_exchange(connection, 999_999, "person", "mon secret", NOW)
    assert "mon secret" not in str(caught.value)


def test_urls_of_postgresql_without_a_driver_are_taken() -> None:
    assert open_engine("postgresql://a@localhost/b").dialect.driver == "psycopg"
