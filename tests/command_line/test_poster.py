"""``poster``: a page to print, whose code opens the assistant on a question."""

from __future__ import annotations

from pathlib import Path

import pytest
import segno
from pypdf import PdfReader

from bot.telegram.poster import code
from tests.command_line.commands import objects, passerelle

BOT = ("--bot", "passerelle_bot")


@pytest.mark.parametrize(
    ("about", "link", "title"),
    [
        (("--lieu", "57000"), "https://t.me/passerelle_bot?start=lieux-57000", "Metz"),
        (("--lieu", "Le Mans"), "https://t.me/passerelle_bot?start=lieux-le_mans", "Le Mans"),
        (("--aap",), "https://t.me/passerelle_bot?start=aap", "appel à projets"),
        ((), "https://t.me/passerelle_bot", "Pass numérique"),
    ],
)
def test_a_poster_is_one_page_that_says_its_link(
    tmp_path: Path, about: tuple[str, ...], link: str, title: str
) -> None:
    file = tmp_path / "affiche.pdf"
    [made] = objects(passerelle(tmp_path, "poster", *about, *BOT, "--json", str(file)))
    assert made["link"] == link
    assert title in made["title"]
    document = PdfReader(file)
    [page] = document.pages
    text = page.extract_text().replace("\n", " ")
    assert link.removeprefix("https://") in text.replace(" ", "")
    assert "C’est gratuit" in text
    assert "/MarkInfo" in document.trailer["/Root"], "readable by a screen reader"


def test_the_code_is_that_of_the_link() -> None:
    link = "https://t.me/passerelle_bot?start=lieux-57000"
    assert segno.make(link, error="q", micro=False).version <= 5, "coarse enough for a counter"
    drawn = code(link)
    assert drawn.startswith("<svg")
    assert drawn != code(link + "0")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--lieu", "zzzz", *BOT), "ni un code postal"),
        (("--lieu", "57000", "--aap", *BOT), "incompatible"),
        (("--bot", "un bot"), "n'est pas le nom"),
        ((), "donnez le nom du bot"),
    ],
)
def test_what_cannot_be_printed_is_said_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = passerelle(tmp_path, "poster", *arguments)
    assert done.returncode != 0
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
