"""Rasa and the action server: prepared, started, watched, restarted and stopped together."""

from bot.stack.endpoint import Endpoint
from bot.stack.errors import StackError
from bot.stack.stack import Stack, joined_or_own

__all__ = ["Endpoint", "Stack", "StackError", "joined_or_own"]
