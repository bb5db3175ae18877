"""One tree of exceptions: what this project raises has one root, and is told in one way."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

import actions
import bot
from actions.errors import PasserelleError, ToldError
from bot.command_line.errors import CommandError, Stopped, explain
from bot.settings import SettingsError
from bot.stack.errors import StackError
from bot.store.persons import KeyFileError


def every_exception() -> Iterator[type[BaseException]]:
    """Every exception class that our packages define."""
    for package in (actions, bot):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in found.name:
                continue
            module = importlib.import_module(found.name)
            yield from (
                value
                for value in vars(module).values()
                if isinstance(value, type)
                and issubclass(value, BaseException)
                and value.__module__ == found.name
            )


def test_every_exception_has_the_one_root() -> None:
    found = list(every_exception())
    assert {SettingsError, StackError, KeyFileError, CommandError, Stopped} <= set(found)
    assert [one for one in found if not issubclass(one, PasserelleError)] == []


def test_no_two_exceptions_have_one_name() -> None:
    names = [one.__name__ for one in every_exception()]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StackError("Rasa ne démarre pas"), "Rasa ne démarre pas"),
        (SettingsError("PASSERELLE_DATE : pas un jour"), "PASSERELLE_DATE : pas un jour"),
        (FileNotFoundError(2, "No such file", "lieux.csv"), "lieux.csv : ce fichier n'existe pas"),
        (PasserelleError("des données"), None),
        (ValueError("secret"), None),
    ],
)
def test_what_is_told_on_the_command_line(error: Exception, said: str | None) -> None:
    assert explain(error) == said


def test_a_database_that_fails_is_told_without_its_address() -> None:
    with pytest.raises(sa.exc.ArgumentError) as caught:
        sa.create_engine("pas une adresse secrète")
    told = explain(caught.value)
    assert told == (
        "la base de données ne peut pas servir : ce n'est pas une adresse de base de données"
    )
    assert issubclass(StackError, ToldError)
