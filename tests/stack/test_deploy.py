"""What is given to run it elsewhere says what is true of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.settings import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
OF_COMPOSE = {"PASSERELLE_DOMAIN", "POSTGRES_PASSWORD"}


def test_every_variable_is_one_that_is_read() -> None:
    read = (PROJECT_ROOT / "bot" / "settings.py").read_text(encoding="utf-8")
    compose = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8"))
    example = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(compose["services"]["assistant"]["environment"])
    named |= set(re.findall(r"^(\w+)=", example, re.MULTILINE)) - OF_COMPOSE
    assert {name for name in named if f'"{name}"' not in read} == set()
    asked = set(re.findall(r"\$\{(\w+)", (PROJECT_ROOT / "compose.yaml").read_text("utf-8")))
    assert asked <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_no_secret_is_written_down() -> None:
    for line in (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or line.endswith("="), line


def test_the_proxy_believed_is_on_the_assistant_s_own_loopback() -> None:
    compose = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert services["proxy"]["network_mode"] == "service:assistant"
    assert "ports" not in services["db"]
    assert services["assistant"]["environment"]["PASSERELLE_HTTP"].startswith("127.0.0.1:")


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_understood_by_systemd(unit: str, tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    program = tmp_path / "passerelle"
    program.touch(0o755)
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        placed = text.replace("/srv/passerelle/.venv/bin/passerelle", str(program))
        (tmp_path / name).write_text(placed, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    about_ours = [line for line in done.stderr.splitlines() if unit in line]
    assert about_ours == []


def test_commands_named_in_units_and_docs_exist() -> None:
    from bot.command_line.grammar import build_parser

    known = build_parser().format_help()
    files = [*(DEPLOY / name for name in UNITS), PROJECT_ROOT / "docs" / "running.md"]
    for file in files:
        text = file.read_text(encoding="utf-8")
        for command in re.findall(r"(?:bin/|`|^ {4})passerelle ([a-z]+)", text, re.MULTILINE):
            assert re.search(rf"^ +{command}\b", known, re.MULTILINE), f"{file.name}: {command}"
