"""What is adjusted in Rasa 3.6 before it is imported, each with its reason and its cost.

``prepare()`` runs once, first thing in a process that trains or serves our model.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import logging
import os
import sys
import types
import warnings
from typing import Any, ClassVar, Sequence

_ABSENT_PACKAGES = ("tensorflow", "tensorflow_hub", "keras")


class _AbsentMeta(type):
    """Stands for any name of a package that is not loaded: subclassed, never run."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _Absent

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is not _Absent:
            raise RuntimeError("TensorFlow is not loaded in this process")
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
    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] in _ABSENT_PACKAGES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _AbsentModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        return None


def prepare(*, tensorflow: bool = False) -> None:
    """Adjust Rasa for our use; call before anything of ``rasa`` is imported.

    Args:
        tensorflow: Load the real TensorFlow. Our pipeline never runs it, yet
            importing it takes 12 s and 440 MB; only the comparison with the
            stock pipeline needs it.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    _quieten()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)
    if not tensorflow and not any(name in sys.modules for name in _ABSENT_PACKAGES):
        sys.meta_path.insert(0, _AbsentFinder())


def _quieten() -> None:
    """Keep Rasa's structured log, which repeats what people write, above debug."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.getLogger("rasa").setLevel(logging.WARNING)


def compile_action_schema() -> None:
    """Check action results with a validator compiled once.

    Rasa hands ``jsonschema.validate`` the schema anew at every action call, which
    checks the schema itself each time: four fifths of an action turn's CPU time.
    """
    import jsonschema
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)(schema)

    def validate(_self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate
