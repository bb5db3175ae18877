"""The soak, small: everything fails a little, and each person reads each answer once, in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store import open_engine
from scripts.soak.account import Account
from scripts.soak.drive import Drive, Outcome, Plan

ANSWERS = (("a",), ("b 1", "b 2"), ("c",))


def account() -> Account:
    return Account(ANSWERS, notices=frozenset({"un instant"}), failures=frozenset({"panne"}))


@pytest.mark.parametrize(
    ("heard", "asked", "counted"),
    [
        (["a", "b 1", "b 2", "c"], 3, {}),
        (["a", "un instant", "b 1", "b 2"], 2, {"notices": 1}),
        (["a"], 2, {"unanswered": 1}),
        (["a", "b 1", "c"], 3, {"incomplete": 1}),
        (["a", "c", "b 1", "b 2"], 3, {"out_of_order": 2}),
        (["a", "a", "b 1", "b 2"], 2, {"doubled": 1}),
        (["a", "panne", "c"], 3, {"failures": 1}),
        (["a", "autre chose", "c"], 3, {"unknown": 1}),
    ],
)
def test_what_a_person_reads_is_counted(
    heard: list[str], asked: int, counted: dict[str, int]
) -> None:
    one = account()
    for text in heard:
        one.hear(text)
    sums = vars(one.close(asked))
    assert {name: n for name, n in sums.items() if n and name != "messages"} == counted


def test_a_double_is_excused_once_where_its_sending_was_cut_off() -> None:
    one = account()
    one.hear("a")
    one.lose("a")
    one.hear("a")
    one.hear("a")
    sums = one.close(1)
    assert (sums.excused, sums.doubled) == (1, 1)


@pytest.mark.stack
@pytest.mark.timeout(900)
async def test_a_small_soak(tmp_path: Path) -> None:
    plan = Plan(
        messages=60, people=12, at_once=12, faults=0.05, redelivered=0.05, kills=1, hurry=0.2
    )
    outcome = await Drive(plan, tmp_path, lambda _line: None).run()
    assert outcome.killed == {"rasa": 1, "actions": 1, "bot": 1}, "else nothing was tried"
    assert outcome.failed_calls > 0
    keeps_its_promises(outcome)


@pytest.mark.stack
@pytest.mark.postgres
@pytest.mark.timeout(900)
async def test_a_small_soak_of_two_replicas(tmp_path: Path, postgres_url: str) -> None:
    plan = Plan(
        messages=60, people=12, at_once=12, faults=0.05, redelivered=0.05, kills=2, hurry=0.2,
        replicas=2,
    )  # fmt: skip
    outcome = await Drive(plan, tmp_path, lambda _line: None, postgres_url).run()
    assert sum(outcome.killed.values()) == 2, "else nothing was tried"
    keeps_its_promises(outcome)
    engine = open_engine(postgres_url)
    with engine.connect() as connection:
        # Else what was said to one replica is unknown to the other.
        assert connection.execute(sa.text("SELECT count(*) FROM events")).scalar()
    engine.dispose()


def keeps_its_promises(outcome: Outcome) -> None:
    figures = outcome.figures()
    promised = ("unanswered", "incomplete", "doubled", "out_of_order", "failures")
    assert not any(figures[name] for name in promised), json.dumps(figures, indent=1)
