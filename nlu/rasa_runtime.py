"""What is adjusted in Rasa 3.6 before it is imported, each with its reason and its cost.

``prepare()`` runs once, first thing in a process that trains or serves our model.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import types
import warnings
from functools import lru_cache
from typing import Any

from nlu.rasa_absent import stand_in

SHOULD_NOT_BE_SET = "should_not_be_set"
"""How a rule says that a value must be absent (``rasa.core.policies.rule_policy``)."""


class InvalidActionResultError(ValueError):
    """The action server answered something else than events and responses."""


def prepare(*, learns: bool = True) -> None:
    """Adjust Rasa for our use; call before anything of ``rasa`` is imported.

    Args:
        learns: Whether this process trains a model, or only reads with one.

    Raises:
        UnexpectedRasaError: Rasa is not the version that all this was made for.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    _quieten()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)
    stand_in(learns=learns)


def _quieten() -> None:
    """Keep Rasa's structured log, which repeats what people write, above debug."""
    import structlog

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,  # Rasa asks for one at every step
    )
    logging.getLogger("rasa").setLevel(logging.WARNING)


def check_action_results() -> None:
    """Check the shape of action results, and leave each event to its own class.

    Rasa hands ``jsonschema.validate`` the schema anew at every action call, which checks the schema
    itself each time: four fifths of an action turn's CPU time. Compiled once, trying every kind of
    event in turn still took 3 ms. What is wrong within an event fails when it is made.
    """
    from rasa.core.actions.action import RemoteAction

    def validate(_self: RemoteAction, result: Any) -> bool:
        if not isinstance(result, dict):
            raise InvalidActionResultError("not an object")
        for name in ("events", "responses"):
            items = result.get(name, [])
            if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
                raise InvalidActionResultError(f"{name}: not a list of objects")
        if not all(isinstance(event.get("event"), str) for event in result.get("events", [])):
            raise InvalidActionResultError("an event without a name")
        return True

    RemoteAction._validate_action_result = validate


def look_rules_up_by_intent() -> None:
    """Compare the last state of a conversation with the rules of its intent only.

    Rasa compares it with every rule, twice a prediction. A rule that names an intent matches no
    other; those that name none are still compared. Nothing else of the matching changes.
    """
    from rasa.core.policies.rule_policy import RulePolicy

    every = RulePolicy._get_possible_keys
    indexes: dict[int, tuple[Any, dict[str, list[str]]]] = {}

    def index_of(lookup: dict[str, str]) -> dict[str, list[str]]:
        known = indexes.get(id(lookup))
        if known is None or known[0] is not lookup:
            index: dict[str, list[str]] = {}
            for key in lookup:
                intent = json.loads(key)[-1].get("user", {}).get("intent")
                named = isinstance(intent, str) and intent != SHOULD_NOT_BE_SET
                index.setdefault(intent if named else "", []).append(key)
            indexes[id(lookup)] = known = (lookup, index)
        return known[1]

    def possible(self: RulePolicy, lookup: dict[str, str], states: list[Any]) -> set[str]:
        # Without an action before it the conversation begins: Rasa then compares no intent.
        if states and states[-1].get("prev_action"):
            index = index_of(lookup)
            intent = states[-1].get("user", {}).get("intent") or ""
            keys = index.get("", []) + (index.get(intent, []) if intent else [])
            return every(self, dict.fromkeys(keys, ""), states)
        return every(self, lookup, states)

    RulePolicy._get_possible_keys = possible


def remember_event_classes() -> None:
    """Look each kind of event up once.

    Rasa walks through every subclass of ``Event``, abstract ones included, for each event that it
    makes again: 0.4 ms, of which a conversation's replay has hundreds.
    """
    from rasa.shared.core.events import Event

    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def copy_slots_plainly() -> None:
    """Copy a slot as an object with attributes.

    Rasa copies every slot of a tracker for each state that it looks back at, some hundred a turn,
    and ``copy`` goes the long way that pickling takes.
    """
    from rasa.shared.core.slots import Slot

    def plainly(self: Slot) -> Slot:
        twin: Slot = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    Slot.__copy__ = plainly


def copy_trackers_plainly() -> None:
    """Copy a tracker with what it came to; Rasa replays its events, before every action.

    The events themselves are shared, as in Rasa's copy.
    """
    from rasa.shared.core.trackers import DialogueStateTracker

    def plainly(self: DialogueStateTracker) -> DialogueStateTracker:
        twin = self.init_copy()
        twin.events = self.events.copy()
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        twin._paused = self._paused
        twin.latest_action = self.latest_action
        twin.latest_message = self.latest_message
        twin.latest_bot_utterance = self.latest_bot_utterance
        twin.followup_action = self.followup_action
        twin.active_loop = copy.copy(self.active_loop)
        return twin

    DialogueStateTracker.copy = plainly


def look_back_once() -> None:
    """Keep the states of a conversation until it goes on: Rasa asks twice for a prediction."""
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker

    every = DialogueStateTracker.past_states

    def past_states(self: DialogueStateTracker, domain: Domain, *how: Any, **more: Any) -> Any:
        asked = (len(self.events), how, sorted(more.items(), key=lambda item: item[0]))
        known = self.__dict__.get("_past")
        if known is None or known[0] is not domain or known[1] != asked:
            self._past = known = (domain, asked, every(self, domain, *how, **more))
        # Whoever asks takes away what they do not look at.
        return [{part: dict(said) for part, said in state.items()} for state in known[2]]

    DialogueStateTracker.past_states = past_states


def lighten_action_calls() -> None:
    """Send actions the events of their turn, and no domain.

    Rasa sends the whole conversation and the whole domain at each call, and the last message three
    times over. Our handlers read the slots, the last message and what happened since it, nothing
    else (``actions/handlers/turn.py``).
    """
    import rasa
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.events import DefinePrevUserUtteredFeaturization, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

    def call_format(
        self: RemoteAction, tracker: DialogueStateTracker, _domain: Any
    ) -> dict[str, Any]:
        turn: list[dict[str, Any]] = []
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered):  # what it says is the latest message
                turn.append({"event": event.type_name})
                break
            if not isinstance(event, DefinePrevUserUtteredFeaturization):
                turn.append(event.as_dict())
        state = tracker.current_state(EventVerbosity.NONE)
        return {
            "next_action": self.name(),
            "sender_id": tracker.sender_id,
            "tracker": {**state, "events": turn[::-1]},
            "domain": {},
            "version": rasa.__version__,
        }

    RemoteAction._action_call_format = call_format


def run_graphs_in_order() -> None:
    """Call the steps of a reading or of a prediction one after the other.

    Rasa plans and schedules each anew with dask, at three times the price of the steps: its
    graphs have no two branches worth running side by side.
    """
    from rasa.engine.runner.dask import DaskGraphRunner

    def run(
        self: DaskGraphRunner,
        inputs: dict[str, Any] | None = None,
        targets: list[str] | None = None,
    ) -> dict[str, Any]:
        nodes = self._graph_schema.nodes
        done = {name: (name, value) for name, value in (inputs or {}).items()}

        def result(name: str) -> Any:
            if name not in done:
                needed = [result(need) for need in nodes[name].needs.values()]
                done[name] = self._instantiated_nodes[name](*needed)
            return done[name]

        return dict(result(name) for name in targets or self._graph_schema.target_names)

    DaskGraphRunner.run = run


def copy_nothing_for_the_log() -> None:
    """Leave out the deep copies that Rasa makes, at every step, for log lines that are not kept.

    What it logs at that level repeats what people write: `_quieten` keeps it out.
    """
    import rasa.core.processor

    rasa.core.processor.copy = types.SimpleNamespace(deepcopy=lambda value: value)
