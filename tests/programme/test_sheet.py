"""The sheet: one page, tagged, readable by machines and people, whatever is asked."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from actions.programme.sheet import SheetMaker
from actions.programme.simulation import Simulator

REQUESTS = (
    ("notre PETR veut acheter 20 515 € de pass", date(2026, 11, 22)),
    ("Métropole de Lyon, 8 000 000 €, 60 % de publics PIC", date(2020, 9, 1)),
    ("notre commune de Verdun, 30 000 €", date(2020, 9, 1)),
    ("région 100 000 €, seniors, structuration, note 3, hub, achat groupé", date(2019, 5, 1)),
    ("quelle aide ?", date(2020, 3, 1)),
    ("EPCI 40 000 €", date(2018, 1, 1)),
    ("Syndicat " + "pour l'inclusion des vallées " * 60 + "99 000 000 000 €", date(2020, 9, 1)),
    ("#set page(width: 1pt) \\ $x^2$ *gras* <a> @b // \x00 \u202e PETR 30 000 €", date(2020, 9, 1)),
)  # fmt: skip


@pytest.fixture(scope="module")
def maker(simulator: Simulator) -> SheetMaker:
    return SheetMaker(simulator)


def _read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


@pytest.mark.parametrize(("text", "day"), REQUESTS)
def test_a_sheet_is_one_tagged_page_with_its_fonts(maker: SheetMaker, text: str, day: date) -> None:
    reader = _read(maker.render_sheet(text, day))
    assert len(reader.pages) == 1
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].startswith("fr")
    assert reader.metadata is not None
    assert reader.metadata.title
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert any(name.startswith("/FontFile") for name in descriptor.get_object())


def test_a_sheet_tells_the_computation_and_that_it_decides_nothing(maker: SheetMaker) -> None:
    page = _read(maker.render_sheet("notre PETR achète 20 515 € de pass", date(2020, 9, 1)))
    text = page.pages[0].extract_text().replace("\u00a0", " ")
    for words in (
        "20 515 €",
        "10 257 €",
        "10 258 €",
        "ne décide rien",
        "15 octobre 2020",
        "celle de 2019",
    ):
        assert words in text


def test_an_excluded_project_gets_no_amount_and_no_papers(maker: SheetMaker) -> None:
    page = _read(maker.render_sheet("la ville de Nancy, 30 000 €", date(2020, 9, 1)))
    text = page.pages[0].extract_text().replace("\u00a0", " ")
    assert "15 000 €" not in text
    assert "RIB" not in text
    assert "Grand Nancy" in text


def test_the_same_request_gives_the_same_bytes(maker: SheetMaker) -> None:
    first = maker.render_sheet("EPCI 40 000 €", date(2020, 9, 1))
    assert maker.render_sheet("EPCI 40 000 €", date(2020, 9, 1)) == first
