"""When the model is made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.stack.model import fingerprint

FILES = {
    "data/nlu/pass_valeur.yml": "examples",
    "nlu/domain.yml": "domain",
    "nlu/rules.yml": "rules",
    "nlu/config.yml": "pipeline",
    "nlu/components/features.py": "component",
    "nlu/requirements.lock": "rasa==3.6.21",
    "nlu/server.py": "server",
    "nlu/.venv/lib/python3.11/site-packages/x/y.yml": "library",
    "data/programme/pass.yaml": "facts",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


@pytest.mark.parametrize("name", list(FILES))
def test_a_change_of_an_input_and_of_nothing_else_is_noticed(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text("autre chose")
    noticed = fingerprint(project) != before
    assert noticed == (list(FILES).index(name) < 6)


def test_a_renamed_a_removed_or_an_added_example_is_noticed(project: Path) -> None:
    seen = {fingerprint(project)}
    file = project / "data/nlu/pass_valeur.yml"
    seen.add(fingerprint(file.rename(file.with_name("autre.yml")).parents[2]))
    (project / "data/nlu/nouveau.yml").write_text("examples")
    seen.add(fingerprint(project))
    (project / "data/nlu/autre.yml").unlink()
    seen.add(fingerprint(project))
    assert len(seen) == 4


def test_the_same_files_elsewhere_make_the_same_model(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copie"
    for name, content in FILES.items():
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    assert fingerprint(copy) == fingerprint(project)
