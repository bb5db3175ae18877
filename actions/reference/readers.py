"""From bytes to rows: CSV or JSON, whatever the separator, encoding or version."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from actions.reading.fold import fold
from actions.reference.errors import BadDirectoryError

MAX_BYTES = 128 * 1024 * 1024
"""Largest file read; the national directory is ten times smaller."""
MAX_JSON_BYTES = 96 * 1024 * 1024
MAX_HEADER = 32_768
"""A CSV whose first line is longer is not a directory."""
_DELIMITERS = ",;\t|"
_LOCATED = (
    {"latitude", "longitude"},
    {"code_postal", "commune"},
    {"code_postal", "adresse"},
    {"structure_id"},  # a service of data·inclusion is where its structure is
)
_ALIASES = {
    "lat": "latitude",
    "lon": "longitude",
    "lng": "longitude",
    "long": "longitude",
    "horaires_osm": "horaires",
    "courriels": "courriel",
    "cp": "code_postal",
    "codepostal": "code_postal",
    "insee": "code_insee",
}
_WINDOWS_CONTROLS = {
    code: bytes([code]).decode("cp1252", "ignore") or " " for code in range(0x80, 0xA0)
}
"""C1 controls left by Windows-1252 text read as Latin-1 («d\\x92Insertion»)."""
_SPACES = re.compile(r"\s+")

DirectoryRow = dict[str, str]


def read_rows(raw: bytes) -> Iterator[tuple[int, DirectoryRow]]:
    """Yield (line, row) of a directory; column names are those of schema 0.1 or 1.0.

    ``line`` is that of the file for a CSV, the rank of the object for a JSON, from 1.

    Raises:
        BadDirectoryError: Not a readable file of places. Also while iterating: a truncated end
            is an error of the whole file.
    """
    head = raw[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        raise BadDirectoryError("le fichier est vide")
    if head[:1] == b"<":
        raise BadDirectoryError("c'est une page web (HTML ou XML), pas un annuaire CSV ou JSON")
    if head[:2] in (b"PK", b"\x1f\x8b") or head[:4] == b"%PDF":
        raise BadDirectoryError("c'est une archive ou un document : donnez le fichier CSV ou JSON")
    if head[:1] in (b"[", b"{"):
        return _json_rows(raw)
    return _csv_rows(raw)


def _decode(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise BadDirectoryError("le texte UTF-16 est abîmé ou tronqué") from error
    if b"\0" in raw[:4096]:
        raise BadDirectoryError("c'est un fichier binaire, pas un annuaire CSV ou JSON")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(raw) - 4 and any(byte > 127 for byte in raw[: error.start]):
            raise BadDirectoryError(
                "le fichier est tronqué : il finit au milieu d'une lettre"
            ) from None
        return raw.decode("cp1252", "replace")


def _csv_rows(raw: bytes) -> Iterator[tuple[int, DirectoryRow]]:
    if len(raw) > MAX_HEADER and not re.search(rb"[\r\n]", raw[:MAX_HEADER]):
        raise BadDirectoryError("la première ligne est démesurée : ce n'est pas un annuaire CSV")
    text = _decode(raw)
    header_line = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = _columns(next(reader))
    except (csv.Error, StopIteration) as error:
        raise BadDirectoryError("l'en-tête du CSV est illisible") from error
    _check_columns(set(header))
    return _csv_body(reader, header, text.endswith(("\n", "\r")))


def _csv_body(
    reader: Any, header: list[str], ends_with_newline: bool
) -> Iterator[tuple[int, DirectoryRow]]:
    pending: tuple[int, list[str]] | None = None
    line = reader.line_num + 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise BadDirectoryError(
                f"ligne {line} : champ démesuré ou guillemet non fermé, le fichier est abîmé"
            ) from error
        if pending is not None:
            yield pending[0], _row(header, pending[1])
        pending = (line, cells) if any(cell.strip() for cell in cells) else None
        line = reader.line_num + 1
    if pending is not None:
        cells = pending[1]
        if len(cells) < len(header) and ("\n" in cells[-1] or not ends_with_newline):
            raise BadDirectoryError(f"ligne {pending[0]} : la dernière ligne est tronquée")
        yield pending[0], _row(header, pending[1])


_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_MISREAD = re.compile("[ÃÂâ][\u0080-\u00bf\u2010-\u203a\u20ac™œŒžŸšŠƒˆ˜]")
"""UTF-8 that someone read as Windows-1252: «RÃ©publique»."""


def _row(header: list[str], cells: list[str]) -> DirectoryRow:
    if len(cells) != len(header):
        return {"": f"{len(cells)} colonnes au lieu de {len(header)}"}
    return {name: clean(cell) for name, cell in zip(header, cells, strict=True)}


def _json_rows(raw: bytes) -> Iterator[tuple[int, DirectoryRow]]:
    if len(raw) > MAX_JSON_BYTES:
        raise BadDirectoryError("ce JSON est trop gros : donnez le même annuaire en CSV")
    try:
        data: Any = json.loads(_decode(raw))
    except (ValueError, RecursionError) as error:
        raise BadDirectoryError("le JSON est tronqué ou abîmé") from error
    items = list(_items(data))
    if not any(isinstance(item, dict) for _, item in items):
        raise BadDirectoryError("ce JSON n'est pas une liste de lieux")
    names = {name for _, item in items if isinstance(item, dict) for name in item}
    _check_columns(set(_columns(list(names))))
    return _json_body(items)


def _items(data: Any) -> Iterator[tuple[int, Any]]:
    """Yield (rank, object) of the lists that a JSON document holds.

    data·inclusion gives structures and services as two lists of one object, or a service with
    its structure in it, or in an object that says how far it is.
    """
    lists = [data]
    if isinstance(data, dict):
        found = [value for value in data.values() if isinstance(value, list)]
        lists = found if {"structures", "services"} & data.keys() else found[:1]
    known: set[str] = set()
    for items in lists:
        for number, item in enumerate(items if isinstance(items, list) else [], 1):
            inner = item.get("service") if isinstance(item, dict) and "nom" not in item else None
            one = inner if isinstance(inner, dict) else item
            structure = one.get("structure") if isinstance(one, dict) else None
            if isinstance(structure, dict) and "structure_id" in one:
                one = {name: value for name, value in one.items() if name != "structure"}
                if (identifier := str(structure.get("id"))) not in known:
                    known.add(identifier)
                    yield number, {"reseaux_porteurs": None} | structure
            yield number, one


def _json_body(items: list[tuple[int, Any]]) -> Iterator[tuple[int, DirectoryRow]]:
    for number, item in items:
        if not isinstance(item, dict):
            yield number, {"": "ce n'est pas un lieu"}
            continue
        yield (
            number,
            {
                name: clean(_text(value))
                for name, value in zip(_columns(list(item)), item.values(), strict=True)
            },
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return "|".join(_text(one) for one in value)
    return str(value)


def _columns(names: list[str]) -> list[str]:
    folded = [fold(name).replace(" ", "_") for name in names]
    return [_ALIASES.get(name, name) for name in folded]


def _check_columns(names: set[str]) -> None:
    if "nom" not in names or not any(needed <= names for needed in _LOCATED):
        raise BadDirectoryError(
            "ce n'est pas un annuaire de lieux : il faut les colonnes nom, code_postal, commune, "
            "latitude, longitude (schéma « médiation numérique »)"
        )


def _is_clean(text: str) -> bool:
    """Whether there is nothing to clean, as in most cells: told without a pattern where ASCII."""
    return (
        text.isprintable()
        and "&" not in text
        and "<" not in text
        and "  " not in text
        and text[:1] != " "
        and text[-1:] != " "
        and (text.isascii() or not _MISREAD.search(text))
    )


def clean(text: str) -> str:
    """Return text on one line, without stray controls, tags or mistaken encoding."""
    if _is_clean(text):
        return text
    if "&" in text or "<" in text:
        text = html.unescape(_TAG.sub(" ", text))
    if _MISREAD.search(text):
        import ftfy  # noqa: PLC0415  slow to load, and only an import of places needs it

        text = ftfy.fix_encoding(text)
    return _SPACES.sub(" ", text.translate(_WINDOWS_CONTROLS)).strip()
