"""The command line is a contract: keys, one line of complaint, exit codes. Without Rasa."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.command_line import commands
from tests.command_line.commands import objects
from tests.conftest import PASSERELLE, ROOT, clean_environment

Run = Callable[..., subprocess.CompletedProcess[str]]

COMMANDS = [
    "run", "chat", "ask", "parse", "places import", "places near", "places stats",
    "places refresh", "places map", "simulate", "train", "evaluate", "doctor", "purge",
    "helpdesk add-agent", "helpdesk remove-agent", "inbox export", "poster", "block", "unblock",
    "blocked", "backup", "restore", "move", "facts check",
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maison")


@pytest.fixture
def passerelle(home: Path) -> Run:
    return partial(commands.passerelle, home)


def complaint(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line on stderr of a command that refused."""
    assert done.returncode != 0
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("→")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help_in_french(passerelle: Run, command: str) -> None:
    done = passerelle(*command.split(), "--help")
    assert done.returncode == 0
    assert "montre cette aide" in done.stdout


def test_help_comes_at_once(passerelle: Run) -> None:
    assert passerelle("--help").returncode == 0
    script = (
        "import contextlib, sys\n"
        "from bot.command_line import main\n"
        "with contextlib.suppress(SystemExit):\n"
        "    main(['--help'])\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    heavy = {"sqlalchemy", "aiohttp", "telegram", "typst", "rapidfuzz", "yaml"}
    assert heavy.isdisjoint(done.stderr.split())


def test_nothing_heavy_is_imported_for_help() -> None:
    program = (
        "import sys; from bot.command_line.grammar import build_parser; build_parser();"
        "heavy = ('aiohttp', 'sqlalchemy', 'rich', 'telegram', 'yaml');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "--date", "2020-13-01"], "date inconnue"),
        (["simulate", "--date", "hier", "x"], "date inconnue"),
        (["places", "near", "--limit", "0", "Metz"], "entre 1 et 1000"),
        (["places", "import", "/nulle/part.csv"], "n'existe pas"),
        (["places", "import", str(ROOT)], "dossier"),
        (["places", "import", str(ROOT / "pyproject.toml")], ""),
        (["places", "refresh"], "PASSERELLE_PLACES_SOURCES"),
        (["evaluate", "--data", "/nulle/part.tsv"], "n'existe pas"),
        (["evaluate", "--data", str(ROOT / "pyproject.toml")], "topic<TAB>text"),
        (["simulate", "--pdf", "/nulle/part/fiche.pdf", "20 515 €"], "n'existe pas"),
        (["nimporte"], "choix inconnu"),
        (["places"], "il manque"),
        ([], "il manque"),
    ],
)
def test_bad_input_gets_one_clear_line(passerelle: Run, arguments: list[str], words: str) -> None:
    said = (
        complaint(passerelle(*arguments))
        if "--pdf" not in arguments
        else passerelle(*arguments).stderr
    )
    assert words in said
    assert "Traceback" not in said
    assert said.startswith("passerelle")


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PASSERELLE_DATE": "demain"}, "date inconnue"),
        ({"PASSERELLE_HTTP": "8080"}, "adresse:port"),
        ({"PASSERELLE_HELPDESK_CHAT": "groupe"}, "nombre entier"),
        ({"PASSERELLE_DATABASE_URL": "pas une adresse"}, "PASSERELLE_DATABASE_URL"),
        ({"PASSERELLE_HOME": "/proc/nulle/part"}, "ne peut pas servir"),
        ({"PASSERELLE_WEBHOOK_SECRET": "trop court ?"}, "PASSERELLE_WEBHOOK_SECRET"),
        ({"PASSERELLE_DATABASE_URL": "sqlite:////proc/x.sqlite"}, "ne s'ouvre pas"),
    ],
)
def test_bad_configuration_gets_one_clear_line(
    passerelle: Run, variables: dict[str, str], words: str
) -> None:
    said = complaint(passerelle("run", **variables))
    assert words in said


class _RefusesTokens(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(401)
        self.end_headers()
        self.wfile.write(b'{"ok": false, "error_code": 401, "description": "Unauthorized"}')

    def log_message(self, *_arguments: object) -> None:
        pass


def test_a_token_that_telegram_refuses_is_said_at_once(passerelle: Run) -> None:
    with HTTPServer(("127.0.0.1", 0), _RefusesTokens) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{server.server_port}"
        variables = {"TELEGRAM_BOT_TOKEN": "12:abc", "PASSERELLE_TELEGRAM_API_URL": root}
        said = complaint(passerelle("run", **variables))
        doctor = passerelle("doctor", **variables)
        server.shutdown()
    assert "refuse ce jeton" in said
    assert "refuse ce jeton" in doctor.stdout
    assert doctor.returncode == 1
    assert "12:abc" not in said + doctor.stdout


def test_a_port_in_use_is_said_at_once(passerelle: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = complaint(passerelle("run", PASSERELLE_HTTP=address))
    assert address in said
    assert "déjà utilisé" in said


def test_places_near_answers_every_line_in_order(passerelle: Run) -> None:
    asked = ["où utiliser mon pass à Metz ?", "", "57", "près de chez moi", "Saint-Denis", "xqzt"]
    answers = objects(
        passerelle("places", "near", "--json", "--limit", "2", stdin="\n".join(asked))
    )
    assert [answer["text"] for answer in answers] == asked
    assert [answer["status"] for answer in answers] == [
        "found", "unknown", "found", "ask_position", "ambiguous", "unknown"
    ]  # fmt: skip
    metz = answers[0]
    assert metz["area"]["kind"] == "commune"
    assert metz["area"]["codes"] == ["57463"]
    assert len(metz["places"]) == 2
    assert {"id", "name", "distance_m", "accepts_pass"} <= metz["places"][0].keys()
    assert metz["demonstration"] is True
    distances = [place["distance_m"] for place in metz["places"]]
    assert distances == sorted(distances)


def test_places_near_for_people(passerelle: Run) -> None:
    done = passerelle("places", "near", "Metz", "--limit", "1")
    assert done.returncode == 0
    assert done.stdout.startswith("Metz :\n  – ")


def test_stats_of_the_demonstration(passerelle: Run) -> None:
    (stats,) = objects(passerelle("places", "stats", "--json"))
    assert stats["demonstration"] is True
    assert stats["places"] > 0
    assert (
        sum(count for age, count in stats["freshness"].items() if age != "latest")
        == (stats["places"])
    )
    assert 0 < stats["completeness"]["hours"]["places"] <= stats["places"]
    assert stats["duplicates"]["rows"] == stats["places"] + stats["duplicates"]["merged"]
    coverage = stats["coverage"]
    assert 0 < coverage["departements_without_place"] < coverage["departements"]
    assert 0 < coverage["far_from_free_help"] < coverage["population"]


def test_stats_in_words_and_as_a_page(passerelle: Run, tmp_path: Path) -> None:
    report = tmp_path / "rapport.html"
    done = passerelle("places", "stats", "--html", str(report), "--date", "2026-11-27")
    assert done.returncode == 0
    for word in ("Fraîcheur", "disent", "Doublons", "Couverture", str(report)):
        assert word in done.stdout
    html = report.read_text(encoding="utf-8")
    assert "Qualité de l'annuaire" in html
    assert "<svg" in html


def test_an_import_reports_its_bad_rows(passerelle: Run, tmp_path: Path) -> None:
    file = tmp_path / "lieux.csv"
    file.write_text(
        "id,nom,commune,code_postal,adresse,latitude,longitude\n"
        "1,Lieu d'essai,Metz,57000,1 rue d'Essai,49.119,6.176\n"
        "2,,Metz,57000,2 rue d'Essai,49.119,6.176\n"
    )
    home = str(tmp_path / "autre")
    (report,) = objects(passerelle("places", "import", str(file), "--json", PASSERELLE_HOME=home))
    assert (report["read"], report["kept"]) == (2, 1)
    assert report["skipped"][0]["line"] == 3
    (near,) = objects(passerelle("places", "near", "Metz", "--json", PASSERELLE_HOME=home))
    assert [place["name"] for place in near["places"]] == ["Lieu d'essai"]
    assert near["demonstration"] is False


def test_an_import_that_lost_half_needs_force(passerelle: Run, tmp_path: Path) -> None:
    file, home = tmp_path / "lieux.csv", str(tmp_path / "autre")
    header, row = (
        "id,nom,commune,code_postal,adresse\n",
        "{0},Lieu {0},Metz,57000,{0} rue d'Essai\n",
    )
    file.write_text(header + "".join(row.format(n) for n in range(4)))
    assert passerelle("places", "import", str(file), PASSERELLE_HOME=home).returncode == 0
    again = passerelle("places", "import", str(file), PASSERELLE_HOME=home)
    assert "rien n'a changé" in again.stdout
    file.write_text(header + row.format(0))
    sources = {"PASSERELLE_HOME": home, "PASSERELLE_PLACES_SOURCES": str(file)}
    assert "1 lieu utilisable, au lieu de 4" in complaint(
        passerelle("places", "refresh", **sources)
    )
    (report,) = objects(passerelle("places", "refresh", "--force", "--json", **sources))
    assert report["removed"] == 3


def test_simulate_prints_the_contract(passerelle: Run) -> None:
    asked = [
        "notre PETR veut acheter 20 515 € de pass, quelle aide ?",
        "une région achète pour 3 500 000 € de pass",
        "",
    ]
    answers = objects(
        passerelle("simulate", "--json", "--date", "2020-09-01", stdin="\n".join(asked) + "\n")
    )
    assert [answer["text"] for answer in answers] == asked
    for answer in answers:
        assert answer.keys() == {
            "text", "applicant", "budget_eur", "passes", "eligible", "max_aid_eur",
            "other_readings", "reasons", "sources",
        }  # fmt: skip
    assert [answer["max_aid_eur"] for answer in answers] == [10_257, 1_750_000, None]
    assert answers[1]["other_readings"][0]["max_aid_eur"] == 1_500_000


def test_simulate_writes_the_sheet(passerelle: Run, tmp_path: Path) -> None:
    sheet = tmp_path / "fiche.pdf"
    done = passerelle("simulate", "un PETR achète pour 20 515 €", "--pdf", str(sheet))
    assert done.returncode == 0, done.stderr
    assert sheet.read_bytes().startswith(b"%PDF")


def test_doctor_says_what_is_wrong_and_changes_nothing(passerelle: Run, tmp_path: Path) -> None:
    home = tmp_path / "neuve"
    done = passerelle("doctor", "--json", PASSERELLE_HOME=str(home))
    assert done.returncode == 1
    found = {row["subject"]: row["level"] for row in map(json.loads, done.stdout.splitlines())}
    assert found["Modèle"] == "error"
    assert found["Annuaire"] == "warning"
    assert not home.exists()


def test_an_agent_is_added_with_a_password_from_stdin(passerelle: Run) -> None:
    short = passerelle("helpdesk", "add-agent", "Camille", stdin="court\n")
    assert "mot de passe" in complaint(short)
    done = passerelle("helpdesk", "add-agent", "Camille", stdin="une phrase assez longue\n")
    assert done.returncode == 0, done.stderr
    assert "une phrase" not in done.stdout


def test_inbox_export_begins_with_its_header(passerelle: Run, tmp_path: Path) -> None:
    assert passerelle("inbox", "export").stdout == "topic\ttext\n"
    file = tmp_path / "exemples.tsv"
    assert passerelle("inbox", "export", str(file)).returncode == 0
    assert file.read_text() == "topic\ttext\n"


def test_a_reader_that_leaves_early_is_no_error(home: Path) -> None:
    lines = "Metz\n" * 3000
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"'{PASSERELLE}' places near --json | head -n 1 >/dev/null; echo ${{PIPESTATUS[0]}}",
        ],
        input=lines,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=clean_environment(home),
        check=True,
        timeout=120,
    )
    assert done.stdout.strip() == "0"
    assert done.stderr == ""


def test_an_account_is_made_then_closed(passerelle: Run) -> None:
    made = passerelle("helpdesk", "add-agent", "claire", stdin="un mot de passe solide\n")
    assert made.returncode == 0, made.stderr
    assert passerelle("helpdesk", "remove-agent", "claire").returncode == 0
    assert "claude" in complaint(passerelle("helpdesk", "remove-agent", "claude"))


def test_a_database_that_cannot_serve_is_said_in_one_line(tmp_path: Path) -> None:
    damaged = tmp_path / "passerelle.sqlite"
    damaged.write_bytes(b"ceci n'est pas une base" * 100)
    for command in (("helpdesk", "remove-agent", "Camille"), ("site", "list"), ("run",)):
        said = complaint(commands.passerelle(tmp_path, *command))
        assert "n'est pas une base" in said
        assert "sauvegarde" in said
    assert damaged.read_bytes().startswith(b"ceci"), "left as it is"
    found = commands.passerelle(tmp_path, "doctor").stdout
    assert "remettez une sauvegarde" in found


def test_a_key_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "pseudonym.key").write_text("pas une clé")
    said = complaint(commands.passerelle(tmp_path, "block", "telegram:42"))
    assert "pseudonym.key n'est pas une clé" in said
    assert "sauvegarde" in said


def test_facts_are_checked(passerelle: Run, tmp_path: Path) -> None:
    done = passerelle("facts", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "rien à redire" in done.stdout
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "programme", data / "programme")
    path = data / "programme" / "pass.yaml"
    text = path.read_text(encoding="utf-8").replace("unit: ", "unite: ")
    path.write_text(text, encoding="utf-8")
    done = passerelle("facts", "check", str(data))
    assert done.returncode == 1
    told = done.stdout.splitlines()
    assert len(told) > 10
    assert all(line.startswith("pass.yaml: pass.") for line in told)
    as_json = passerelle("facts", "check", "--json", str(data)).stdout.splitlines()
    assert [json.loads(line)["text"] for line in as_json] == told
