"""The conversation, whatever the channel: who answers, what is kept, what is said."""

from bot.conversation.incoming import File, Incoming, Kind, Position
from bot.conversation.ports import (
    Assistant,
    AssistantError,
    Helpdesk,
    HelpRequest,
    Owner,
    Turn,
)

__all__ = [
    "Assistant",
    "AssistantError",
    "File",
    "HelpRequest",
    "Helpdesk",
    "Incoming",
    "Kind",
    "Owner",
    "Position",
    "Turn",
]
