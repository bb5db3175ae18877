"""A small run of the measures, so that they cannot rot; no figure is judged here."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from scripts.bench.figures import Figures
from scripts.bench.table import write_page

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.stack
def test_a_small_run_writes_the_page_and_its_pictures(tmp_path: Path, stack: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bench", "--small", "--no-stock", "--output", tmp_path],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "bench.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| a turn with an action")]
    assert len(rows) == 1
    assert " ms |" in rows[0]
    for name in ("bench_conversation.png", "bench_places.png"):
        assert (tmp_path / "images" / name).read_bytes().startswith(b"\x89PNG")


def test_the_page_compares_and_says_what_is_not_reached(tmp_path: Path) -> None:
    stock = Figures("stock", start_s=30, main_mb=1000, turns_per_s=30)
    ours = Figures("ours", start_s=3, main_mb=500, turns_per_s=120, turn_5_ms=10, turn_500_ms=11)
    page = write_page(tmp_path, [stock, ours], [(10, 1.0)], date(2026, 11, 27))
    lines = {line.split("|")[1].strip(): line for line in page.splitlines() if "|" in line}
    assert "30.0 s | 3.0 s | 0.1 | ≤ 0.125 ✓" in lines["start to first answer"]
    assert "| 0.5 | ≤ 0.25 ✗" in lines["resident, the process that understands"]
    assert "| 4 | ≥ 4 ✓" in lines["turns a second, 10 people"]
    assert "≤ 1.2 × ✓" in lines["last against first"]
