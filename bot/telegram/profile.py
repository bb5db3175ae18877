"""The bot's page on Telegram: descriptions and the menu of commands, in the languages read."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from telegram import BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError
from telegram.ext import ExtBot

from actions.errors import ToldError
from actions.french import typeset
from actions.strict_yaml import load_yaml

logger = logging.getLogger(__name__)

FILE = "profil.yaml"
DEFAULT = "fr"
"""What those see whose Telegram is in none of the languages."""

MAX_DESCRIPTION, MAX_SHORT, MAX_COMMAND = 512, 120, 256
"""Longest texts that Telegram takes, in characters."""


class ProfileError(ToldError):
    """``profil.yaml`` is not what it should be. The message says where."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The bot's page in one language."""

    language: str
    """Two letters (ISO 639-1), or nothing for the default."""
    description: str
    short: str
    commands: Mapping[str, str]
    """What each command of the menu does."""

    @property
    def menu(self) -> list[BotCommand]:
        """The commands as Telegram takes them."""
        return [BotCommand(name, does) for name, does in self.commands.items()]


def load_profiles(folder: Path) -> list[Profile]:
    """Read the profiles in a folder of answers, the default first.

    Raises:
        ProfileError: A text is missing, or longer than Telegram takes.
        OSError: The file cannot be read.
    """
    try:
        data = load_yaml((folder / FILE).read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ProfileError(f"{FILE} : {' '.join(str(error).split())[:200]}") from None
    if not isinstance(data, dict) or DEFAULT not in data:
        raise ProfileError(f"{FILE} : « {DEFAULT} » est attendu")
    profiles = [_read(language, said) for language, said in data.items()]
    names = {tuple(profile.commands) for profile in profiles}
    if len(names) > 1:
        raise ProfileError(f"{FILE} : les mêmes commandes sont attendues dans chaque langue")
    return sorted(profiles, key=lambda profile: profile.language != "")


def _read(language: str, said: Any) -> Profile:
    french = language == DEFAULT
    dress = typeset if french else str
    try:
        profile = Profile(
            "" if french else language,
            dress(said["description"].strip()),
            dress(said["short"]),
            {str(name): dress(does) for name, does in said["commands"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ProfileError(f"{FILE}, {language} : un texte manque") from error
    for text, limit in (
        (profile.description, MAX_DESCRIPTION),
        (profile.short, MAX_SHORT),
        *((does, MAX_COMMAND) for does in profile.commands.values()),
    ):
        if not 0 < len(text) <= limit:
            raise ProfileError(f"{FILE}, {language} : {limit} caractères au plus, « {text[:40]} »")
    return profile


async def show_menu(bot: ExtBot[Any], profile: Profile) -> None:
    """Set the menu of commands; that it is refused is no reason not to answer."""
    try:
        await bot.set_my_commands(
            profile.menu,
            scope=BotCommandScopeAllPrivateChats(),
            language_code=profile.language or None,
        )
    except TelegramError as error:
        logger.warning("the menu of commands was refused (%s)", type(error).__name__)


async def show(bot: ExtBot[Any], profiles: list[Profile]) -> None:
    """Set descriptions in every language, and the menus of all but the default."""
    for profile in profiles:
        if profile.language:
            await show_menu(bot, profile)
        for call in _descriptions(bot, profile):
            try:
                await call
            except TelegramError as error:
                logger.warning("a description was refused (%s)", type(error).__name__)


def _descriptions(bot: ExtBot[Any], profile: Profile) -> Iterator[Any]:
    language = profile.language or None
    yield bot.set_my_description(profile.description, language_code=language)
    yield bot.set_my_short_description(profile.short, language_code=language)
