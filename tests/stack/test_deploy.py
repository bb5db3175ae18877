"""What is given to run it elsewhere says what is true of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.settings import PROJECT_ROOT
from bot.store.persons import KEY_FILE, load_key

DEPLOY = PROJECT_ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
OF_COMPOSE = {"PASSERELLE_DOMAIN", "POSTGRES_PASSWORD"}


def test_every_variable_is_one_that_is_read() -> None:
    read = (PROJECT_ROOT / "bot" / "settings.py").read_text(encoding="utf-8")
    compose = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text(encoding="utf-8"))
    example = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")
    named = {
        name for one in ("assistant", "replica") for name in compose["services"][one]["environment"]
    }
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


def test_two_assistants_share_a_database_and_a_key_and_nothing_else() -> None:
    services = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text("utf-8"))["services"]
    one, two = services["assistant"], services["replica"]
    apart = {"PASSERELLE_HTTP"}
    same = [{k: v for k, v in each["environment"].items() if k not in apart} for each in (one, two)]
    assert same[0] == same[1], "the same database, bot and secrets"
    assert one["command"] == two["command"]
    assert set(one["volumes"]) & set(two["volumes"]) == {"key:/key"}
    assert "ports" not in two, "reached by the proxy alone"
    for each in (one, two):
        assert each["depends_on"]["key"]["condition"] == "service_completed_successfully"
    asked = re.search(r"reverse_proxy (.+) {", (DEPLOY / "Caddyfile").read_text("utf-8"))
    assert asked and asked[1].split() == ["127.0.0.1:8080", "replica:8080"]


def test_a_key_is_drawn_once_and_linked_to(tmp_path: Path) -> None:
    """As ``compose.yaml`` does it."""
    services = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text("utf-8"))["services"]
    code = services["key"]["command"][-1].replace("/key", str(tmp_path / "key"))
    draws = [sys.executable, "-c", code]
    for _ in range(2):
        subprocess.run(draws, check=True, cwd=PROJECT_ROOT)
    keys = []
    for name in ("one", "two"):
        home = tmp_path / name
        home.mkdir()
        (home / KEY_FILE).symlink_to(tmp_path / "key" / KEY_FILE)
        keys.append(load_key(home))
    assert keys[0] == keys[1]
    assert (tmp_path / "key" / KEY_FILE).stat().st_mode & 0o777 == 0o600


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
