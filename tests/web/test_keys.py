"""Keys can be neither guessed, nor changed, nor used for another site or another day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.web.keys import LIFE, Keyring, Visitor
from bot.web.limits import MOST_KNOWN, RateLimiter, RequestRate

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
RING = Keyring(b"k" * 32)


def test_a_key_opens_its_own_conversation_for_a_day() -> None:
    visitor = RING.newcomer("metz", NOW)
    key = RING.write(visitor)
    assert RING.read(key, NOW + LIFE) == visitor
    assert RING.read(key, NOW + LIFE + timedelta(seconds=1)) is None
    assert RING.read(key, NOW - timedelta(minutes=6)) is None
    assert Keyring(b"j" * 32).read(key, NOW) is None
    assert RING.newcomer("metz", NOW).person != visitor.person


def test_a_key_that_is_used_is_renewed_for_the_same_person() -> None:
    visitor = RING.newcomer("", NOW)
    later = NOW + timedelta(hours=23)
    assert RING.renewed(visitor, NOW + timedelta(minutes=59)) is visitor
    fresh = RING.renewed(visitor, later)
    assert fresh.address == visitor.address
    assert RING.read(RING.write(fresh), later + timedelta(hours=23)) == fresh


@given(st.data())
def test_a_key_changed_anywhere_opens_nothing(data: st.DataObject) -> None:
    key = RING.write(Visitor("metz", "0" * 32, NOW))
    place = data.draw(st.integers(0, len(key) - 1))
    character = data.draw(st.characters(codec="utf-8"))
    changed = key[:place] + character + key[place + 1 :]
    found = RING.read(changed, NOW)
    # The last character of a base64 text holds bits that say nothing: still refused.
    assert changed == key or found is None


@given(st.text())
def test_anything_else_opens_nothing(text: str) -> None:
    assert RING.read(text, NOW) is None
    assert not RING.opens("metz:0", 1, text)


def test_a_files_seal_is_its_own() -> None:
    seal = RING.file_seal("metz:a", 7)
    assert RING.opens("metz:a", 7, seal)
    assert not RING.opens("metz:b", 7, seal)
    assert not RING.opens("metz:a", 8, seal)


def test_a_rate_allows_a_burst_then_a_pace() -> None:
    now = [0.0]
    limiter = RateLimiter(RequestRate(burst=3, per_minute=60), lambda: now[0])
    assert [limiter.allows("a") for _ in range(4)] == [True, True, True, False]
    assert limiter.allows("b"), "each has its own"
    now[0] = 1.0
    assert [limiter.allows("a") for _ in range(2)] == [True, False]
    now[0] = 1000.0
    assert [limiter.allows("a") for _ in range(4)] == [True, True, True, False]


def test_what_is_remembered_is_bounded() -> None:
    limiter = RateLimiter(RequestRate(burst=1, per_minute=0), lambda: 0.0)
    for number in range(MOST_KNOWN + 10):
        limiter.allows(str(number))
    assert len(limiter._buckets) == MOST_KNOWN
