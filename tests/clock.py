"""The clock of tests: an ordinary Tuesday, on which time goes on as it does.

``TESTS_MOMENT=2026-12-31T23:30:00+01:00`` runs the tests at another moment of the year. Processes
that a test starts go on from the same clock.
"""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta

START = datetime.fromisoformat(os.environ.get("TESTS_MOMENT", "2026-11-24T10:00:00+00:00"))
"""When the first test begins."""

_BEGAN_S = float(os.environ.setdefault("TESTS_BEGAN_S", str(time.monotonic())))


def now() -> datetime:
    """Return the present moment of the tests, aware."""
    return START + timedelta(seconds=time.monotonic() - _BEGAN_S)
