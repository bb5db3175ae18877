"""A poster for a counter: one page of PDF whose code opens the assistant on a question."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path

import segno
import typst

from actions.words import Words

_TEMPLATE = Path(__file__).with_name("poster.typ")


def code(address: str) -> str:
    """Return the code of an address as SVG, readable with a quarter of it hidden."""
    drawn = io.BytesIO()
    segno.make(address, error="q", micro=False).save(drawn, kind="svg", border=4, xmldecl=False)
    return drawn.getvalue().decode()


def poster(words: Words, *, title: str, address: str, kept_for: str, at: datetime) -> bytes:
    """Set the poster; return its PDF (tagged, fonts embedded).

    Args:
        words: The words of ``affiche.yaml``.
        title: What it says in large letters.
        address: What the code opens.
        kept_for: How long messages are kept, in words.
        at: The moment written in the document.
    """
    data = {
        "title": title,
        "author": words("auteur"),
        "invitation": words("invite"),
        "code": code(address),
        "alt": words("code", lien=address),
        "steps": [words("un"), words("deux"), words("trois")],
        "free": words("gratuit"),
        "privacy": words("vie_privee", duree=kept_for),
        "link": words("lien", lien=address.removeprefix("https://")),
    }
    compiler = typst.Compiler(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True),
    )
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=at.replace(microsecond=0),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gave no PDF")
    return pdf
