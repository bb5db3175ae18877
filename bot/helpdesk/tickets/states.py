"""The life of a ticket, as a pure state machine.

::

    new ──submit──► waiting ──claim──► claimed ──answer──► answered ──close──► closed
                       ▲                 │  ▲                 │                  │
                       ├────release──────┘  └──person writes──┘                  │
                       └───────────────reopen (within 7 days)────────────────────┘

``new`` takes the person's message; ``claimed`` and ``answered`` belong to one agent:
the assistant is silent. Every move gives events with their author and their time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from actions.errors import PasserelleError

REOPEN_WITHIN = timedelta(days=7)
"""How long after closing a person may come back to the same ticket (issue 6)."""


class State(StrEnum):
    """Where a ticket is."""

    NEW = "new"
    WAITING = "waiting"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"


OWNED = frozenset({State.CLAIMED, State.ANSWERED})
"""States in which a person of the helpdesk owns the conversation."""


class Move(StrEnum):
    """What can happen to a ticket."""

    OPEN = "open"
    SUBMIT = "submit"
    CLAIM = "claim"
    RELEASE = "release"
    TRANSFER = "transfer"
    ANSWER = "answer"
    WRITE = "write"
    NOTE = "note"
    CLOSE = "close"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    """It waits for too long: supervisors and the person are told; nothing else changes."""


class Role(StrEnum):
    """Who makes a move."""

    PERSON = "person"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a move; ``agent`` is the agent's id for the two roles of agents."""

    role: Role
    agent: int | None = None

    @property
    def is_agent(self) -> bool:
        """Whether a person of the helpdesk makes the move."""
        return self.role in (Role.AGENT, Role.SUPERVISOR)


PERSON = Actor(Role.PERSON)
ASSISTANT = Actor(Role.ASSISTANT)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the rules need to know of a ticket."""

    id: int
    state: State
    agent: int | None = None
    """The agent who owns it, in ``claimed`` and ``answered`` only."""
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a ticket, as it is kept."""

    move: Move
    author: Actor
    at: datetime
    before: State
    after: State
    target: int | None = None
    """The agent to whom a ticket was handed, for ``transfer``."""


class Why(StrEnum):
    """Why a move is refused; each has its words in ``data/answers/helpdesk.yaml``."""

    NOT_AN_AGENT = "not_an_agent"
    NOT_THE_PERSON = "not_the_person"
    NOT_YOURS = "not_yours"
    TAKEN = "taken"
    ALREADY_YOURS = "already_yours"
    NOT_CLAIMED = "not_claimed"
    NOT_SUBMITTED = "not_submitted"
    CLOSED = "closed"
    NOT_CLOSED = "not_closed"
    TOO_LATE = "too_late"
    NO_TARGET = "no_target"
    NOT_WAITING = "not_waiting"
    NO_OPENING = "no_opening"
    NOT_YOUR_REPLY = "not_your_reply"


class RefusedError(PasserelleError):
    """A move that the rules forbid; the ticket is unchanged."""

    def __init__(self, why: Why, owner: int | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.owner = owner
        """The agent who owns the ticket, where that is the reason."""


def apply(
    ticket: Ticket, move: Move, author: Actor, at: datetime, target: int | None = None
) -> tuple[Ticket, tuple[Event, ...]]:
    """Make one move.

    An agent's answer to a ticket that nobody owns claims it first: two events.

    Args:
        ticket: The ticket before.
        move: What happens; ``OPEN`` is how a ticket begins, not a move of one that exists.
        author: Who makes it.
        at: When, with a time zone.
        target: The agent who receives a ``TRANSFER``.

    Raises:
        RefusedError: The rules forbid it, with the reason.
    """
    rule = _RULES.get(move)
    if rule is None:
        raise ValueError(f"{move} is not a move of an existing ticket")
    gives_back = move is Move.RELEASE and author.role is Role.ASSISTANT
    if move in _AGENTS_ONLY and not author.is_agent and not gives_back:
        raise RefusedError(Why.NOT_AN_AGENT)
    if move in _NEVER_AGENTS and author.is_agent:
        raise RefusedError(Why.NOT_THE_PERSON)
    if move is Move.TRANSFER and target is None:
        raise RefusedError(Why.NO_TARGET)
    return rule(ticket, author, at, target)


_AGENTS_ONLY = frozenset({Move.CLAIM, Move.RELEASE, Move.TRANSFER, Move.ANSWER, Move.NOTE})
_NEVER_AGENTS = frozenset({Move.SUBMIT, Move.WRITE})


def _moved(
    ticket: Ticket,
    move: Move,
    author: Actor,
    at: datetime,
    *,
    state: State,
    agent: int | None = None,
    target: int | None = None,
) -> tuple[Ticket, tuple[Event, ...]]:
    closed_at = at if state is State.CLOSED else None
    after = replace(ticket, state=state, agent=agent, closed_at=closed_at)
    return after, (Event(move, author, at, ticket.state, state, target),)


def _stays(
    ticket: Ticket, move: Move, author: Actor, at: datetime
) -> tuple[Ticket, tuple[Event, ...]]:
    return ticket, (Event(move, author, at, ticket.state, ticket.state),)


def _must_be_open(ticket: Ticket) -> None:
    if ticket.state is State.CLOSED:
        raise RefusedError(Why.CLOSED)


def _must_own(ticket: Ticket, author: Actor) -> None:
    if ticket.state not in OWNED:
        raise RefusedError(Why.NOT_CLAIMED)
    if ticket.agent != author.agent and author.role not in (Role.SUPERVISOR, Role.ASSISTANT):
        raise RefusedError(Why.NOT_YOURS, ticket.agent)


def _submit(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    _must_be_open(ticket)
    if ticket.state is not State.NEW:
        return ticket, ()
    return _moved(ticket, Move.SUBMIT, author, at, state=State.WAITING)


def _claim(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    _must_be_open(ticket)
    if ticket.state is State.NEW:
        raise RefusedError(Why.NOT_SUBMITTED)
    if ticket.state in OWNED:
        mine = ticket.agent == author.agent
        raise RefusedError(Why.ALREADY_YOURS if mine else Why.TAKEN, ticket.agent)
    return _moved(ticket, Move.CLAIM, author, at, state=State.CLAIMED, agent=author.agent)


def _release(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    _must_be_open(ticket)
    _must_own(ticket, author)
    return _moved(ticket, Move.RELEASE, author, at, state=State.WAITING)


def _transfer(
    ticket: Ticket, author: Actor, at: datetime, target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    _must_be_open(ticket)
    _must_own(ticket, author)
    if target == ticket.agent:
        raise RefusedError(Why.ALREADY_YOURS, ticket.agent)
    return _moved(
        ticket, Move.TRANSFER, author, at, state=ticket.state, agent=target, target=target
    )


def _answer(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    _must_be_open(ticket)
    claimed: tuple[Event, ...] = ()
    if ticket.state not in OWNED:
        ticket, claimed = _claim(ticket, author, at, None)
    elif ticket.agent != author.agent:
        raise RefusedError(Why.TAKEN, ticket.agent)
    after, answered = _moved(
        ticket, Move.ANSWER, author, at, state=State.ANSWERED, agent=ticket.agent
    )
    return after, claimed + answered


def _write(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    _must_be_open(ticket)
    if ticket.state is State.ANSWERED:
        return _moved(ticket, Move.WRITE, author, at, state=State.CLAIMED, agent=ticket.agent)
    return _stays(ticket, Move.WRITE, author, at)


def _note(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    return _stays(ticket, Move.NOTE, author, at)


def _close(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    _must_be_open(ticket)
    if author.is_agent and ticket.state in OWNED:
        _must_own(ticket, author)
    return _moved(ticket, Move.CLOSE, author, at, state=State.CLOSED)


def _reopen(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    if ticket.state is not State.CLOSED:
        raise RefusedError(Why.NOT_CLOSED)
    if ticket.closed_at is None or at - ticket.closed_at > REOPEN_WITHIN:
        raise RefusedError(Why.TOO_LATE)
    return _moved(ticket, Move.REOPEN, author, at, state=State.WAITING)


def _escalate(
    ticket: Ticket, author: Actor, at: datetime, _target: int | None
) -> tuple[Ticket, tuple[Event, ...]]:
    if ticket.state is not State.WAITING or author.role is not Role.ASSISTANT:
        raise RefusedError(Why.NOT_WAITING)
    return _stays(ticket, Move.ESCALATE, author, at)


_RULES = {
    Move.SUBMIT: _submit,
    Move.CLAIM: _claim,
    Move.RELEASE: _release,
    Move.TRANSFER: _transfer,
    Move.ANSWER: _answer,
    Move.WRITE: _write,
    Move.NOTE: _note,
    Move.CLOSE: _close,
    Move.REOPEN: _reopen,
    Move.ESCALATE: _escalate,
}
