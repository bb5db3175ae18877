"""What is sent for each meaning: pure, so every corner is tried."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.messages import (
    AskPosition,
    Button,
    Choices,
    Document,
    Line,
    PlaceCard,
    Places,
    Simulation,
    Source,
    Text,
    Venues,
)
from bot.conversation import Incoming, Kind, Position
from bot.telegram.rendering import SendFile, SendText, SendVenue, keys, render
from bot.telegram.rich import Rich, bold, italic, join, link, split, utf16_length
from bot.telegram.updates import NotAnUpdateError, arrival, is_private, reachability, read, tap
from tests.conversation.conftest import WORDING

NOW = datetime(2026, 3, 2, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)
riches = st.lists(st.tuples(st.sampled_from([bold, italic, Rich]), texts), max_size=6).map(
    lambda parts: join([make(text) for make, text in parts], "\n\n")
)


def shorten(payload: str) -> str:
    return f"{len(payload):022}"


def unmarked(rendered: str) -> str:
    return html.unescape(re.sub(r"</?(?:b|i|a)(?: [^>]*)?>", "", rendered))


@given(texts)
def test_length_is_counted_in_utf16_units(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2


@given(riches, st.integers(2, 30))
def test_splitting_loses_no_word_and_respects_the_limit(rich: Rich, limit: int) -> None:
    parts = split(rich, limit)
    assert "".join("".join(p.text.split()) for p in parts) == "".join(rich.text.split())
    for part in parts:
        assert 0 < utf16_length(part.text) <= limit
        assert part.text.strip()
        assert unmarked(part.to_html()) == part.text
        assert part.to_html().count("<b>") == part.to_html().count("</b>")


@given(riches, st.integers(2, 30))
def test_marks_survive_splitting(rich: Rich, limit: int) -> None:
    def marked(parts: list[Rich]) -> str:
        return "".join(
            "".join(part.text[mark.start : mark.end].split())
            for part in parts
            for mark in part.marks
        )

    assert marked(split(rich, limit)) == marked([rich])


def test_a_long_text_is_cut_between_paragraphs_then_sentences() -> None:
    assert [p.text for p in split(Rich("Un deux.\n\nTrois quatre."), 16)] == [
        "Un deux.",
        "Trois quatre.",
    ]
    assert [p.text for p in split(Rich("Une phrase. Une autre."), 14)] == [
        "Une phrase.",
        "Une autre.",
    ]
    assert [p.text for p in split(Rich("x" * 25), 10)] == ["x" * 10, "x" * 10, "x" * 5]


@given(texts)
def test_no_text_is_taken_for_markup(text: str) -> None:
    assert unmarked((bold(text) + text).to_html()) == text + text


def test_only_the_web_becomes_a_link() -> None:
    assert link("x", "javascript:alert(1)").to_html() == "x"
    assert link("x", 'https://a.fr/?"<b').to_html() == ('<a href="https://a.fr/?&quot;&lt;b">x</a>')


@given(st.lists(st.builds(Button, texts, texts), max_size=8))
def test_every_button_fits_in_telegram(buttons: list[Button]) -> None:
    shown = [key for row in keys(buttons, shorten) for key in row]
    said = [button for button in buttons if button.title.strip() and button.payload]
    assert [key.title for key in shown] == [button.title for button in said]
    for key, button in zip(shown, said, strict=True):
        assert len(key.data.encode()) <= 64
        assert key.data == button.payload or key.data.startswith("#")


def test_a_button_that_telegram_would_refuse_is_left_out() -> None:
    buttons = [Button("Appeler", url="tel:0300000000"), Button("Site", url="https://a.fr")]
    assert [[key.title for key in row] for row in keys(buttons, shorten)] == [["Site"]]


def test_short_buttons_share_a_row_and_long_ones_do_not() -> None:
    buttons = [Button(t, "p") for t in ("Oui", "Non", "Quel est le montant du plafond ?", "Plus")]
    rows = keys(buttons, shorten)
    assert [[key.title for key in row] for row in rows] == [
        ["Oui", "Non"],
        ["Quel est le montant du plafond ?"],
        ["Plus"],
    ]


def test_places() -> None:
    place = PlaceCard(
        "1", "Cyber <A>", "1 rue B, Metz", 49.0, 6.0, 800, "800 m",
        hours="ouvert jusqu'à 18 h", phone="03 00 00 00 00", directions_url="https://osm.org/x",
    )  # fmt: skip
    message = Places(
        "Trois lieux :", places=(place,), notice="Démonstration.",
        sources=(Source("Annuaire, 2024", "https://exemple.fr"),), buttons=(Button("Plus", "p"),),
    )  # fmt: skip
    [call] = render(message, shorten, WORDING)
    assert isinstance(call, SendText)
    assert call.html == (
        "Trois lieux :\n\n<i>Démonstration.</i>\n\n<b>Cyber &lt;A&gt;</b>\n"
        "800 m · 1 rue B, Metz\nouvert jusqu'à 18 h\nTél. 03 00 00 00 00\n"
        '<a href="https://osm.org/x">Itinéraire</a>\n\n'
        '<i>Source\u00a0: </i><a href="https://exemple.fr">Annuaire, 2024</a>'
    )
    assert [key.title for row in call.keys for key in row] == ["Plus"]


def test_a_simulation_shows_its_lines_reasons_and_sources() -> None:
    message = Simulation(
        "L'aide peut aller jusqu'à 10 257 €.", eligible="oui", max_aid_eur=10257,
        lines=(Line("Achat", "20 515 €"),), reasons=("Le minimum est atteint.",),
        sources=(Source("A, 2020"), Source("B, 2020")),
    )  # fmt: skip
    [call] = render(message, shorten, WORDING)
    assert isinstance(call, SendText)
    assert "Achat\u00a0: <b>20 515 €</b>" in call.html
    assert "• Le minimum est atteint." in call.html
    assert call.plain.endswith("Sources\u00a0: A, 2020 · B, 2020")


def test_the_position_keyboard_and_buttons_are_two_messages() -> None:
    asks = AskPosition("Où êtes-vous ?", buttons=(Button("Metz", "Metz"),))
    first, second = render(asks, shorten, WORDING)
    assert isinstance(first, SendText) and isinstance(second, SendText)
    assert (first.keyboard, first.keys) == ("position", ())
    assert second.keys[0][0].title == "Metz"


@pytest.mark.parametrize(
    "message",
    [
        Text("a"),
        Choices("a", buttons=(Button("b", "c"),)),
        Venues("a", places=(PlaceCard("1", "n", "r", 1.0, 2.0),)),
        Document("a", filename="f.json", content="{}"),
        AskPosition("a"),
    ],
)
def test_the_keyboard_can_be_taken_away_with_any_message(message) -> None:
    calls = render(message, shorten, WORDING, remove_keyboard=True)
    assert isinstance(calls[0], SendText)
    assert calls[0].keyboard == "remove" or isinstance(message, AskPosition)
    assert calls[0].keys == ()


def test_venues_and_documents() -> None:
    _, venue = render(Venues("a", places=(PlaceCard("1", "n", "", 1.0, 2.0),)), shorten, WORDING)
    assert venue == SendVenue("n", "n", 1.0, 2.0)
    long = render(Document("mot " * 500, filename="f"), shorten, WORDING)
    assert isinstance(long[-1], SendFile)
    assert utf16_length(long[-1].caption) <= 1024 and len(long) == 2


# Updates.

PERSON = {"id": 42, "is_bot": False, "first_name": "P", "language_code": "fr"}
CHAT = {"id": 42, "type": "private"}


def message(**content: object) -> dict:
    base = {"message_id": 7, "date": 1, "chat": CHAT, "from": PERSON}
    return {"update_id": 1, "message": {**base, **content}}


def test_an_update_is_kept_under_its_bot_and_its_chat() -> None:
    kept = arrival(message(text="a"), "b1")
    assert (kept.key, kept.lane) == ("telegram:b1:1", "telegram:42")


@pytest.mark.parametrize("raw", [None, [], "a", {}, {"update_id": "1"}, {"message": {}}])
def test_what_is_no_update_is_refused(raw: object) -> None:
    with pytest.raises(NotAnUpdateError):
        arrival(raw, "b1")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"text": "a"}, Kind.TEXT),
        ({"location": {"latitude": 1, "longitude": 2}}, Kind.POSITION),
        ({"voice": {"file_id": "f"}}, Kind.VOICE),
        ({"video_note": {"file_id": "f"}}, Kind.VIDEO),
        ({"photo": [{"file_id": "s"}, {"file_id": "f"}]}, Kind.PHOTO),
        ({"animation": {"file_id": "g"}, "document": {"file_id": "f"}}, Kind.VIDEO),
        ({"document": {"file_id": "f", "file_name": "a.pdf"}}, Kind.DOCUMENT),
        ({"sticker": {"file_id": "f"}}, Kind.STICKER),
        ({"contact": {"phone_number": "1"}}, Kind.CONTACT),
        ({"poll": {"id": "1"}}, Kind.OTHER),
    ],
)
def test_kinds_of_messages(content: dict, kind: Kind) -> None:
    said = read(message(**content), NOW, date(2020, 9, 1))
    assert said is not None
    assert (said.kind, said.external_id, said.message_id) == (kind, "42", "7")
    assert (said.on, said.language) == (date(2020, 9, 1), "fr")


def test_a_photo_is_taken_at_its_largest_with_its_caption() -> None:
    said = read(message(photo=[{"file_id": "s"}, {"file_id": "l"}], caption="voir"), NOW)
    assert said and said.file
    assert (said.file.reference, said.text) == ("l", "voir")


def test_a_venue_is_a_position() -> None:
    place = {"latitude": 49.1, "longitude": 6.1}
    said = read(message(location=place, venue={"location": place, "title": "x"}), NOW)
    assert said and said.position == Position(49.1, 6.1)


def test_a_tap_tells_the_title_that_was_on_the_button() -> None:
    row = [{"text": "Oui", "callback_data": "#abc"}, {"text": "Site", "url": "https://a.fr"}]
    markup = {"inline_keyboard": [row]}
    shown = {"message_id": 3, "date": 1, "chat": CHAT, "reply_markup": markup}
    query = {"id": "9", "from": PERSON, "data": "#abc", "message": shown}
    update = {"update_id": 1, "callback_query": query}
    tapped = tap(update)
    assert tapped and (tapped.query_id, tapped.data) == ("9", "#abc")
    said = read(update, NOW, payload="/affirmer")
    assert said and (said.kind, said.text, said.payload) == (Kind.BUTTON, "Oui", "/affirmer")
    assert is_private(update)


def test_an_inline_button_belongs_to_no_chat() -> None:
    update = {"update_id": 1, "callback_query": {"id": "9", "from": PERSON, "data": "x"}}
    assert not is_private(update)
    assert read(update, NOW) is None


def test_replies_and_edits() -> None:
    said = read(message(text="a", reply_to_message={"message_id": 3}), NOW)
    assert said and said.reply_to == "3" and not said.edited
    update = {"update_id": 2, "edited_message": message(text="b")["message"]}
    edited = read(update, NOW)
    assert edited and edited.edited and edited.key != said.key


@pytest.mark.parametrize(("status", "expected"), [("kicked", False), ("member", True)])
def test_membership(status: str, expected: bool) -> None:
    member = {"chat": CHAT, "from": PERSON, "new_chat_member": {"status": status}}
    update = {"update_id": 1, "my_chat_member": member}
    assert reachability(update) is expected
    assert read(update, NOW) is None
    assert reachability(message(text="a")) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=10,
)
names = st.sampled_from(["text", "photo", "voice", "caption", "from", "reply_to_message", "poll"])


@given(st.dictionaries(names, json_values, max_size=4))
def test_keys_are_unique_whatever_comes(content: dict) -> None:
    """An odd update may fail to be read (the person is then told), never to be kept."""
    assert arrival(message(**content), "b1").lane == "telegram:42"


def test_the_key_of_a_message_tells_taps_apart() -> None:
    one = Incoming("telegram", "42", "7", Kind.BUTTON, NOW, payload="a")
    other = Incoming("telegram", "42", "7", Kind.BUTTON, NOW, payload="b")
    assert one.key != other.key
