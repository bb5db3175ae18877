"""The form that a call of the Bot API is sent as."""

from __future__ import annotations

from urllib.parse import parse_qsl

from bot.telegram.http import _encoded


def test_a_form_says_what_it_was_given() -> None:
    every = "".join(map(chr, range(1, 0x180)))
    fields = {
        "text": f"<b>Médiathèque</b> & co = 100 % + «œuvre» 🙂\n{every}",
        "vide": "",
        "é": "1",
    }
    written = _encoded(fields)
    assert written.isascii()
    assert dict(parse_qsl(written.decode(), keep_blank_values=True, strict_parsing=True)) == fields


def test_half_a_character_does_not_stop_a_message() -> None:
    assert _encoded({"text": "oui \ud83d"}) == b"text=oui%20%3F"
