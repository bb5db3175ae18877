"""Get the bytes of a directory: a file or a web address, within limits."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit, urlunsplit

from actions.reference.errors import BadDirectoryError, SourceUnreachableError
from actions.reference.readers import MAX_BYTES

TIMEOUT_S = 30.0
"""Without a byte for that long, the server is taken as silent."""
_CHUNK = 1 << 18

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and of how much (0: not known)."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source gave."""

    raw: bytes
    etag: str = ""
    modified: str = ""


def is_url(location: str) -> bool:
    """Whether a location is a web address rather than a file."""
    return location.lower().startswith(("http://", "https://"))


def origin_name(location: str) -> str:
    """Return what identifies a source: the file's name, or the address without secrets.

    Raises:
        SourceUnreachableError: An address that cannot be one.
    """
    if not is_url(location):
        return Path(location).name
    parts = _split(location)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))[:300]


def _split(location: str) -> SplitResult:
    try:
        return urlsplit(location)
    except ValueError as error:
        raise SourceUnreachableError(f"l'adresse « {location[:80]} » est mal écrite") from error


def fetch(
    location: str,
    *,
    etag: str = "",
    modified: str = "",
    progress: Progress | None = None,
    timeout_s: float = TIMEOUT_S,
    max_bytes: int = MAX_BYTES,
) -> Fetched | None:
    """Read a source; ``None`` when a server says that it has not changed.

    Raises:
        SourceUnreachableError: Missing, silent, refused or too large.
    """
    if is_url(location):
        headers = {"If-None-Match": etag, "If-Modified-Since": modified}
        return _fetch_url(location, headers, progress, timeout_s, max_bytes)
    path = Path(location)
    try:
        if path.is_dir():
            raise SourceUnreachableError(f"« {location} » est un dossier, pas un fichier")
        size = path.stat().st_size
        if size > max_bytes:
            raise SourceUnreachableError(f"« {path.name} » est trop gros : {_megabytes(size)}")
        return Fetched(path.read_bytes())
    except FileNotFoundError:
        raise SourceUnreachableError(f"le fichier « {location} » n'existe pas") from None
    except OSError as error:
        raise SourceUnreachableError(f"« {location} » ne se lit pas : {error.strerror}") from error


def _fetch_url(
    location: str,
    conditions: dict[str, str],
    progress: Progress | None,
    timeout_s: float,
    max_bytes: int,
) -> Fetched | None:
    name = _split(location).hostname or location
    headers = {"User-Agent": "Passerelle/0.1", "Accept": "text/csv, application/json, */*;q=0.5"}
    headers |= {name: value for name, value in conditions.items() if value}
    try:
        request = urllib.request.Request(location, headers=headers)  # noqa: S310 — http(s) only
        with urllib.request.urlopen(request, timeout=timeout_s) as answer:  # noqa: S310
            if urlsplit(answer.url).scheme not in ("http", "https"):
                raise SourceUnreachableError(f"{name} renvoie ailleurs que sur le web")
            expected = int(answer.headers.get("Content-Length") or 0)
            if expected > max_bytes:
                raise SourceUnreachableError(
                    f"le fichier de {name} est trop gros : {_megabytes(expected)}"
                )
            parts: list[bytes] = []
            done = 0
            while chunk := answer.read(_CHUNK):
                parts.append(chunk)
                done += len(chunk)
                if done > max_bytes:
                    raise SourceUnreachableError(f"le fichier de {name} est trop gros")
                if progress:
                    progress("téléchargement", done, expected)
            if expected and done < expected:
                raise BadDirectoryError(f"{name} : le téléchargement s'est arrêté avant la fin")
            return Fetched(
                b"".join(parts),
                answer.headers.get("ETag") or "",
                answer.headers.get("Last-Modified") or "",
            )
    except urllib.error.HTTPError as error:
        if error.code == 304:
            return None
        raise SourceUnreachableError(f"{name} répond par une erreur {error.code}") from error
    except TimeoutError as error:
        raise SourceUnreachableError(f"{name} ne répond pas (plus de {timeout_s:.0f} s)") from error
    except (urllib.error.URLError, OSError, ValueError) as error:
        raise SourceUnreachableError(
            f"{name} est injoignable : vérifiez l'adresse et la connexion à internet"
        ) from error


def _megabytes(size: int) -> str:
    return f"{size / 1_048_576:.0f} Mo"
