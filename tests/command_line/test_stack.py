"""The commands that need Rasa, through the real one."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.request
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.stack.endpoint import Endpoint
from tests.command_line.commands import objects, passerelle

pytestmark = pytest.mark.stack

SECRET_WORDS = "mon chat s'appelle Zébulon"


def servers(endpoint: Endpoint) -> dict[str, int]:
    """Return the process ids of both servers, by the ports that they were given."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            for name, port in (("rasa", endpoint.nlu_port), ("actions", endpoint.actions_port)):
                if "--port" in words and words[words.index("--port") + 1] == str(port):
                    found[name] = int(folder.name)
    return found


def test_ask_answers_every_line_in_order(stack: Endpoint, stack_settings: Settings) -> None:
    asked = [
        "bonjour",
        "",
        "combien vaut un pass ?",
        "où utiliser mon pass à Metz ?",
        "quelle météo demain ?",
        "/aide",
        SECRET_WORDS,
        "x" * 5000,
    ]
    done = passerelle(stack_settings.home, "ask", "--json", stdin="\n".join(asked))
    answers = objects(done)
    assert "Démarrage" not in done.stderr, "the running stack was not used"
    assert [answer["text"] for answer in answers] == asked
    for answer in answers:
        known = {"text", "intent", "confidence", "tier", "needs", "wishes", "messages"}
        assert answer.keys() == known
        assert answer["messages"], answer["text"]
        assert all(message["kind"] and message["text"] for message in answer["messages"])
        assert answer["tier"] in ("answer", "named", "clarify", "refuse")
        assert 0 <= answer["confidence"] <= 1
    assert answers[2]["intent"] == "pass_valeur"


def test_each_line_is_a_new_person_unless_it_is_one_conversation(
    stack: Endpoint, stack_settings: Settings
) -> None:
    asked = "je cherche un lieu\nMetz\n"
    apart = objects(passerelle(stack_settings.home, "ask", "--json", stdin=asked))
    together = objects(
        passerelle(stack_settings.home, "ask", "--json", "--conversation", stdin=asked)
    )
    assert together[0]["messages"][0]["kind"] == "ask_position"
    assert "places" in {message["kind"] for message in together[1]["messages"]}
    assert apart[0]["messages"][0]["kind"] == "ask_position"


def test_ask_lives_on_the_day_it_is_told(stack: Endpoint, stack_settings: Settings) -> None:
    asked = "peut-on encore candidater à l'appel à projets ?\n"
    home = stack_settings.home
    (then,) = objects(passerelle(home, "ask", "--json", "--date", "2020-09-01", stdin=asked))
    (today,) = objects(passerelle(home, "ask", "--json", stdin=asked))
    assert "15 octobre 2020" in then["messages"][0]["text"].replace("\u00a0", " ")
    assert then["messages"][0]["text"] != today["messages"][0]["text"]


def test_ask_for_people_is_plain_text(stack: Endpoint, stack_settings: Settings) -> None:
    done = passerelle(stack_settings.home, "ask", stdin="combien vaut un pass ?\n")
    assert done.returncode == 0
    assert done.stdout.startswith("> combien vaut un pass ?")
    assert "\x1b" not in done.stdout


def test_parse_reads_many_lines(stack: Endpoint, stack_settings: Settings) -> None:
    asked = ["combien vaut un pass ?", "", "où aller à Metz ?"] * 50
    answers = objects(passerelle(stack_settings.home, "parse", "--json", stdin="\n".join(asked)))
    assert [answer["text"] for answer in answers] == asked
    for answer in answers:
        assert answer.keys() == {"text", "intent", "confidence", "tier", "ranking"}
        assert all(reading.keys() == {"intent", "confidence"} for reading in answer["ranking"])
    assert answers[0]["intent"] == "pass_valeur"


def test_chat_in_a_pipe(stack: Endpoint, stack_settings: Settings) -> None:
    done = passerelle(stack_settings.home, "chat", stdin="combien vaut un pass ?\n1\n/quitter\n")
    assert done.returncode == 0, done.stderr
    assert "5" in done.stdout
    assert "1. " in done.stdout


def test_one_run_a_home(stack: Endpoint, stack_settings: Settings) -> None:
    done = passerelle(stack_settings.home, "run")
    assert done.returncode == 1
    assert "tourne déjà" in done.stderr


def test_what_dies_is_started_again(stack: Endpoint, stack_settings: Settings) -> None:
    for name in ("actions", "rasa"):
        before = servers(stack)[name]
        os.kill(before, signal.SIGKILL)
        deadline = time.monotonic() + 120
        while not answers(stack.nlu_url) or servers(stack).get(name) in (None, before):
            assert time.monotonic() < deadline, f"{name} was not started again"
            time.sleep(0.1)
    (answer,) = objects(
        passerelle(stack_settings.home, "ask", "--json", stdin="combien vaut un pass ?\n")
    )
    assert answer["intent"] == "pass_valeur"


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except OSError:
        return False


def test_logs_hold_nothing_that_people_wrote(stack: Endpoint, stack_settings: Settings) -> None:
    passerelle(stack_settings.home, "ask", stdin=f"{SECRET_WORDS}\n")
    logs = list(stack_settings.logs_dir.iterdir())
    assert {log.name for log in logs} >= {"rasa.log", "actions.log"}
    assert not any("bulon" in log.read_text(errors="replace") for log in logs)


def test_purge_runs_on_the_running_stack(stack: Endpoint, stack_settings: Settings) -> None:
    done = passerelle(stack_settings.home, "purge")
    assert done.returncode == 0, done.stderr


def test_doctor_finds_the_running_stack(stack: Endpoint, stack_settings: Settings) -> None:
    done = passerelle(stack_settings.home, "doctor", "--json")
    found = {row["subject"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert found["Assistant"]["text"] == "en marche"
    assert found["Modèle"]["level"] == "ok"
    assert done.returncode == 0


def test_a_stack_of_ones_own_leaves_no_process(stack: Endpoint, tmp_path: Path) -> None:
    home = tmp_path / "autre"
    done = passerelle(home, "ask", "--json", stdin="bonjour\n")
    (answer,) = objects(done)
    assert answer["intent"] == "saluer"
    assert "Démarrage" in done.stderr
    assert not _mentions(str(home))
    assert not (home / "stack.json").exists()
    assert set(servers(stack)) == {"rasa", "actions"}, "the other home's stack was touched"


def _mentions(words: str) -> list[str]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if words in line and "pytest" not in line:
                found.append(line)
    return found


def test_a_trace_shows_the_way_of_a_message(stack: Endpoint, stack_settings: Settings) -> None:
    home, asked = stack_settings.home, "atelier tablette à Metz"
    (told,) = objects(passerelle(home, "trace", "--json", asked))
    assert told["reading"]["area"]["label"] == "Metz"
    assert told["reading"]["needs"] == ["smartphone"]
    assert told["understood"]["ranking"][0][0]
    assert told["messages"]
    lines = passerelle(home, "trace", asked).stdout.splitlines()
    assert [line[:2] for line in lines if line[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5."]
