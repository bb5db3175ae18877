"""``poster``: a printable page whose code opens the assistant on a question."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from actions.clock import utc_now
from actions.french import counted
from actions.reading.territory.area import parse_area
from bot.command_line import lines
from bot.command_line.errors import CommandError
from bot.command_line.running import run_to_end
from bot.doctor import look_at_telegram
from bot.home_data import HomeData
from bot.settings import Settings, load_settings
from bot.telegram.links import link, start_parameter
from bot.telegram.poster import poster

_BOT = re.compile(r"@?([A-Za-z][A-Za-z0-9_]{3,31})")
"""A bot's name, as Telegram writes it."""


def make(options: argparse.Namespace) -> None:
    """Write the poster.

    Raises:
        CommandError: The bot has no known name, or the place is none.
    """
    settings = load_settings()
    data = HomeData(settings)
    say = data.words("affiche.yaml")
    bot = _name(settings, options.bot)
    subject, title, place = "", say("titre"), ""
    if options.lieu:
        place, label = _place(data, options.lieu)
        subject, title = "lieux", say("titre_lieu", lieu=label)
    elif options.aap:
        subject, title = "aap", say("titre_aap")
    address = link(bot, start_parameter(subject, place) if subject else "")
    file = options.file or Path(f"affiche-{start_parameter(subject or 'accueil', place)}.pdf")
    kept_for = counted(settings.retention_days, "jour")
    file.write_bytes(poster(say, title=title, address=address, kept_for=kept_for, at=utc_now()))
    if options.json:
        lines.emit({"file": str(file), "link": address, "title": title})
    else:
        lines.say(f"{file} : le code ouvre {address}")


def _name(settings: Settings, given: str) -> str:
    if given:
        if not (written := _BOT.fullmatch(given)):
            raise CommandError(f"--bot : « {given[:40]} » n'est pas le nom d'un bot Telegram")
        return written[1]
    if not settings.telegram_token:
        raise CommandError("donnez le nom du bot : --bot NOM, ou TELEGRAM_BOT_TOKEN")
    found = run_to_end(look_at_telegram(settings))
    if not (written := _BOT.fullmatch(found.text)):
        raise CommandError(f"Telegram ne dit pas le nom du bot ({found.text}) : donnez --bot NOM")
    return written[1]


def _place(data: HomeData, text: str) -> tuple[str, str]:
    """Return a place as a link carries it, and as people read it."""
    area = parse_area(text, data.gazetteer)
    if area.status != "found":
        raise CommandError(
            f"--lieu : « {text[:60]} » n'est ni un code postal ni une commune connue"
        )
    return text.strip(), area.label
