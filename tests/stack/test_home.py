"""The home, its secrets, its logs and the file by which a running stack is found."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings
from bot.stack.endpoint import Endpoint, publish, published, withdraw
from bot.stack.errors import StackError
from bot.stack.home import exclusive, prepare_home, secret, secret_path
from bot.stack.log import RotatingLog
from bot.stack.stack import Stack


def settings(home: Path) -> Settings:
    return load_settings({"PASSERELLE_HOME": str(home)}, dotenv=None)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_home_and_its_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "maison"
    prepare_home(settings(home))
    value = secret(home, "nlu")
    assert {mode(folder) for folder in (home, *home.iterdir())} == {0o700}
    assert mode(secret_path(home, "nlu")) == 0o600
    assert len(bytes.fromhex(value)) == 32
    assert secret(home, "nlu") == value
    assert secret(home, "autre") != value


def test_processes_that_start_together_share_one_secret(tmp_path: Path) -> None:
    readers = []
    for _ in range(8):
        read, write = os.pipe()
        if (pid := os.fork()) == 0:  # pragma: no cover
            os.write(write, secret(tmp_path, "nlu").encode())
            os._exit(0)
        os.close(write)
        readers.append((pid, read))
    values = set()
    for pid, read in readers:
        values.add(os.read(read, 100))
        os.close(read)
        os.waitpid(pid, 0)
    assert values == {secret(tmp_path, "nlu").encode()}


def test_a_home_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(StackError, match="ne peut pas servir") as failure:
        prepare_home(settings(tmp_path / "fichier" / "maison"))
    assert "\n" not in str(failure.value)


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with exclusive(lock, wait=False) as first, exclusive(lock, wait=False) as second:
        assert (first, second) == (True, False)
    with exclusive(lock, wait=False) as free_again:
        assert free_again


def test_a_stack_is_found_while_its_supervisor_lives(tmp_path: Path) -> None:
    secret(tmp_path, "nlu")
    endpoint = Endpoint(4001, 4002, secret(tmp_path, "nlu"))
    publish(endpoint, tmp_path, secret_path(tmp_path, "nlu"))
    assert published(tmp_path) == endpoint
    assert endpoint.secret not in (tmp_path / "stack.json").read_text()
    assert endpoint.secret not in repr(endpoint)
    withdraw(tmp_path)
    assert published(tmp_path) is None


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"pid": 4194305, "nlu_port": 1, "actions_port": 2, "secret_file": "/x"}'],
)
def test_a_broken_or_stale_file_is_no_stack(tmp_path: Path, content: str) -> None:
    (tmp_path / "stack.json").write_text(content)
    assert published(tmp_path) is None


def test_a_log_turns_its_pages(tmp_path: Path) -> None:
    log = RotatingLog(tmp_path / "essai.log", max_bytes=10)
    for number in range(10):
        log.write(b"ligne %d...\n" % number)
    log.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["essai.log", "essai.log.1", "essai.log.2", "essai.log.3"]
    assert (tmp_path / "essai.log.1").read_bytes() == b"ligne 9...\n"
    assert (tmp_path / "essai.log.3").read_bytes() == b"ligne 7...\n"
    assert mode(tmp_path / "essai.log.1") == 0o600


async def test_two_homes_on_one_sqlite_file_are_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'partagée.sqlite'}"
    two = load_settings(
        {"PASSERELLE_HOME": str(tmp_path / "deux"), "PASSERELLE_DATABASE_URL": url}, dotenv=None
    )
    said: list[str] = []
    with (
        exclusive(tmp_path / "partagée.sqlite.lock", wait=False) as held,
        pytest.raises(StackError, match="répond déjà sur cette base"),
    ):
        assert held
        await Stack(two, said.append, advertise=True).start()
    assert said == [], "refused before anything starts"
