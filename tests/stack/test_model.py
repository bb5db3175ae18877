"""When the model is made again."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.settings import Settings, load_settings
from bot.stack import trained_model
from bot.stack.trained_model import fingerprint, is_fresh, is_whole, model_path

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


def lay(folder: Path, *, written: str) -> Settings:
    """Put a model in a home: an archive, and what it was made from."""
    settings = load_settings({"PASSERELLE_HOME": str(folder)}, dotenv=None)
    settings.models_dir.mkdir(parents=True)
    (folder / "content").write_bytes(bytes(range(256)) * 999)
    with tarfile.open(model_path(settings), "w:gz") as archive:
        archive.add(folder / "content")
    digest = hashlib.sha256(model_path(settings).read_bytes()).hexdigest()
    words = written.format(made_from=fingerprint(), digest=digest)
    (settings.models_dir / "passerelle.sha256").write_text(words)
    return settings


@pytest.mark.parametrize("written", ["{made_from}\n", "{made_from}\n{digest}\n"])
def test_a_model_that_was_cut_short_is_not_fresh(tmp_path: Path, written: str) -> None:
    settings = lay(tmp_path, written=written)
    assert is_whole(settings)
    assert is_fresh(settings)
    whole = model_path(settings).read_bytes()
    for kept in (0, 10, len(whole) // 2, len(whole) - 200):
        model_path(settings).write_bytes(whole[:kept])
        assert not is_whole(settings), kept
        assert not is_fresh(settings), kept


async def test_doctor_sees_a_model_that_was_cut_short(tmp_path: Path) -> None:
    settings = lay(tmp_path, written="{made_from}\n{digest}\n")
    model_path(settings).write_bytes(model_path(settings).read_bytes()[:-1])
    findings = await examine(settings, date(2026, 11, 27))
    [found] = [finding for finding in findings if finding.subject == "Modèle"]
    assert (found.level, "incomplet" in found.text) == ("error", True)


async def test_a_model_that_was_cut_short_is_trained_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = lay(tmp_path, written="{made_from}\n{digest}\n")
    model_path(settings).write_bytes(b"")
    trained = []

    async def train(_settings: Settings, output: Path) -> None:
        trained.append(output)
        output.write_bytes(b"a model")  # noqa: ASYNC240

    monkeypatch.setattr(trained_model, "_train", train)
    monkeypatch.setattr(trained_model, "require_nlu_environment", lambda: None)
    monkeypatch.setattr(
        trained_model, "_made_from", apart(trained_model._made_from, settings.models_dir)
    )
    assert await trained_model.ensure_model(settings, print)
    assert len(trained) == 1
    assert not await trained_model.ensure_model(settings, print)


def apart(made_from: Callable[[Path], str], folder: Path) -> Callable[[Path], str]:
    """See the models of one home only: the project's own must not be taken over."""
    return lambda asked: made_from(asked) if asked == folder else ""
