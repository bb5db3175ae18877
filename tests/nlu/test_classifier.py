from __future__ import annotations

from typing import Any

import pytest

from nlu.components.topic_model import TopicModel
from nlu.rasa_runtime import prepare

prepare()

from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from nlu.components.classifier import TopicClassifier  # noqa: E402


def read(model: TopicModel, text: str, previous: str = "") -> dict[str, Any]:
    component = TopicClassifier({}, None, None, model)  # type: ignore[arg-type]
    message = Message({"text": text, "metadata": {"previous": previous}})
    component.process([message])
    return dict(message.as_dict(only_output_properties=True))


def test_a_clear_question_is_its_topic(small: TopicModel) -> None:
    parsed = read(small, "où utiliser mon pass numérique à Nevers ?")
    assert parsed["intent"]["name"] == "trouver_lieu"
    assert parsed["tier"]["tier"] == "answer"
    assert parsed["intent_ranking"][0]["name"] == "trouver_lieu"


def test_what_is_out_of_scope_is_said_so(small: TopicModel) -> None:
    parsed = read(small, "quel temps fera-t-il demain à Marseille, de la pluie ?")
    assert parsed["intent"]["name"] == "hors_sujet"
    assert parsed["tier"]["tier"] == "refuse"


def test_a_message_without_words_is_not_understood(small: TopicModel) -> None:
    assert read(small, "🍕")["intent"]["name"] == "incompris"


def test_a_doubt_is_asked_about_with_its_ranking_kept(small: TopicModel) -> None:
    doubtful = [
        parsed
        for text in ("et combien ça", "le prix du lieu", "numéro du carnet", "carnet à Nevers")
        if (parsed := read(small, text))["tier"]["tier"] == "clarify"
    ]
    assert doubtful
    for parsed in doubtful:
        assert parsed["intent"]["name"] == "clarifier"
        assert parsed["tier"]["reading"] not in {"clarifier", "hors_sujet"}
        assert len(parsed["intent_ranking"]) > 2


@pytest.mark.parametrize(
    ("text", "intent"),
    [("/aide", "aide"), ('/trouver_lieu{"lieu": "x"}', "trouver_lieu"), ("/aide@0.5", "aide")],
)
def test_buttons_are_left_to_rasa(small: TopicModel, text: str, intent: str) -> None:
    parsed = read(small, text)
    assert "intent" not in parsed or not parsed["intent"]
    assert parsed["tier"] == {
        "tier": "answer", "reading": intent, "confidence": 1.0, "second": "", "language": "fr",
    }  # fmt: skip


def test_the_language_is_told(small: TopicModel) -> None:
    assert read(small, "where can I use my vouchers?")["tier"]["language"] == "en"
