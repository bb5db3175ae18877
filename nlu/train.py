"""Trains the assistant's model.

python -m nlu.train --output MODEL.tar.gz
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import time
from pathlib import Path

from nlu.rasa_runtime import prepare

ROOT = Path(__file__).resolve().parent.parent


def train(
    output: Path,
    *,
    config: Path = ROOT / "nlu" / "config.yml",
    examples: Path = ROOT / "data" / "nlu",
    domain: Path = ROOT / "nlu" / "domain.yml",
    rules: Path = ROOT / "nlu" / "rules.yml",
) -> Path:
    """Train on examples, domain and rules, and write the model.

    Args:
        output: Where the model goes, a `.tar.gz` file.
        config: Pipeline and policies.
        examples: Folder (or file) of labelled messages.
        domain: The dialogue's domain.
        rules: The dialogue's rules.

    Returns:
        The path of the model.

    Raises:
        RuntimeError: Rasa wrote no model.
    """
    prepare()
    from rasa.model_training import train as train_rasa

    output.parent.mkdir(parents=True, exist_ok=True)
    chatter = io.StringIO()  # progress bars of steps that take no time
    with contextlib.redirect_stderr(chatter), contextlib.redirect_stdout(chatter):
        result = train_rasa(
            domain=str(domain),
            config=str(config),
            training_files=[str(examples), str(rules)],
            output=str(output.parent),
            fixed_model_name=output.name,
            force_training=True,
        )
    if not result.model:
        raise RuntimeError(f"training failed (code {result.code})")
    return Path(result.model)


def main() -> None:
    """Train, saying what is done, a line a step."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path, required=True, help="the model, a .tar.gz file")
    arguments = parser.parse_args()
    started = time.monotonic()
    print("training the assistant's model (about a minute, more the first time)…", flush=True)
    try:
        model = train(arguments.output)
    except Exception as error:  # whatever Rasa raises, one line says it
        sys.exit(f"training failed: {error}")
    print(f"model written to {model} in {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
