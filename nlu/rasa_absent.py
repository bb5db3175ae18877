"""The packages that Rasa 3.6.21 imports by name and that are not installed.

Rasa imports every messenger's SDK, every cloud's, TensorFlow and a web server to define classes
that our pipeline and server never make. Each top package below is given as a module whose
names can be subclassed, annotated with and used as decorators, and fail loudly when called.

Nothing is hidden: a package of the list that is installed is imported as it is, a package
that is not on the list is missing as usual, and any other Rasa is refused, since what it
imports, and what it does with it, was looked at in this version only.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from importlib import metadata
from typing import Any, ClassVar, Sequence

RASA = "3.6.21"
"""The version whose imports the list below was made for."""

HEAVY = frozenset({"tensorflow", "tensorflow_hub", "keras"})
"""Absent even where installed, unless asked for: importing them takes 12 s and 440 MB."""

LEARNING = frozenset({"sklearn"})
"""Absent from a process that only reads: 2 s and 75 MB for what training alone calls."""

ABSENT = HEAVY | {
    # other messengers
    "aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "socketio",
    "twilio", "webexteamssdk",
    # clouds, brokers and databases of others
    "aio_pika", "aiormq", "boto3", "botocore", "confluent_kafka", "google", "pymongo",
    "sentry_sdk", "structlog_sentry",
    # Rasa's own web server, its command line, its telemetry
    "apscheduler", "cachecontrol", "coloredlogs", "colorclass", "colorhash", "jwt",
    "prompt_toolkit", "questionary", "randomname", "rasa_sdk", "requests", "sanic", "sanic_cors",
    "sanic_jwt", "sanic_routing", "terminaltables", "ujson",
    # components that our pipeline does not name
    "matplotlib", "networkx", "regex", "safetensors", "sklearn_crfsuite", "skops",
}  # fmt: skip


class UnexpectedRasaError(RuntimeError):
    """Rasa is not the version that this module was made for."""


class AbsentPackageError(RuntimeError):
    """Something that is not installed was used, not only named."""


class _AbsentMeta(type):
    """Stands for any name of a package that is not loaded: subclassed, never run."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _Absent

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is not _Absent:
            raise AbsentPackageError(f"{cls.__qualname__} needs a package that is not installed")
        return args[0] if len(args) == 1 and isinstance(args[0], types.FunctionType) else _Absent


class _Absent(metaclass=_AbsentMeta):
    pass


class _AbsentModule(types.ModuleType):
    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _Absent


class _AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] in self._names:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


def stand_in(*, learns: bool = True) -> None:
    """Give what Rasa imports by name and is not installed; harmless when called again.

    Args:
        learns: Whether this process trains; one that only reads does without `LEARNING`.

    Raises:
        UnexpectedRasaError: Rasa is missing, or not the version expected.
    """
    check_version()
    if any(isinstance(finder, _AbsentFinder) for finder in sys.meta_path):
        return
    unwanted = HEAVY if learns else HEAVY | LEARNING
    sys.meta_path.insert(0, _AbsentFinder(unwanted - set(sys.modules)))
    sys.meta_path.append(_AbsentFinder(ABSENT))  # last: what is installed is taken as it is


def check_version() -> None:
    """Refuse any other Rasa.

    Raises:
        UnexpectedRasaError: Rasa is missing, or not the version expected.
    """
    try:
        found = metadata.version("rasa")
    except metadata.PackageNotFoundError:
        found = "none"
    if found != RASA:
        raise UnexpectedRasaError(
            f"Rasa {RASA} expected, {found} found: look at nlu/rasa_absent.py before changing it"
        )
