"""What is adjusted in Rasa 3.6 before it is imported, each with its reason and its cost.

``prepare()`` runs once, first thing in a process that trains or serves our model.
"""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any

from nlu.rasa_absent import stand_in


def prepare() -> None:
    """Adjust Rasa for our use; call before anything of ``rasa`` is imported.

    Raises:
        UnexpectedRasaError: Rasa is not the version that all this was made for.
    """
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    _quieten()
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)
    stand_in()


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
