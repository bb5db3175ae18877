"""The conversation, whatever the channel: who answers, what is kept, what is said."""

from bot.conversation.core import Conversation
from bot.conversation.incoming import File, Incoming, Kind, Position
from bot.conversation.outgoing import Deliver, Outgoing
from bot.conversation.ports import (
    Assistant,
    AssistantError,
    Helpdesk,
    HelpRequest,
    Owner,
    StaleButtonError,
    Turn,
)

__all__ = [
    "Assistant",
    "AssistantError",
    "Conversation",
    "Deliver",
    "File",
    "HelpRequest",
    "Helpdesk",
    "Incoming",
    "Kind",
    "Outgoing",
    "Owner",
    "Position",
    "StaleButtonError",
    "Turn",
]
