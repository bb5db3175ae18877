"""Which files are pictures that a browser and Telegram show."""

from __future__ import annotations

_MARKS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def picture_type(content: bytes) -> str:
    """Return the media type of a picture by how it begins; empty for any other file."""
    return next((kind for mark, kind in _MARKS if content.startswith(mark)), "")
