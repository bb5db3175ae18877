"""Passerelle measured the whole way: `bot/conversation`, its own stack, everything kept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import aiohttp

from bot.bootstrap import open_front
from bot.conversation import Incoming, Kind
from bot.settings import PROJECT_ROOT, load_settings
from bot.stack.endpoint import Endpoint
from bot.stack.stack import Stack
from bot.stack.trained_model import NLU_PYTHON, ensure_model
from scripts.bench.figures import (
    INFORMATION,
    Figures,
    Scale,
    environment,
    measure_turns,
    resident_mb,
)

PARSED = 256
"""Messages read to time one reading; none is twice the same."""


async def measure_ours(scale: Scale, *, training: bool) -> Figures:
    """Start a stack in a home of its own, talk with it, stop it."""
    figures = Figures("Passerelle")
    environment(NLU_PYTHON.parents[1], figures)
    numbers = count()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = replace(load_settings({"PASSERELLE_HOME": folder}, dotenv=None), home=home)
        (home / "models").mkdir()
        await ensure_model(settings, lambda _line: None)  # timed apart
        stack = Stack(settings, lambda line: print(f"→ {line}", file=sys.stderr))
        began = time.perf_counter()
        async with stack as endpoint, open_front(settings, endpoint) as front:

            async def say(who: str, text: str) -> None:
                incoming = Incoming(
                    channel="mesure",
                    external_id=who,
                    message_id=str(next(numbers)),
                    kind=Kind.TEXT,
                    at=datetime.now(UTC),
                    text=text,
                )
                said = await front.conversation.receive(incoming)
                if not said:
                    raise RuntimeError(f"no answer to « {text} »")

            await say("premier", INFORMATION)
            figures.start_s = time.perf_counter() - began
            await measure_turns(figures, say, scale)
            figures.parse_ms = await _parse_ms(endpoint, min(PARSED, 8 * scale.turns))
            figures.main_mb = resident_mb([stack.pid("rasa")])
            figures.all_mb = resident_mb([os.getpid()])
    if training:
        figures.training_s = _training_s()
    return figures


async def _parse_ms(endpoint: Endpoint, times: int) -> float:
    headers = {"Authorization": f"Bearer {endpoint.secret}"}
    async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
        began = time.perf_counter()
        for n in range(times):
            texts = [f"combien vaut un pass numéro {n} ?"]
            async with session.post(f"{endpoint.nlu_url}/parse", json={"texts": texts}) as answer:
                await answer.read()
        return (time.perf_counter() - began) / times * 1000


def _training_s() -> float:
    """Train with the project's kept vectors, as a change of examples does."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        subprocess.run(
            [NLU_PYTHON, "-m", "nlu.train", "--output", f"{folder}/model.tar.gz"],
            cwd=PROJECT_ROOT, check=True, capture_output=True,
        )  # fmt: skip
        return time.perf_counter() - began
