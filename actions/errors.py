"""The root of everything that Passerelle raises: every room may import it.

PasserelleError
├── ToldError   its message is one line, in French or naming a file, fit for whoever runs this
│   └── …Error  settings, stack, directory, schema, key, hours, answers' and facts' files…
└── …Error      carries data, never sentences: the wording is in ``data/``

Each room defines its own below these two. ``nlu/`` is another program: it has its own.
"""

from __future__ import annotations


class PasserelleError(Exception):
    """Anything that this project raises itself."""


class ToldError(PasserelleError):
    """A fault to be told as it is: ``str(error)`` is one line fit for whoever runs Passerelle."""
