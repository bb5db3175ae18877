"""``doctor`` and ``purge``: looking after an installation."""

from __future__ import annotations

import argparse

from actions.clock import civil_day, utc_now
from bot.command_line import lines
from bot.command_line.running import run_to_end
from bot.settings import load_settings


def doctor(options: argparse.Namespace) -> int:
    """Say what is wrong; 1 when something is."""
    from bot.doctor import examine  # noqa: PLC0415

    settings = load_settings()
    findings = run_to_end(examine(settings, settings.today or civil_day(utc_now())))
    for finding in findings:
        if options.json:
            lines.emit({"level": finding.level, "subject": finding.subject, "text": finding.text})
        else:
            lines.say(f"{_SIGNS[finding.level]} {finding.subject} : {finding.text}")
    return int(any(finding.level == "error" for finding in findings))


_SIGNS = {"ok": "✓", "warning": "!", "error": "✗"}


def purge(_options: argparse.Namespace) -> None:
    """Erase what is older than the retention, here and in Rasa."""
    run_to_end(_purge())


async def _purge() -> None:
    from bot.bootstrap import open_front  # noqa: PLC0415
    from bot.retention import purge_all  # noqa: PLC0415
    from bot.stack.stack import joined_or_own  # noqa: PLC0415

    settings = load_settings()
    async with (
        joined_or_own(settings, lines.progress) as endpoint,
        open_front(settings, endpoint) as front,
    ):
        desk, days = front.helpdesk.desk, settings.retention_days
        erased = await purge_all(front.store, desk, endpoint, days, utc_now())
    lines.say(f"{erased} éléments de plus de {settings.retention_days} jours effacés.")
