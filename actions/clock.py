"""The present moment: the one place where the machine's clock is read, but for civil days.

Long-lived parts take a ``Clock``, so that a test hands them another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the current moment, aware."""


def utc_now() -> datetime:
    """Return the current moment: a process's clock unless another is handed in."""
    return datetime.now(UTC)
