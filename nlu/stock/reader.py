"""Rasa's default pipeline, trained and asked in a process of its own (for `nlu.evaluate`).

python -m nlu.stock.reader TASK.json RESULT.json
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

_CONFIG = """
recipe: default.v1
assistant_id: stock
language: fr
pipeline:
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: 100
  constrain_similarities: true
  random_seed: 0
- name: EntitySynonymMapper
- name: ResponseSelector
  epochs: 100
  constrain_similarities: true
  random_seed: 0
"""
"""What `rasa init` and an empty `config.yml` give in 3.6, seeds fixed."""


def main() -> None:
    """Train on the task's examples, read its texts, write what was read."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import yaml
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    task = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    topics = sorted({topic for topic, _ in task["train"]})
    names = {topic: f"topic_{n}" for n, topic in enumerate(topics)}  # any label is allowed
    by_topic: dict[str, list[dict[str, str]]] = {}
    for topic, text in task["train"]:
        by_topic.setdefault(names[topic], []).append({"text": text})
    with tempfile.TemporaryDirectory() as folder:
        data, config = Path(folder) / "nlu.yml", Path(folder) / "config.yml"
        blocks = [{"intent": topic, "examples": rows} for topic, rows in by_topic.items()]
        described = {"version": "3.1", "nlu": blocks}
        data.write_text(yaml.safe_dump(described, allow_unicode=True), "utf-8")
        config.write_text(_CONFIG, "utf-8")
        started = time.perf_counter()
        model = train_nlu(config=str(config), nlu_data=str(data), output=folder)
        seconds = time.perf_counter() - started
        agent = Agent.load(model)

        async def read() -> list[str]:
            parsed = [await agent.parse_message(text) for text in task["texts"]]
            by_name = {name: topic for topic, name in names.items()}
            return [by_name.get(p["intent"]["name"], "") for p in parsed]

        readings = asyncio.run(read())
    Path(sys.argv[2]).write_text(json.dumps({"readings": readings, "seconds": seconds}), "utf-8")


if __name__ == "__main__":
    main()
