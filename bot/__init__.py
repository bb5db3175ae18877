"""What people meet: conversations, Telegram, the terminal, the helpdesk, the command line."""
