"""The terminal front-end: a chat with numbered choices, in colours or in a pipe."""
