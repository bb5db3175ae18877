"""``facts check``: what is wrong with the data that the assistant speaks from."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from actions.answers.loader import load_answers
from actions.answers.precise import load_precisions
from actions.errors import ToldError
from actions.places.services import load_services
from actions.programme.check import check_programme
from actions.programme.facts import load_facts
from actions.words import load_words
from bot.command_line import lines
from bot.settings import load_settings

WORDS = ("mecanique.yaml", "helpdesk.yaml", "web.yaml", "affiche.yaml")
"""What people read beside the answers."""


def check(options: argparse.Namespace) -> int:
    """Say every fault of the facts and calls, then the first of what speaks from them."""
    data = options.folder or load_settings().data_dir
    faults: list[ToldError] = [*check_programme(data / "programme")]
    faults += [] if faults else _of_answers(data)
    for fault in faults:
        if options.json:
            lines.emit({"text": str(fault)})
        else:
            lines.say(str(fault))
    if not faults and not options.json:
        facts = load_facts(data / "programme")
        lines.say(f"{len(facts)} faits de {len(facts.sources)} sources : rien à redire.")
    return int(bool(faults))


def _of_answers(data: Path) -> list[ToldError]:
    facts, folder = load_facts(data / "programme"), data / "answers"
    found: list[ToldError] = []
    loads: list[Callable[[], object]] = [
        lambda: load_answers(folder, facts),
        lambda: load_precisions(folder, facts),
        lambda: load_services(data / "places"),
        *(partial(load_words, folder / name) for name in WORDS),
    ]
    for load in loads:
        try:
            load()
        except ToldError as fault:
            found.append(fault)
    return found
