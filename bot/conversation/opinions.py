"""Was this answer useful? A thumb, one reason, and the figures of the day."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from actions.messages import Button, Choices, Handoff, Message, Places, Simulation, Text
from actions.words import Words
from bot.conversation.incoming import Incoming, Kind
from bot.conversation.masking import mask
from bot.conversation.ports import Turn
from bot.store import Person, counts
from bot.store.conversation_records import note_feedback, note_misunderstood
from bot.store.counts import Measure
from bot.store.tables import exchanges, feedback

CHANNELS = frozenset({"telegram"})
"""Where thumbs are shown: under a message, where they cost no line of text."""

REASONS = {
    "faux": "avis_faux",
    "obscur": "avis_obscur",
    "autre_question": "avis_autre_question",
    "autre": "avis_autre",
}
"""Reasons of a thumb down, and their titles' keys."""

NOT_MY_QUESTION = "autre_question"
"""The reason that says that the question was misunderstood: it goes to the inbox."""

_OPINION = re.compile(r"/avis_(oui|non|raison)(\{.{0,200}\})")


def with_thumbs(
    said: Sequence[Message], turn: Turn, channel: str, say: Words, rated: Container[str]
) -> list[Message]:
    """Put two thumbs under an answer that can be right or wrong: that of a ``rated`` topic."""
    answers = list(said)
    asks = channel in CHANNELS and turn.tier in ("answer", "named") and turn.intent in rated
    if not asks or not answers:
        return answers
    last = answers[-1]
    if isinstance(last, (Text, Places, Simulation)):
        thumbs = tuple(
            Button(say(key), payload=_payload(what, sujet=turn.intent))
            for key, what in (("avis_utile", "oui"), ("avis_inutile", "non"))
        )
        answers[-1] = replace(last, buttons=(*last.buttons, *thumbs))
    return answers


def hear(
    connection: sa.Connection,
    person: Person,
    incoming: Incoming,
    say: Words,
    rated: Container[str],
    *,
    today: date,
) -> list[Message] | None:
    """Take a thumb on a ``rated`` topic, or its reason; ``None`` for anything else."""
    if incoming.kind is not Kind.BUTTON:
        return None
    tapped = _OPINION.fullmatch(incoming.payload)
    if tapped is None:
        return None
    topic, reason = _details(tapped[2])
    if topic not in rated:
        return [Text(say("bouton_ancien"), buttons=say.buttons("menu"))]
    useful = tapped[1] == "oui"
    _keep(connection, person, incoming, topic, useful=useful, reason=reason, today=today)
    if tapped[1] == "non":
        buttons = tuple(
            Button(say(key), payload=_payload("raison", sujet=topic, raison=name))
            for name, key in REASONS.items()
        )
        return [Choices(say("avis_pourquoi"), buttons=buttons)]
    if reason == NOT_MY_QUESTION:
        _to_inbox(connection, person, incoming, topic)
    return [Text(say("avis_merci"))]


def count_turn(connection: sa.Connection, day: date, turn: Turn | None) -> None:
    """Count a question by its day, its topic and how it ended: nothing of who asked."""
    handoffs = {m.reason for m in turn.messages if isinstance(m, Handoff)} if turn else {"panne"}
    if "panne" in handoffs:
        outcome = "failure"
    elif "demande" in handoffs:
        outcome = "handoff"
    else:
        outcome = (turn.tier if turn else "") or "answer"
    counts.add_turn(connection, day, turn.intent if turn else "", outcome)


def _keep(
    connection: sa.Connection,
    person: Person,
    incoming: Incoming,
    topic: str,
    *,
    useful: bool,
    reason: str,
    today: date,
) -> None:
    # One opinion a person and a topic: tapping again changes it, and is counted once.
    mine = sa.and_(
        feedback.c.person_id == person.id,
        feedback.c.about == "answer",
        feedback.c.subject == topic,
    )
    first = not connection.execute(sa.delete(feedback).where(mine)).rowcount
    note_feedback(
        connection,
        person.id,
        about="answer",
        subject=topic,
        useful=useful,
        at=incoming.at,
        reason=reason,
    )
    if first:
        outcome = "yes" if useful else "no"
        counts.add(connection, today, Measure.USEFUL, outcome, topic)


def _to_inbox(connection: sa.Connection, person: Person, incoming: Incoming, topic: str) -> None:
    text = connection.execute(
        sa.select(exchanges.c.text)
        .where(
            exchanges.c.person_id == person.id,
            exchanges.c.author == "person",
            exchanges.c.intent == topic,
        )
        .order_by(exchanges.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if text and not text.startswith("/"):
        note_misunderstood(
            connection, person.id, mask(text), incoming.at, tier="answer", intent=topic
        )


def _payload(what: str, **details: str) -> str:
    return f"/avis_{what}{json.dumps(details)}"


def _details(text: str) -> tuple[str, str]:
    """Return the topic and the reason of a payload; a client can forge it."""
    try:
        details = json.loads(text)
    except ValueError:
        return "", ""
    reason = str(details.get("raison", ""))
    return str(details.get("sujet", "")), reason if reason in REASONS else ""
