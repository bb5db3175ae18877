"""Stock Rasa 3.6.21 measured: default pipeline and policies, its own server, trackers in memory.

A toy of twelve intents taken from our examples; one action, which says one sentence.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import yaml

from nlu.stock import STOCK_PYTHON
from scripts.bench.figures import (
    INFORMATION,
    Figures,
    Scale,
    environment,
    measure_turns,
    resident_mb,
)

ROOT = Path(__file__).resolve().parents[2]
INTENTS = (
    "pass_valeur", "pass_beneficiaires", "pass_obtenir", "pass_definition", "trouver_lieu",
    "lieu_horaires", "aap_presentation", "parler_humain", "saluer", "remercier", "au_revoir",
    "hors_sujet",
)  # fmt: skip
EXAMPLES = 25
"""Examples of each intent."""
START_S = 240
_ACTED = frozenset({"trouver_lieu", "lieu_horaires"})
_ACTIONS = """
from rasa_sdk import Action


class Answer(Action):
    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Voici trois lieux.")
        return []
"""


async def measure_stock(scale: Scale) -> Figures:
    """Train the toy, start Rasa and its action server, talk with it, stop both."""
    figures = Figures("Rasa 3.6.21")
    environment(STOCK_PYTHON.parents[1], figures)
    with tempfile.TemporaryDirectory() as name, ExitStack() as held:
        folder = Path(name)
        rasa, actions = _free_port(), _free_port()
        _write_project(folder, actions)
        # Our own limit of threads (`nlu`) is not stock Rasa's.
        ours = {f"{library}_NUM_THREADS" for library in ("OMP", "OPENBLAS", "MKL")}
        inherited = {name: value for name, value in os.environ.items() if name not in ours}
        environ = {**inherited, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [str(STOCK_PYTHON), "-W", "ignore", "-m"]

        began = time.perf_counter()
        trainer = await asyncio.create_subprocess_exec(
            *command, "rasa", "train", "--quiet", "--augmentation", "0", cwd=folder, env=environ,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if await trainer.wait():
            raise RuntimeError("stock Rasa did not train")
        figures.training_s = time.perf_counter() - began

        def start(*arguments: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [*command, *arguments], cwd=folder, env=environ,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            held.callback(process.wait)
            held.callback(process.terminate)
            return process

        began = time.perf_counter()
        served = [
            start("rasa_sdk", "--actions", "actions", "--port", str(actions)),
            start("rasa", "run", "--port", str(rasa), "--interface", "127.0.0.1", "--enable-api"),
        ]
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{rasa}"

            async def say(who: str, text: str) -> None:
                body = {"sender": who, "message": text}
                async with session.post(f"{url}/webhooks/rest/webhook", json=body) as answer:
                    answer.raise_for_status()
                    if not await answer.json():
                        raise RuntimeError(f"no answer to « {text} »")

            while True:
                try:
                    await say("premier", INFORMATION)
                    break
                except aiohttp.ClientError:
                    if time.perf_counter() - began > START_S or served[1].poll() is not None:
                        raise
                    await asyncio.sleep(0.1)
            figures.start_s = time.perf_counter() - began
            await measure_turns(figures, say, scale)
            figures.parse_ms = await _parse_ms(session, url, min(256, 8 * scale.turns))
            figures.main_mb = resident_mb([served[1].pid])
            figures.all_mb = resident_mb([process.pid for process in served])
    return figures


async def _parse_ms(session: aiohttp.ClientSession, url: str, times: int) -> float:
    began = time.perf_counter()
    for n in range(times):
        body = {"text": f"combien vaut un pass numéro {n} ?"}
        async with session.post(f"{url}/model/parse", json=body) as answer:
            answer.raise_for_status()
            await answer.read()
    return (time.perf_counter() - began) / times * 1000


def _write_project(folder: Path, actions_port: int) -> None:
    """Write what `rasa init` makes: configuration left to its defaults, examples, rules."""
    nlu, rules = [], []
    for intent in INTENTS:
        block = yaml.safe_load((ROOT / "data" / "nlu" / f"{intent}.yml").read_text("utf-8"))["nlu"]
        lines = [line for part in block for line in part["examples"].splitlines()]
        alone = [line for line in lines if " > " not in line]
        step = max(1, len(alone) // EXAMPLES)
        nlu.append({"intent": intent, "examples": "\n".join(alone[::step][:EXAMPLES])})
        answer = "action_answer" if intent in _ACTED else f"utter_{intent}"
        rules.append({"rule": intent, "steps": [{"intent": intent}, {"action": answer}]})
    stories = [{"story": "salut", "steps": [
        {"intent": "saluer"}, {"action": "utter_saluer"},
        {"intent": "pass_valeur"}, {"action": "utter_pass_valeur"},
        {"intent": "remercier"}, {"action": "utter_remercier"},
    ]}]  # fmt: skip
    said = [intent for intent in INTENTS if intent not in _ACTED]
    domain = {
        "version": "3.1",
        "intents": list(INTENTS),
        "actions": ["action_answer"],
        "responses": {f"utter_{intent}": [{"text": f"Réponse : {intent}."}] for intent in said},
    }
    endpoints = {"action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"}}
    (folder / "data").mkdir()
    for name, content in {
        "data/nlu.yml": {"version": "3.1", "nlu": nlu},
        "data/rules.yml": {"version": "3.1", "rules": rules, "stories": stories},
        "domain.yml": domain,
        "config.yml": {"recipe": "default.v1", "language": "fr", "assistant_id": "stock"},
        "endpoints.yml": endpoints,
        "credentials.yml": {"rest": None},
    }.items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    (folder / "actions.py").write_text(_ACTIONS, "utf-8")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
