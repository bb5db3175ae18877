"""A topic is a row of one table: Rasa's files agree with it, and a new one needs no code."""

from __future__ import annotations

import ast
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from actions.answers.loader import MECHANICS, load_answers
from actions.answers.topics import NO_TOPIC, Topics, load_topics
from actions.bootstrap import bootstrap
from actions.handlers.doute import Clarifier
from actions.handlers.repondre import Repondre
from actions.handlers.turn import HandlerTurn, read_turn
from actions.messages import Text
from actions.programme.facts import Facts
from actions.reading.territory.gazetteer import load_gazetteer
from tests.answers.conftest import FOLDER, ROOT

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
NEW = "pass_cadeau"
ROW = f"{NEW}: {{family: citoyens}}\n"
ANSWER = f"""
topic: {NEW}
title: Offrir un pass
variants:
  - text: Non. Des organismes donnent les pass.
    simpler: Non.
follow_ups: [pass_obtenir, parler_humain]
"""


@pytest.fixture(scope="module")
def topics() -> Topics:
    return load_topics(FOLDER)


def disagreements(data: Path, nlu: Path) -> list[str]:
    """Return what Rasa's domain and rules say otherwise than the table, one line each."""
    topics = load_topics(data / "answers")
    domain = yaml.safe_load((nlu / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((nlu / "rules.yml").read_text(encoding="utf-8"))["rules"]
    intents = set(domain["intents"])
    said = [f"domain.yml: {name} is missing" for name in topics if name not in intents]
    said += [f"sujets.yaml: {name} is missing" for name in intents - set(topics) - MECHANICS]
    acts: dict[str, str] = {}
    for rule in rules:
        if "condition" not in rule:
            first, then = rule["steps"][0], rule["steps"][1]
            for one in first.get("or", [first]):
                acts[one["intent"]] = then["action"]
    for name, topic in topics.items():
        if acts.get(name) != topic.action:
            said.append(f"rules.yml: {name} is answered by {acts.get(name)}, not {topic.action}")
        known = {*domain["actions"], *domain["forms"]}
        if topic.action not in known:
            said.append(f"domain.yml: {topic.action} is missing")
    return said


def test_rasa_knows_the_same_topics_and_who_answers() -> None:
    assert disagreements(ROOT / "data", ROOT / "nlu") == []


def test_every_topic_has_examples(topics: Topics) -> None:
    assert {path.stem for path in (ROOT / "data" / "nlu").glob("*.yml")} == set(topics)


def test_what_may_be_asked_second_is_no_small_talk(topics: Topics) -> None:
    tree = ast.parse((ROOT / "nlu" / "components" / "topic_model.py").read_text(encoding="utf-8"))
    (prefixes,) = (
        ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_INFORMATIONAL"
    )
    second = {name for name in topics if name.startswith(prefixes)}
    assert second == {name for name, topic in topics.items() if topic.family != "conversation"} - {
        "besoin_aide",  # a need is a sentence of its own
        "plus_de_lieux",
    }


def test_what_is_no_topic_is_offered_nowhere() -> None:
    none = load_topics(FOLDER).of("incompris")
    assert none is NO_TOPIC
    assert not (none.rated or none.suggested or none.named or none.form or none.leads_to)


# A topic added by data alone, in a temporary tree.


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("arbre")
    shutil.copytree(ROOT / "data" / "answers", root / "data" / "answers")
    shutil.copytree(ROOT / "data" / "programme", root / "data" / "programme")
    shutil.copytree(ROOT / "data" / "places", root / "data" / "places")
    (root / "nlu").mkdir()
    for name in ("domain.yml", "rules.yml"):
        shutil.copy(ROOT / "nlu" / name, root / "nlu")
    table = root / "data" / "answers" / "sujets.yaml"
    table.write_text(table.read_text(encoding="utf-8") + ROW, encoding="utf-8")
    (root / "data" / "answers" / f"{NEW}.yaml").write_text(ANSWER, encoding="utf-8")
    return root


def turn_of(services: Any, intent: str, tier: str, ranking: list[str]) -> HandlerTurn:
    parsed = {
        "text": "je veux offrir un pass",
        "intent": {"name": intent if tier != "clarify" else "clarifier"},
        "intent_ranking": [{"name": name, "confidence": 0.3} for name in ranking],
        "entities": [],
        "tier": {"tier": tier, "reading": intent},
    }
    tracker: Any = SimpleNamespace(latest_message=parsed, slots={}, events=[], active_loop={})
    return read_turn(tracker, services.reader, NOW, None)


def test_it_is_answered_rated_and_offered(tree: Path, facts: Facts) -> None:
    data = tree / "data"
    answers = load_answers(data / "answers", facts)
    assert answers.title(NEW) == "Offrir un pass"
    assert answers.render(NEW, date(2026, 11, 24)).text.startswith("Non.")
    assert NEW in load_topics(data / "answers").rated
    services = bootstrap(data, load_gazetteer(data / "places"), directory=None)  # type: ignore[arg-type]
    reply = Repondre(services).answer(turn_of(services, NEW, "answer", [NEW]))
    (said,) = reply.messages
    assert isinstance(said, Text)
    assert said.text.startswith("Non.")
    doubt = Clarifier(services).answer(turn_of(services, NEW, "clarify", [NEW, "pass_cout"]))
    assert f"/{NEW}" in [button.payload for button in doubt.messages[0].buttons]


def test_what_rasa_still_lacks_is_named(tree: Path) -> None:
    assert disagreements(tree / "data", tree / "nlu") == [
        f"domain.yml: {NEW} is missing",
        f"rules.yml: {NEW} is answered by None, not action_repondre",
    ]
    for name, before in (("domain.yml", "  - pass_valeur\n"), ("rules.yml", "  - or: &written\n")):
        path = tree / "nlu" / name
        added = f"  - {NEW}\n" if name == "domain.yml" else f"      - intent: {NEW}\n"
        text = path.read_text(encoding="utf-8").replace(before, before + added, 1)
        path.write_text(text, encoding="utf-8")
    assert disagreements(tree / "data", tree / "nlu") == []
