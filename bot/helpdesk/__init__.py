"""The helpdesk: a person answers in the same conversation, with its context."""
