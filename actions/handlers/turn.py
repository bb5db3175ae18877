"""One turn of a conversation as a handler sees it, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from actions.messages import Message
from actions.reading import Reader, Reading
from actions.tier import Tier, read_tier


class TrackerLike(Protocol):
    """What is read of rasa_sdk's ``Tracker``."""

    latest_message: dict[str, Any]
    slots: dict[str, Any]
    events: list[dict[str, Any]]
    active_loop: dict[str, Any]


LIKELY = 0.02
"""Probability from which another reading is worth a button."""


@dataclass(frozen=True, slots=True)
class HandlerTurn:
    """The message just received and what is known of the conversation."""

    text: str
    reading: Reading
    """What the person wrote, read once; that of an empty text for a button."""
    intent: str
    """Intent that the dialogue follows, mechanics included."""
    topic: str
    """Best in-scope reading, or ``hors_sujet``."""
    tier: Tier
    """``answer``, ``named``, ``clarify`` or ``refuse``."""
    now: datetime
    on: date
    """Day whose facts hold: today, or the one being replayed."""
    ranking: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()
    """The readings of the ranking that are not far-fetched, the best first."""
    second: str = ""
    """Another topic asked in the same message, or empty."""
    language: str = "fr"
    entities: dict[str, Any] = field(default_factory=dict)
    """Values carried by a button."""
    position: tuple[float, float] | None = None
    """Latitude and longitude just shared; never written down."""
    around: str = ""
    """Where places are looked for when nobody says where, in words: the page's territory."""
    slots: dict[str, Any] = field(default_factory=dict)
    form: str = ""
    """Form under way, or empty."""
    requested: str = ""
    """What the form under way has just asked for, or empty."""
    starts: bool = False
    """The form under way began with this message."""
    resumes: bool = False
    """The form comes back after another question: this message does not answer it."""

    @property
    def said(self) -> str:
        """What the person wrote; empty for a button."""
        return self.reading.text


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say and what to remember."""

    messages: list[Message] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    followup: str = ""
    """Form or action to run next, where the rules name none; or empty."""
    names_itself: bool = False
    """It says by itself what it answers, whatever the topic that was read."""


def read_turn(
    tracker: TrackerLike, reader: Reader, now: datetime, today: date | None
) -> HandlerTurn:
    """Read a turn from the tracker.

    Args:
        tracker: The conversation, as rasa_sdk gives it.
        reader: Of what people write.
        now: The current moment, unless the message carries its own.
        today: A fixed day to live in, unless the message carries its own.
    """
    latest = tracker.latest_message
    text = latest.get("text") or ""
    metadata = latest.get("metadata") or {}
    ranking = latest.get("intent_ranking") or ()
    tier = latest.get("tier") or {}
    intent = (latest.get("intent") or {}).get("name") or "incompris"
    if metadata.get("now"):
        now = datetime.fromisoformat(metadata["now"])
    on = date.fromisoformat(metadata["date"]) if metadata.get("date") else today or now.date()
    position = metadata.get("position")
    form = (tracker.active_loop or {}).get("name") or ""
    requested = tracker.slots.get("requested_slot") or "" if form else ""
    starts = bool(form) and _has_begun(tracker.events, form)
    return HandlerTurn(
        text=text,
        reading=reader.read("" if text.startswith("/") else text),
        intent=intent,
        topic=tier.get("reading") or intent,
        tier=read_tier(tier.get("tier")) or "answer",
        now=now,
        on=on,
        ranking=tuple(item["name"] for item in ranking),
        likely=tuple(item["name"] for item in ranking if item["confidence"] >= LIKELY),
        second=tier.get("second") or "",
        language=tier.get("language") or "fr",
        entities={item["entity"]: item["value"] for item in latest.get("entities") or ()},
        position=(float(position["lat"]), float(position["lon"])) if position else None,
        around=str(metadata.get("around") or ""),
        slots=dict(tracker.slots),
        form=form,
        requested=requested,
        starts=starts,
        resumes=bool(requested) and not starts and _was_interrupted(tracker.events, form),
    )


def _has_begun(events: list[dict[str, Any]], form: str) -> bool:
    """Whether the form was entered since the last message, be it through another action."""
    for event in reversed(events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "active_loop" and event.get("name") == form:
            return True
    return False


def _was_interrupted(events: list[dict[str, Any]], form: str) -> bool:
    """Whether another action answered the last message before the form came back."""
    mechanics = {form, "action_listen", "action_deactivate_loop", "action_extract_slots"}
    for event in reversed(events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in mechanics:
            return True
    return False
