"""One table: the assistant against stock Rasa, measured in the same run.

make bench            the whole, written to docs/bench.md with its pictures (some 15 minutes)
python -m scripts.bench --small --no-stock --output FOLDER      a run of seconds
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from bot.stack.trained_model import NLU_PYTHON
from nlu import stock as stock_environment
from scripts.bench.figures import SMALL, Figures, Scale
from scripts.bench.ours import measure_ours
from scripts.bench.places import search_medians
from scripts.bench.stock import measure_stock
from scripts.bench.table import write_page

ROOT = Path(__file__).resolve().parents[2]
PLACES = (2_000, 20_000, 100_000)


def main() -> None:
    """Measure, print the table, write the page and its pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--small", action="store_true", help="a few turns of each kind only")
    parser.add_argument(
        "--stock", action=argparse.BooleanOptionalAction, default=True,
        help="measure stock Rasa as well, in an environment made for it (1.7 GB)",
    )  # fmt: skip
    parser.add_argument(
        "--training", action=argparse.BooleanOptionalAction, default=None,
        help="time the training of ours as well (minutes; not in a small run)",
    )  # fmt: skip
    parser.add_argument("--output", type=Path, default=ROOT / "docs", help="folder of the page")
    options = parser.parse_args()
    scale = SMALL if options.small else Scale()
    training = options.training if options.training is not None else not options.small
    columns: list[Figures] = []
    if options.stock:
        print("→ Rasa d'origine…", file=sys.stderr)
        stock_environment.install()
        columns.append(asyncio.run(measure_stock(scale)))
    print("→ Passerelle…", file=sys.stderr)
    columns.append(asyncio.run(measure_ours(scale, training=training)))
    print("→ Recherche de lieux…", file=sys.stderr)
    sizes = PLACES[:1] if options.small else PLACES
    places = [(size, search_medians(size, 50 if options.small else 1_000)) for size in sizes]
    page = write_page(options.output, columns, places, date.today())  # noqa: DTZ011  of a page
    _draw(options.output, columns, places)
    print(page)


def _draw(folder: Path, columns: list[Figures], places: list[tuple[int, float]]) -> None:
    """Draw both pictures with Rasa's environment, which has what draws."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    pictures = {
        "bench_conversation.png": (
            {column.name: column.long for column in columns},
            ("turn of one conversation", "milliseconds"),
        ),
        "bench_places.png": ({"": places}, ("places", "milliseconds a search")),
    }
    for name, (series, names) in pictures.items():
        subprocess.run(
            [NLU_PYTHON, "-m", "nlu.pictures", folder / "images" / name],
            cwd=ROOT, check=True, text=True, input=json.dumps({"series": series, "names": names}),
        )  # fmt: skip


if __name__ == "__main__":
    main()
