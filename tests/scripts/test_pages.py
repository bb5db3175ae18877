"""The pages that the code writes say what the code does."""

from __future__ import annotations

from scripts import architecture, reading_page


def test_the_picture_is_what_the_imports_say() -> None:
    page = architecture.PAGE.read_text(encoding="utf-8")
    assert architecture.redrawn(page, architecture.drawn(architecture.rooms())) == page
    assert architecture.missing(page) == []


def test_a_line_of_rooms_is_drawn_without_what_follows() -> None:
    rooms = {
        "bot.web": frozenset({"bot.store", "bot.conversation", "actions.geo"}),
        "bot.conversation": frozenset({"bot.store"}),
        "bot.store": frozenset[str](),
        "actions.geo": frozenset[str](),
    }
    assert architecture.reduced(rooms)["bot.web"] == {"bot.conversation", "actions.geo"}
    picture = architecture.drawn(rooms)
    assert "bot_web --> bot_conversation" in picture
    assert "bot_web --> bot_store" not in picture
    assert "<br>geo" in picture and "actions_geo" not in picture


def test_a_place_that_is_not_there_is_named() -> None:
    assert architecture.missing("`bot/web/` and `bot/nowhere/`") == ["bot/nowhere/"]


def test_the_reading_is_what_the_code_reads() -> None:
    assert reading_page.PAGE.read_text(encoding="utf-8") == reading_page.page()
