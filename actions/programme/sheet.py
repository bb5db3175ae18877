"""The sheet of a simulation: one page of PDF, tagged (PDF/UA-1), its fonts embedded.

Set by Typst with the fonts that Typst carries: the same bytes on any machine, no network.
"""

from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst

from actions.french import NBSP, counted, euros, french_date, percent, typeset
from actions.messages import Line
from actions.programme.calls import calls
from actions.programme.result import Result
from actions.programme.simulation import Simulator

LONGEST_REQUEST = 280
"""Characters of the request that the sheet quotes."""
_TEMPLATE = Path(__file__).with_name("sheet.typ")


class SheetMaker:
    """Sets sheets. One compiler is kept: the first sheet loads the fonts, the others reuse them."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._lock = threading.Lock()
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        folder = str(_TEMPLATE.parent)
        self._compiler = typst.Compiler(str(_TEMPLATE), root=folder, font_paths=fonts)

    def render_sheet(self, request_text: str, on: date) -> bytes:
        """Compute a request on a day and set its sheet; return the PDF."""
        return self.render(self._simulator.simulate_text(request_text, on))

    def render(self, result: Result) -> bytes:
        """Set the sheet of a simulation; return the PDF. Safe to call from several threads."""
        inputs = {"data": json.dumps(self._data(result), ensure_ascii=False)}
        noon = datetime.combine(result.state.on, time(12), tzinfo=UTC)
        with self._lock:
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs=inputs,
                pdf_standards="ua-1",
                timestamp=noon,
            )
        if not isinstance(pdf, bytes):
            raise TypeError("Typst gave no PDF")
        return pdf

    def _data(self, result: Result) -> dict[str, Any]:
        say = self._simulator.phrases
        on = french_date(result.state.on)
        call = result.state.call
        past = result.eligible == "oui" and not result.state.open
        told, papers = self._papers(result)
        note = "sheet.papers_known" if told == call else "sheet.papers_other"
        labels = ("project", "computation", "what", "value", "source", "who_pays", "reasons")
        data = {
            "title": say("sheet.title", call=str(call)) if call else say("sheet.title_none"),
            "author": say("sheet.author"),
            "subtitle": say("sheet.subtitle", call=str(call)) if call else "",
            "date": say("sheet.date", date=on),
            "disclaimer": say("sheet.disclaimer"),
            "colour": "clos" if past else result.eligible,
            "verdict": say(f"sheet.{'oui_clos' if past else result.eligible}", call=str(call)),
            "state": result.reasons[0],
            "amount_label": say("sheet.amount_label"),
            "amount": "" if result.max_aid_eur is None else euros(result.max_aid_eur),
            "labels": {name: say(f"sheet.{name}") for name in (*labels, "papers", "sources")},
            "project": self._project(result),
            "lines": [_line(line, result) for line in result.lines],
            "bar": self._bar(result),
            "reasons": list(result.reasons[1:]),
            "papers": list(papers),
            "papers_note": say(note, call=str(call), told=str(told)) if papers else "",
            "sources": [source.label for source in result.sources],
        }
        printable: dict[str, Any] = _curly(data)
        return printable

    def _project(self, result: Result) -> list[dict[str, str]]:
        say = self._simulator.phrases
        request = result.request
        said = (" ".join(line.split()) for line in request.text.splitlines())
        text = " · ".join(line for line in said if line)
        if len(text) > LONGEST_REQUEST:
            text = f"{text[:LONGEST_REQUEST].rsplit(' ', 1)[0]}…"
        nothing = say("sheet.not_said")
        budget = nothing if result.budget_eur is None else euros(result.budget_eur)
        rows = {
            "request": f"«\u00a0{text}\u00a0»" if text else nothing,
            "applicant": request.applicant.label if request.applicant else nothing,
            "budget": budget,
        }
        if request.passes is not None:
            rows["passes"] = counted(request.passes, "pass", "pass")
        if request.pic is not None and request.pic.exact:
            rows["pic"] = percent(request.pic.low.quantize(Decimal("0.001")))
        return [
            {"label": say(f"sheet.{name}"), "value": value[:1].upper() + value[1:]}
            for name, value in rows.items()
        ]

    def _bar(self, result: Result) -> dict[str, Any] | None:
        budget = result.request.budget
        if result.max_aid_eur is None or budget is None:
            return None
        say = self._simulator.phrases
        part = Decimal(result.max_aid_eur) / budget.low
        share = percent(part.quantize(Decimal("0.001")))
        rest = percent(1 - part.quantize(Decimal("0.001")))
        aid, porteur = euros(result.max_aid_eur), euros(budget.low - result.max_aid_eur)
        return {
            "state_part": float(part),
            "state_label": say("sheet.state_label", amount=aid, share=share),
            "porteur_label": say("sheet.porteur_label", amount=porteur, share=rest),
            "alt": say("sheet.bar_alt", aid=aid, share=share, porteur=porteur, rest=rest),
        }

    def _papers(self, result: Result) -> tuple[int | None, tuple[str, ...]]:
        """Return the papers of a file, and the call that told them."""
        if result.eligible == "non" or result.state.call is None:
            return None, ()
        facts = self._simulator.facts.at(result.state.on)
        # Where a call's own papers are not known, those of the last one that tells them.
        for call in reversed([c for c in calls(self._simulator.facts) if c <= result.state.call]):
            names = (f"aap_{call}.dossier", f"aap_{call}.dossier_selon_le_cas")
            told = [facts[name] for name in names if name in facts and not facts[name].unknown]
            if told:
                return call, tuple(paper for fact in told for paper in fact.items)
        return None, ()


def _line(line: Line, result: Result) -> dict[str, Any]:
    aid = result.max_aid_eur
    strong = aid is not None and line.value == euros(aid)
    labels = [source.label for source in result.sources]
    number = f"[{labels.index(line.source) + 1}]" if line.source in labels else ""
    return {"label": line.label, "value": line.value, "source": number, "strong": strong}


def _curly(value: Any) -> Any:
    """Put typographic apostrophes and spaces in every text, and drop what cannot be printed."""
    if isinstance(value, str):
        text = typeset(value)
        return "".join(c for c in text if c.isprintable() or c == NBSP)
    if isinstance(value, list):
        return [_curly(item) for item in value]
    if isinstance(value, dict):
        return {key: item if key == "colour" else _curly(item) for key, item in value.items()}
    return value
