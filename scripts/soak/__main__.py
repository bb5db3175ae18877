"""``python -m scripts.soak``: run a soak, print its figures, fail where it promised otherwise."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from scripts.soak.drive import Drive, Plan
from tests.databases import no_postgres, throwaway_database, throwaway_postgres

LONG = 10_000
"""Messages from which the memory's growth is judged: less is mostly what is loaded once."""
MOST_GROWTH = 5.0
"""Per cent that a process may grow by, once the kills are over."""


def main() -> None:
    """Run one soak."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--messages", type=int, default=1500)
    parser.add_argument("--people", type=int, default=150)
    parser.add_argument("--at-once", type=int, default=50, help="people who talk at the same time")
    parser.add_argument("--faults", type=float, default=0.05, help="share of calls that fail")
    parser.add_argument("--redelivered", type=float, default=0.02, help="share of updates")
    parser.add_argument(
        "--kills", type=int, default=3,
        help="of Rasa, actions and bot, each; with several replicas, of a whole one, all in all",
    )  # fmt: skip
    parser.add_argument("--hurry", type=float, default=0.2, help="share written without waiting")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--replicas", type=int, default=1, help="assistants on one database")
    parser.add_argument(
        "--per-second", type=int, default=0, help="PASSERELLE_TELEGRAM_PER_SECOND of each"
    )
    parser.add_argument(
        "--database", default="", help="«postgres»: a server of its own; a URL; nothing: SQLite"
    )
    parser.add_argument("--home", type=Path, help="where to keep the assistant's home")
    options = vars(parser.parse_args())
    kept, database = options.pop("home"), options.pop("database")
    plan = Plan(**options)
    if plan.replicas > 1 and not database.startswith("postgres"):
        parser.error("--replicas : il faut --database postgres")
    with ExitStack() as opened:
        if database == "postgres":
            if why := no_postgres():
                parser.error(why)
            database = opened.enter_context(
                throwaway_database(opened.enter_context(throwaway_postgres()))
            )
        folder = kept or Path(opened.enter_context(tempfile.TemporaryDirectory()))
        drive = Drive(plan, folder, lambda line: print(f"→ {line}", file=sys.stderr), database)
        figures = asyncio.run(drive.run()).figures()
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    promised = ("unanswered", "incomplete", "doubled", "out_of_order", "killed for not answering")
    if any(figures[name] for name in promised):
        sys.exit("des messages sont perdus, doublés ou en désordre")
    grown = max(figures["memory_growth_percent"].values(), default=0.0)
    if plan.messages >= LONG and grown > MOST_GROWTH:
        sys.exit(f"un processus a grossi de {grown} %")


if __name__ == "__main__":
    main()
