"""Ready answers: those of ``data/`` and those that supervisors write, their variables filled."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from actions.errors import ToldError
from bot.helpdesk import audit
from bot.helpdesk.tables import ready_answers

VALUES = ("commune", "jour", "ouverture")
"""What a text may take from the request and the day; ``{fait nom}`` takes a fact."""

LONGEST_TITLE = 60
LONGEST_TEXT = 2000

FactText = Callable[[str], str | None]
"""Returns a fact as it is written today; nothing where nobody published it."""

_VARIABLE = re.compile(r"\{\s*([^{}]*?)\s*\}")


class PreparedAnswerError(ToldError):
    """A ready answer that cannot be kept; one line fit for a person."""


@dataclass(frozen=True, slots=True)
class PreparedAnswer:
    """A ready answer that supervisors wrote."""

    id: int
    title: str
    text: str


def fill(text: str, values: Mapping[str, str], fact: FactText) -> str:
    """Fill the variables of a text; what is not known stays to be completed: «[commune ?]»."""

    def said(found: re.Match[str]) -> str:
        name = found[1]
        known = fact(_fact_name(name)) if _fact_name(name) else values.get(name, "")
        return known or f"[{_fact_name(name) or name}\u00a0?]"

    return _VARIABLE.sub(said, text)


def variables(text: str) -> frozenset[str]:
    """Return the variables of a text."""
    return frozenset(_VARIABLE.findall(text))


def facts_of(text: str) -> list[str]:
    """Return the names of the facts that a text says."""
    return [fact for name in sorted(variables(text)) if (fact := _fact_name(name))]


def check(title: str, text: str, fact: FactText) -> tuple[str, str]:
    """Return a title and a text that can be kept, their spaces tidied.

    Raises:
        PreparedAnswerError: One is empty or too long, or a variable or a fact does not exist.
    """
    title, text = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise PreparedAnswerError(f"Titre : de 1 à {LONGEST_TITLE} caractères.")
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise PreparedAnswerError(f"Texte : de 1 à {LONGEST_TEXT} caractères.")
    for name in sorted(variables(text)):
        wanted = _fact_name(name)
        if wanted and fact(wanted) is None:
            raise PreparedAnswerError(f"Le fait «\u00a0{wanted[:40]}\u00a0» n’existe pas.")
        if not wanted and name not in VALUES:
            known = ", ".join(f"{{{value}}}" for value in VALUES)
            raise PreparedAnswerError(f"{{{name[:40]}}} n’existe pas : {known} ou {{fait nom}}.")
    return title, text


def all_of(connection: sa.Connection) -> list[PreparedAnswer]:
    """Return what supervisors wrote, by title."""
    rows = connection.execute(sa.select(ready_answers).order_by(ready_answers.c.title))
    return [PreparedAnswer(row.id, row.title, row.text) for row in rows]


def save(
    connection: sa.Connection, title: str, text: str, at: datetime, *, by: int, number: int = 0
) -> None:
    """Keep a checked ready answer, a new one without a number.

    Raises:
        PreparedAnswerError: Another has this title.
    """
    same = sa.select(ready_answers.c.id).where(
        ready_answers.c.title == title, ready_answers.c.id != number
    )
    if connection.execute(same).first():
        raise PreparedAnswerError("Une autre réponse a déjà ce titre.")
    values = {"title": title, "text": text, "updated_at": at}
    if number:
        connection.execute(
            sa.update(ready_answers).where(ready_answers.c.id == number).values(values)
        )
    else:
        connection.execute(sa.insert(ready_answers).values(values))
    audit.note(connection, by, "ready", title, at)


def remove(connection: sa.Connection, number: int, at: datetime, *, by: int) -> None:
    """Take a ready answer away."""
    gone = connection.execute(
        sa.delete(ready_answers)
        .where(ready_answers.c.id == number)
        .returning(ready_answers.c.title)
    ).scalar_one_or_none()
    if gone is not None:
        audit.note(connection, by, "ready_gone", gone, at)


def _fact_name(variable: str) -> str:
    return variable.removeprefix("fait ").strip() if variable.startswith("fait ") else ""
