"""What is said first where someone is in danger."""

from __future__ import annotations

from datetime import date

from actions.answers.answers import Answers
from actions.messages import Handoff

REASON = "urgence"
"""Reason of the hand-over: the helpdesk sees it marked."""


def urgent(answers: Answers, danger: str, on: date) -> Handoff:
    """Return the numbers to call, and the offer of a person.

    Args:
        answers: The words.
        danger: A ``actions.reading.danger.Danger``, or anything else: all the numbers.
        on: The day.
    """
    key = f"danger.{danger}"
    if key not in answers.keys:
        text = answers.render(REASON, on)
        return Handoff(text.text, sources=text.sources, reason=REASON)
    sources = answers.words_sources(key, on=on)
    return Handoff(answers.words(key, on=on), sources=sources, reason=REASON)
