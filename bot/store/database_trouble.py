"""What is wrong with a database, in words for whoever runs it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

_SQLITE = (
    ("SQLITE_FULL", "le disque est plein : faites de la place, l'assistant reprend de lui-même"),
    ("SQLITE_IOERR", "le disque ne se lit ou ne s'écrit plus : est-il plein, ou abîmé ?"),
    ("SQLITE_BUSY", "un autre programme la tient verrouillée : fermez-le"),
    ("SQLITE_LOCKED", "un autre programme la tient verrouillée : fermez-le"),
    (
        "SQLITE_READONLY",
        "elle est en lecture seule : rendez son fichier et son dossier modifiables",
    ),
    ("SQLITE_PERM", "elle n'est pas accessible : vérifiez les droits de son fichier"),
    (
        "SQLITE_CANTOPEN",
        "son fichier ne s'ouvre pas : vérifiez le chemin, et les droits du dossier",
    ),
    ("SQLITE_CORRUPT", "son fichier est abîmé : remettez une sauvegarde (docs/running.md)"),
    ("SQLITE_NOTADB", "son fichier n'est pas une base : remettez une sauvegarde (docs/running.md)"),
)
"""Beginnings of SQLite's error names."""

_POSTGRES = (
    ("53100", "le disque du serveur est plein : faites de la place"),
    ("53300", "le serveur a trop de connexions"),
    ("25006", "le serveur n'accepte que la lecture"),
    ("28", "le serveur refuse le nom ou le mot de passe"),
    ("3D000", "le serveur n'a pas de base de ce nom"),
    ("57P", "le serveur s'arrête ou démarre"),
    ("08", "le serveur ne répond pas"),
    ("XX", "le serveur dit que ses données sont abîmées"),
)
"""Beginnings of PostgreSQL's error codes."""


def trouble(error: BaseException) -> str:
    """Return what is wrong with a database, or nothing when it is a fault of ours.

    The address is never repeated: it may hold a password; nor is what was to be written.
    """
    if isinstance(error, ArgumentError):
        return "ce n'est pas une adresse de base de données"
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", None) or ""
    for beginning, words in _SQLITE:
        if name.startswith(beginning):
            return words
    code = getattr(cause, "sqlstate", None) or ""
    for beginning, words in _POSTGRES:
        if code.startswith(beginning):
            return words
    if type(cause).__module__.startswith("psycopg") and type(cause).__name__ == "OperationalError":
        return "le serveur ne répond pas, ou refuse l'entrée (adresse, base, nom, mot de passe)"
    return ""


def damaged(connection: sa.Connection) -> bool:
    """Tell whether a SQLite file is damaged, by its own check; reads it all (seconds a GB)."""
    if connection.dialect.name != "sqlite":
        return False
    return connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok"
