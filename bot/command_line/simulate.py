"""``simulate``: the aid of projects in words, without Rasa."""

from __future__ import annotations

import argparse

from actions.clock import civil_day, utc_now
from actions.french import euros
from actions.programme.result import Result
from actions.programme.sheet import SheetMaker
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.home_data import HomeData
from bot.settings import load_settings


def simulate(options: argparse.Namespace) -> None:
    """Compute each project, by the rules of the last call announced on the day."""
    settings = load_settings()
    day = options.date or settings.today or civil_day(utc_now())
    if options.pdf and not options.text:
        raise CommandError("--pdf : donnez le projet comme argument")
    simulator = HomeData(settings).simulator
    for text in lines.asked(options.text):
        result = simulator.simulate_text(text, day)
        if options.json:
            lines.emit(result.to_json())
        else:
            _tell(text, result)
        if options.pdf:
            options.pdf.write_bytes(SheetMaker(simulator).render(result))


_ELIGIBLE = {"oui": "oui", "non": "non", "a_preciser": "à préciser"}


def _tell(text: str, result: Result) -> None:
    lines.say(f"> {text}")
    lines.say(f"  Éligible : {_ELIGIBLE[result.eligible]}")
    if result.max_aid_eur is not None:
        lines.say(f"  Aide : au plus {euros(result.max_aid_eur)}")
    for other in result.other_readings:
        lines.say(f"  Autre lecture : {euros(other.max_aid_eur)} ({other.source.label})")
    for reason in result.reasons:
        lines.say(f"  – {reason}")
    for source in result.sources:
        lines.say(f"  Source : {source.label}")
