"""The life of a ticket: every move from every state, and random lives that keep the rules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.helpdesk.tickets.states import (
    ASSISTANT,
    OWNED,
    PERSON,
    REOPEN_WITHIN,
    Actor,
    Move,
    RefusedError,
    Role,
    State,
    Ticket,
    Why,
    apply,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANNE, BILAL = Actor(Role.AGENT, 1), Actor(Role.AGENT, 2)
CHIEF = Actor(Role.SUPERVISOR, 3)

NEW = Ticket(7, State.NEW)
WAITING = Ticket(7, State.WAITING)
CLAIMED = Ticket(7, State.CLAIMED, agent=1)
ANSWERED = Ticket(7, State.ANSWERED, agent=1)
CLOSED = Ticket(7, State.CLOSED, closed_at=NOON - timedelta(days=1))

ALLOWED = [
    (NEW, Move.SUBMIT, PERSON, State.WAITING, None),
    (NEW, Move.SUBMIT, ASSISTANT, State.WAITING, None),
    (NEW, Move.WRITE, PERSON, State.NEW, None),
    (NEW, Move.CLOSE, PERSON, State.CLOSED, None),
    (NEW, Move.NOTE, ANNE, State.NEW, None),
    (WAITING, Move.CLAIM, ANNE, State.CLAIMED, 1),
    (WAITING, Move.ANSWER, BILAL, State.ANSWERED, 2),
    (WAITING, Move.WRITE, PERSON, State.WAITING, None),
    (WAITING, Move.CLOSE, ANNE, State.CLOSED, None),
    (WAITING, Move.ESCALATE, ASSISTANT, State.WAITING, None),
    (CLAIMED, Move.ANSWER, ANNE, State.ANSWERED, 1),
    (CLAIMED, Move.RELEASE, ANNE, State.WAITING, None),
    (CLAIMED, Move.RELEASE, CHIEF, State.WAITING, None),
    (CLAIMED, Move.WRITE, PERSON, State.CLAIMED, 1),
    (CLAIMED, Move.CLOSE, ANNE, State.CLOSED, None),
    (CLAIMED, Move.NOTE, BILAL, State.CLAIMED, 1),
    (ANSWERED, Move.ANSWER, ANNE, State.ANSWERED, 1),
    (ANSWERED, Move.WRITE, PERSON, State.CLAIMED, 1),
    (ANSWERED, Move.RELEASE, ANNE, State.WAITING, None),
    (ANSWERED, Move.CLOSE, CHIEF, State.CLOSED, None),
    (CLOSED, Move.REOPEN, PERSON, State.WAITING, None),
    (CLOSED, Move.REOPEN, ANNE, State.WAITING, None),
    (CLOSED, Move.NOTE, ANNE, State.CLOSED, None),
]

REFUSED = [
    (NEW, Move.CLAIM, ANNE, Why.NOT_SUBMITTED),
    (NEW, Move.ANSWER, ANNE, Why.NOT_SUBMITTED),
    (NEW, Move.RELEASE, ANNE, Why.NOT_CLAIMED),
    (NEW, Move.REOPEN, PERSON, Why.NOT_CLOSED),
    (WAITING, Move.RELEASE, ANNE, Why.NOT_CLAIMED),
    (WAITING, Move.CLAIM, PERSON, Why.NOT_AN_AGENT),
    (WAITING, Move.ANSWER, PERSON, Why.NOT_AN_AGENT),
    (WAITING, Move.NOTE, PERSON, Why.NOT_AN_AGENT),
    (NEW, Move.SUBMIT, ANNE, Why.NOT_THE_PERSON),
    (ANSWERED, Move.WRITE, BILAL, Why.NOT_THE_PERSON),
    (WAITING, Move.ESCALATE, ANNE, Why.NOT_WAITING),
    (WAITING, Move.ESCALATE, PERSON, Why.NOT_WAITING),
    (NEW, Move.ESCALATE, ASSISTANT, Why.NOT_WAITING),
    (CLAIMED, Move.ESCALATE, ASSISTANT, Why.NOT_WAITING),
    (CLOSED, Move.ESCALATE, ASSISTANT, Why.NOT_WAITING),
    (CLAIMED, Move.CLAIM, BILAL, Why.TAKEN),
    (CLAIMED, Move.CLAIM, ANNE, Why.ALREADY_YOURS),
    (CLAIMED, Move.ANSWER, BILAL, Why.TAKEN),
    (CLAIMED, Move.ANSWER, CHIEF, Why.TAKEN),
    (CLAIMED, Move.RELEASE, BILAL, Why.NOT_YOURS),
    (CLAIMED, Move.CLOSE, BILAL, Why.NOT_YOURS),
    (ANSWERED, Move.CLAIM, BILAL, Why.TAKEN),
    (ANSWERED, Move.CLOSE, BILAL, Why.NOT_YOURS),
    (ANSWERED, Move.REOPEN, PERSON, Why.NOT_CLOSED),
    (CLOSED, Move.SUBMIT, PERSON, Why.CLOSED),
    (CLOSED, Move.CLAIM, ANNE, Why.CLOSED),
    (CLOSED, Move.RELEASE, ANNE, Why.CLOSED),
    (CLOSED, Move.ANSWER, ANNE, Why.CLOSED),
    (CLOSED, Move.WRITE, PERSON, Why.CLOSED),
    (CLOSED, Move.CLOSE, ANNE, Why.CLOSED),
]


@pytest.mark.parametrize(("ticket", "move", "author", "state", "agent"), ALLOWED)
def test_what_is_allowed(ticket, move, author, state, agent):
    after, events = apply(ticket, move, author, NOON)
    assert (after.state, after.agent) == (state, agent)
    assert events[-1].move is move
    assert {(event.author, event.at) for event in events} == {(author, NOON)}
    assert (events[0].before, events[-1].after) == (ticket.state, state)


@pytest.mark.parametrize(("ticket", "move", "author", "why"), REFUSED)
def test_what_is_refused(ticket, move, author, why):
    with pytest.raises(RefusedError) as refused:
        apply(ticket, move, author, NOON)
    assert refused.value.why is why


def test_answering_a_ticket_that_nobody_has_claims_it():
    _, events = apply(WAITING, Move.ANSWER, ANNE, NOON)
    assert [event.move for event in events] == [Move.CLAIM, Move.ANSWER]


def test_a_refusal_says_who_has_the_ticket():
    with pytest.raises(RefusedError) as refused:
        apply(CLAIMED, Move.ANSWER, BILAL, NOON)
    assert refused.value.owner == 1


def test_transfer():
    after, (event,) = apply(ANSWERED, Move.TRANSFER, ANNE, NOON, target=2)
    assert (after.state, after.agent, event.target) == (State.ANSWERED, 2, 2)
    for author, target, why in [
        (ANNE, None, Why.NO_TARGET),
        (ANNE, 1, Why.ALREADY_YOURS),
        (BILAL, 2, Why.NOT_YOURS),
        (PERSON, 2, Why.NOT_AN_AGENT),
    ]:
        with pytest.raises(RefusedError) as refused:
            apply(ANSWERED, Move.TRANSFER, author, NOON, target)
        assert refused.value.why is why


def test_submitting_twice_changes_nothing():
    assert apply(WAITING, Move.SUBMIT, PERSON, NOON) == (WAITING, ())


def test_seven_days_to_come_back():
    closed = Ticket(7, State.CLOSED, closed_at=NOON)
    after, _ = apply(closed, Move.REOPEN, PERSON, NOON + REOPEN_WITHIN)
    assert after == Ticket(7, State.WAITING)
    with pytest.raises(RefusedError) as refused:
        apply(closed, Move.REOPEN, PERSON, NOON + REOPEN_WITHIN + timedelta(seconds=1))
    assert refused.value.why is Why.TOO_LATE


@given(
    st.lists(
        st.tuples(
            st.sampled_from([move for move in Move if move is not Move.OPEN]),
            st.sampled_from([PERSON, ASSISTANT, ANNE, BILAL, CHIEF]),
            st.sampled_from([None, 1, 2, 3]),
            st.integers(0, 9 * 24),
        ),
        max_size=60,
    )
)
def test_any_life_keeps_the_rules(steps):
    ticket, at = NEW, NOON
    for move, author, target, hours in steps:
        at += timedelta(hours=hours)
        before = ticket
        try:
            ticket, events = apply(ticket, move, author, at, target)
        except RefusedError:
            assert ticket == before
            continue
        assert (ticket.agent is not None) == (ticket.state in OWNED)
        assert (ticket.closed_at is not None) == (ticket.state is State.CLOSED)
        chain = [before.state, *(event.after for event in events)]
        assert [event.before for event in events] == chain[:-1]
        assert chain[-1] is ticket.state
        if before.state in OWNED and author in (ANNE, BILAL) and author.agent != before.agent:
            assert ticket == before, "another agent changed a ticket that is not theirs"
