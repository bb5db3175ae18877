"""The store of conversations, against Rasa's own on the same table; the runtime's short cuts."""

from __future__ import annotations

import asyncio
import copy
import json
import random
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nlu.rasa_runtime import (
    InvalidActionResultError,
    check_action_results,
    copy_slots_plainly,
    copy_trackers_plainly,
    lighten_action_calls,
    look_back_once,
    look_rules_up_by_intent,
    prepare,
)

prepare()

import sqlalchemy as sa  # noqa: E402
from aiohttp import web  # noqa: E402
from aiohttp.test_utils import TestClient, TestServer  # noqa: E402
from rasa.core.actions.action import RemoteAction  # noqa: E402
from rasa.core.policies.rule_policy import RulePolicy  # noqa: E402
from rasa.core.tracker_store import SQLTrackerStore  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActiveLoop,
    DefinePrevUserUtteredFeaturization,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity  # noqa: E402

from nlu.server import (  # noqa: E402
    LocalLockStore,
    NluServer,
    Readers,
    _keep_to,
    _stale,
    _tracker_store,
)
from nlu.trackers import LIGHT_EVENTS, SESSION_EVENTS, LightTrackerStore  # noqa: E402

DOMAIN = Domain.load(str(Path(__file__).resolve().parents[2] / "nlu" / "domain.yml"))
WHO = "quelqu-un"


@pytest.fixture
def store(tmp_path: Path) -> LightTrackerStore:
    return LightTrackerStore(domain=DOMAIN, db=str(tmp_path / "rasa.sqlite"))


def words(tracker: DialogueStateTracker) -> list[str | None]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


async def turn(store: Any, text: str, *more: Any) -> DialogueStateTracker:
    tracker = await store.get_or_create_tracker(WHO, append_action_listen=False)
    tracker.update_with_events([UserUttered(text), *more, ActionExecuted("action_listen")], DOMAIN)
    await store.save(tracker)
    return tracker


async def test_what_is_written_is_what_rasa_would_read(store: LightTrackerStore) -> None:
    for n in range(4):
        await turn(store, f"message {n}", SlotSet("sujet", f"sujet_{n}"))
    plain = SQLTrackerStore(domain=DOMAIN, db=store.engine.url.database)
    read = await plain.retrieve(WHO)
    kept = await store.retrieve(WHO)
    assert read is not None
    assert kept is not None
    assert [e.as_dict() for e in read.events] == [e.as_dict() for e in kept.events]


async def test_a_long_conversation_stays_short_and_keeps_what_it_knows(
    store: LightTrackerStore,
) -> None:
    longest = 0
    for n in range(SESSION_EVENTS):
        tracker = await turn(store, f"message {n}", SlotSet("recherche", {"rang": n}))
        longest = max(longest, len(tracker.events))
        assert tracker.get_slot("recherche") == {"rang": n}
    assert longest <= LIGHT_EVENTS + 10
    whole = await store.retrieve_full_tracker(WHO)
    assert whole is not None
    assert words(whole) == [f"message {n}" for n in range(SESSION_EVENTS)]
    # Another process, with nothing in memory, knows the same.
    other = LightTrackerStore(domain=DOMAIN, db=store.engine.url.database)
    again = await other.retrieve(WHO)
    assert again is not None
    assert again.get_slot("recherche") == {"rang": SESSION_EVENTS - 1}


async def test_what_is_lightened_in_memory_stays_whole_in_the_table(
    store: LightTrackerStore,
) -> None:
    turns = LIGHT_EVENTS  # more events than are kept, fewer than a session
    for n in range(turns):
        await turn(store, f"message {n}", SlotSet("sujet", f"sujet_{n}"))
    kept = await store.retrieve(WHO)
    other = LightTrackerStore(domain=DOMAIN, db=store.engine.url.database)
    read = await other.retrieve_full_tracker(WHO)
    assert kept is not None
    assert read is not None
    assert len(kept.events) < len(read.events) == 3 * turns
    assert kept.current_slot_values() == read.current_slot_values()
    assert kept.latest_action_name == read.latest_action_name


async def test_a_form_under_way_is_never_cut(store: LightTrackerStore) -> None:
    await turn(store, "un lieu", ActiveLoop("lieu_form"))
    for n in range(SESSION_EVENTS):
        tracker = await turn(store, f"essai {n}")
    assert tracker.active_loop_name == "lieu_form"


async def test_what_another_process_wrote_is_seen(store: LightTrackerStore) -> None:
    other = LightTrackerStore(domain=DOMAIN, db=store.engine.url.database)
    await turn(store, "un")
    await turn(other, "deux")
    await turn(store, "trois")
    kept = await other.retrieve(WHO)
    assert kept is not None
    assert words(kept) == ["un", "deux", "trois"]


async def test_a_turn_that_failed_leaves_nothing(store: LightTrackerStore) -> None:
    await turn(store, "un")
    tracker = await store.retrieve(WHO)
    assert tracker is not None
    tracker.update(UserUttered("perdu"), DOMAIN)  # then the action fails: nothing is saved
    kept = await store.retrieve(WHO)
    assert kept is not None
    assert words(kept) == ["un"]


async def test_a_first_turn_that_failed_leaves_nothing(store: LightTrackerStore) -> None:
    tracker = await store.get_or_create_tracker(WHO)  # Rasa saves it at once
    tracker.update(UserUttered("perdu"), DOMAIN)
    kept = await store.retrieve(WHO)
    assert kept is not None
    assert words(kept) == []


async def test_a_new_conversation_is_written_once_by_event(store: LightTrackerStore) -> None:
    tracker = await store.get_or_create_tracker(WHO)
    tracker.update(UserUttered("bonjour"), DOMAIN)
    await store.save(tracker)
    plain = SQLTrackerStore(domain=DOMAIN, db=store.engine.url.database)
    read = await plain.retrieve(WHO)
    assert read is not None
    assert [e.as_dict() for e in read.events] == [e.as_dict() for e in tracker.events]


async def test_what_is_erased_is_in_no_file(store: LightTrackerStore) -> None:
    await turn(store, "mot-tres-reconnaissable")
    assert store.erase(store.SQLEvent.sender_id == WHO) > 0
    assert await store.retrieve(WHO) is None
    for file in Path(store.engine.url.database).parent.iterdir():
        assert b"mot-tres-reconnaissable" not in file.read_bytes(), file.name


@pytest.mark.parametrize(
    "result", [None, [], {"events": {}}, {"events": [{"name": "x"}]}, {"responses": ["x"]}]
)
def test_an_action_result_of_another_shape_is_refused(
    result: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = RemoteAction._validate_action_result
    monkeypatch.setattr(RemoteAction, "_validate_action_result", before)  # put back afterwards
    check_action_results()
    action = RemoteAction("action_repondre", None)
    assert action._validate_action_result({"events": [], "responses": [{"text": "oui"}]})
    with pytest.raises(InvalidActionResultError):
        action._validate_action_result(result)


async def test_readings_wait_in_turn_and_too_many_are_refused() -> None:
    readers, go = Readers(threads=1, waiting=1), threading.Event()
    first = asyncio.create_task(readers.run(go.wait))
    second = asyncio.create_task(readers.run(str, "lu"))
    await asyncio.sleep(0)  # both have asked; the loop goes on meanwhile
    with pytest.raises(web.HTTPServiceUnavailable):
        await readers.run(str, "de trop")
    go.set()
    assert await second == "lu"
    assert await first
    assert await readers.run(str, "ensuite") == "ensuite"


def test_rules_looked_up_by_intent_are_those_that_rasa_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draw = random.Random(7)

    def state(*, begins: bool = False) -> dict[str, Any]:
        intent = draw.choice(["a", "b", "c", "", "should_not_be_set"])
        found: dict[str, Any] = {"user": {"intent": intent}} if intent else {}
        if not begins:
            found["prev_action"] = {"action_name": draw.choice(["action_listen", "x"])}
        if draw.random() < 0.3:
            found["active_loop"] = {"name": draw.choice(["f", "should_not_be_set"])}
        return found

    def states(most: int) -> list[dict[str, Any]]:
        length = draw.randint(1, most)
        return [state(begins=n == 0 and draw.random() < 0.3) for n in range(length)]

    lookup = {json.dumps(states(3)): "x" for _ in range(200)}
    policy = object.__new__(RulePolicy)
    every = RulePolicy._get_possible_keys
    monkeypatch.setattr(RulePolicy, "_get_possible_keys", every)  # put back afterwards
    look_rules_up_by_intent()
    sizes = set()
    for _ in range(300):
        conversation = states(5)
        expected = every(policy, lookup, conversation)
        assert policy._get_possible_keys(lookup, conversation) == expected
        sizes.add(len(expected))
    assert len(sizes) > 5


@pytest.mark.parametrize(
    ("said", "stale"),
    [
        ("/aide", False),
        ('/lieu_horaires{"lieu": "12"}', False),
        ("/un_sujet_disparu", True),
        ('/lieu_horaires{"disparu": "12"}', True),
        ('/lieu_horaires{"lieu": }', True),
        ("c'est /pas un bouton", False),
        ("bonjour", False),
    ],
)
def test_a_button_of_an_earlier_model_is_known_as_such(said: str, stale: bool) -> None:
    assert _stale(said, DOMAIN) is stale


def test_what_a_postgresql_address_says_more_is_heard() -> None:
    url = "postgresql+psycopg://someone@/base?host=/nowhere/at/all&sslmode=require"
    found = _tracker_store(url).engine.url
    assert dict(found.query) == {"host": "/nowhere/at/all", "sslmode": "require"}
    assert (found.username, found.database) == ("someone", "base")


class Away:
    """What Rasa answers with, where the database is away."""

    async def fetch_tracker_and_update_session(self, _conversation: str) -> Any:
        raise sa.exc.OperationalError("a statement", {}, ConnectionError("what a person wrote"))


async def test_a_turn_that_cannot_be_written_down_may_come_again(
    store: LightTrackerStore, caplog: pytest.LogCaptureFixture
) -> None:
    agent = SimpleNamespace(
        processor=Away(), lock_store=LocalLockStore(), domain=DOMAIN, tracker_store=None
    )
    _keep_to(agent, store)
    assert agent.processor.tracker_store is store
    server = NluServer(agent, store, "secret", None)
    async with TestClient(TestServer(server.app())) as client:
        body = {"conversation": WHO, "text": "bonjour"}
        headers = {"Authorization": "Bearer secret"}
        async with client.post("/turn", json=body, headers=headers) as response:
            assert response.status == 503
    assert "the database fails: ConnectionError" in caplog.text
    assert "wrote" not in caplog.text


def test_a_copied_slot_is_another_slot() -> None:
    copy_slots_plainly()
    slot = next(slot for slot in DOMAIN.slots if slot.name == "sujet")
    twin = copy.copy(slot)
    assert (type(twin), twin.name, twin.value) == (type(slot), slot.name, slot.value)
    twin.value = "autre"
    assert slot.value != "autre"


def test_a_copied_tracker_is_what_a_replay_makes() -> None:
    tracker = DialogueStateTracker.from_events(
        WHO,
        [
            ActionExecuted("action_listen"),
            UserUttered("un lieu", {"name": "trouver_lieu"}),
            ActionExecuted("lieu_form"),
            ActiveLoop("lieu_form"),
            SlotSet("sujet", "trouver_lieu"),
            ActionExecuted("action_listen"),
        ],
        DOMAIN.slots,
    )
    replayed = tracker.travel_back_in_time(float("inf"))
    copy_trackers_plainly()
    twin = tracker.copy()
    assert twin.as_dialogue().events == replayed.as_dialogue().events
    state = EventVerbosity.ALL
    assert twin.current_state(state) == replayed.current_state(state)
    twin.update_with_events([SlotSet("sujet", "autre"), ActiveLoop(None)], DOMAIN)
    assert tracker.get_slot("sujet") == "trouver_lieu"
    assert tracker.active_loop_name == "lieu_form"
    assert len(tracker.events) == len(replayed.events)


def test_states_kept_are_those_of_the_events() -> None:
    heard = UserUttered("bonjour", {"name": "saluer"})
    tracker = DialogueStateTracker.from_events(
        WHO, [ActionExecuted("action_listen"), heard], DOMAIN.slots
    )
    expected = [tracker.past_states(DOMAIN)]
    tracker.update(ActionExecuted("action_repondre"))
    expected.append(tracker.past_states(DOMAIN))
    look_back_once()
    again = DialogueStateTracker.from_events(
        WHO, [ActionExecuted("action_listen"), heard], DOMAIN.slots
    )
    first = again.past_states(DOMAIN)
    assert first == expected[0]
    first[-1]["user"].clear()  # as a policy does with what it does not look at
    assert again.past_states(DOMAIN) == expected[0]
    again.update(ActionExecuted("action_repondre"))
    assert again.past_states(DOMAIN) == expected[1]


def test_an_action_is_told_the_last_message_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "_action_call_format", None)
    lighten_action_calls()
    events = [
        UserUttered("avant"),
        ActionExecuted("action_listen"),
        UserUttered("où est-ce ?", {"name": "lieux", "confidence": 1.0}),
        DefinePrevUserUtteredFeaturization(False),
        SlotSet("sujet", "lieux"),
    ]
    tracker = DialogueStateTracker.from_events(WHO, events, DOMAIN.slots)
    call = RemoteAction("action_repondre", None)._action_call_format(tracker, DOMAIN)
    told = call["tracker"]
    assert [event["event"] for event in told["events"]] == ["user", "slot"]
    assert told["latest_message"]["text"] == "où est-ce ?"
    assert told["slots"]["sujet"] == "lieux"
    assert json.dumps(call, ensure_ascii=False).count("où est-ce ?") == 1
