"""Everyday messages that name no place: none is read."""

from __future__ import annotations

from pathlib import Path

from actions.reading.territory.area import parse_area
from actions.reading.territory.gazetteer import Gazetteer

MESSAGES = Path(__file__).with_name("no_place.txt")
MOST_READ = 0.003
"""Share of the messages in which a place may be read."""


def test_no_place_is_read_in_everyday_messages(gazetteer: Gazetteer) -> None:
    messages = [
        line
        for line in MESSAGES.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert len(messages) >= 800
    assert len(set(messages)) == len(messages)
    areas = {text: parse_area(text, gazetteer) for text in messages}
    read = [text for text, area in areas.items() if area.status in ("found", "ambiguous")]
    assert len(read) <= MOST_READ * len(messages), read
