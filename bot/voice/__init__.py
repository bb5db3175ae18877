"""Ears: a process apart turns a sound into words, offline; an optional extra."""

from bot.voice.ears import BusyError, Ears, NotHeardError

__all__ = ["BusyError", "Ears", "NotHeardError"]
