"""Readers of labelled messages: the folder that Rasa learns from, and TSV tables."""

from __future__ import annotations

from pathlib import Path

import yaml

from nlu.components.topic_model import Example, example_of


class InvalidExamplesError(ValueError):
    """A file of labelled messages cannot be read; the message says why, in one line."""


def read_folder(folder: Path) -> list[Example]:
    """Return the examples of `data/nlu/*.yml`, in the order of files and lines."""
    examples = []
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                text = line.removeprefix("- ").strip()
                examples.append(example_of(text, block["intent"], block.get("metadata")))
    return examples


def read_table(path: Path) -> list[Example]:
    """Read a tab-separated table with a header naming at least `topic` and `text`.

    Raises:
        InvalidExamplesError: No such file, no such columns, or no row.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidExamplesError(f"{path}: cannot be read ({type(error).__name__})") from error
    header = lines[0].split("\t") if lines else []
    if not {"topic", "text"} <= set(header):
        raise InvalidExamplesError(f"{path}: the first line must name the columns topic and text")
    examples = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        fields = line.split("\t")
        if len(fields) != len(header):
            raise InvalidExamplesError(f"{path}, line {number}: {len(header)} columns expected")
        row = dict(zip(header, fields, strict=True))
        examples.append(Example(row["text"], row["topic"], row.get("previous", "")))
    if not examples:
        raise InvalidExamplesError(f"{path}: no labelled message")
    return examples
