"""``places …``: the directory, without Rasa."""

from __future__ import annotations

import argparse
import sys
import time

from actions.clock import civil_day, utc_now
from actions.places.quality import measure
from actions.reference import ImportReport, open_importer
from actions.reference import refresh as refresh_all
from bot.command_line import directory_quality, lines
from bot.command_line.errors import CommandError
from bot.home_data import HomeData
from bot.settings import Settings, load_settings
from bot.stack.home import prepare_home

SHOWN_NOTES = 20
"""Bad rows shown in full; the others are counted."""


def load(options: argparse.Namespace) -> None:
    """Import one or several directories."""
    settings = _settings()
    importer = open_importer(settings.reference_url, settings.data_dir / "places")
    for source in options.source:
        report = importer.load(source, progress=_Progress(), force=options.force)
        _report(report, as_json=options.json)


def refresh(options: argparse.Namespace) -> int:
    """Import every configured source again."""
    settings = _settings()
    if not settings.places_sources:
        raise CommandError(
            "rien à recharger : donnez des fichiers ou des adresses dans PASSERELLE_PLACES_SOURCES"
        )
    importer = open_importer(settings.reference_url, settings.data_dir / "places")
    done = refresh_all(importer, settings.places_sources, progress=_Progress(), force=options.force)
    failed = 0
    for source, report in zip(settings.places_sources, done, strict=True):
        if isinstance(report, ImportReport):
            _report(report, as_json=options.json)
        else:
            failed += 1
            sys.stderr.write(f"passerelle : {source} : {report}\n")
    return int(failed > 0)


def stats(options: argparse.Namespace) -> None:
    """Say what the directory holds, and how good it is."""
    from actions.reference.coverage_map import coverage_of, reach_of, write_map  # noqa: PLC0415

    settings = _settings()
    data = HomeData(settings)
    folder, gazetteer, directory = data.places_folder, data.gazetteer, data.filled_directory
    found = directory.stats()
    today = options.date or settings.today or civil_day(utc_now())
    quality = measure(directory.each(), directory.rows(), today)
    coverage = coverage_of(directory, gazetteer)
    reach = reach_of(coverage)
    words = directory_quality.to_words(quality, reach)
    if options.html:
        write_map(
            options.html, directory, gazetteer, folder, today, coverage=coverage, quality=words
        )
    if options.json:
        lines.emit(
            {
                "places": found.places,
                "labelled": found.labelled,
                "free": found.free,
                "demonstration": found.demonstration,
                "imported_at": found.imported_at.isoformat() if found.imported_at else None,
                "sources": [{"name": name, "records": records} for name, records in found.sources],
            }
            | directory_quality.to_json(quality, reach)
        )
        return
    if found.demonstration:
        lines.say("Annuaire de démonstration : ces lieux sont fictifs.")
    lines.say(
        f"{found.places} lieux, dont {found.labelled} ont accepté le Pass numérique "
        f"et {found.free} sont gratuits."
    )
    for name, records in found.sources:
        lines.say(f"  {name} : {records} lignes")
    for line in words:
        lines.say(line)
    if options.html:
        lines.say(f"Rapport écrit : {options.html}")


def chart(options: argparse.Namespace) -> None:
    """Draw where there are places, and where there are none."""
    from actions.reference.coverage_map import write_map  # noqa: PLC0415

    settings = _settings()
    data = HomeData(settings)
    folder, gazetteer, directory = data.places_folder, data.gazetteer, data.filled_directory
    today = settings.today or civil_day(utc_now())
    write_map(options.file, directory, gazetteer, folder, today)
    lines.say(f"Carte écrite : {options.file}")


def _settings() -> Settings:
    settings = load_settings()
    prepare_home(settings)
    return settings


def _report(report: ImportReport, *, as_json: bool) -> None:
    if as_json:
        lines.emit(
            {
                "source": report.origin,
                "not_modified": report.not_modified,
                "read": report.read,
                "kept": report.kept,
                "added": report.added,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "removed": report.removed,
                "merged": report.merged,
                "aside": report.aside,
                "places": report.places,
                "labelled": report.labelled,
                "skipped": [
                    {"line": note.line, "name": note.name, "reason": note.reason}
                    for note in report.skipped
                ],
                "repaired": len(report.repaired),
            }
        )
        return
    if report.not_modified:
        lines.say(f"{report.origin} : rien n'a changé depuis le dernier chargement.")
        return
    for note in report.skipped[:SHOWN_NOTES]:
        sys.stderr.write(f"ligne {note.line} ignorée ({note.name or 'sans nom'}) : {note.reason}\n")
    if (more := len(report.skipped) - SHOWN_NOTES) > 0:
        sys.stderr.write(f"… et {more} autres lignes ignorées\n")
    lines.say(
        f"{report.origin} : lignes lues {report.read}, gardées {report.kept}, "
        f"ignorées {len(report.skipped)}, réparées {len(report.repaired)} ; "
        f"nouvelles {report.added}, changées {report.updated}, disparues {report.removed}."
    )
    lines.say(
        f"Lieux dans l'annuaire : {report.places} (doublons réunis : {report.merged}), "
        f"dont {report.labelled} ont accepté le Pass numérique."
    )
    if report.aside:
        lines.say(
            f"Lignes gardées de côté : {report.aside} (structures et services sans rapport avec le "
            "numérique, ou services sans adresse dont la structure n'est pas connue)."
        )


class _Progress:
    """A bar that redraws itself in a terminal; silence elsewhere."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, what: str, done: int, expected: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or now < self._next:
            return
        self._next = now + 0.1
        share = f"{done / expected:.0%}" if expected else f"{done}"
        sys.stderr.write(f"\r{what[:30]:<30} {share:>8}\r")
        sys.stderr.flush()
