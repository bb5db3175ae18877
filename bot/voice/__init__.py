"""Ears: a process apart turns a sound into words, offline; an optional extra."""

from bot.voice.ears import BusyError, Ears, Hear, NotHeardError

__all__ = ["BusyError", "Ears", "Hear", "NotHeardError"]
