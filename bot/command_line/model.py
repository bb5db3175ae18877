"""``train`` and ``evaluate``: the model, in Rasa's environment."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from actions.reading.danger import exaggerates, read_danger
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.command_line.running import run_to_end
from bot.settings import PROJECT_ROOT, load_settings
from bot.stack.home import prepare_home
from bot.stack.trained_model import NLU_PYTHON, ensure_model, model_path, require_nlu_environment

ALARMS_FILE = "alarms.json"
"""In the home, while a measure lasts: which messages tell a danger in plain words."""
DANGERS = PROJECT_ROOT / "tests" / "nlu" / "data" / "dangers.tsv"


def train(options: argparse.Namespace) -> None:
    """Train the model unless it is fresh."""
    settings = load_settings()
    prepare_home(settings)
    made = run_to_end(ensure_model(settings, lines.progress, force=options.force))
    lines.say(f"Modèle prêt : {model_path(settings)}" if made else "Le modèle est à jour.")


def evaluate(options: argparse.Namespace) -> int:
    """Measure understanding, and write a report with its pictures."""
    for file in (options.data, options.train):
        if file is not None:
            _require_examples(file)
    settings = load_settings()
    prepare_home(settings)
    require_nlu_environment()
    report = options.report or settings.home / "report"
    arguments = [str(NLU_PYTHON), "-m", "nlu.evaluate", "--report", str(report.resolve())]
    for name in ("data", "train"):
        if file := getattr(options, name):
            arguments += [f"--{name}", str(file.resolve())]
    if options.json:
        arguments.append("--json")
    alarms = settings.home / ALARMS_FILE
    alarms.write_text(json.dumps(_alarms(options.data or DANGERS)), encoding="utf-8")
    arguments += ["--alarms", str(alarms)]
    # Stock Rasa takes minutes to train: whoever wants figures for a program asks for it.
    if options.stock is not None or options.json:
        arguments.append("--stock" if options.stock else "--no-stock")
    lines.progress("Mesure de la compréhension (quelques minutes)…")
    sys.stdout.flush()
    try:
        return subprocess.run(  # noqa: S603  our own interpreter and module
            arguments,
            cwd=PROJECT_ROOT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            check=False,
        ).returncode
    finally:
        alarms.unlink(missing_ok=True)


def _alarms(file: Path) -> dict[str, list[str]]:
    """Return the messages of a table that words alone tell to be a danger, or no danger.

    The model's environment knows nothing of the readers: it is told what they read.
    """
    header, *rows = file.read_text(encoding="utf-8-sig").splitlines()
    column = header.split("\t").index("text")
    texts = [cells[column] for row in rows if len(cells := row.split("\t")) > column]
    return {
        "plain": [text for text in texts if read_danger(text)],
        "exaggerated": [text for text in texts if exaggerates(text)],
    }


def _require_examples(file: Path) -> None:
    """Check the header before anything slow starts."""
    try:
        with file.open(encoding="utf-8-sig") as lines_of_file:
            header = lines_of_file.readline().rstrip("\r\n").split("\t")
    except UnicodeDecodeError:
        raise CommandError(f"{file} : ce n'est pas du texte en UTF-8") from None
    if not {"topic", "text"} <= set(header):
        raise CommandError(f"{file} : la première ligne doit être « topic<TAB>text »")
