"""The trained model: made again only when what it is made from has changed."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from bot.settings import PROJECT_ROOT, Settings
from bot.stack.child import Child, ChildSpec
from bot.stack.errors import StackError
from bot.stack.home import exclusive
from bot.stack.supervisor import Say

MODEL_NAME = "passerelle.tar.gz"
NLU_PYTHON = PROJECT_ROOT / "nlu" / ".venv" / "bin" / "python"

_INPUTS = (
    "data/nlu/**/*",
    "nlu/*.yml",
    "nlu/components/**/*",
    "nlu/train.py",
    "nlu/requirements.lock",
)
"""Examples; domain, rules and pipeline; components; Rasa's version: what decides the model."""


def model_path(settings: Settings) -> Path:
    """Return where the model of this home lies."""
    return settings.models_dir / MODEL_NAME


def fingerprint(root: Path = PROJECT_ROOT) -> str:
    """Return the SHA-256 of every file that the model is made from."""
    digest = hashlib.sha256()
    for path in _inputs(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[Path]:
    found = {path for pattern in _INPUTS for path in root.glob(pattern)}
    for path in sorted(found):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def is_whole(settings: Settings) -> bool:
    """Whether this home's model can be read to its end: a copy may have been cut short."""
    return bool(_made_from(settings.models_dir))


def is_fresh(settings: Settings) -> bool:
    """Whether this home's model is whole, and was made from the files as they are now."""
    return _made_from(settings.models_dir) == fingerprint()


async def ensure_model(settings: Settings, say: Say, *, force: bool = False) -> bool:
    """Train unless the model is fresh; return whether a model was put in place.

    A fresh model of the project's default home is taken over rather than trained again:
    a model holds nothing of a person or of an installation.

    Raises:
        StackError: Training failed, with the log's place.
    """
    require_nlu_environment()
    with exclusive(settings.models_dir / ".lock", wait=True):
        wanted = fingerprint()
        if not force and _made_from(settings.models_dir) == wanted:
            return False
        shared = PROJECT_ROOT / ".passerelle" / "models"
        draft = settings.models_dir / "draft.tar.gz"
        if not force and shared != settings.models_dir and _made_from(shared) == wanted:
            shutil.copyfile(shared / MODEL_NAME, draft)
        else:
            say("Entraînement du modèle (quelques minutes, seulement quand ses données changent)…")
            await _train(settings, draft)
        _fingerprint_file(settings.models_dir).unlink(missing_ok=True)
        draft.replace(model_path(settings))
        written = f"{wanted}\n{_digest(model_path(settings))}\n"
        _fingerprint_file(settings.models_dir).write_text(written)
        return True


def require_nlu_environment() -> None:
    """Check that Rasa's environment is installed.

    Raises:
        StackError: It is not.
    """
    if not NLU_PYTHON.is_file():
        raise StackError("Rasa n'est pas installé : lancez « make setup »")


async def _train(settings: Settings, output: Path) -> None:
    trainer = ChildSpec(
        name="train",
        title="L'entraînement",
        arguments=(str(NLU_PYTHON), "-m", "nlu.train", "--output", str(output)),
        health_url="",
        folder=PROJECT_ROOT,
        environment={"PYTHONUNBUFFERED": "1"},
    )
    child = await Child.start(trainer, settings.logs_dir)
    try:
        code = await child.wait()
    finally:
        await child.stop()
    if code != 0:
        raise StackError(f"l'entraînement a échoué (code {code}). Son journal : {child.log}")


def _fingerprint_file(models_dir: Path) -> Path:
    return models_dir / "passerelle.sha256"


def _made_from(models_dir: Path) -> str:
    """Return what a folder's model was made from; nothing when there is none, or not whole."""
    model, file = models_dir / MODEL_NAME, _fingerprint_file(models_dir)
    if not model.is_file() or not file.is_file():
        return ""
    made_from, digest, *_ = [*file.read_text().split(), "", ""]
    whole = digest == _digest(model) if digest else _unpacks(model)
    return made_from if whole else ""


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacks(archive: Path) -> bool:
    """Whether an archive whose digest was not written down is whole."""
    try:
        with tarfile.open(archive) as tar:
            return all(member.size >= 0 for member in tar)
    except (tarfile.TarError, EOFError, OSError, zlib.error):
        return False
