"""Reads the YAML files of ``data/answers``: a key written twice is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from actions.answers.errors import AnswerFileError
from actions.strict_yaml import load_yaml


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a file of fields.

    Raises:
        AnswerFileError: Missing, unreadable, a key written twice, or no fields.
    """
    try:
        data = load_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AnswerFileError(path.name, "the file is missing") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise AnswerFileError(path.name, " ".join(str(error).split())[:200]) from None
    if not isinstance(data, dict):
        raise AnswerFileError(path.name, "fields are expected")
    return data
