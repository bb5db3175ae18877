"""What a message says, read once: the one room that reads.

``Reader`` makes a ``Reading`` of a message; each facet has one reader, in a module or a folder
named for it. Pure: no Rasa, no Telegram, no clock, no file but the gazetteer's.
"""

from __future__ import annotations

from actions.reading.reading import Reader, Reading

__all__ = ["Reader", "Reading"]
