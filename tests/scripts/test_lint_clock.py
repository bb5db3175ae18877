"""The rule on clocks and chance sees what it must, and nothing else."""

from __future__ import annotations

import pytest

from scripts.lint_clock import PROJECT, check, faults


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now"),
        ("import datetime as dt\nx = dt.date.today", "datetime.date.today"),
        ("from datetime import date as d\nd.today()", "datetime.date.today"),
        ("import time\ntime.time()", "time.time"),
        ("from time import time\ntime()", "time.time"),
        ("import random\nrandom.choice([1])", "random.choice"),
        ("from random import shuffle\nshuffle([])", "random.shuffle"),
        ("import random\nrandom.Random()", "random.Random"),
        ("import numpy as np\nnp.random.default_rng()", "numpy.random.default_rng"),
        ("import numpy as np\nnp.random.rand()", "numpy.random.rand"),
        ("import uuid\nuuid.uuid4()", "uuid.uuid4"),
        ("from actions.clock import utc_now\nutc_now()", "actions.clock.utc_now"),
    ],
)
def test_what_is_forbidden_everywhere(code: str, found: str) -> None:
    assert list(faults(code, "bot/x.py")) == [(2, found)]


@pytest.mark.parametrize(
    "code",
    [
        "import random\nrandom.Random(7)",
        "import random\ndef f(rng: random.Random): rng.choice([1])",
        "import numpy as np\nnp.random.default_rng(0)",
        "import time\ntime.monotonic(); time.sleep(1)",
        "from actions.clock import utc_now\ndef f(clock=utc_now): clock()",
        "import secrets\nsecrets.token_hex(8)",
        "class A:\n    def now(self): ...\ndatetime = A()\ndatetime.now()",
    ],
)
def test_what_is_allowed(code: str) -> None:
    assert list(faults(code, "bot/x.py")) == []


def test_a_test_draws_no_secret() -> None:
    assert list(faults("import secrets\nsecrets.token_hex(8)", "tests/test_x.py"))


def test_the_project_keeps_the_rule() -> None:
    assert check(PROJECT) == []
