"""Where people are, which places help them, when they are open: pure, no database."""
