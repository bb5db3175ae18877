"""The Telegram front-end: updates become messages, meanings become Telegram's own."""
