"""The facts of the programme: dated, sourced values read from ``data/programme/``.

The format follows OpenFisca: each value has a start date, a ``null`` ends it. A file is a
list of facts::

    - id: aap_2020.part_etat
      description: Part de l'achat que l'État paie, au plus
      unit: part
      territory: France
      sources: [S1, S2]
      values:
        2020-02-06: 0.5
        2020-10-16: {value: null, sources: [S1]}
      reviewed: 2026-11-22

A fact that holds whatever the day has ``value`` instead of ``values``; one that no source
tells has ``unknown: true``. A second reading of the same rule is another fact that names
the first in ``reading_of``; neither replaces the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from actions.programme.errors import FactsError
from actions.programme.fact import (
    ALWAYS,
    DatedFact,
    Fact,
    Facts,
    FactsAt,
    FactSource,
    Period,
    Value,
)
from actions.strict_yaml import load_yaml

__all__ = [
    "UNITS",
    "Fact",
    "FactSource",
    "Facts",
    "FactsAt",
    "load_facts",
    "read_yaml",
    "survey",
]

UNITS: Mapping[str, str] = MappingProxyType(
    {
        "euros": "amount in euros",
        "part": "fraction of one, shown as a percentage",
        "points": "percentage points of the 2019 grid",
        "nombre": "count",
        "jour": "a day",
        "mois": "a month, written as its first day",
        "annee": "a year",
        "texte": "words",
        "liste": "several words",
        "adresse": "address of a page, or an e-mail",
    }
)
_NUMBERS = frozenset({"euros", "part", "points", "nombre", "annee"})
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_FIELDS = frozenset(
    {"id", "description", "unit", "territory", "sources", "value", "values"}
    | {"unknown", "reading_of", "note", "reviewed"}
)


def load_facts(folder: Path) -> Facts:
    """Read ``sources.yaml`` and every other YAML file of a folder.

    Raises:
        FactsError: A file breaks the format; the message names file, fact and problem.
    """
    facts, faults = survey(folder)
    if faults:
        raise faults[0]
    return facts


def survey(folder: Path) -> tuple[Facts, list[FactsError]]:
    """Read what can be read of a folder, and tell every fault: one a fact at most."""
    faults: list[FactsError] = []
    sources = dict(_read_sources(folder / "sources.yaml", faults))
    entries: dict[str, DatedFact] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "sources.yaml":
            continue
        try:
            rows = read_yaml(path)
        except FactsError as fault:
            faults.append(fault)
            continue
        if not isinstance(rows, list):
            faults.append(FactsError(path.name, "", "il faut une liste de faits"))
            continue
        for row in rows:
            try:
                entry = _Reader(path.name, row, sources).entry()
            except FactsError as fault:
                faults.append(fault)
                continue
            if entry.id in entries:
                problem = f"déjà dans {entries[entry.id].file}"
                faults.append(FactsError(path.name, entry.id, problem))
            else:
                entries[entry.id] = entry
    for entry in entries.values():
        if entry.reading_of and entry.reading_of not in entries:
            problem = f"reading_of inconnu : {entry.reading_of}"
            faults.append(FactsError(entry.file, entry.id, problem))
    return Facts(MappingProxyType(entries), MappingProxyType(sources)), faults


class _Reader:
    """Reads one fact of a file; every refusal names the file and the fact."""

    def __init__(self, file: str, row: Any, sources: Mapping[str, FactSource]) -> None:
        self.file = file
        self.row = row if isinstance(row, dict) else {}
        self.sources = sources
        self.id = str(self.row.get("id", ""))

    def entry(self) -> DatedFact:
        row = self.row
        if not _ID.fullmatch(self.id):
            raise self.error(f"id absent ou mal formé : {self.id!r}")
        if extra := set(row) - _FIELDS:
            raise self.error(f"champ inconnu : {', '.join(sorted(map(str, extra)))}")
        if sum(name in row for name in ("value", "values", "unknown")) != 1:
            raise self.error("il faut un seul de value, values, unknown")
        unknown = "unknown" in row
        if unknown and row["unknown"] is not True:
            raise self.error("unknown ne vaut que true")
        unit = self.text("unit")
        if unit not in UNITS:
            raise self.error(f"unité inconnue : {unit}")
        reviewed = row.get("reviewed")
        if type(reviewed) is not date:
            raise self.error("reviewed doit être un jour")
        return DatedFact(
            id=self.id,
            description=self.text("description"),
            unit=unit,
            territory=self.text("territory"),
            periods=self.periods(unit),
            reviewed=reviewed,
            unknown=unknown,
            reading_of=str(row.get("reading_of", "")),
            note=str(row.get("note", "")).strip(),
            file=self.file,
        )

    def periods(self, unit: str) -> tuple[Period, ...]:
        default = self.row.get("sources")
        if "unknown" in self.row:
            sources = self.known_sources(default) if default else ()
            return (Period(ALWAYS, None, sources),)
        if "value" in self.row:
            always = self.value(self.row["value"], unit)
            return (Period(ALWAYS, always, self.known_sources(default)),)
        values = self.row["values"]
        if not isinstance(values, dict) or not values:
            raise self.error("values : une valeur par date de début")
        periods = []
        for start, given in values.items():
            if type(start) is not date:
                raise self.error(f"date de début illisible : {start!r}")
            detail = given if isinstance(given, dict) else {"value": given}
            if set(detail) - {"value", "sources"} or "value" not in detail:
                raise self.error(f"{start} : il faut value, et au plus sources")
            raw = detail["value"]
            value = None if raw is None else self.value(raw, unit)
            periods.append(Period(start, value, self.known_sources(detail.get("sources", default))))
        if [p.start for p in periods] != sorted(p.start for p in periods):
            raise self.error("dates de début dans le désordre")
        if periods[0].value is None:
            raise self.error("la première valeur ne peut pas être nulle")
        return tuple(periods)

    def value(self, raw: Any, unit: str) -> Value:
        if unit in _NUMBERS and isinstance(raw, int | float) and not isinstance(raw, bool):
            return Decimal(str(raw))
        if unit in ("jour", "mois") and type(raw) is date:
            return raw
        if unit == "liste" and isinstance(raw, list) and raw and all(map(_is_text, raw)):
            return tuple(raw)
        if unit in ("texte", "adresse") and _is_text(raw):
            return str(raw).strip()
        raise self.error(f"valeur impossible pour l'unité {unit} : {raw!r}")

    def known_sources(self, given: Any) -> tuple[FactSource, ...]:
        if not isinstance(given, list) or not given:
            raise self.error("il faut au moins une source")
        for source in given:
            if source not in self.sources:
                raise self.error(f"source inconnue : {source}")
        return tuple(self.sources[source] for source in given)

    def text(self, name: str) -> str:
        if not _is_text(self.row.get(name)):
            raise self.error(f"{name} manque")
        return str(self.row[name]).strip()

    def error(self, problem: str) -> FactsError:
        return FactsError(self.file, self.id, problem)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _read_sources(path: Path, faults: list[FactsError]) -> Iterator[tuple[str, FactSource]]:
    try:
        rows = read_yaml(path)
    except FactsError as fault:
        faults.append(fault)
        return
    if not isinstance(rows, dict):
        faults.append(FactsError(path.name, "", "il faut une source par nom"))
        return
    for name, row in rows.items():
        try:
            yield str(name), _source(path.name, str(name), row)
        except FactsError as fault:
            faults.append(fault)


def _source(file: str, name: str, row: Any) -> FactSource:
    needed = ("title", "publisher", "territory")
    if not isinstance(row, dict) or not all(_is_text(row.get(key)) for key in needed):
        raise FactsError(file, name, "il faut title, publisher, territory")
    if extra := set(row) - {*needed, "date", "url", "note"}:
        raise FactsError(file, name, f"champ inconnu : {', '.join(sorted(map(str, extra)))}")
    day = str(row.get("date") or "")
    if not re.fullmatch(r"(\d{4}(-\d{2}(-\d{2})?)?)?", day):
        raise FactsError(file, name, f"date illisible : {day}")
    url = row.get("url") or ""
    if url and not _ADDRESS.fullmatch(str(url)):
        raise FactsError(file, name, f"adresse illisible : {url}")
    return FactSource(
        id=name,
        title=row["title"],
        publisher=row["publisher"],
        date=day,
        territory=row["territory"],
        url=url,
        note=row.get("note") or "",
    )


def read_yaml(path: Path) -> Any:
    """Read a YAML file, where a key written twice is refused.

    Raises:
        FactsError: Missing or unreadable; the message names the file.
    """
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())[:200]
        raise FactsError(path.name, "", f"illisible : {reason}") from error
