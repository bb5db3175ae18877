"""What the assistant means to say, free of any channel's layout.

Actions produce these messages, Rasa carries them as JSON, front-ends render them.
Every message has a ``text`` that reads well alone, in plain French.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Literal

Eligible = Literal["oui", "non", "a_preciser"]
"""Whether a request may be helped, or what is still to be said."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from, as a person can check it."""

    label: str
    """Publisher and title, in French, with the year of publication."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """Something a person can tap instead of typing.

    Exactly one of ``payload`` (said to the assistant: free text, or ``/intent{json}``)
    and ``url`` (opened) is set.
    """

    title: str
    payload: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A place as it is shown: already worded, nothing left to compute."""

    id: str
    name: str
    address: str
    latitude: float
    longitude: float
    distance_m: int | None = None
    """Great-circle distance from where the person is, in metres."""
    distance: str = ""
    """The same in words («800 m», «12 km»)."""
    hours: str = ""
    """Opening today, in words; as published where it cannot be read."""
    phone: str = ""
    website: str = ""
    why: str = ""
    """What the place says of what was asked, in words; empty when nothing was."""
    updated: str = ""
    """When its data was last updated, in words; said to be old where it is."""
    accepts_pass: bool = False
    """The directory says that it took the Pass numérique (no promise for today)."""
    free: bool = False
    directions_url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a computation: what, how much, and by which rule."""

    label: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Base of every meaning."""

    kind: ClassVar[str]
    text: str

    def to_json(self) -> dict[str, Any]:
        """Return a JSON object with its ``kind``; fields left at their default are left out."""
        values = asdict(self)
        said = {f.name: values[f.name] for f in fields(self) if values[f.name] != f.default}
        return {"kind": self.kind, **said}


@dataclass(frozen=True, slots=True)
class Text(Message):
    """A statement, its sources, and where to go next."""

    kind = "text"
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices(Message):
    """A question back whose likely answers are buttons."""

    kind = "choices"
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class AskPosition(Message):
    """Asks where the person is: typed, or shared from the phone."""

    kind = "ask_position"
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Places(Message):
    """Places near the person, nearest first."""

    kind = "places"
    places: tuple[PlaceCard, ...] = ()
    notice: str = ""
    """What must be known of the list (demonstration, label no longer valid…)."""
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Venues(Message):
    """The same places as points on a map."""

    kind = "venues"
    places: tuple[PlaceCard, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Simulation(Message):
    """The aid computed for a project, line by line."""

    kind = "simulation"
    eligible: Eligible = "a_preciser"
    max_aid_eur: int | None = None
    lines: tuple[Line, ...] = ()
    reasons: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet(Message):
    """A one-page PDF of a simulation, rendered when it is delivered."""

    kind = "sheet"
    request: str = ""
    """The project as ``actions.programme.project`` writes it: the sheet is computed again."""
    on: str = ""
    """ISO date whose rules apply."""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Document(Message):
    """A text file handed to the person, such as what is kept about them."""

    kind = "document"
    filename: str = ""
    content: str = ""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminder(Message):
    """The person asked to be reminded of a deadline, or to forget about it."""

    kind = "reminder"
    subject: str = ""
    on: str = ""
    """ISO date on which to remind; empty when the reminder is cancelled."""
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Handoff(Message):
    """A person of the helpdesk is needed: asked for, or the assistant failed."""

    kind = "handoff"
    reason: str = "demande"
    """``demande``, ``incompris``, ``panne``, ``plainte``, ``suivi`` or ``urgence``."""
    topic: str = ""
    """Intent that was being talked about."""
    sources: tuple[Source, ...] = ()
    buttons: tuple[Button, ...] = ()


KINDS: dict[str, type[Message]] = {
    cls.kind: cls
    for cls in (
        Text,
        Choices,
        AskPosition,
        Places,
        Venues,
        Simulation,
        Sheet,
        Document,
        Reminder,
        Handoff,
    )
}

_PARTS: dict[str, type[Any]] = {
    "sources": Source,
    "buttons": Button,
    "places": PlaceCard,
    "lines": Line,
}


def from_json(data: dict[str, Any]) -> Message:
    """Read a message that ``to_json`` wrote.

    Raises:
        ValueError: Not a message of this module (unknown kind or fields).
    """
    values = dict(data)
    cls = KINDS.get(values.pop("kind", ""))
    if cls is None:
        raise ValueError("not a message of a known kind")
    try:
        for name, part in _PARTS.items():
            if name in values:
                values[name] = tuple(part(**item) for item in values[name])
        if "reasons" in values:
            values["reasons"] = tuple(values["reasons"])
        return cls(**values)
    except TypeError as error:
        raise ValueError("a message with unknown or missing fields") from error
