"""``python -m scripts.soak``: run a soak, print its figures, fail where it promised otherwise."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from scripts.soak.drive import Drive, Plan


def main() -> None:
    """Run one soak."""
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--messages", type=int, default=1500)
    parser.add_argument("--people", type=int, default=150)
    parser.add_argument("--at-once", type=int, default=50, help="people who talk at the same time")
    parser.add_argument("--faults", type=float, default=0.05, help="share of calls that fail")
    parser.add_argument("--redelivered", type=float, default=0.02, help="share of updates")
    parser.add_argument("--kills", type=int, default=3, help="of Rasa, actions and bot, each")
    parser.add_argument("--hurry", type=float, default=0.2, help="share written without waiting")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--home", type=Path, help="where to keep the assistant's home")
    options = vars(parser.parse_args())
    kept = options.pop("home")
    plan = Plan(**options)
    with tempfile.TemporaryDirectory() as folder:
        drive = Drive(plan, kept or Path(folder), lambda line: print(f"→ {line}", file=sys.stderr))
        figures = asyncio.run(drive.run()).figures()
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    promised = ("unanswered", "incomplete", "doubled", "out_of_order", "killed for not answering")
    if any(figures[name] for name in promised):
        sys.exit("des messages sont perdus, doublés ou en désordre")


if __name__ == "__main__":
    main()
