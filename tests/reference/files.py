"""Directories written for a test, in every shape that sources have."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

COLUMNS = (
    *("id", "nom", "adresse", "code_postal", "commune", "latitude", "longitude"),
    *("horaires", "telephone", "date_maj", "services", "conditions_acces", "labels_nationaux"),
)


def lieu(nom: str = "Lieu d'essai", **fields: Any) -> dict[str, Any]:
    base = {
        "id": nom,
        "nom": nom,
        "adresse": "1 rue de l'Exemple",
        "code_postal": "57000",
        "commune": "Metz",
        "latitude": "49.12",
        "longitude": "6.18",
        "date_maj": "2024-01-31",
    }
    return base | fields


def as_csv(rows: list[dict[str, Any]], delimiter: str = ",") -> str:
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write_csv(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text(as_csv(list(rows)), encoding="utf-8")
    return str(path)


def write_json(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return str(path)
