"""The helpdesk: a person answers in the same conversation, with its context."""

from bot.helpdesk import tables  # its tables belong to the operational database's metadata

__all__ = ["tables"]
