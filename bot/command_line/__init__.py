"""The command ``passerelle``: its grammar here, what each command does in a module of its own.

Nothing heavy is imported before a command runs: ``passerelle --help`` answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from bot.command_line.errors import CommandError, Stopped, explain
from bot.command_line.grammar import build_parser
from bot.settings import SettingsError, debugging


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 when done, 1 with one line on stderr when it cannot be."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # whatever the locale of the machine
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = build_parser().parse_args(arguments)
    try:
        return _command(options)
    except (CommandError, SettingsError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except Stopped as stopped:
        return 128 + stopped.signal
    except BrokenPipeError:
        # Whoever reads us has read enough; Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        known = explain(error)
        if known is None or debugging():
            raise
        return _fail(known)


def _command(options: argparse.Namespace) -> int:
    module = importlib.import_module(f"bot.command_line.{options.module}")
    return int(getattr(module, options.function)(options) or 0)


def _fail(message: str) -> int:
    sys.stderr.write(f"passerelle : {' '.join(message.split())}\n")
    return 1
